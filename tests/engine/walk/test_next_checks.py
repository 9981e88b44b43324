"""The walk of checks: what it narrows, on cases small enough to know the answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from random import Random
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklist.engine.scoring.assess import assess
from checklist.engine.scoring.judge import judge
from checklist.engine.walk.chances import chances_of
from checklist.engine.walk.next_checks import next_checks
from checklist.model.results.walk import Check, Prior
from checklist.model.rules.facts import Value
from checklist.model.rules.leaves import measures
from checklist.model.rules.measures import Share
from checklist.model.rules.ruleset import Ruleset
from checklist.model.sites import SiteTotal
from checklist.model.state import Community, Reading, Site, State
from tests.engine.planning.small_plans import World, world_with_sites
from tests.support.laws import examples

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


def unrounded_width(world: World, state: State) -> Fraction:
    """Every criterion's width, its sites as a mean that nobody has rounded."""
    width = Fraction(0)
    for finding in assess(world.ruleset, state).findings:
        counted = finding.applicable if finding.criterion.over == "mean" else ()
        each = [(at.finding.high - at.finding.low, at.count) for at in counted] or [(finding.high - finding.low, 1)]
        width += Fraction(sum(wide * count for wide, count in each), sum(count for _, count in each))
    return width


def told(state: State, check: Check, value: Value) -> State:
    """The record once somebody has looked."""
    reading = Reading(check.fact.id, value, state.as_of)
    if check.site is None:
        return replace(state, readings={**state.readings, check.fact.id: reading})
    sites = (
        replace(site, readings={**site.readings, check.fact.id: reading}) if site.id == check.site.id else site
        for site in state.sites
    )
    return replace(state, sites=tuple(sites))


@settings(max_examples=examples(120), deadline=None)
@given(st.integers(0, 10**9))
def test_narrowing_at_sites_is_the_mean_of_what_the_engine_says(seed: int) -> None:
    """Each check alone, at its site or in the community, by judging the whole record anew for each of its values."""
    world = world_with_sites(Random(seed))
    graded = (replace(c, applies_when=None) for c in world.ruleset.criteria)
    settling = tuple(
        c for c in graded if not any(isinstance(m, Share) for m in measures(c))
    )  # a share of nothing never is
    ruleset = replace(world.ruleset, criteria=settling, site_facts=dict(world.ruleset.site_facts))
    world = replace(world, ruleset=ruleset)
    state = world.state
    served = {name for name, fact in ruleset.facts.items() if fact.serves}
    walk = next_checks(ruleset, state, 100_000, Prior(flag=0))
    now = unrounded_width(world, state)
    for stop in walk.stops:
        for check in stop.checks:
            assert check.site is stop.site
            known = (state.at(check.site, served) if check.site else state).knowledge(ruleset.facts)
            chances = chances_of(ruleset, known, check.fact.id, check.criteria, Fraction(1, 2))
            mean = sum(
                (c * (now - unrounded_width(world, told(state, check, v))) for v, c in chances), start=Fraction(0)
            )
            assert check.narrows == mean


@settings(max_examples=examples(60), deadline=None)
@given(st.integers(0, 10**9), st.integers(5, 60))
def test_a_walk_visits_each_site_once_and_keeps_its_time(seed: int, minutes: int) -> None:
    world = world_with_sites(Random(seed))
    walk = next_checks(world.ruleset, world.state, minutes, Prior())
    visited = [stop.site.id if stop.site else "" for stop in walk.stops]
    assert walk.minutes <= minutes
    assert sum(1 for n, site in enumerate(visited) if n == 0 or visited[n - 1] != site) == len(set(visited))
    looked = [(c.site.id if c.site else "", c.fact.id) for stop in walk.stops for c in stop.checks]
    assert len(set(looked)) == len(looked)


@pytest.mark.slow
def test_ten_thousand_sites_do_not_hang(ruleset: Ruleset) -> None:
    """Some with something of their own, most with nothing at all."""
    counts = [name for name, kind in ruleset.site_facts.items() if kind == "estate"][:3]
    sites = tuple(
        Site(str(i), "estate", f"第{i}处", {name: Reading(name, i % 5, DAY) for name in counts} if i < 500 else {})
        for i in range(10_000)
    )
    state = State(Community("x", "甲"), ruleset.id, DAY, {}, sites=sites, totals={"estate": SiteTotal(10_000)})
    start = process_time()
    walk = next_checks(ruleset, state, 120, Prior())
    assert process_time() - start < 60
    assert walk.minutes <= 120 and walk.stops
