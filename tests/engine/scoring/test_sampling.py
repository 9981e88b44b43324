"""Wilson intervals: outwards, nested, and just enough questionnaires to settle a level."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, getcontext
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklist.engine.scoring.assess import assess
from checklist.engine.scoring.judge import judge
from checklist.engine.scoring.sampling import sampled
from checklist.model.numbers import Span
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import Reading, Sample, State
from checklist.model.wilson import wilson
from tests.support.laws import examples
from tests.support.strategies import DAY, state_of

AWARE, ASKED = "survey_aware_ratio", "survey_sample_households"


def textbook(agree: int, asked: int, z: Decimal) -> tuple[Decimal, Decimal]:
    """The formula as it is printed in textbooks, with fifty digits."""
    getcontext().prec = 50
    p, n = Decimal(agree) / asked, Decimal(asked)
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)).sqrt()
    return middle - half, middle + half


@st.composite
def samples(draw: st.DrawFn) -> Sample:
    asked = draw(st.integers(1, 3000))
    return Sample(draw(st.integers(0, asked)), asked)


@given(samples())
def test_bounds_contain_the_textbook_interval_and_no_more_than_a_step(sample: Sample) -> None:
    span = wilson(sample.agree, sample.asked)
    low, high = map(Fraction, textbook(sample.agree, sample.asked, Decimal("1.959963984540054")))
    assert 0 <= span.low <= max(low, 0) and min(high, 1) <= span.high <= 1
    loose_low, loose_high = map(Fraction, textbook(sample.agree, sample.asked, Decimal("1.96")))
    slack = Fraction(10001, 10**8)
    assert loose_low - span.low <= slack and span.high - loose_high <= slack
    assert span.low <= Fraction(sample.agree, sample.asked) <= span.high
    assert (span.low * 10_000) % 1 == (span.high * 10_000) % 1 == 0


@given(samples(), st.integers(2, 20))
def test_more_of_the_same_answers_narrow_it(sample: Sample, times: int) -> None:
    once, more = wilson(sample.agree, sample.asked), wilson(sample.agree * times, sample.asked * times)
    assert once.low <= more.low <= more.high <= once.high


def with_sample(ruleset: Ruleset, sample: Sample) -> State:
    value = Fraction(sample.agree, sample.asked)
    state = state_of(ruleset, {AWARE: value})
    asked = Reading(ASKED, sample.asked, DAY)
    return replace(state, readings={AWARE: Reading(AWARE, value, DAY, sample=sample), ASKED: asked})


@settings(max_examples=examples(20), deadline=None)
@given(samples())
def test_the_interval_flows_into_the_score(ruleset: Ruleset, sample: Sample) -> None:
    state = with_sample(ruleset, sample)
    plain, careful = assess(ruleset, state), assess(ruleset, state, sampling=True)
    assert careful.score.low <= plain.score.low <= plain.score.high <= careful.score.high
    assert plain.surveys == () and [s.fact for s in careful.surveys] == [AWARE]
    open_points = sum(f.high - f.low for f in careful.findings)
    assert sum(check.stake for check in careful.to_check) == open_points
    for survey in careful.surveys:
        for settling in survey.settlings:
            assert (settling.settled == "yes") == careful.finding(settling.criterion.id).decided


@pytest.mark.parametrize(("agree", "asked"), [(35, 50), (31, 50), (9, 10), (40, 60), (1, 3), (20, 50)])
def test_so_many_more_settle_and_one_fewer_does_not(ruleset: Ruleset, agree: int, asked: int) -> None:
    state = sampled(with_sample(ruleset, Sample(agree, asked)))
    settling = next(s for s in assess(ruleset, state).surveys[0].settlings if s.criterion.id == "SAT-01")
    share = Fraction(agree, asked)

    def decided(n: int) -> bool:
        known = replace(state.knowledge(ruleset.facts), spans={AWARE: wilson(share * n, n)})
        return judge(ruleset, settling.criterion, state, known).decided

    if settling.settled == "yes":
        assert settling.more == 0 and decided(asked)
    else:
        assert settling.settled == "more"
        assert decided(asked + settling.more) and not decided(asked + settling.more - 1)


def test_on_the_line_is_said(ruleset: Ruleset) -> None:
    careful = assess(ruleset, with_sample(ruleset, Sample(33, 50)), sampling=True)
    settling = next(s for s in careful.surveys[0].settlings if s.criterion.id == "SAT-01")
    assert settling.settled == "on_the_line" and careful.finding("SAT-01").unknown == {AWARE: "sampled"}


def test_a_planned_improvement_forgets_the_sample(ruleset: Ruleset) -> None:
    state = sampled(with_sample(ruleset, Sample(10, 50)))
    action = next(a for a in ruleset.actions.values() if AWARE in a.sets)
    known = state.after(action.sets, ruleset.facts).knowledge(ruleset.facts)
    assert known.span(AWARE).known and state.knowledge(ruleset.facts).span(AWARE) != Span(
        Fraction(1, 5), Fraction(1, 5)
    )
