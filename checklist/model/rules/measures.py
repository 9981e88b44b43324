"""Measures (测量值): one number per criterion, derived from facts. Each class measures itself as a span.

A span contains every value the measure may take, given the declared ranges of the facts that nobody recorded;
with all facts known it is one exact number. A denominator of zero measures nothing: the span is the full range.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TypeAlias

from checklist.model.noun import noun
from checklist.model.numbers import ANYTHING, INF, WHOLE_SHARE, Bound, Number, Span
from checklist.model.rules.facts import NEVER, Knowledge


def _quotient(over: Bound, under: Bound) -> Bound:
    if over == INF:
        return INF
    if under == INF:
        return 0
    return Fraction(over) / Fraction(under)


@noun
class FactValue:
    """The number recorded for one fact."""

    fact: str

    @property
    def facts(self) -> tuple[str, ...]:
        return (self.fact,)

    def span(self, known: Knowledge) -> Span:
        return known.span(self.fact)


@noun
class Sum:
    """Several facts added up."""

    of: tuple[str, ...]

    @property
    def facts(self) -> tuple[str, ...]:
        return self.of

    def span(self, known: Knowledge) -> Span:
        spans = [known.span(fact) for fact in self.of]
        return Span(sum(s.low for s in spans), sum(s.high for s in spans))


@noun
class Ratio:
    """``of × per ÷ to``: square metres per 100 households, community workers per 10,000 people."""

    of: str
    to: str
    per: Number = 1

    @property
    def facts(self) -> tuple[str, ...]:
        return (self.of, self.to)

    def span(self, known: Knowledge) -> Span:
        over, under = known.span(self.of), known.span(self.to)
        if under.low <= 0:
            return ANYTHING
        return Span(_quotient(over.low * self.per, under.high), _quotient(over.high * self.per, under.low))


@noun
class Share:
    """``of ÷ to``: 0 to 1; more than the whole, where that can be, counts as all of it.

    Of two sets: how much of ``to`` (what is required) is in ``of``; with nothing required nothing is measured.
    """

    of: str
    to: str

    @property
    def facts(self) -> tuple[str, ...]:
        return (self.of, self.to)

    def span(self, known: Knowledge) -> Span:
        if known.declared[self.to].type == "set":
            return self._of_elements(known)
        part, whole = known.span(self.of), known.span(self.to)
        if whole.low <= 0:
            return WHOLE_SHARE
        return Span(min(_quotient(part.low, whole.high), 1), min(_quotient(part.high, whole.low), 1))

    def _of_elements(self, known: Knowledge) -> Span:
        present, required = known.elements(self.of), known.elements(self.to)
        if not required or present is None:
            return WHOLE_SHARE
        share = Fraction(len(required & present), len(required))
        return Span(share, share)


@noun
class CountOf:
    """How many elements a set fact has."""

    fact: str

    @property
    def facts(self) -> tuple[str, ...]:
        return (self.fact,)

    def span(self, known: Knowledge) -> Span:
        elements = known.elements(self.fact)
        if elements is None:
            return Span(0, len(known.declared[self.fact].options))
        return Span(len(elements), len(elements))


@noun
class Missing:
    """What is required and not present: elements of two sets, or the difference of two counts, never below 0."""

    required: str
    present: str

    @property
    def facts(self) -> tuple[str, ...]:
        return (self.required, self.present)

    def span(self, known: Knowledge) -> Span:
        if known.declared[self.required].type != "set":
            required, present = known.span(self.required), known.span(self.present)
            low = 0 if present.high == INF else max(0, required.low - present.high)
            return Span(low, max(0, required.high - present.low))
        required_set, present_set = known.elements(self.required), known.elements(self.present)
        if required_set is None:
            return Span(0, len(known.declared[self.required].options.keys() - (present_set or frozenset())))
        if present_set is None:
            return Span(0, len(required_set))
        missing = len(required_set - present_set)
        return Span(missing, missing)


@noun
class AgeDays:
    """Days from a date fact to the as-of day."""

    fact: str

    @property
    def facts(self) -> tuple[str, ...]:
        return (self.fact,)

    def span(self, known: Knowledge) -> Span:
        day = known.value(self.fact)
        if day is NEVER:
            return Span(INF, INF)
        if not isinstance(day, date):
            return ANYTHING
        age = (known.as_of - day).days
        return Span(age, age)


Measure: TypeAlias = FactValue | Sum | Ratio | Share | CountOf | Missing | AgeDays
