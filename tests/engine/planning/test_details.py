"""Order, days, worth, what is said of a plan, and the walk of checks, on cases small enough to know the answer."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from checklist.engine.planning.order import order_of
from checklist.engine.planning.plan import plan
from checklist.engine.scoring.assess import assess
from checklist.engine.scoring.judge import judge
from checklist.engine.walk.chances import chances_of
from checklist.engine.walk.next_checks import next_checks
from checklist.model.planning.plan import Limits, Plan
from checklist.model.results.walk import Prior
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


def test_worth_of_a_gap_that_needs_two_actions(ruleset: Ruleset) -> None:
    state = at(ruleset, facade_defects=2, unpainted_walls=1)
    found = made(ruleset, state, Limits(DAY, budget=0))
    worth = next(w for w in found.worths if w.gap.finding.criterion.id == "ENV-16")
    assert len(worth.together) == 2
    assert 0 < worth.alone < worth.full == ruleset.criterion("ENV-16").points
    assert worth.within == 0
    assert {r.finding.criterion.id: r.because for r in found.remainder}["ENV-16"] == "not_chosen"


def test_points_within_the_plan_count_shared_actions_once(ruleset: Ruleset) -> None:
    state = at(ruleset, office_area_m2=60, daily_cleaning="irregular", facade_defects=2, unpainted_walls=1)
    found = made(ruleset, state, Limits(DAY))
    assert found.won == found.after.total.low - found.before.total.low
    assert found.yuan[1] == sum(step.action.yuan[1] for step in found.steps)
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


def test_the_values_of_an_unchecked_fact_are_its_limits_and_just_below(ruleset: Ruleset) -> None:
    """Of 20 lamps: A from 19 lit, B from 18, C from 16, and at least one must be lit at all."""
    known = at(ruleset, lamps_installed=20).knowledge(ruleset.facts)
    third, rest = Fraction(1, 3), Fraction(1, 9)
    found = chances_of(ruleset, known, "lamps_lit", ["INF-05"], third)
    assert found == ((19, third), *((lit, rest) for lit in (18, 17, 16, 15, 1, 0)))


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
