"""Who takes part in a ranking, and where each stands: the one law of ranks.

Competition ranks: equal scores share a place, and the places that they take up stay empty behind them (1 1 3 4). Only
the exact score sorts; vetoes and red lines stand beside it. ``batch.run.table_ranks`` is the same law over columns.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from fractions import Fraction
from typing import Final, Literal, TypeAlias

from checklist.model.noun import noun
from checklist.model.results.assessment import Score, Tally

MIN_COVERAGE: Final = Fraction(60, 100)
"""The share of points that must be decided before a community is ranked, unless another is asked for."""

WhyApart: TypeAlias = Literal["coverage", "nothing_applies"]


@noun
class Rank:
    """``place`` is one more than the number of those with a higher low end.

    ``best`` is one more than the number of those surely ahead (their low end is above this high end), ``worst`` one
    more than those possibly ahead (their high end is above this low end): every place that is still possible.
    """

    place: int
    best: int
    worst: int


def why_apart(tally: Tally, min_coverage: Fraction) -> WhyApart | None:
    """Why a community neither holds nor takes a place; None when it is ranked. ``min_coverage`` is 0 to 1."""
    if not tally.possible:
        return "nothing_applies"
    return "coverage" if tally.coverage < min_coverage else None


def ranks(scores: Sequence[Score]) -> tuple[Rank, ...]:
    """The rank of each of these scores among all of them, in their order."""
    lows, highs = sorted(score.low for score in scores), sorted(score.high for score in scores)
    return tuple(
        Rank(
            place=1 + _above(lows, score.low),
            best=1 + _above(lows, score.high),
            worst=1 + _above(highs, score.low) - (not score.known),
        )
        for score in scores
    )


def _above(ordered: Sequence[Fraction], limit: Fraction) -> int:
    return len(ordered) - bisect_right(ordered, limit)
