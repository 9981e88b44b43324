"""Ranks from score intervals: the rank by the sure score, and every rank that is still possible."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from fractions import Fraction

from checklist.model.results.assessment import Score
from checklist.model.results.comparison import Rank


def ranks(scores: Sequence[Score]) -> tuple[Rank, ...]:
    """The dense rank of each score, best first, with its exact range.

    A dense rank is one more than the number of *different* scores above. Scores may lie anywhere in their intervals,
    each on its own. The best rank of one then sits at its high end, with as few different scores above as possible:
    only intervals wholly above count, and those that overlap can share one score. Its worst rank sits at its low end,
    with as many different scores above as possible: every open interval that reaches above can have one of its own.
    """
    lows = sorted({score.low for score in scores})
    shared = _fewest(scores)
    reaching = sorted(score.high for score in scores if not score.known)
    fixed = sorted({score.low for score in scores if score.known})
    return tuple(
        Rank(
            place=1 + _above(lows, score.low),
            best=1 + _above(shared, score.high),
            worst=1 + _above(reaching, score.low) - (not score.known) + _above(fixed, score.low),
        )
        for score in scores
    )


def _above(ordered: Sequence[Fraction], limit: Fraction) -> int:
    return len(ordered) - bisect_right(ordered, limit)


def _fewest(scores: Sequence[Score]) -> list[Fraction]:
    """The fewest scores that meet every interval, taken from the top: each is the low end of the highest one left.

    Those above any limit are also the fewest for the intervals that lie wholly above it. In rising order.
    """
    chosen: list[Fraction] = []
    for score in sorted(scores, key=lambda score: score.low, reverse=True):
        if not chosen or score.high < chosen[-1]:
            chosen.append(score.low)
    return chosen[::-1]
