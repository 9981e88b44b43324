"""Ranks of intervals: every way of filling in the unknown puts a community inside the places it is given."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from checklist.model.assessment import Assessment, Score
from checklist.reports.standing import ranks


class Scored:
    """All that ``ranks`` asks of an assessment."""

    def __init__(self, low: int, high: int) -> None:
        self.score = Score(Fraction(low), Fraction(high))


intervals = st.tuples(st.integers(0, 20), st.integers(0, 20)).map(sorted)


@given(st.lists(st.tuples(intervals, st.integers(0, 20)), min_size=1, max_size=6))
def test_the_true_place_is_always_inside(cases: list[tuple[list[int], int]]) -> None:
    scored = [Scored(low, high) for (low, high), _ in cases]
    truths = [min(max(truth, low), high) for (low, high), truth in cases]
    for place, mine in zip(ranks(_as(scored)), truths, strict=True):
        true = 1 + sum(other > mine for other in truths)
        assert place.best <= true <= place.worst


@given(st.lists(intervals, min_size=1, max_size=6))
def test_both_ends_are_reached_by_some_truth(cases: list[list[int]]) -> None:
    for n, place in enumerate(ranks(_as([Scored(low, high) for low, high in cases]))):
        kindest = [high if m == n else low for m, (low, high) in enumerate(cases)]
        cruellest = [low if m == n else high for m, (low, high) in enumerate(cases)]
        assert place.best == 1 + sum(other > kindest[n] for other in kindest)
        assert place.worst == 1 + sum(other > cruellest[n] for other in cruellest)


def _as(scored: list[Scored]) -> list[Assessment]:
    return scored  # type: ignore[return-value]
