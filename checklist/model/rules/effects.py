"""Effects: what an action makes of a fact (措施落实后，实测项变成什么)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal, TypeAlias

from checklist.model.noun import noun
from checklist.model.numbers import Number, ceiling, floor
from checklist.model.rules.facts import Fact, Knowledge, Never, Value


@noun
class Becomes:
    """The fact takes this value, unless it already has a better one: an action never makes a fact worse."""

    value: Value

    @property
    def reads(self) -> tuple[str, ...]:
        return ()

    def result(self, fact: Fact, known: Knowledge) -> Value | None:
        return fact.better_of(known.value(fact.id), self.value)


@noun
class EqualTo:
    """The fact takes the value of another fact; unknown while that one is."""

    fact: str

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.fact,)

    def result(self, fact: Fact, known: Knowledge) -> Value | None:
        return known.value(self.fact)


@noun
class Reaches:
    """The fact is raised to (``at_least``) or lowered to (``at_most``) a limit, and left alone if already there.

    The limit is ``times`` × the fact ``of``, or ``times`` alone; counts are rounded towards the safe side.
    """

    kind: Literal["at_least", "at_most"]
    times: Number
    of: str = ""

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.of,) if self.of else ()

    def result(self, fact: Fact, known: Knowledge) -> Value | None:
        limit: Number = self.times
        if self.of:
            base = known.number(self.of)
            if base is None:
                return None
            limit = limit * base
        if fact.type == "count":
            limit = ceiling(limit) if self.kind == "at_least" else floor(limit)
        now = known.value(fact.id)
        if not isinstance(now, str | frozenset | date | Never | None):
            return max(now, limit) if self.kind == "at_least" else min(now, limit)
        return limit


@noun
class Adds:
    """A count or number grows by ``amount``; an unknown one stays unknown."""

    amount: Number

    @property
    def reads(self) -> tuple[str, ...]:
        return ()

    def result(self, fact: Fact, known: Knowledge) -> Value | None:
        now = known.number(fact.id)
        return None if now is None else now + self.amount


@noun
class Includes:
    """A set gains ``elements``, or every option (``everything``), or all elements of the set fact ``of``."""

    elements: tuple[str, ...] = ()
    everything: bool = False
    of: str = ""

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.of,) if self.of else ()

    def result(self, fact: Fact, known: Knowledge) -> Value | None:
        gained: frozenset[str] | None = frozenset(fact.options if self.everything else self.elements)
        if self.of:
            gained = known.elements(self.of)
        return None if gained is None else (known.elements(fact.id) or frozenset()) | gained


@noun
class Today:
    """A date fact becomes the as-of day: a promise is judged on the day of the state it improves."""

    @property
    def reads(self) -> tuple[str, ...]:
        return ()

    def result(self, fact: Fact, known: Knowledge) -> Value | None:
        return known.as_of


Effect: TypeAlias = Becomes | EqualTo | Reaches | Adds | Includes | Today


def changes(sets: Mapping[str, Effect], known: Knowledge) -> dict[str, Value]:
    """What the facts become, all read from the same moment; a fact whose effect cannot be told is left out."""
    results = {name: effect.result(known.declared[name], known) for name, effect in sets.items()}
    return {name: value for name, value in results.items() if value is not None}


def after(sets: Mapping[str, Effect], known: Knowledge) -> Knowledge:
    """What is known once an action is finished."""
    return known.with_values(changes(sets, known), promised(sets, known))


def promised(sets: Mapping[str, Effect], known: Knowledge) -> frozenset[str]:
    """The facts that nobody has seen and that ``changes`` gives a value: the least that is promised of them."""
    found = {name for name, effect in sets.items() if name not in known.values or known.promised & {*effect.reads}}
    return known.promised | found
