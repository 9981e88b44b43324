"""The parts of a difference add up exactly, and to the cent as printed, whatever moved."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from checklist import load_ruleset
from checklist.engine.comparing.diff import difference
from checklist.engine.scoring.assess import assess
from checklist.model.numbers import rounded
from checklist.model.results.assessment import Assessment
from checklist.model.results.difference import Difference
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import NotApplicable, State
from checklist.reports.changes.difference_json import difference_json
from checklist.reports.changes.printed_change import change, printed_parts
from checklist.reports.document.adding_up import adding_up
from tests.support.laws import examples
from tests.support.strategies import DAY, recorded, state_of

PLACE = "rules/civilized-city-community"


@cache
def small() -> Ruleset:
    """Forty criteria of the shipped ruleset, so that runs are quick; the rest is as shipped."""
    whole = load_ruleset(PLACE)
    return replace(whole, criteria=whole.criteria[60:100])


@cache
def tailored() -> Ruleset:
    """Another edition: some criteria dropped, some worth more or less, one that the first has not."""
    base = small()
    kept = [replace(c, points=c.points // (1 + i % 3)) for i, c in enumerate(base.criteria) if i % 7]
    return replace(base, edition="另一年版", criteria=(*kept, load_ruleset(PLACE).criteria[10]))


@st.composite
def states(draw: st.DrawFn) -> State:
    facts = sorted({fact for c in small().criteria for fact in c.facts})
    known = [fact for fact in facts if draw(st.booleans())]
    state = state_of(small(), draw(recorded(small(), known)))
    out = draw(st.lists(st.sampled_from([c.id for c in small().criteria]), max_size=3))
    return replace(state, not_applicable={id: NotApplicable(id, "没有") for id in out})


def between(a: State, b: State, first: Ruleset, second: Ruleset) -> Difference:
    crossed = None if first == second else (assess(first, b), assess(second, a))
    return difference(assess(first, a), assess(second, b), crossed)


@settings(max_examples=examples(25), deadline=None)
@given(states(), states(), st.booleans())
def test_parts_add_up_exactly_and_as_printed(a: State, b: State, same: bool) -> None:
    found = between(a, b, small(), small() if same else tailored())
    told = json.loads(difference_json(found))
    for end in ("low", "high"):
        parts = [Decimal(one[end]["rounded"]) for one in told["criteria"]]
        assert sum(parts) == Decimal(told[end]["rounded"]) == change(found, end)
        whole = getattr(found.after.score, end) - getattr(found.before.score, end)
        assert getattr(found, end).total == whole
        assert sum((getattr(s, end).total for s in found.shifts), Fraction(0)) == whole
        assert sum((getattr(s, end).community for s in found.shifts), Fraction(0)) == getattr(found, end).community
        if found.shifts:
            printed = printed_parts(found, end)
            assert sum(printed) == change(found, end)
            assert all(
                abs(Fraction(p) - getattr(s, end).total) <= Fraction(2, 100)
                for p, s in zip(printed, found.shifts, strict=True)
            )


@settings(max_examples=examples(15), deadline=None)
@given(states(), states())
def test_the_split_is_fair(a: State, b: State) -> None:
    rules_only = between(a, a, small(), tailored())
    assert rules_only.low.community == rules_only.high.community == 0
    state_only = between(a, b, small(), small())
    assert state_only.low.standard == state_only.high.standard == 0
    there, back = between(a, b, small(), tailored()), between(b, a, tailored(), small())
    assert (there.low.community, there.low.standard) == (-back.low.community, -back.low.standard)


@settings(max_examples=examples(15), deadline=None)
@given(states(), states())
def test_only_what_moved_is_named(a: State, b: State) -> None:
    found = between(a, b, small(), small())
    first, second = (s.knowledge(small().facts).values for s in (a, b))
    for shift in found.shifts:
        for move in shift.moves:
            assert first.get(move.fact.id) == move.before != move.after == second.get(move.fact.id)
    assert not between(a, a, small(), small()).shifts
    named = {m.fact.id for group in (found.newly_known, found.newly_unknown, found.newly_stale) for m in group}
    assert named == {f for f in small().facts if (f in first) != (f in second)}


def test_time_alone_makes_facts_stale() -> None:
    ruleset = small()
    fact = next(f for c in ruleset.criteria for f in c.facts if ruleset.facts[f].type == "count")
    state = state_of(ruleset, {fact: 0})
    later = state.on_day(DAY + timedelta(days=ruleset.facts[fact].valid_for_days + 1))
    found = difference(assess(ruleset, state), assess(ruleset, later))
    assert [m.fact.id for m in found.newly_stale] == [fact] and found.newly_stale[0].now == "stale"


@given(st.lists(st.fractions(-50, 50, max_denominator=9999), min_size=1, max_size=30), st.integers(-1, 1))
def test_rounded_parts_add_up(parts: list[Fraction], off: int) -> None:
    whole = rounded(sum(parts, Fraction(0)), 2) + Decimal(off).scaleb(-2)
    printed = adding_up(parts, whole)
    assert sum(printed) == whole
    assert all(
        abs(Fraction(p) - part) <= Fraction(1, 50) for p, part in zip(printed, parts, strict=True) if len(parts) > 1
    )


def test_an_empty_side_is_an_answer(ruleset: Ruleset) -> None:
    empty = state_of(ruleset, {})
    found: Difference = difference(assess(ruleset, empty), assess(ruleset, empty))
    assert isinstance(found.before, Assessment) and found.low.total == 0
