"""The fewest sites to put right, then the cheapest, that make the target sure enough.

Up to ``MOST_SITES`` sites every choice is looked at: the chance is a sum over drawings of what depends on the drawn sites
only, so that one sum over subsets gives it for all choices at once. Beyond that sites are taken one by one, the best
first, and how few could do at all is bounded by the failing drawings that they could mend.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import ceil
from typing import Final

from checklist.engine.forecast.drawings import law_of
from checklist.engine.forecast.drawn_community import DrawnCommunity, Passing, chance
from checklist.engine.forecast.site_actions import SiteWork, cost_of, works_of
from checklist.engine.forecast.site_marks import Marks, SiteMarks, copies, together
from checklist.model.results.forecast import WayThere
from checklist.model.rules.ruleset import Action

MOST_SITES, MOST_CHOICES = 20, 100_000
MOST_TRIALS: Final = 40_000
"""Drawings gone through to leave out actions that are not needed."""


def reach(one: DrawnCommunity, passing: Passing, wanted: Fraction) -> WayThere:
    """Where to put sites right so that the target is surely reached with the chance ``wanted``."""
    works = works_of(one)
    if len(works) <= MOST_SITES and _choices(one, works) <= MOST_CHOICES:
        chosen, least, proved = _fewest(one, works, passing, wanted)
    else:
        chosen, least, proved = _greedy(one, works, passing, wanted)
    chosen, actions = _needed(one, chosen, passing, wanted)
    steps = tuple((work.site, some) for work, some in zip(chosen, actions, strict=True))
    return WayThere(wanted, _chance(one, chosen, passing, actions), steps, proved, least, len(works))


def _chance(
    one: DrawnCommunity,
    works: Sequence[SiteWork],
    passing: Passing,
    actions: Sequence[tuple[Action, ...]] | None = None,
) -> Fraction:
    """The chance at the low end once these sites are put right, by ``actions`` instead of all that help there."""
    sites = {kind: Counter(counts) for kind, counts in one.sites.items()}
    for n, work in enumerate(works):
        sites[work.kind][work.now] -= 1
        sites[work.kind][work.then if actions is None else work.with_actions(actions[n])] += 1
    changed = {work.kind for work in works}
    laws = {kind: law_of(one.sheets[kind], +sites[kind], one.drawn[kind]) for kind in changed}
    return chance(one.with_laws(laws), passing)[0]


def _choices(one: DrawnCommunity, works: Sequence[SiteWork]) -> int:
    """About how many drawings there are with each site drawn as it is or put right."""
    total = 1
    for kind, drawn in one.drawn.items():
        total *= 2 ** min(drawn, sum(work.kind == kind for work in works))
    return total * one.drawings


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Some drawings of one kind: which sites that can be put right are in them, and which of these are."""

    inside: int
    right: int
    marks: Marks
    weight: int


def _fewest(
    one: DrawnCommunity, works: Sequence[SiteWork], passing: Passing, wanted: Fraction
) -> tuple[list[SiteWork], int, bool]:
    """Of every choice the smallest that will do, of these the cheapest; all of them where none does."""
    passed = [0] * (1 << len(works))
    total = 0
    kinds = [list(_drawn(one, kind, works)) for kind in one.sheets]
    for some in product(*kinds):
        inside = right = 0
        weight, marks = 1, one.fixed
        for part in some:
            inside, right = inside | part.inside, right | part.right
            weight, marks = weight * part.weight, marks.plus(part.marks)
        total += weight if not right else 0
        if passing(marks)[0]:
            left = rest = inside & ~right
            while True:  # each subset of what is drawn and not put right, with the sign of its size
                passed[right | left] += -weight if left.bit_count() % 2 else weight
                if not left:
                    break
                left = (left - 1) & rest
    for bit in range(len(works)):
        step = 1 << bit
        for at in range(0, len(passed), 2 * step):
            for n in range(at, at + step):
                passed[n + step] += passed[n]
    needed = ceil(wanted * total)
    enough = [choice for choice, weight in enumerate(passed) if weight >= needed]
    if not enough:
        return list(works), len(works), True
    fewest = min(choice.bit_count() for choice in enough)

    def cost(choice: int) -> tuple[object, ...]:
        return tuple(map(sum, zip(*(work.cost for n, work in enumerate(works) if choice >> n & 1), strict=True))) or ()

    best = min((choice for choice in enough if choice.bit_count() == fewest), key=cost)
    return [work for n, work in enumerate(works) if best >> n & 1], fewest, True


