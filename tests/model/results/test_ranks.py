"""The law of ranks against counting one by one and against every placement of every score inside its interval."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklist.batch.run import table_ranks
from checklist.model.results.assessment import Score, Tally
from checklist.model.results.ranks import Rank, ranks, why_apart
from tests.support.laws import examples


@st.composite
def tallies(draw: st.DrawFn, most: int = 12) -> Tally:
    """Small denominators, so that unlike fractions are often equal or nearly so."""
    possible = draw(st.integers(0, most))
    low = draw(st.integers(0, possible))
    decided = draw(st.integers(0, possible))
    return Tally(low, draw(st.integers(low, possible)), possible, decided, {})


def by_counting(scores: list[Score]) -> list[Rank]:
    found = []
    for i, me in enumerate(scores):
        others = [score for j, score in enumerate(scores) if j != i]
        found.append(
            Rank(
                1 + sum(other.low > me.low for other in others),
                1 + sum(other.low > me.high for other in others),
                1 + sum(other.high > me.low for other in others),
            )
        )
    return found


@given(st.lists(tallies(), max_size=40))
def test_ranks_are_what_counting_says(drawn: list[Tally]) -> None:
    scores = [tally.score for tally in drawn]
    assert list(ranks(scores)) == by_counting(scores)


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), min_size=1, max_size=4))
def test_a_range_is_every_place_that_is_possible_and_no_wider(drawn: list[tuple[int, int]]) -> None:
    scores = [Score(Fraction(low), Fraction(low + width)) for low, width in drawn]
    found: list[set[int]] = [set() for _ in scores]
    for values in product(*([Fraction(n, 4) for n in range(int(s.low * 4), int(s.high * 4) + 1)] for s in scores)):
        for i, mine in enumerate(values):
            found[i].add(1 + sum(value > mine for value in values))
    assert [(r.best, r.worst) for r in ranks(scores)] == [(min(f), max(f)) for f in found]


def test_places_that_a_tie_takes_up_stay_empty() -> None:
    known = [Score(Fraction(n), Fraction(n)) for n in (90, 90, 80, 70)]
    assert [(r.place, r.best, r.worst) for r in ranks(known)] == [(1, 1, 1), (1, 1, 1), (3, 3, 3), (4, 4, 4)]


def test_whoever_many_surely_beat_is_not_placed_among_the_first() -> None:
    """33 that share one possible score, and one that all of them surely beat."""
    ahead = [Score(Fraction(50), Fraction(60))] * 33
    assert ranks([*ahead, Score(Fraction(10), Fraction(20))])[-1] == Rank(34, 34, 34)


def test_unlike_fractions_that_print_alike_are_not_tied() -> None:
    one, other = Fraction(100 * 1999, 10_000), Fraction(100 * 1999 + 1, 10_000)
    assert [r.place for r in ranks([Score(one, one), Score(other, other)])] == [2, 1]


BARS = st.fractions(0, 1, max_denominator=40)


@given(st.lists(tallies(), max_size=40), BARS)
def test_columns_come_to_the_same(drawn: list[Tally], least: Fraction) -> None:
    assert_same(drawn, least)


@given(st.lists(tallies(most=50_000_000), max_size=12), BARS)
def test_columns_come_to_the_same_with_more_points_than_64_bits_can_compare(
    drawn: list[Tally], least: Fraction
) -> None:
    assert_same(drawn, least)


@pytest.mark.parametrize("dtype", ["i4", "i8"])
def test_an_empty_table_has_no_places(dtype: str) -> None:
    nothing = np.zeros(0, dtype)
    assert all(len(places) == 0 for places in table_ranks.ranks(*[nothing] * 4, Fraction(1, 2)).values())


def assert_same(drawn: list[Tally], least: Fraction) -> None:
    """Those under the bar neither hold nor take a place; the rest are ranked as if they were alone."""
    taking = [tally for tally in drawn if why_apart(tally, least) is None]
    placed = iter(ranks([tally.score for tally in taking]))
    wanted = [
        (0, 0, 0) if why_apart(tally, least) else ((rank := next(placed)).place, rank.best, rank.worst)
        for tally in drawn
    ]
    columns: list[Any] = [np.array([getattr(t, name) for t in drawn], "i4") for name in table_ranks.TOTALS]
    got = table_ranks.ranks(*columns, least)
    assert list(zip(*(got[name].tolist() for name in ("rank", "rank_best", "rank_worst")), strict=True)) == wanted
