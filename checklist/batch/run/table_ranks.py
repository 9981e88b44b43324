"""Where each community stands among all of a table: ``model.results.ranks`` over columns."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

TOTALS: Final = ("low", "high", "possible", "decided")
"""The points of every row that a ranking needs."""
DECIDED_OVER: Final = "decided_over"
"""What ``decided`` is a part of one of, where a table has sites."""
PLACES: Final = ("rank", "rank_best", "rank_worst")
"""What it gives."""

_SQUARE_FITS: Final = 2_000_000
"""Points up to here can be compared exactly in 64 bits."""


def ranks(
    low: NDArray[Any],
    high: NDArray[Any],
    possible: NDArray[Any],
    decided: NDArray[Any],
    min_coverage: Fraction,
    decided_over: NDArray[Any] | None = None,
) -> dict[str, NDArray[Any]]:
    """``PLACES`` of every row; 0 where it neither holds nor takes a place."""
    over = possible if decided_over is None else possible.astype(object) * decided_over
    taking = (possible > 0) & _covered(decided, over, min_coverage)
    most = int(possible.max()) if len(possible) else 0
    sure, top = _keys(low[taking], possible[taking], most), _keys(high[taking], possible[taking], most)
    lows, highs = np.sort(sure), np.sort(top)
    found = {
        "rank": 1 + _above(lows, sure),
        "rank_best": 1 + _above(lows, top),
        "rank_worst": 1 + _above(highs, sure) - (top > sure),
    }
    places = {name: np.zeros(len(low), "i4") for name in found}
    for name, those in found.items():
        places[name][taking] = those
    return places


def _above(ordered: NDArray[Any], limits: NDArray[Any]) -> NDArray[Any]:
    return len(ordered) - np.searchsorted(ordered, limits, "right")


def _covered(decided: NDArray[Any], possible: NDArray[Any], least: Fraction) -> NDArray[Any]:
    enough: NDArray[Any] = decided.astype(object) * least.denominator >= possible.astype(object) * least.numerator
    return enough.astype(bool)


def _keys(points: NDArray[Any], possible: NDArray[Any], most: int) -> NDArray[Any]:
    """Integers in the order of points ÷ possible, equal only where those are equal.

    Two different quotients over denominators up to n differ by at least 1/n², so n² steps tell them apart.
    """
    wide: Any = "i8" if most <= _SQUARE_FITS else object
    keys: NDArray[Any] = points.astype(wide) * most**2 // possible.astype(wide)
    return keys