def _drawn(one: DrawnCommunity, kind: str, works: Sequence[SiteWork]) -> Iterator[_Drawn]:
    """The drawings of one kind, each site that can be put right in both ways."""
    sheet = one.sheets[kind]
    mine = [(n, work) for n, work in enumerate(works) if work.kind == kind]
    others = one.sites[kind] - Counter(work.now for _, work in mine)
    size = one.drawn[kind]
    stack: list[tuple[int, int, int, int, SiteMarks | None]] = [(0, 0, 0, 0, None)]
    while stack:
        at, taken, inside, right, marks = stack.pop()
        if at == len(mine):
            if marks is not None or taken < size:
                for found, weight in law_of(sheet, others, size - taken, marks).items():
                    yield _Drawn(inside, right, found, weight)
            continue
        n, work = mine[at]
        stack.append((at + 1, taken, inside, right, marks))
        if taken < size:
            for put_right in (False, True):
                site = work.then if put_right else work.now
                more = together(marks, site, 1) if marks else copies(site, 1)
                stack.append((at + 1, taken + 1, inside | 1 << n, right | put_right << n, more))


def _greedy(
    one: DrawnCommunity, works: Sequence[SiteWork], passing: Passing, wanted: Fraction
) -> tuple[list[SiteWork], int, bool]:
    """The best site first, until it is enough; and how many are needed at least."""
    now = _chance(one, (), passing)
    missing, fails = wanted - now, []
    for work in works:
        share = Fraction(one.drawn[work.kind], one.sheets[work.kind].count)
        fails.append(share * (1 - chance(one.with_one(work.kind, work.now, work.now), passing)[0]))
    least = 0
    for fail in sorted(fails, reverse=True):
        if missing <= 0:
            break
        least, missing = least + 1, missing - fail
    chosen: list[SiteWork] = []
    left = list(works)
    while now < wanted and left:
        gains = [_chance(one, [*chosen, work], passing) for work in left]
        best = max(range(len(left)), key=lambda n: (gains[n], *_bargain(left[n], gains[n] > now)))
        chosen.append(left.pop(best))
        now = gains[best]
    return chosen, least, now >= wanted and len(chosen) == least


def _bargain(work: SiteWork, helps: bool) -> tuple[object, ...]:
    """Of sites that do as much for the chance the cheapest is best; where none does anything yet, what wins most points."""
    yuan, days = work.cost
    return (-yuan, -days, work.gain) if helps else (work.gain, -yuan, -days)


def _needed(
    one: DrawnCommunity, works: Sequence[SiteWork], passing: Passing, wanted: Fraction
) -> tuple[list[SiteWork], list[tuple[Action, ...]]]:
    """The actions without those that the chance does not need, the dearest left out first."""
    actions = [work.actions for work in works]
    tries = sorted(
        ((n, action) for n, some in enumerate(actions) for action in some),
        key=lambda pair: cost_of(pair[1]),
        reverse=True,
    )
    if _chance(one, works, passing) < wanted or len(tries) * one.drawings > MOST_TRIALS:
        return list(works), actions
    for n, action in tries:
        needed = any(action.id in other.needs for other in actions[n])
        without = tuple(other for other in actions[n] if other is not action)
        if not needed and _chance(one, works, passing, [*actions[:n], without, *actions[n + 1 :]]) >= wanted:
            actions[n] = without
    return list(works), actions
