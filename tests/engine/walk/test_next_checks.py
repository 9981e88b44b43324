"""The walk of checks: what it narrows, on cases small enough to know the answer."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from checklist.engine.scoring.judge import judge
from checklist.engine.walk.chances import chances_of
from checklist.engine.walk.next_checks import next_checks
from checklist.model.results.walk import Prior
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import Community, Reading, State

DAY = date(2026, 6, 1)


def at(ruleset: Ruleset, day: date = DAY, **facts: object) -> State:
    readings = {name: Reading(name, value, day) for name, value in facts.items()}  # type: ignore[arg-type]
    return State(Community("x", "某社区"), ruleset.id, day, readings)


@pytest.mark.slow
def test_a_walk_with_all_the_time_leaves_nothing_open(ruleset: Ruleset) -> None:
    state = at(ruleset, lamps_installed=10)
    walk = next_checks(ruleset, state, 100_000, Prior())
    chosen = {check.fact.id for stop in walk.stops for check in stop.checks}
    assert walk.expected == 0
    assert chosen >= {check.fact for check in walk.before.to_check}


@pytest.mark.parametrize("minutes", [1, 7, 30, 90])
def test_a_walk_keeps_its_time_and_narrows_more_with_more(ruleset: Ruleset, minutes: int) -> None:
    state = at(ruleset, lamps_installed=10)
    walk, longer = (next_checks(ruleset, state, m, Prior(flag=0)) for m in (minutes, 3 * minutes))
    assert walk.minutes <= minutes
    assert longer.expected <= walk.expected <= walk.width
    checks = [check for stop in walk.stops for check in stop.checks]
    assert len({check.fact.id for check in checks}) == len(checks)


def test_a_walk_of_some_facts_spends_its_time_on_them(ruleset: Ruleset) -> None:
    """As long as it would be if nothing else could be asked, not what is left of a walk through everything."""
    state = at(ruleset, lamps_installed=10)
    here = frozenset(f.id for f in ruleset.facts.values() if f.place == "stairs")
    walk = next_checks(ruleset, state, 60, Prior(), here)
    chosen = {check.fact.id for stop in walk.stops for check in stop.checks}
    assert chosen and chosen <= here
    everywhere = next_checks(ruleset, state, 60, Prior())
    passed = {check.fact.id for stop in everywhere.stops for check in stop.checks} & here
    assert walk.minutes > sum(ruleset.facts[f].minutes for f in passed)


def test_the_values_of_an_unchecked_fact_are_its_limits_and_just_below(ruleset: Ruleset) -> None:
    """Of 20 lamps: A from 19 lit, B from 18, C from 16, and at least one must be lit at all."""
    known = at(ruleset, lamps_installed=20).knowledge(ruleset.facts)
    third, rest = Fraction(1, 3), Fraction(1, 9)
    found = chances_of(ruleset, known, "lamps_lit", ["INF-05"], third)
    assert found == ((19, third), *((lit, rest) for lit in (18, 17, 16, 15, 1, 0)))


@pytest.mark.slow
def test_narrowing_is_the_mean_over_what_a_fact_may_be(ruleset: Ruleset) -> None:
    state = at(ruleset)
    known = state.knowledge(ruleset.facts)
    walk = next_checks(ruleset, state, 100_000, Prior(Fraction(1, 4)))
    checks = [c for stop in walk.stops for c in stop.checks if len(c.criteria) == 1]
    several = [c for c in checks if len(ruleset.criterion(c.criteria[0]).facts) > 1]
    assert len(several) > 20
    for check in several:
        criterion = ruleset.criterion(check.criteria[0])
        now = judge(ruleset, criterion, state, known)
        mean = Fraction(0)
        for value, chance in chances_of(ruleset, known, check.fact.id, check.criteria, Fraction(1, 4)):
            then = judge(ruleset, criterion, state, known.with_values({check.fact.id: value}))
            mean += chance * ((now.high - now.low) - (then.high - then.low))
        assert check.narrows == mean
