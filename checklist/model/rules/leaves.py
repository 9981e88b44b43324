"""What a criterion measures: every leaf condition, measure and step limit."""

from __future__ import annotations

from collections.abc import Iterator

from checklist.model.rules.conditions import AtLeastOf, Condition, Contains, Limit, NoneOf, OneOf
from checklist.model.rules.counts import Holds, Steps
from checklist.model.rules.measures import Measure
from checklist.model.rules.ruleset import Criterion
from checklist.model.rules.scales import Deduct


def leaves(condition: Condition) -> Iterator[Limit | OneOf | Contains]:
    """The conditions inside that are not groups, in reading order."""
    if isinstance(condition, AtLeastOf | NoneOf):
        for part in condition.of:
            yield from leaves(part)
    else:
        yield condition


def conditions(criterion: Criterion) -> Iterator[Condition]:
    """Every condition of a criterion: applicability, levels from the best down or items, flag."""
    if criterion.applies_when:
        yield criterion.applies_when
    if isinstance(criterion.scale, Deduct):
        counts = (part.measure for part in criterion.scale.deductions)
        yield from (count.condition for count in counts if isinstance(count, Holds))
    else:
        yield from (rung.condition for rung in criterion.scale.rungs)
    if criterion.flag and criterion.flag.opens_when:
        yield criterion.flag.opens_when


def measures(criterion: Criterion) -> Iterator[Measure]:
    """Every measure, again as often as a condition reads it."""
    for condition in conditions(criterion):
        yield from (leaf.measure for leaf in leaves(condition) if isinstance(leaf, Limit))
    if isinstance(criterion.scale, Deduct):
        for part in criterion.scale.deductions:
            if isinstance(part.measure, Steps):
                yield part.measure.measure
            elif not isinstance(part.measure, Holds):
                yield part.measure
