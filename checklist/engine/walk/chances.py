"""What an unchecked fact may turn out to be: the values that lead to different levels, each with a stated chance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from checklist.engine.scoring.gaps import blocks_of
from checklist.model.numbers import INF, Number
from checklist.model.rules.conditions import Limit
from checklist.model.rules.facts import NUMERIC, Fact, Knowledge, Value, kin_of, wholes_of
from checklist.model.rules.measures import Sum
from checklist.model.rules.ruleset import Criterion, Ruleset
from checklist.model.rules.scales import Deduct, settled

NOMINAL = 100
FEW, MANY = Fraction(9, 10), Fraction(11, 10)

Chances = tuple[tuple[Value, Fraction], ...]


def ends_of(chances: Chances) -> Chances:
    """The best value, and the worst with all the rest of the chance."""
    return chances if len(chances) < 2 else (chances[0], (chances[-1][0], 1 - chances[0][1]))


def chances_of(ruleset: Ruleset, known: Knowledge, name: str, criteria: Iterable[str], good: Fraction) -> Chances:
    """The values of a fact that lead to different levels, best first: the best with chance ``good``."""
    fact = ruleset.facts[name]
    values = _numbers(ruleset, known, fact, criteria) if fact.type in NUMERIC else _kinds(fact, known)
    if len(values) == 1:
        return ((values[0], Fraction(1)),)
    if fact.better is None:
        return tuple((value, Fraction(1, len(values))) for value in values)
    rest = (1 - good) / (len(values) - 1)
    return tuple((value, good if n == 0 else rest) for n, value in enumerate(values))


def _kinds(fact: Fact, known: Knowledge) -> list[Value]:
    match fact.type:
        case "bool":
            return [fact.better != "false", fact.better == "false"]
        case "choice":
            return list(fact.options)
        case "set":
            return [frozenset(fact.options), frozenset()]
    return [known.as_of, known.as_of.replace(year=known.as_of.year - 10, day=1)]


def _numbers(ruleset: Ruleset, known: Knowledge, fact: Fact, criteria: Iterable[str]) -> list[Value]:
    """Each limit that the fact may have to reach, and a value that just misses it.

    Limits may show only while the other unknown facts are as they should be, or only while they are not: both are tried.
    The parts of the fact stay unknown, for a known part would already say how much it is at least.
    """
    parts = {*kin_of(ruleset.facts, fact.id)} - {*wholes_of(ruleset.facts, fact.id)}
    others = {
        other: ruleset.facts[other]
        for id in criteria
        for other in ruleset.criterion(id).facts
        if other not in {fact.id, *parts} and ruleset.facts[other].type in NUMERIC and known.value(other) is None
    }
    backgrounds = [
        known.with_values({name: _usual(other, fine) for name, other in others.items()}) for fine in (True, False)
    ]
    limits = {
        limit
        for background in backgrounds
        for id in criteria
        for limit in _limits(ruleset.criterion(id), fact.id, background)
    }
    found = {fact.clipped(value) for limit in limits for value in (limit, _missing(fact, limit))}
    found = found or {fact.clipped(_usual(fact, True))}
    return [*sorted(found, reverse=fact.better != "lower")]


def _limits(criterion: Criterion, fact: str, known: Knowledge) -> Iterator[Number]:
    """The values of one fact from which it satisfies a condition, all others being as they usually are."""
    scale = criterion.scale
    if isinstance(scale, Deduct):
        wanted = [settled(scale, part, criterion.points) for part in scale.deductions]
    else:
        wanted = [rung.condition for rung in scale.rungs]
    for condition in wanted:
        for block in blocks_of(condition, known)[1]:
            if block.target is not None and block.target[0] == fact and isinstance(block.target[1], int | Fraction):
                yield block.target[1]
            elif isinstance(block.condition, Limit) and isinstance(block.measure, Sum) and fact in block.measure.of:
                yield block.condition.limit


def _missing(fact: Fact, limit: Number) -> Number:
    """A value that just misses a limit."""
    lower = fact.better == "lower"
    if fact.type == "count":
        return limit + 1 if lower else limit - 1
    return limit * (MANY if lower else FEW) if limit else limit + (Fraction(1, 10) if lower else 0)


def _usual(fact: Fact, fine: bool) -> int:
    """A plain value where nothing else says more: a hundred, or none at all."""
    if (fact.better == "lower") == fine:
        return int(fact.low)
    return NOMINAL if fact.type != "ratio" and fact.high == INF else int(min(NOMINAL, fact.high))
