"""Ways that lead to the same: those that ask for more than another one are no alternatives to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from checklist.model.results.assessment import Obstacle
from checklist.model.rules.conditions import Condition, Contains, Limit, OneOf

Alternative: TypeAlias = tuple[int, tuple[Obstacle, ...]]
"""How many of the blocks must go for a condition to hold, and the blocks."""


def undominated(parts: Sequence[Alternative]) -> list[Alternative]:
    """Alternatives without those that ask for all that another asks for, and more: 差 210 beside 差 53.6."""
    kept: list[Alternative] = []
    for part in parts:
        if not any(_asks_for(part, other) for other in kept):
            kept = [*(other for other in kept if not _asks_for(other, part)), part]
    return kept


def _asks_for(way: Alternative, other: Alternative) -> bool:
    """Whether who goes the one way has gone the other."""
    (choose, blocks), (fewer, others) = way, other
    if choose < len(blocks):  # some of its blocks may stay
        return False
    met = sum(any(_includes(block.condition, other.condition) for block in blocks) for other in others)
    return met >= fewer


def _includes(more: Condition, less: Condition) -> bool:
    """Whether the first condition surely holds nowhere that the second does not."""
    match more, less:
        case Limit(measure, "at_least", limit), Limit(same, "at_least", lower) if measure == same:
            return limit >= lower
        case Limit(measure, "at_most", limit), Limit(same, "at_most", higher) if measure == same:
            return limit <= higher
        case OneOf(fact, values), OneOf(same_fact, others) if fact == same_fact:
            return set(values) <= set(others)
        case Contains(fact, elements), Contains(same_fact, fewer) if fact == same_fact:
            return set(elements) >= set(fewer)
    return more == less
