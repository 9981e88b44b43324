"""Order, days, worth and what is said of a plan, on cases small enough to know the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from checklist.engine.planning.deeds import Whereabouts
from checklist.engine.planning.order import Order, order_of
from checklist.engine.planning.plan import plan
from checklist.engine.scoring.assess import assess
from checklist.model.planning.plan import Impossible, Limits, Plan
from checklist.model.rules.effects import Adds, Becomes, EqualTo
from checklist.model.rules.ruleset import Action, Ruleset
from checklist.model.sites import SiteTotal
from checklist.model.state import Community, Reading, Site, State
from tests.engine.planning.small_plans import world

pytest.importorskip("highspy")
DAY = date(2026, 6, 1)


def action(id: str, fact: str, effect: object, lead: int, needs: tuple[str, ...] = ()) -> Action:
    return Action(id, id, {fact: effect}, 1, "C1", (0, 100), lead, ("社区",), needs)  # type: ignore[dict-item]


def ordered(actions: list[Action]) -> Order:
    """Of actions in a community without sites."""
    small = world(Random(1)).ruleset
    return order_of(Whereabouts(replace(small, actions={a.id: a for a in actions})).deeds())


def at(ruleset: Ruleset, day: date = DAY, **facts: object) -> State:
    readings = {name: Reading(name, value, day) for name, value in facts.items()}  # type: ignore[arg-type]
    return State(Community("x", "某社区"), ruleset.id, day, readings)


def made(ruleset: Ruleset, state: State, limits: Limits, exact: bool = True) -> Plan:
    found = plan(ruleset, state, limits, exact=exact)
    assert isinstance(found, Plan)
    return found


def test_readers_wait_for_writers_and_needs_come_first() -> None:
    order = ordered(
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
    order = ordered([action("a", "x", EqualTo("y"), 9), action("b", "y", EqualTo("x"), 1)])
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


def estates(ruleset: Ruleset, total: int, **facts: Mapping[str, object]) -> State:
    """Estates by id, each with its facts; so many in all."""
    sites = tuple(
        Site(id, "estate", f"{id} 区", {n: Reading(n, v, DAY, site=id) for n, v in own.items()})  # type: ignore[arg-type]
        for id, own in facts.items()
    )
    return replace(at(ruleset), sites=sites, totals={"estate": SiteTotal(total)})


def test_each_site_pays_for_what_it_needs_and_no_more(ruleset: Ruleset) -> None:
    """Two of three estates have piles in the stairs; of the fourth nobody knows anything, so nothing is done there."""
    piles = {"a": {"stair_clutter_spots": 4}, "b": {"stair_clutter_spots": 0}, "c": {"stair_clutter_spots": 1}}
    found = made(ruleset, estates(ruleset, 4, **piles), Limits(DAY, known_only=True))
    steps = [step for step in found.steps if step.action.id == "clear_stair_clutter"]
    assert [step.site.id for step in steps if step.site] == ["a", "c"]
    assert {step.id for step in steps} == {"clear_stair_clutter@a", "clear_stair_clutter@c"}
    assert found.after.state.unlisted == {"estate": 1}
    moved = [move for step in steps for move in step.moves]
    assert {(move.before.worst, move.after.worst) for move in moved} == {(None, "A"), ("B", "A")}
    assert found.won == found.after.total.low - found.before.total.low > 0
    assert found.tasks.effort_days == sum(step.action.effort_days for step in found.steps)


def test_once_is_paid_once_and_serves_all_listed_sites(ruleset: Ruleset) -> None:
    once = replace(ruleset.actions["clear_stair_clutter"], once=True, yuan=(100, 100))
    ruleset = replace(ruleset, actions={**ruleset.actions, once.id: once})
    piles: dict[str, dict[str, object]] = {id: {"stair_clutter_spots": 4} for id in "abc"}
    found = made(ruleset, estates(ruleset, 3, **piles), Limits(DAY, known_only=True, must=frozenset({once.id})))
    step = next(step for step in found.steps if step.action.id == once.id)
    assert step.site is None and found.tasks.yuan[1] == sum(s.action.yuan[1] for s in found.steps)
    assert all(site.readings["stair_clutter_spots"].value == 0 for site in found.after.state.sites)


def test_what_must_be_done_where_no_site_is_listed_is_said(ruleset: Ruleset) -> None:
    found = plan(ruleset, estates(ruleset, 2), Limits(DAY, must=frozenset({"clear_stair_clutter"})))
    assert isinstance(found, Impossible) and found.left_out is not None
    assert found.left_out.because == "no_site"
