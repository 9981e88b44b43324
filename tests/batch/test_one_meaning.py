"""One meaning, two engines: the column program and the single engine agree on everything, exactly."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from checklist import load_ruleset
from checklist.engine.scoring.sampling import sampled
from checklist.model.rules.conditions import Limit
from checklist.model.rules.leaves import leaves
from checklist.model.rules.measures import Share
from checklist.model.rules.ruleset import Ruleset
from checklist.model.rules.scales import Ladder, Rung
from tests.batch.random_rulesets import DAY, FACTS, Row, state_of, table_of, worlds
from tests.batch.random_tables import random_rows
from tests.batch.side_by_side import assert_same, columns, findings
from tests.conftest import ROOT
from tests.support.laws import examples

quick = settings(max_examples=examples(40), deadline=None, suppress_health_check=list(HealthCheck))
long = settings(max_examples=examples(1500), deadline=None, suppress_health_check=list(HealthCheck))


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


SHIPPED = sorted(path.name for path in (ROOT / "rules").iterdir() if (path / "ruleset.yaml").is_file())


ONE_QUICKLY = [
    name if name == "civilized-city-community" else pytest.param(name, marks=pytest.mark.slow) for name in SHIPPED
]


@pytest.mark.parametrize("name", ONE_QUICKLY)
def test_every_shipped_ruleset_comes_to_the_same(name: str) -> None:
    ruleset = load_ruleset(ROOT / "rules" / name)
    rows = random_rows(ruleset, 100, seed=1)
    assert_same(
        columns(ruleset, table_of(ruleset, rows), chunk=64), findings(ruleset, [state_of(ruleset, r) for r in rows])
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_ruleset_comes_to_the_same_on_5000_rows(name: str) -> None:
    """Each edition on 5,000 rows; a tailoring, which shares nearly every criterion with its edition, on 1,000."""
    ruleset = load_ruleset(ROOT / "rules" / name)
    for seed in range(1 if ruleset.extends else 5):
        rows = random_rows(ruleset, 1000, seed=seed)
        states = [state_of(ruleset, row) for row in rows]
        assert_same(columns(ruleset, table_of(ruleset, rows)), findings(ruleset, states))


def test_a_share_of_sets_with_other_options_comes_to_the_same(ruleset: Ruleset) -> None:
    """The elements of both are numbered alike, also where no other measure compares the two."""
    scale = Ladder("levels", (Rung("A", Limit(Share("s1", "s2"), "at_least", 1)),))
    one = replace(ruleset.criteria[0], scale=scale, applies_when=None, flag=None, per="", records=())
    small = replace(ruleset, facts=FACTS, criteria=(one,))
    rows = [Row({"s1": frozenset(some), "s2": frozenset(other)}) for some, other in ("ac", "cc", "ad")]
    assert_same(columns(small, table_of(small, rows)), findings(small, [state_of(small, row) for row in rows]))


def test_surveys_as_samples_come_to_the_same(ruleset: Ruleset) -> None:
    rows = random_rows(ruleset, 100, seed=3)
    states = [sampled(state_of(ruleset, row)) for row in rows]
    got = columns(ruleset, table_of(ruleset, rows), sampling=True)
    assert_same(got, findings(ruleset, states))


@quick
@given(worlds())
def test_random_rulesets_with_samples_come_to_the_same(world: tuple[Ruleset, list[Row]]) -> None:
    ruleset, rows = world
    states = [sampled(state_of(ruleset, row)) for row in rows]
    assert_same(columns(ruleset, table_of(ruleset, rows), sampling=True), findings(ruleset, states))


def _limits(condition: Any) -> list[Limit]:
    return [leaf for leaf in leaves(condition) if isinstance(leaf, Limit)]


@pytest.mark.slow
def test_one_threshold_moved_in_one_engine_is_seen(ruleset: Ruleset) -> None:
    """The comparison above can fail: each of these rulesets differs from the shipped one in a single number."""
    rows = random_rows(ruleset, 600, seed=1)
    table, told = table_of(ruleset, rows), findings(ruleset, [state_of(ruleset, row) for row in rows])
    moved = 0
    for criterion in ruleset.criteria[::20]:
        if not isinstance(criterion.scale, Ladder) or not (limits := _limits(criterion.scale.rungs[0].condition)):
            continue
        old = limits[0]
        step = 1 if isinstance(old.limit, int) else Fraction(1, 100)
        new = replace(old, limit=old.limit + (step if old.kind == "at_least" else -step))
        rungs = tuple(replace(r, condition=_with(r.condition, old, new)) for r in criterion.scale.rungs)
        other = replace(criterion, scale=replace(criterion.scale, rungs=rungs))
        criteria = tuple(other if c is criterion else c for c in ruleset.criteria)
        with pytest.raises(AssertionError, match=criterion.id):
            assert_same(columns(replace(ruleset, criteria=criteria), table), told)
        moved += 1
    assert moved >= 5


def _with(condition: Any, old: Limit, new: Limit) -> Any:
    if condition == old:
        return new
    parts = getattr(condition, "of", None)
    return (
        replace(condition, of=tuple(_with(part, old, new) for part in parts)) if isinstance(parts, tuple) else condition
    )
