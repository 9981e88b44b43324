"""The fewest sites to put right, against every choice of sites acted on and assessed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import chain, combinations, product

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from checklist import load_state
from checklist.engine.forecast import reach as reaching
from checklist.engine.forecast.forecast import forecast
from checklist.engine.forecast.site_actions import site_actions
from checklist.engine.scoring.assess import assess
from checklist.model.results.forecast import Drawing, WayThere
from checklist.model.rules.effects import Becomes
from checklist.model.rules.ruleset import Action, Ruleset
from checklist.model.state import Site, State
from tests.batch.random_rulesets import FACTS, value_of
from tests.conftest import ROOT
from tests.engine.forecast.inspected_worlds import Case, every_drawing, inspected
from tests.engine.scoring.test_site_laws import SERVED
from tests.support.laws import examples

thorough = settings(max_examples=examples(400), deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def mended(draw: st.DrawFn) -> Case:
    """A community with an action for some facts of its sites, which gives each a value, where it is no worse."""
    ruleset, state, asked = draw(inspected(over=("mean", "worst")))
    site_facts = replace(ruleset, criteria=ruleset.criteria).site_facts
    facts = [name for name in site_facts if draw(st.booleans())]
    actions = {}
    for n, name in enumerate(facts):
        sets = {name: Becomes(draw(value_of(FACTS[name])))}
        cost = draw(st.integers(0, 3)) * 1000
        actions[f"a{n}"] = Action(f"a{n}", name, sets, 1, "C1", (0, cost), 1, ("物业",))
    return replace(ruleset, actions=actions), state, asked


def acted_on(ruleset: Ruleset, state: State, sites: Sequence[Site], kinds: Mapping[str, Sequence[Action]]) -> State:
    """The record after ``sites`` were put right, one action after another."""
    changed = []
    for site in state.sites:
        if any(site is one for one in sites):
            here = state.at(site, SERVED)
            for action in kinds[site.kind]:
                here = here.after(action.sets, ruleset.facts)
            own = {name: reading for name, reading in here.readings.items() if name not in SERVED}
            site = replace(site, readings=own, unusable=here.unusable, defects=here.defects)
        changed.append(site)
    return replace(state, sites=tuple(changed))


def chance(ruleset: Ruleset, state: State, asked: Mapping[str, int], target: Fraction) -> Fraction:
    results = [assess(ruleset, one).score.low >= target for one in every_drawing(state, asked)]
    return Fraction(sum(results), len(results))


@pytest.mark.slow
@pytest.mark.parametrize("every_choice", [True, False])
@thorough
@given(mended(), st.integers(0, 100).map(Fraction), st.fractions(Fraction(1, 10), 1, max_denominator=10))
def test_no_fewer_sites_do(every_choice: bool, case: Case, target: Fraction, wanted: Fraction) -> None:
    ruleset, state, asked = case
    found = _found(every_choice, case, target, wanted)
    actions = {kind: site_actions(ruleset, kind) for kind in ("estate", "lane")}
    drawn = [site for site in state.sites if site.kind in asked]
    fewest = next(
        (
            number
            for number in range(len(drawn) + 1)
            for some in combinations(drawn, number)
            if chance(ruleset, acted_on(ruleset, state, some, actions), asked, target) >= wanted
        ),
        None,
    )
    if every_choice:
        assert found.proved and found.reached == (fewest is not None)
        assert fewest is None or len(found.steps) == found.least == fewest
    elif found.reached:
        assert fewest is not None and found.least <= fewest <= len(found.steps)
        assert not found.proved or len(found.steps) == fewest
    done = {id(site): some for site, some in found.steps}
    after = state
    for site in drawn:
        if id(site) in done:
            after = acted_on(ruleset, after, [site], {site.kind: done[id(site)]})
    assert found.chance == chance(ruleset, after, asked, target)


@pytest.mark.slow
@settings(max_examples=examples(100), deadline=None, suppress_health_check=list(HealthCheck))
@given(mended(), st.integers(20, 100).map(Fraction), st.fractions(Fraction(1, 10), 1, max_denominator=10))
def test_no_cheaper_actions_do(case: Case, target: Fraction, wanted: Fraction) -> None:
    """Of every choice of as few sites, and of actions at each, the cheapest: yuan first, then person-days."""
    ruleset, state, asked = case
    found = _found(True, case, target, wanted)
    assume(found.reached and found.steps)
    able = {kind: site_actions(ruleset, kind) for kind in asked}
    drawn = [site for site in state.sites if site.kind in asked]
    ways = [
        tuple(zip(some, acted, strict=True))
        for some in combinations(drawn, len(found.steps))
        for acted in product(*(list(_subsets(able[site.kind])) for site in some))
    ]
    assume(len(ways) <= 64)
    priced = sorted(((_cost([a for _, acted in way for a in acted]), n) for n, way in enumerate(ways)))
    mine = _cost([action for _, some in found.steps for action in some])
    cost = next(cost for cost, n in priced if chance(ruleset, _after(ruleset, state, ways[n]), asked, target) >= wanted)
    assert cost <= mine and found.least_yuan is not None and found.least_yuan <= cost[0]
    assert not found.cheapest or cost == mine
    assert found.cheapest or max(asked.values()) > 1  # a mean of several sites may be rounded either way


def _after(ruleset: Ruleset, state: State, steps: Sequence[tuple[Site, Sequence[Action]]]) -> State:
    for site, actions in steps:
        state = acted_on(ruleset, state, [site], {site.kind: actions})
    return state


def _subsets(actions: Sequence[Action]) -> Iterator[tuple[Action, ...]]:
    return chain.from_iterable(combinations(actions, number) for number in range(len(actions) + 1))


def _cost(actions: Sequence[Action]) -> tuple[Fraction, Fraction]:
    return Fraction(sum(a.yuan[1] for a in actions)), Fraction(sum(a.effort_days for a in actions))


def test_of_sites_that_do_as_much_the_cheapest_is_taken(ruleset: Ruleset, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both 北里 and 南里 fail alone, and one of them is enough: 北里 costs a tenth."""
    state = load_state(ROOT / "data" / "hechi", ruleset)
    drawing = Drawing({"estate": 1, "lane": 1})
    for most in (20, -1):
        monkeypatch.setattr(reaching, "MOST_SITES", most)
        found = forecast(ruleset, [state], drawing, Fraction(80), wanted=Fraction(3, 4)).reach
        assert found is not None and [site.name for site, _ in found.steps] == ["荷池北里"]
        assert found.cheapest and found.least_yuan == sum(a.yuan[1] for _, some in found.steps for a in some)


def _found(every_choice: bool, case: Case, target: Fraction, wanted: Fraction) -> WayThere:
    ruleset, state, asked = case
    assume(asked)
    with pytest.MonkeyPatch.context() as patch:
        if not every_choice:
            patch.setattr(reaching, "MOST_SITES", -1)
        found = forecast(ruleset, [state], Drawing(asked), target, wanted=wanted).reach
    assert found is not None
    return found
