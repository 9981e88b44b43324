"""The plan against trying every set of actions; the promise against judging the state afterwards."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklist.engine.planning.plan import plan
from checklist.engine.scoring.assess import assess
from checklist.model.planning.plan import Impossible, Plan
from tests.engine.planning.small_plans import (
    World,
    best_of,
    by_the_calendar,
    every_set,
    finish_days,
    must_of,
    world,
    world_with_sites,
)
from tests.support.laws import examples

pytest.importorskip("highspy")


def compared(w: World) -> Plan | None:
    """The plan, after every comparison; None when the limits contradict each other."""
    best, found = best_of(w), plan(w.ruleset, w.state, w.limits)
    if best is None:
        assert isinstance(found, Impossible)
        return None
    assert isinstance(found, Plan)
    wanted, reached = best
    verdict = found.after.verdict
    assert (len(verdict.open_vetoes), len(verdict.open_redlines)) == (wanted.vetoes, wanted.redlines)
    assert found.reached == reached
    if w.limits.target is None or not reached:
        assert found.proof.value == wanted.score
        assert found.after.score.low == wanted.promised
    else:
        assert found.after.score.low >= w.limits.target
    assert found.tasks.yuan[1 if w.limits.cost_end == "high" else 0] == wanted.cost
    assert (found.tasks.effort_days, len(found.steps)) == (wanted.effort, len(wanted.ids))
    assert found.proof.optimal
    promise_holds(w, found)
    return found


def promise_holds(w: World, found: Plan) -> None:
    ids = [step.id for step in found.steps]
    days = finish_days(w, ids)
    again = assess(w.ruleset, by_the_calendar(w, ids, days))
    assert again.score == found.after.score
    assert again.findings == found.after.findings
    assert found.won == again.total.low - found.before.total.low
    assert {s.id: (s.due - w.limits.start).days for s in found.steps} == days
    if w.limits.by is not None:
        assert all(step.due <= w.limits.by for step in found.steps)


@settings(max_examples=examples(80), deadline=None)
@given(st.integers(0, 10**9))
def test_equals_brute_force(seed: int) -> None:
    compared(world(Random(seed), actions=5))


@pytest.mark.slow
def test_equals_brute_force_on_a_thousand() -> None:
    for seed in range(1000):
        compared(world(Random(seed), actions=7))


@settings(max_examples=examples(120), deadline=None)
@given(st.integers(0, 10**9))
def test_equals_brute_force_with_sites(seed: int) -> None:
    compared(world_with_sites(Random(seed), deeds=5))


@pytest.mark.slow
def test_equals_brute_force_with_sites_on_a_thousand() -> None:
    for seed in range(1000):
        compared(world_with_sites(Random(seed), deeds=7))


@settings(max_examples=examples(80), deadline=None)
@given(st.integers(0, 10**9), st.booleans())
def test_greedy_keeps_the_limits_and_its_bound_holds(seed: int, sites: bool) -> None:
    w = world_with_sites(Random(seed), deeds=5) if sites else world(Random(seed), actions=5)
    best, found = best_of(w), plan(w.ruleset, w.state, w.limits, exact=False)
    if best is None:
        assert isinstance(found, Impossible)
        return
    assert isinstance(found, Plan)
    promise_holds(w, found)
    ids = {step.id for step in found.steps}
    assert must_of(w) <= ids
    assert w.limits.budget is None or found.tasks.yuan[1 if w.limits.cost_end == "high" else 0] <= w.limits.budget
    assert w.limits.days is None or found.tasks.effort_days <= w.limits.days
    proof, wanted = found.proof, best[0]
    if proof.goal == "score":
        assert proof.value == next(t.score for t in every_set(w) if t.ids == ids)
        assert proof.bound is None or proof.bound >= max(proof.value, Fraction(0))
        same_flags = (wanted.vetoes, wanted.redlines) == (
            len(found.after.verdict.open_vetoes),
            len(found.after.verdict.open_redlines),
        )
        if same_flags and proof.bound is not None and (w.limits.target is None or not best[1]):
            assert wanted.score <= proof.bound
    else:
        assert proof.bound is None or proof.bound <= min(proof.value, wanted.cost)
