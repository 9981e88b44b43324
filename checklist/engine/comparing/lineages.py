"""Which criteria of two rulesets are one: those that a later edition says it put in the place of earlier ones."""

from __future__ import annotations

from collections.abc import Iterator

from checklist.model.results.assessment import Assessment
from checklist.model.results.lineage import Lineage, Regrouping
from checklist.model.rules.ruleset import Ruleset


def lineages(before: Ruleset, after: Ruleset) -> tuple[Lineage, ...]:
    """Every group of criteria that ``supersedes`` ties together, in the order of the later ruleset. A criterion that
    takes in others and keeps its id is one of the earlier ones too."""
    had, has = {c.id: c for c in before.active}, {c.id: c for c in after.active}
    old_of = {new: [id for id in c.supersedes if id in had and id not in has] for new, c in has.items()}
    old_of = {new: [*old, *([new] if new in had else [])] for new, old in old_of.items() if old}
    return tuple(_grouped(before, after, old_of))


def _grouped(before: Ruleset, after: Ruleset, old_of: dict[str, list[str]]) -> Iterator[Lineage]:
    """Those that share an earlier one belong together."""
    left = dict(old_of)
    while left:
        first = next(iter(left))
        news, olds = {first}, {*left.pop(first)}
        while more := [new for new, old in left.items() if olds & {*old}]:
            news |= {*more}
            olds |= {id for new in more for id in left.pop(new)}
        yield Lineage(
            tuple(c for c in before.criteria if c.id in olds), tuple(c for c in after.criteria if c.id in news)
        )


def regrouped(lineage: Lineage, before: Assessment, after: Assessment) -> Regrouping:
    """What the criteria of a lineage came to on both sides."""
    old, new = ({c.id for c in side} for side in (lineage.before, lineage.after))
    return Regrouping(
        lineage,
        tuple(f for f in before.findings if f.criterion.id in old),
        tuple(f for f in after.findings if f.criterion.id in new),
    )
