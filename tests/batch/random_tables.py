"""Rows for a whole ruleset, near its thresholds, from a seed."""

from __future__ import annotations

import random
from datetime import timedelta
from fractions import Fraction

from checklist.model.numbers import INF
from checklist.model.rules.conditions import Limit
from checklist.model.rules.facts import NEVER, Fact, Value, parts_of
from checklist.model.rules.leaves import conditions, leaves
from checklist.model.rules.measures import Ratio, Share
from checklist.model.rules.ruleset import Ruleset
from tests.batch.random_rulesets import DAY, Row


def random_rows(ruleset: Ruleset, count: int, seed: int) -> list[Row]:
    """Communities from hardly recorded to fully recorded; parts seldom greater than their wholes."""
    chance = random.Random(seed)
    limits: dict[str, list[Fraction]] = {}
    quotients: list[tuple[str, str, Fraction]] = []
    for criterion in ruleset.criteria:
        for condition in (leaf for whole in conditions(criterion) for leaf in leaves(whole)):
            if isinstance(condition, Limit) and isinstance(condition.measure, Share | Ratio):
                per = condition.measure.per if isinstance(condition.measure, Ratio) else 1
                quotients.append(
                    (condition.measure.of, condition.measure.to, Fraction(condition.limit) / Fraction(per))
                )
            elif isinstance(condition, Limit):
                for name in condition.facts:
                    limits.setdefault(name, []).append(Fraction(condition.limit))
    return [_row(ruleset, limits, quotients, chance) for _ in range(count)]


def _row(
    ruleset: Ruleset,
    limits: dict[str, list[Fraction]],
    quotients: list[tuple[str, str, Fraction]],
    chance: random.Random,
) -> Row:
    recorded = chance.choice([0.2, 0.8, 0.95, 1.0])
    good = chance.random()
    values = {
        name: _value(fact, limits.get(name, []), good, chance)
        for name, fact in ruleset.facts.items()
        if chance.random() < recorded
    }
    for of, to, limit in quotients:
        if of in values and to in values and chance.random() < 0.3:
            values[of] = _at(ruleset.facts[of], values[to] * limit, chance)  # type: ignore[operator]
    for part, whole in parts_of(ruleset.facts):
        if part in values and whole in values and values[part] > values[whole] and chance.random() < 0.98:  # type: ignore[operator]
            values[part] = values[whole]
    on = {
        name: DAY - timedelta(days=chance.choice([0, 7, 8, 30, 31, 90, 91, 180, 181]))
        for name in values
        if chance.random() < 0.1
    }
    samples = {}
    for name in list(values):
        if ruleset.facts[name].type == "ratio" and chance.random() < 0.5:
            asked = chance.randint(1, 400)
            samples[name] = (chance.randint(int(asked * good * 0.9), asked), asked)
            del values[name]
    na = frozenset(
        c.id for c in ruleset.criteria if (c.na_when or c.applies_when is not None) and chance.random() < 0.1
    )
    return Row(values, on, samples, na)


def _at(fact: Fact, wanted: Fraction, chance: random.Random) -> Value:
    """A number on a threshold, or the next one below or above."""
    step = {"count": 1, "number": 100, "ratio": 10_000}[fact.type]
    scaled = int(wanted * step) + chance.choice([-1, 0, 1])
    top = scaled if fact.high == INF else int(fact.high * step)
    scaled = max(int(fact.low * step), min(scaled, top))
    return scaled if step == 1 else Fraction(scaled, step)


def _value(fact: Fact, limits: list[Fraction], good: float, chance: random.Random) -> Value:
    if fact.none_is is NEVER and chance.random() < 0.2:
        return NEVER
    match fact.type:
        case "bool":
            return (chance.random() < good) == (fact.better != "false")
        case "choice":
            return chance.choice(list(fact.options))
        case "set":
            return frozenset(option for option in fact.options if chance.random() < max(good, 0.5))
        case "date":
            return DAY - timedelta(days=chance.choice([0, 1, 29, 30, 31, 364, 365, 366, 1500]))
    step = {"count": 1, "number": 100, "ratio": 10_000}[fact.type]
    low, high = int(fact.low * step), int((3000 if fact.high == INF else fact.high) * step)
    if limits and chance.random() < 0.6:
        wanted = int(chance.choice(limits) * step) + chance.choice([-1, 0, 1])
    elif fact.better == "lower":
        wanted = low if chance.random() < good else chance.randint(low, min(high, low + 5 * step))
    else:
        wanted = chance.randint(low, high)
    scaled = max(low, min(wanted, high))
    return scaled if step == 1 else Fraction(scaled, step)
