"""The shape of some conditions: all that their answers depend on, and nothing of how their facts are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from checklist.engine.analysis.nudged import Nudged
from checklist.model.rules.conditions import AtLeastOf, Condition, Contains, Limit, NoneOf, OneOf
from checklist.model.rules.facts import Fact
from checklist.model.rules.measures import Ratio

Shape: TypeAlias = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Bond:
    """Two facts that every record keeps in order: ``less`` ≤ ``more``, as part and whole or as worse and better."""

    less: str
    more: str


def shape(conditions: Sequence[Condition | None], facts: Mapping[str, Fact], bonds: Sequence[Bond]) -> Shape:
    """Facts numbered as they come, what each may hold, thresholds and options as they are."""
    number: dict[str, int] = {}
    parts = tuple(None if c is None else _condition(c, number) for c in conditions)
    domains = tuple(_domain(facts[fact], bonds) for fact in number)
    return (
        parts,
        domains,
        tuple((number[b.less], number[b.more]) for b in bonds if b.less in number and b.more in number),
    )


def _domain(fact: Fact, bonds: Sequence[Bond]) -> Shape:
    better = fact.better if bonds else None
    return fact.type, fact.low, fact.high, better, tuple(fact.options)


def _condition(condition: Condition, number: dict[str, int]) -> Shape:
    match condition:
        case Limit(measure, kind, limit):
            return kind, limit, _measure(measure, number)
        case OneOf(fact, values):
            return "one of", number.setdefault(fact, len(number)), values
        case Contains(fact, elements):
            return "contains", number.setdefault(fact, len(number)), elements
        case AtLeastOf(needed, of):
            return needed, *(_condition(part, number) for part in of)
        case NoneOf(of):
            return "none", *(_condition(part, number) for part in of)


def _measure(measure: object, number: dict[str, int]) -> Shape:
    if isinstance(measure, Nudged):
        return "nudged", measure.by, *_measure(measure.base, number)
    per = (measure.per,) if isinstance(measure, Ratio) else ()
    facts: tuple[str, ...] = measure.facts  # type: ignore[attr-defined]
    return type(measure).__name__, *(number.setdefault(fact, len(number)) for fact in facts), *per
