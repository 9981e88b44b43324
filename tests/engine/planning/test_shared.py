"""One budget over several communities against trying every division."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklist import load_states
from checklist.engine.planning.parts import REDLINE_WORTH, VETO_WORTH
from checklist.engine.planning.shared import shared_plan
from checklist.model.planning.plan import Limits
from checklist.model.rules.ruleset import Ruleset
from tests.engine.planning.small_plans import DAY, World, every_set, neighbours, world, world_with_sites
from tests.support.laws import examples

pytest.importorskip("highspy")


def frontier(w: World) -> dict[int, Fraction]:
    """The most value for every cost of one community."""
    tried = list(every_set(w))
    none = next(t for t in tried if not t.ids)
    best: dict[int, Fraction] = {}
    for t in tried:
        value = t.low - none.low + REDLINE_WORTH * (none.redlines - t.redlines) + VETO_WORTH * (none.vetoes - t.vetoes)
        best[t.cost] = max(value, best.get(t.cost, value))
    return best


def most(frontiers: list[dict[int, Fraction]], budget: int) -> Fraction:
    reached = {0: Fraction(0)}
    for options in frontiers:
        following: dict[int, Fraction] = {}
        for spent, value in reached.items():
            for cost, more in options.items():
                if spent + cost <= budget:
                    following[spent + cost] = max(following.get(spent + cost, Fraction(-(10**12))), value + more)
        reached = following
    return max(reached.values())


@settings(max_examples=examples(60), deadline=None)
@given(st.integers(0, 10**9), st.sampled_from([0, 300, 1000, 4000]))
def test_equals_trying_every_division(seed: int, budget: int) -> None:
    random = Random(seed)
    w = world(random, actions=5)
    limits = Limits(DAY, budget=budget, by=w.limits.by)
    states = [w.state, *neighbours(random, w, 2)]
    found = shared_plan(w.ruleset, states, limits)
    free = replace(limits, budget=None)
    wanted = most([frontier(World(w.ruleset, state, free)) for state in states], budget)
    assert found.value == wanted
    assert found.bound == wanted
    assert sum(share.yuan[1] for share in found.shares) <= budget


@settings(max_examples=examples(60), deadline=None)
@given(st.integers(0, 10**9), st.sampled_from([0, 300, 1000, 4000]))
def test_equals_trying_every_division_with_sites(seed: int, budget: int) -> None:
    """Communities with other sites each, and one that has none."""
    random = Random(seed)
    w = world_with_sites(random, deeds=5)
    states = [w.state, replace(w.state, sites=w.state.sites[:1]), replace(w.state, sites=(), totals={})]
    limits = Limits(DAY, budget=budget)
    found = shared_plan(w.ruleset, states, limits)
    free = replace(limits, budget=None)
    wanted = most([frontier(World(w.ruleset, state, free)) for state in states], budget)
    assert found.value == wanted
    assert sum(share.yuan[1] for share in found.shares) <= budget


@settings(max_examples=examples(60), deadline=None)
@given(st.integers(0, 10**9), st.booleans())
def test_floors_are_kept_and_the_bound_holds(seed: int, lowest: bool) -> None:
    random = Random(seed)
    w = world(random, actions=5)
    states = [w.state, *neighbours(random, w, 2)]
    limits = Limits(DAY, budget=1500)
    each = None if lowest else Fraction(1, 2)
    found = shared_plan(w.ruleset, states, limits, each=each, lowest_first=lowest)
    assert sum(share.yuan[1] for share in found.shares) <= 1500
    assert found.bound >= found.value
    plain = shared_plan(w.ruleset, states, limits)
    assert found.value <= plain.value
    if each is not None:
        assert found.each is not None and found.each <= each


@settings(max_examples=examples(60), deadline=None)
@given(st.integers(0, 10**9), st.sampled_from([None, 0, 300, 1000]), st.booleans())
def test_a_floor_is_everybodys_but_theirs_whose_price_is_over_the_cap(seed: int, cap: int | None, lowest: bool) -> None:
    """The rise is of the score, which is what every screen shows; the price is told against the free division."""
    random = Random(seed)
    w = world(random, actions=5)
    states = [
        replace(state, community=replace(state.community, id=f"c{n}"))
        for n, state in enumerate([w.state, *neighbours(random, w, 2)])
    ]
    limits, plenty = Limits(DAY, budget=2000), Limits(DAY, budget=10**6)
    each = None if lowest else Fraction(3)
    found = shared_plan(w.ruleset, states, limits, each=each, lowest_first=lowest, cap=cap)
    price = found.price
    assert price is not None and (cap is not None or not price.over)
    over = {community.id for community in price.over}
    for state, share in zip(states, found.shares, strict=True):
        all_of_it = shared_plan(w.ruleset, [state], plenty).shares[0]
        floor = (found.floor if lowest else found.each) or Fraction(0)
        if share.community.id not in over and lowest:
            reach = Fraction(all_of_it.after.total.low)
            assert share.after.total.low >= min(floor * share.before.total.possible / 100, reach)
        elif share.community.id not in over:
            assert share.won >= min(floor * share.before.total.possible / 100, Fraction(all_of_it.won))
    assert sum(share.yuan[1] for share in found.shares) <= 2000
    assert price.bottleneck is None or cap is None or price.yuan <= cap
    assert price.free == shared_plan(w.ruleset, states, limits).won


def test_the_price_of_one_dear_floor_is_told(ruleset: Ruleset) -> None:
    """The case of the issue: one community's floor takes most of the money."""
    states = [item.state for item in load_states(["data/beimen", "data/donghu", "data/cuihu"], ruleset=ruleset).states]
    limits = Limits(states[0].as_of, budget=200_000, known_only=True)
    found = shared_plan(ruleset, states, limits, each=Fraction(5))
    assert found.price is not None and found.price.bottleneck is not None
    assert found.price.free > found.won and found.price.spared > found.won
    capped = shared_plan(ruleset, states, limits, each=Fraction(5), cap=10_000)
    assert capped.price is not None and found.price.bottleneck in capped.price.over
    assert capped.won > found.won and capped.each is not None and capped.each >= (found.each or 0)
    for share in capped.shares:
        assert share.community in capped.price.over or share.rise >= capped.each
