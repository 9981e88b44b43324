"""Laws of the score (DESIGN §4), on the shipped ruleset and on random rulesets."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checklist import assess
from checklist.engine.scoring.judge import judge
from checklist.model.results.assessment import OUTCOMES
from checklist.model.rules.facts import Fact, Value
from checklist.model.rules.ruleset import Criterion, Ruleset
from tests.support.laws import examples
from tests.support.strategies import recorded, repaired, state_of, values

relaxed = settings(
    max_examples=examples(300),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@st.composite
def partly_known(draw: st.DrawFn, ruleset: Ruleset) -> tuple[Criterion, dict[str, Value], dict[str, Value]]:
    """A criterion, a complete record of its facts, and a part of that record."""
    criterion = draw(st.sampled_from(ruleset.criteria))
    whole = draw(recorded(ruleset, criterion.facts))
    kept = draw(st.sets(st.sampled_from(sorted(whole)))) if whole else set()
    return criterion, whole, {name: whole[name] for name in kept}


def points(ruleset: Ruleset, criterion: Criterion, record: dict[str, Value]) -> tuple[int, int]:
    state = state_of(ruleset, record)
    finding = judge(ruleset, criterion, state, state.knowledge(ruleset.facts))
    return finding.low, finding.high


@relaxed
@given(data=st.data())
def test_every_completion_lies_inside_the_interval(ruleset: Ruleset, data: st.DataObject) -> None:
    criterion, whole, part = data.draw(partly_known(ruleset))
    truth = judge(ruleset, criterion, state_of(ruleset, whole), state_of(ruleset, whole).knowledge(ruleset.facts))
    if truth.outcome == "not_applicable":
        return  # leaves both sides: the law of the whole score covers it
    low, high = points(ruleset, criterion, part)
    assert low <= truth.low <= truth.high <= high


@relaxed
@given(data=st.data())
def test_filling_a_fact_never_widens(ruleset: Ruleset, data: st.DataObject) -> None:
    criterion, whole, part = data.draw(partly_known(ruleset))
    missing = sorted(whole.keys() - part.keys())
    if not missing:
        return
    more = {**part, missing[0]: whole[missing[0]]}
    low, high = points(ruleset, criterion, part)
    low_after, high_after = points(ruleset, criterion, more)
    assert high_after - low_after <= high - low
    assert low <= low_after or high_after == 0


def improved(fact: Fact, value: Value) -> Value:
    """One step along the polarity."""
    match fact.better:
        case "true":
            return True
        case "false":
            return False
        case "first":
            options = list(fact.options)
            return options[max(0, options.index(str(value)) - 1)]
        case "more":
            assert isinstance(value, frozenset)
            return value | set(list(fact.options)[:1])
    assert isinstance(value, int | Fraction)
    step = 1 if fact.type == "count" else Fraction(1, 100)
    return min(value + step, fact.high) if fact.better == "higher" else max(value - step, fact.low)  # type: ignore[return-value]


@relaxed
@given(data=st.data())
def test_improving_a_fact_never_lowers_its_criteria(ruleset: Ruleset, data: st.DataObject) -> None:
    criterion, _, part = data.draw(partly_known(ruleset))
    polar = [name for name in part if ruleset.facts[name].better not in (None, "later")]
    if not polar:
        return
    name = data.draw(st.sampled_from(polar))
    better = {**part, name: improved(ruleset.facts[name], part[name])}
    if repaired(ruleset, dict(better)) != better:
        return
    low, high = points(ruleset, criterion, part)
    low_after, high_after = points(ruleset, criterion, better)
    assert low_after >= low and high_after >= high


@settings(max_examples=examples(40), deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_statuses_and_points_add_up(ruleset: Ruleset, data: st.DataObject) -> None:
    names = data.draw(st.lists(st.sampled_from(sorted(ruleset.facts)), unique=True, max_size=120))
    record = repaired(ruleset, {name: data.draw(values(ruleset.facts[name])) for name in names})
    result = assess(ruleset, state_of(ruleset, record))
    total = result.total
    assert sum(total.outcomes.values()) == len(ruleset.active)
    for outcome in OUTCOMES:
        beside = sum(f.outcome == outcome for f in result.findings if f.extra is not None)
        assert total.outcomes[outcome] == beside + sum(m.tally.outcomes[outcome] for m in result.modules)
    assert total.low == sum(m.tally.low for m in result.modules)
    assert total.high == sum(m.tally.high for m in result.modules)
    assert 0 <= total.low <= total.high <= total.possible <= ruleset.total_points
    assert result.score.low == Fraction(total.low * 100, total.possible)
    ends = [f.extra or (f.low, f.high) for f in result.findings if f.unknown]
    width = sum(high - low for low, high in ends)
    assert sum(check.stake for check in result.to_check) == width


@settings(max_examples=examples(30), deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_whole_score_contains_every_completion(ruleset: Ruleset, data: st.DataObject) -> None:
    record = data.draw(recorded(ruleset, ruleset.facts))
    hidden = data.draw(st.sets(st.sampled_from(sorted(record)), max_size=60))
    full = assess(ruleset, state_of(ruleset, record)).score
    seen = {name: value for name, value in record.items() if name not in hidden}
    partial = assess(ruleset, state_of(ruleset, seen)).score
    assert partial.low <= full.low and full.high <= partial.high


@pytest.mark.parametrize("share", ["19/20", "949/1000", "95/100"])
def test_nineteen_of_twenty_is_ninety_five_percent(ruleset: Ruleset, share: str) -> None:
    lit, installed = map(int, share.split("/"))
    criterion = ruleset.criterion("INF-05")
    low, high = points(ruleset, criterion, {"lamps_lit": lit, "lamps_installed": installed})
    assert (low == high == criterion.points) is (Fraction(lit, installed) >= Fraction(95, 100))
