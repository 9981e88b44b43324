"""One meaning, two engines, with sites: what the column programs gather is what the single engine finds, exactly."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from checklist.model.rules.ruleset import Ruleset
from tests.batch.random_sites import Many, districts, state_of_many, table_of_many
from tests.batch.side_by_side import assert_same, columns_with_sites, findings
from tests.support.laws import examples

quick = settings(max_examples=examples(40), deadline=None, suppress_health_check=list(HealthCheck))
long = settings(max_examples=examples(60), deadline=None, suppress_health_check=list(HealthCheck))


def compared(world: tuple[Ruleset, list[Many], int], sampling: bool = False) -> None:
    ruleset, district, seed = world
    table, order = table_of_many(ruleset, district, seed)
    states = [state_of_many(ruleset, district[number]) for number in order]
    assert_same(columns_with_sites(ruleset, table, sampling=sampling), findings(ruleset, states, sampling))


@quick
@given(districts())
def test_random_rulesets_with_sites_come_to_the_same(world: tuple[Ruleset, list[Many], int]) -> None:
    compared(world)


@pytest.mark.slow
@long
@given(districts())
def test_many_random_rulesets_with_sites_come_to_the_same(world: tuple[Ruleset, list[Many], int]) -> None:
    compared(world)


@quick
@given(districts())
def test_samples_at_sites_come_to_the_same(world: tuple[Ruleset, list[Many], int]) -> None:
    compared(world, sampling=True)
