"""The rulesets after real sheets come to the same in both engines, with sites and without."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from checklist.model.rules.ruleset import Ruleset
from tests.batch.random_rulesets import DAY, state_of, table_of
from tests.batch.random_sites import Many, Place, state_of_many, table_of_many
from tests.batch.random_tables import random_rows
from tests.batch.side_by_side import assert_same, columns, columns_with_sites, findings
from tests.support.documents import DOCUMENTS, FEW_AT_ONCE, document

WITH_SITES = [name for name in DOCUMENTS if document(name).site_kinds]


@pytest.mark.parametrize("name", FEW_AT_ONCE)
def test_rows_come_to_the_same(name: str) -> None:
    ruleset = document(name)
    rows = random_rows(ruleset, 100, seed=1)
    got = columns(ruleset, table_of(ruleset, rows), chunk=64)
    assert_same(got, findings(ruleset, [state_of(ruleset, row) for row in rows]))


@pytest.mark.slow
@pytest.mark.parametrize("name", DOCUMENTS)
def test_many_rows_come_to_the_same(name: str) -> None:
    ruleset = document(name)
    rows = random_rows(ruleset, 2000, seed=2)
    got = columns(ruleset, table_of(ruleset, rows))
    assert_same(got, findings(ruleset, [state_of(ruleset, row) for row in rows]))


@pytest.mark.parametrize("name", WITH_SITES)
def test_sites_come_to_the_same(name: str) -> None:
    ruleset = document(name)
    district = communities(ruleset, 30, seed=3)
    table, order = table_of_many(ruleset, district, seed=4)
    states = [state_of_many(ruleset, district[number]) for number in order]
    assert_same(columns_with_sites(ruleset, table), findings(ruleset, states))


def communities(ruleset: Ruleset, count: int, seed: int) -> list[Many]:
    """Communities with up to three sites of each kind, some closed, some in the total only."""
    chance = random.Random(seed)
    found = []
    for own in random_rows(ruleset, count, seed):
        sites, totals = [], {}
        for kind in ruleset.site_kinds:
            some = random_rows(ruleset, chance.randint(0, 3), chance.randint(0, 10**6))
            closed = [chance.choice([None, None, DAY - timedelta(days=3)]) for _ in some]
            sites += [Place(kind, row, end) for row, end in zip(some, closed, strict=True)]
            if counting := closed.count(None):
                totals[kind] = counting + chance.choice([0, 0, 2])
        taken = {fact for fact, kind in ruleset.site_facts.items() if kind in {*(s.kind for s in sites), *totals}}
        values = {fact: value for fact, value in own.values.items() if fact not in taken}
        samples = {fact: value for fact, value in own.samples.items() if fact not in taken}
        found.append(Many(replace(own, values=values, samples=samples), tuple(sites), totals))
    return found
