"""Order, days, worth and what is said of a plan, on cases small enough to know the answer."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from checklist.engine.planning.order import order_of
from checklist.engine.planning.plan import plan
from checklist.engine.scoring.assess import assess
from checklist.model.planning.plan import Limits, Plan
from checklist.model.rules.effects import Adds, Becomes, EqualTo
from checklist.model.rules.ruleset import Action, Ruleset
from checklist.model.state import Community, Reading, State

pytest.importorskip("highspy")
DAY = date(2026, 6, 1)


def action(id: str, fact: str, effect: object, lead: int, needs: tuple[str, ...] = ()) -> Action:
    return Action(id, id, {fact: effect}, 1, "C1", (0, 100), lead, ("社区",), needs)  # type: ignore[dict-item]


def at(ruleset: Ruleset, day: date = DAY, **facts: object) -> State:
    readings = {name: Reading(name, value, day) for name, value in facts.items()}  # type: ignore[arg-type]
    return State(Community("x", "某社区"), ruleset.id, day, readings)


def made(ruleset: Ruleset, state: State, limits: Limits, exact: bool = True) -> Plan:
    found = plan(ruleset, state, limits, exact=exact)
    assert isinstance(found, Plan)
    return found


def test_readers_wait_for_writers_and_needs_come_first() -> None:
    order = order_of(
        [
            action("lit", "lamps_lit", EqualTo("lamps_installed"), 3),
            action("more", "lamps_installed", Adds(5), 30, ("survey",)),
            action("survey", "lamps_surveyed", Becomes(True), 4),
        ]
    )
    assert [a.id for a in order.sequence] == ["survey", "more", "lit"]
    assert order.finish({"lit"}) == {"lit": 3}
    assert order.finish({"survey", "more", "lit"}) == {"survey": 4, "more": 34, "lit": 37}
    assert list(order.too_long({"survey", "more", "lit"}, 36)) == [("survey", "more", "lit")]
    assert list(order.too_long({"survey", "more", "lit"}, 37)) == []


def test_a_circle_of_readers_is_cut_and_dated_as_it_is_applied() -> None:
    order = order_of([action("a", "x", EqualTo("y"), 9), action("b", "y", EqualTo("x"), 1)])
    assert [a.id for a in order.sequence] == ["a", "b"]
    assert order.finish({"a", "b"}) == {"a": 9, "b": 10}


def test_lamps_are_lit_after_they_are_added(ruleset: Ruleset) -> None:
    state = at(ruleset, lamps_installed=10, lamps_lit=6, lamp_points_required=20)
    found = made(ruleset, state, Limits(DAY))
    steps = {step.action.id: step for step in found.steps}
    facts = found.after.state.knowledge(ruleset.facts).values
    assert facts["lamps_lit"] == facts["lamps_installed"]
    if "add_lamps" in steps and "repair_lamps" in steps:
        assert steps["repair_lamps"].starts >= steps["add_lamps"].due


def test_a_deadline_leaves_out_what_is_too_slow_and_says_so(ruleset: Ruleset) -> None:
    state = at(ruleset, office_area_m2=60)
    found = made(ruleset, state, Limits(DAY, by=DAY + timedelta(days=10), known_only=True))
    assert {r.finding.criterion.id: r.because for r in found.remainder}["FAC-01"] == "too_late"
    late = {item.action.id: item for item in found.left_out if item.because == "too_late"}
    assert all(item.finish > 10 for item in late.values()) and late
    assert all(step.due <= DAY + timedelta(days=10) for step in found.steps)


@pytest.mark.slow
def test_red_lines_come_before_points(ruleset: Ruleset) -> None:
    """One yuan limit, enough for the red line or for more points elsewhere, never both."""
    state = at(ruleset, fire_lane_blocked_spots=3, litter_spots_on_walk=9, bins_overflowing=4)
    before = assess(ruleset, state)
    assert [f.criterion.id for f in before.verdict.open_redlines] == ["FIR-01"]
    costs = [
        r.action.yuan[1] for g in before.gaps if g.finding.criterion.id == "FIR-01" for r in g.remedies if r.points
    ]
    for exact in (True, False):
        found = made(ruleset, state, Limits(DAY, budget=min(costs)), exact)
        assert not found.after.verdict.open_redlines


@pytest.mark.slow
def test_worth_of_a_gap_that_needs_two_actions(ruleset: Ruleset) -> None:
    state = at(ruleset, facade_defects=2, unpainted_walls=1)
    found = made(ruleset, state, Limits(DAY, budget=0))
    worth = next(w for w in found.worths if w.gap.finding.criterion.id == "ENV-16")
    assert len(worth.together) == 2
    assert 0 < worth.alone < worth.full == ruleset.criterion("ENV-16").points
    assert worth.within == 0
    assert {r.finding.criterion.id: r.because for r in found.remainder}["ENV-16"] == "not_chosen"


@pytest.mark.slow
def test_points_within_the_plan_count_shared_actions_once(ruleset: Ruleset) -> None:
    state = at(ruleset, office_area_m2=60, daily_cleaning="irregular", facade_defects=2, unpainted_walls=1)
    found = made(ruleset, state, Limits(DAY))
    assert found.won == found.after.total.low - found.before.total.low
    assert found.tasks.yuan[1] == sum(step.action.yuan[1] for step in found.steps)
    assert len({step.action.id for step in found.steps}) == len(found.steps)
    assert found.stages[-1].result == found.after
    lows = [stage.result.score.low for stage in found.stages]
    assert lows == sorted(lows)


def test_a_need_that_is_in_place_already_is_not_asked_for_again(ruleset: Ruleset) -> None:
    needy = next(a for a in ruleset.actions.values() if a.id == "demolish_all_structures")
    assert needy.needs == ("register_illegal_structures",)
    known = at(ruleset, illegal_structures_open=4, illegal_structures_registered=4)
    found = made(ruleset, known, Limits(DAY, must=frozenset({needy.id}), known_only=True))
    assert "register_illegal_structures" not in {step.action.id for step in found.steps}
    fresh = at(ruleset, illegal_structures_open=4, illegal_structures_registered=1)
    found = made(ruleset, fresh, Limits(DAY, must=frozenset({needy.id}), known_only=True))
    assert "register_illegal_structures" in {step.action.id for step in found.steps}
