"""Which of the sites that can be put right are in a drawing, and the chance to pass once some of them are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from checklist.engine.forecast.drawings import law_of
from checklist.engine.forecast.drawn_community import DrawnCommunity, chance
from checklist.engine.forecast.site_actions import SiteWork
from checklist.engine.forecast.site_marks import Marks, SiteMarks, copies, together
from checklist.model.rules.ruleset import Action


@dataclass(frozen=True, slots=True)
class SitesDrawn:
    """Some drawings of one kind: which sites that can be put right are in them, and which of these are."""

    inside: int
    right: int
    marks: Marks
    weight: int


def drawn_with(
    one: DrawnCommunity, kind: str, works: Sequence[SiteWork], ways: Sequence[Sequence[SiteMarks]]
) -> Iterator[SitesDrawn]:
    """The drawings of one kind, each of ``works`` in all its ``ways``: as it is first, or put right."""
    sheet = one.sheets[kind]
    mine = [n for n, work in enumerate(works) if work.kind == kind]
    others = one.sites[kind] - Counter(works[n].now for n in mine)
    size = one.drawn[kind]
    stack: list[tuple[int, int, int, int, SiteMarks | None]] = [(0, 0, 0, 0, None)]
    while stack:
        at, taken, inside, right, marks = stack.pop()
        if at == len(mine):
            if marks is not None or taken < size:
                for found, weight in law_of(sheet, others, size - taken, marks).items():
                    yield SitesDrawn(inside, right, found, weight)
            continue
        n = mine[at]
        stack.append((at + 1, taken, inside, right, marks))
        if taken < size:
            for put_right, site in enumerate(ways[n]):
                more = together(marks, site, 1) if marks else copies(site, 1)
                stack.append((at + 1, taken + 1, inside | 1 << n, right | put_right << n, more))


def chance_with(
    one: DrawnCommunity,
    works: Sequence[SiteWork],
    target: Fraction,
    actions: Sequence[Sequence[Action]] | None = None,
) -> Fraction:
    """The chance at the low end once these sites are put right, by ``actions`` instead of all that help there."""
    sites = {kind: Counter(counts) for kind, counts in one.sites.items()}
    for n, work in enumerate(works):
        sites[work.kind][work.now] -= 1
        sites[work.kind][work.then if actions is None else work.with_actions(actions[n])] += 1
    changed = {work.kind for work in works}
    laws = {kind: law_of(one.sheets[kind], +sites[kind], one.drawn[kind]) for kind in changed}
    return chance(one.with_laws(laws), lambda marks: marks.reaches(target))[0]
