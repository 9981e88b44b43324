"""Counts (计数): what deductions are multiplied with. A measure counts itself; the others are made of one or of a condition."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Literal, TypeAlias

from checklist.model.noun import noun
from checklist.model.numbers import INF, Bound, Number, Span
from checklist.model.rules.conditions import Condition, Limit, NoneOf, OneOf
from checklist.model.rules.facts import Knowledge
from checklist.model.rules.measures import Measure

Side: TypeAlias = Literal["below", "above"]
StepKind: TypeAlias = Literal["full", "started", "exact"]


@noun
class Holds:
    """One where a condition holds, nothing where it does not."""

    condition: Condition

    @property
    def facts(self) -> tuple[str, ...]:
        return self.condition.facts

    def span(self, known: Knowledge) -> Span:
        answer = self.condition.holds(known)
        return Span(0 if answer is None else int(answer), 1 if answer is None else int(answer))


@noun
class Steps:
    """How many steps of ``each`` a measure is ``below`` or ``above`` a limit.

    Only ``full`` steps count, or also those that were only ``started``, or the ``exact`` quotient.
    """

    measure: Measure
    side: Side
    limit: Number
    each: Number = 1
    steps: StepKind = "full"
    ours: bool = False

    @property
    def facts(self) -> tuple[str, ...]:
        return self.measure.facts

    def span(self, known: Knowledge) -> Span:
        span = self.measure.span(known)
        if self.side == "below":
            return Span(self._counted(self.limit - span.high), self._counted(self.limit - span.low))
        return Span(self._counted(span.low - self.limit), self._counted(span.high - self.limit))

    def _counted(self, away: Bound) -> Bound:
        if away <= 0 or away == INF:
            return max(away, 0)
        steps = Fraction(away) / Fraction(self.each)
        if self.steps == "exact":
            return steps
        return math.floor(steps) if self.steps == "full" else math.ceil(steps)


Count: TypeAlias = Measure | Holds | Steps


def nothing_counted(count: Count) -> Condition:
    """The condition under which nothing is counted."""
    match count:
        case Holds(condition):
            return negated(condition)
        case Steps(measure, side, limit):
            return Limit(measure, "at_least" if side == "below" else "at_most", limit, count.ours)
    return Limit(count, "at_most", 0)


def enough_counted(count: Count, units: int) -> Condition:
    """The condition under which so many units are counted, where that many can be."""
    match count:
        case Holds(condition):
            return condition
        case Steps(measure, "below", limit, each):
            return Limit(measure, "at_most", max(0, limit - units * each), count.ours)
        case Steps(measure, _, limit, each):
            return Limit(measure, "at_least", limit + units * each, count.ours)
    return Limit(count, "at_least", units)


def negated(condition: Condition) -> Condition:
    """The opposite, said without a double no."""
    match condition:
        case NoneOf((one,)):
            return one
        case OneOf(fact, (bool() as value,), ours):
            return OneOf(fact, (not value,), ours)
    return NoneOf((condition,))
