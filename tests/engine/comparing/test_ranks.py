"""Rank ranges against brute force: every placement of every score inside its interval."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from checklist.engine.comparing.ranks import ranks
from checklist.model.results.assessment import Score

STEPS = 4
"""Places between two whole scores: as many as there are scores, so that all can differ where they may."""


@st.composite
def intervals(draw: st.DrawFn) -> list[Score]:
    scores = []
    for _ in range(draw(st.integers(1, STEPS))):
        low, width = draw(st.integers(0, 3)), draw(st.integers(0, 2))
        scores.append(Score(Fraction(low), Fraction(low + width)))
    return scores


def grid(score: Score) -> list[Fraction]:
    return [Fraction(n, STEPS) for n in range(int(score.low * STEPS), int(score.high * STEPS) + 1)]


def dense(values: tuple[Fraction, ...], i: int) -> int:
    return 1 + len({value for value in values if value > values[i]})


@settings(max_examples=60, deadline=None)
@given(intervals())
def test_ranges_are_exact(scores: list[Score]) -> None:
    found: list[set[int]] = [set() for _ in scores]
    for values in product(*map(grid, scores)):
        for i in range(len(scores)):
            found[i].add(dense(values, i))
    assert [(r.best, r.worst) for r in ranks(scores)] == [(min(f), max(f)) for f in found]


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9)), min_size=1, max_size=40))
def test_the_rank_lies_in_its_range_and_ties_share_it(drawn: list[tuple[int, int]]) -> None:
    scores = [Score(Fraction(low), Fraction(low + width)) for low, width in drawn]
    found = ranks(scores)
    assert all(1 <= r.best <= r.place <= r.worst <= len(scores) for r in found)
    lows = sorted({score.low for score in scores}, reverse=True)
    assert [r.place for r in found] == [lows.index(score.low) + 1 for score in scores]


@given(st.lists(st.integers(0, 9), min_size=1, max_size=30))
def test_known_scores_have_one_rank(values: list[int]) -> None:
    assert all(r.best == r.place == r.worst for r in ranks([Score(Fraction(v), Fraction(v)) for v in values]))


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9)), min_size=1, max_size=20), st.data())
def test_order_of_input_does_not_matter(drawn: list[tuple[int, int]], data: st.DataObject) -> None:
    scores = [Score(Fraction(low), Fraction(low + width)) for low, width in drawn]
    order = data.draw(st.permutations(range(len(scores))))
    plain, mixed = ranks(scores), ranks([scores[i] for i in order])
    assert [plain[i] for i in order] == list(mixed)
