"""Where each community stands among all of a table: its place, and the range its place can fall in."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

_SQUARE_FITS: Final = 2_000_000
"""Points up to here can be compared exactly in 64 bits."""


def ranks(low: NDArray[Any], high: NDArray[Any], possible: NDArray[Any]) -> dict[str, NDArray[Any]]:
    """``rank`` by the sure points; ``rank_best`` counts only those surely ahead, ``rank_worst`` all who may be ahead.

    Equal scores share a place. 1 is the best.
    """
    sure, most = _keys(low, possible), _keys(high, possible)
    by_sure, by_most = np.sort(sure), np.sort(most)
    count = len(sure)
    ahead_of_self = (most > sure).astype("i8")
    return {
        "rank": (count - np.searchsorted(by_sure, sure, "right") + 1).astype("i4"),
        "rank_best": (count - np.searchsorted(by_sure, most, "right") + 1).astype("i4"),
        "rank_worst": (count - np.searchsorted(by_most, sure, "right") - ahead_of_self + 1).astype("i4"),
    }


def _keys(points: NDArray[Any], possible: NDArray[Any]) -> NDArray[Any]:
    """Integers in the order of points ÷ possible, equal only where those are equal.

    Two different quotients over denominators up to n differ by at least 1/n², so n² steps tell them apart.
    """
    most = int(possible.max()) if len(possible) else 0
    wide: Any = "i8" if most <= _SQUARE_FITS else object
    keys: NDArray[Any] = (
        np.where(possible > 0, points, 0).astype(wide) * max(most, 1) ** 2 // np.maximum(possible, 1).astype(wide)
    )
    return keys
