"""For every shipped criterion taken alone, each end of its interval is reached by some completion (DESIGN §4.5).

Completions are searched over cut points: every threshold of the criterion and its neighbours, for each unknown fact.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from itertools import product

import pytest

from checklist.engine.scoring.judge import judge
from checklist.model.numbers import INF
from checklist.model.rules.conditions import AtLeastOf, Condition, Limit, NoneOf
from checklist.model.rules.facts import Fact, Value
from checklist.model.rules.ruleset import Criterion, Ruleset
from checklist.model.rules.scales import Deduct
from tests.support.strategies import DAY, repaired, state_of

FAR = 1_000_000_000


def limits(condition: Condition) -> Iterator[Fraction]:
    if isinstance(condition, Limit):
        yield Fraction(condition.limit)
    elif isinstance(condition, AtLeastOf | NoneOf):
        for part in condition.of:
            yield from limits(part)


def cut_points(criterion: Criterion, fact: Fact, scales: list[int]) -> list[Value]:
    match fact.type:
        case "bool":
            return [True, False]
        case "choice":
            return list(fact.options)
        case "set":
            names = list(fact.options)
            return [frozenset(names[:k]) for k in range(len(names) + 1)] + [frozenset([n]) for n in names]
    assert not isinstance(criterion.scale, Deduct)
    found = sorted({v for rung in criterion.scale.rungs for v in limits(rung.condition)})
    if fact.type == "date":
        return [DAY - timedelta(days=int(d)) for v in [*found, Fraction(0)] for d in (v, v + 1) if 0 <= d < 40_000]
    step = 1 if fact.type == "count" else Fraction(1, 10_000 if fact.type == "ratio" else 100)
    raw = {Fraction(0), Fraction(1), Fraction(FAR), *map(Fraction, scales)}
    raw |= {Fraction(fact.low), Fraction(fact.low) + step}
    raw |= {v + d for v in found for d in (-step, 0, step)}
    if fact.type == "count":
        raw |= {Fraction(int(v * scale) + d) for scale in scales for v in found for d in (-1, 0, 1, 2)}
    kept = sorted(v for v in raw if fact.low <= v <= fact.high)
    return [int(v) for v in kept if v.denominator == 1] if fact.type == "count" else list(kept)


def ends(ruleset: Ruleset, criterion: Criterion, record: dict[str, Value]) -> tuple[int, int] | None:
    state = state_of(ruleset, record)
    finding = judge(ruleset, criterion, state, state.knowledge(ruleset.facts))
    return (finding.low, finding.high) if finding.applies else None


def reached(ruleset: Ruleset, criterion: Criterion, known: dict[str, Value], unknown: list[str]) -> set[int]:
    scales = [v for v in known.values() if isinstance(v, int) and not isinstance(v, bool) and v > 0] or [100]
    choices = [cut_points(criterion, ruleset.facts[name], scales) for name in unknown]
    found: set[int] = set()
    for combination in product(*choices):
        record = {**known, **dict(zip(unknown, combination, strict=True))}
        if repaired(ruleset, dict(record)) != record:
            continue
        result = ends(ruleset, criterion, record)
        if result is not None and result[0] == result[1]:
            found.add(result[0])
    return found


def ids(criterion: Criterion) -> str:
    return criterion.id


def shipped() -> tuple[Criterion, ...]:
    from checklist import load_ruleset
    from tests.conftest import ROOT

    return load_ruleset(ROOT / "rules" / "civilized-city-community").criteria


@pytest.mark.slow
@pytest.mark.parametrize("criterion", shipped(), ids=ids)
def test_each_end_is_reached(ruleset: Ruleset, criterion: Criterion) -> None:
    chance = random.Random(criterion.id)
    names = list(criterion.scale.facts)
    guards = [n for n in criterion.facts if n not in names]
    for _ in range(6):
        base: dict[str, Value] = {}
        for name in (*guards, *names):
            near = [v for v in cut_points(criterion, ruleset.facts[name], [100]) if v != FAR]
            base[name] = chance.choice(near)
        base = repaired(ruleset, base)
        hidden = chance.sample(names, k=chance.randint(1, min(2, len(names))))
        known = {n: v for n, v in base.items() if n not in hidden}
        interval = ends(ruleset, criterion, known)
        if interval is None:
            continue
        found = reached(ruleset, criterion, known, hidden)
        assert {interval[0], interval[1]} <= found, (known, hidden, interval, sorted(found))


def test_infinity_is_only_an_end(ruleset: Ruleset) -> None:
    assert all(fact.low != INF for fact in ruleset.facts.values())
