"""One meaning, two engines: the column program and the single engine agree on everything, exactly."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from checklist.model.ruleset import Ruleset

from .compare import assert_same, columns, findings
from .generate import random_rows
from .worlds import DAY, Row, state_of, table_of, worlds

quick = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
long = settings(max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck))


@quick
@given(worlds())
def test_random_rulesets_come_to_the_same(world: tuple[Ruleset, list[Row]]) -> None:
    ruleset, rows = world
    assert_same(columns(ruleset, table_of(ruleset, rows)), findings(ruleset, [state_of(ruleset, r) for r in rows]))


@pytest.mark.slow
@long
@given(worlds())
def test_many_random_rulesets_come_to_the_same(world: tuple[Ruleset, list[Row]]) -> None:
    ruleset, rows = world
    assert_same(columns(ruleset, table_of(ruleset, rows)), findings(ruleset, [state_of(ruleset, r) for r in rows]))


@quick
@given(worlds())
def test_looking_from_a_later_day_comes_to_the_same(world: tuple[Ruleset, list[Row]]) -> None:
    ruleset, rows = world
    later = DAY + timedelta(days=60)
    rows = [Row(r.values, r.on, r.samples, frozenset(), r.as_of) for r in rows]
    states = [state_of(ruleset, row).on_day(later) for row in rows]
    assert_same(columns(ruleset, table_of(ruleset, rows), later), findings(ruleset, states))


def test_the_shipped_ruleset_comes_to_the_same(ruleset: Ruleset) -> None:
    rows = random_rows(ruleset, 150, seed=1)
    assert_same(
        columns(ruleset, table_of(ruleset, rows), chunk=64), findings(ruleset, [state_of(ruleset, r) for r in rows])
    )


@pytest.mark.slow
def test_the_shipped_ruleset_comes_to_the_same_on_20000_rows(ruleset: Ruleset) -> None:
    for seed in range(20):
        rows = random_rows(ruleset, 1000, seed=seed)
        states = [state_of(ruleset, row) for row in rows]
        assert_same(columns(ruleset, table_of(ruleset, rows)), findings(ruleset, states))
