"""Conditions (达标条件): closed kinds of tests with three answers, True, False and None for unknown (Kleene)."""

from __future__ import annotations

from typing import Literal, TypeAlias

from checklist.model.noun import noun
from checklist.model.numbers import Number
from checklist.model.rules.facts import Knowledge, Value
from checklist.model.rules.measures import Measure


@noun
class Limit:
    """A threshold: the measure must be at least / at most ``limit``. ``ours`` marks a figure no source states."""

    measure: Measure
    kind: Literal["at_least", "at_most"]
    limit: Number
    ours: bool = False

    @property
    def facts(self) -> tuple[str, ...]:
        return self.measure.facts

    def holds(self, known: Knowledge) -> bool | None:
        span = self.measure.span(known)
        return span.at_least(self.limit) if self.kind == "at_least" else span.at_most(self.limit)


@noun
class OneOf:
    """A yes/no or choice fact has one of these values."""

    fact: str
    values: tuple[Value, ...]
    ours: bool = False

    @property
    def facts(self) -> tuple[str, ...]:
        return (self.fact,)

    def holds(self, known: Knowledge) -> bool | None:
        value = known.value(self.fact)
        return None if value is None else value in self.values


@noun
class Contains:
    """A set fact has all of these elements."""

    fact: str
    elements: tuple[str, ...]
    ours: bool = False

    @property
    def facts(self) -> tuple[str, ...]:
        return (self.fact,)

    def holds(self, known: Knowledge) -> bool | None:
        present = known.elements(self.fact)
        return None if present is None else present.issuperset(self.elements)


@noun
class AtLeastOf:
    """At least ``needed`` of the conditions hold: all of them, any of them, or n−1 of n."""

    needed: int
    of: tuple[Condition, ...]
    ours: bool = False

    @property
    def facts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(fact for part in self.of for fact in part.facts))

    def holds(self, known: Knowledge) -> bool | None:
        answers = [part.holds(known) for part in self.of]
        true = answers.count(True)
        if true >= self.needed:
            return True
        return False if true + answers.count(None) < self.needed else None


@noun
class NoneOf:
    """None of the conditions holds."""

    of: tuple[Condition, ...]
    ours: bool = False

    @property
    def facts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(fact for part in self.of for fact in part.facts))

    def holds(self, known: Knowledge) -> bool | None:
        answers = [part.holds(known) for part in self.of]
        if True in answers:
            return False
        return None if None in answers else True


Condition: TypeAlias = Limit | OneOf | Contains | AtLeastOf | NoneOf
