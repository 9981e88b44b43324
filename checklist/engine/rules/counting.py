"""Criteria that look at one counted fact alone, as a row of shares: what 0, 1, 2 … findings leave of the points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from checklist.model.rules.conditions import Limit
from checklist.model.rules.counts import Count
from checklist.model.rules.facts import ANY_DAY, Knowledge
from checklist.model.rules.measures import FactValue
from checklist.model.rules.ruleset import Criterion, Ruleset
from checklist.model.rules.scales import Deduct, Deduction


@dataclass(frozen=True, slots=True)
class Shares:
    """``at(n)`` is the share of the points that a count of ``n`` earns; from ``stable`` on it no longer changes."""

    fact: str
    stable: int
    at: Callable[[int], Fraction]


def shares(criterion: Criterion, ruleset: Ruleset) -> Shares | None:
    """None when the criterion reads anything but one count, or is worth nothing."""
    names = criterion.facts
    if len(names) != 1 or ruleset.facts[names[0]].type != "count" or not criterion.points or criterion.applies_when:
        return None
    name, scale = names[0], criterion.scale
    if isinstance(scale, Deduct):
        parts = [part for part in scale.parts if isinstance(part, Deduction) and _counts(part.measure)]
        plain = scale.kind == "deduct" and len(parts) == len(scale.parts)
        each = sum(part.points for part in parts if part.at_most is None and not part.whole)
        capped = [ceil(Fraction(part.at_most, part.points)) for part in parts if part.at_most and part.points]
        stable = max([ceil(Fraction(criterion.points, each)) if each else 1, *capped])
        limits: list[Fraction] = []
    else:
        stable = 0
        tests = [rung.condition for rung in scale.rungs]
        plain = all(isinstance(test, Limit) and _counts(test.measure) for test in tests)
        limits = [Fraction(test.limit) for test in tests if isinstance(test, Limit)]
    if not plain:
        return None

    def at(n: int) -> Fraction:
        known = Knowledge(ruleset.facts, {name: n}, ANY_DAY)
        if isinstance(scale, Deduct):
            return Fraction(scale.points(known, criterion.points)[0], criterion.points)
        best, _ = scale.levels(known)
        return Fraction(ruleset.level_points(criterion, best)) / criterion.points

    return Shares(name, max([stable, *(ceil(limit) + 1 for limit in limits)]), at)


def _counts(measure: Count) -> bool:
    return isinstance(measure, FactValue)
