"""Conditions as formulas over atoms, reduced as atoms become known: the same three answers as ``model.conditions``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from checklist.model.rules.conditions import AtLeastOf, Condition, Contains, Limit, NoneOf, OneOf

Atom: TypeAlias = Limit | OneOf | Contains
KnownTruth: TypeAlias = bool | None


@dataclass(frozen=True, slots=True)
class Quorum:
    """At least ``needed`` of the parts hold (or none of them, when ``negated`` and ``needed`` is 1).

    ``undecided`` counts parts that stay unknown for good: a share of nothing is neither enough nor too little.
    """

    needed: int
    parts: tuple[Formula, ...]
    undecided: int = 0
    negated: bool = False


Formula: TypeAlias = KnownTruth | Atom | Quorum


def formula(condition: Condition) -> Formula:
    """Marks of origin do not matter to truth, and a set that contains two elements contains each of them."""
    match condition:
        case AtLeastOf(needed, of):
            return Quorum(needed, tuple(formula(part) for part in of))
        case NoneOf(of):
            return Quorum(1, tuple(formula(part) for part in of), negated=True)
        case Contains(fact, elements) if len(elements) != 1:
            return Quorum(len(elements), tuple(Contains(fact, (element,)) for element in elements))
        case Limit() | OneOf() | Contains():
            return replace(condition, ours=False) if condition.ours else condition


def atoms(formulas: Iterable[Formula]) -> Iterator[Atom]:
    """Every atom, again as often as it stands there."""
    for item in formulas:
        if isinstance(item, Quorum):
            yield from atoms(item.parts)
        elif item is not None and not isinstance(item, bool):
            yield item


def reduced(item: Formula, known: Mapping[Atom, KnownTruth]) -> Formula:
    """What is left of a formula once some atoms are known."""
    if item is None or isinstance(item, bool):
        return item
    if not isinstance(item, Quorum):
        return known.get(item, item)
    needed, undecided, parts = item.needed, item.undecided, []
    for part in item.parts:
        now = reduced(part, known)
        if now is True:
            needed -= 1
        elif now is None:
            undecided += 1
        elif now is not False:
            parts.append(now)
    if needed <= 0:
        return not item.negated
    if len(parts) + undecided < needed:
        return item.negated
    return Quorum(needed, tuple(parts), undecided, item.negated) if parts else None
