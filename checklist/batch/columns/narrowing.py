"""What a recorded whole says of its unknown parts, and a recorded part of its unknown wholes, a block at a time.

The arrays of facts that have no recorded relative are left as they are: the kernel does nothing more for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from checklist.batch.columns.encoding import Encoding, Numeric
from checklist.batch.columns.exact_columns import ExactColumn
from checklist.model.rules.facts import Part


def narrow(
    arrays: dict[str, NDArray[Any]],
    columns: Mapping[str, ExactColumn],
    encodings: Mapping[str, Encoding],
    caps: Iterable[Part],
    floors: Iterable[Part],
) -> None:
    """Draw in the ends of what is unknown: the upper of the parts in ``caps``, the lower of the wholes in ``floors``.

    ``columns`` are the facts as they count on the day of judging. No row has a known part above its known whole.
    """
    for part, whole in caps:
        _drawn(arrays, f"{part}.hi", columns.get(part), columns[whole], _rescaled(encodings, whole, part), np.minimum)
    for part, whole in floors:
        _drawn(arrays, f"{whole}.lo", columns.get(whole), columns[part], _rescaled(encodings, part, whole), np.maximum)


def _drawn(
    arrays: dict[str, NDArray[Any]],
    end: str,
    own: ExactColumn | None,
    other: ExactColumn,
    scales: tuple[int, int],
    nearer: Callable[..., NDArray[Any]],
) -> None:
    if own is not None and own.known is None:
        return
    rows = other.mask() if own is None else other.mask() & ~own.mask()
    if rows.any():
        old, (over, under) = arrays[end], scales
        limit = other.values.astype("i8") * over // under
        arrays[end] = np.where(rows, nearer(old, limit), old).astype(old.dtype)


def _rescaled(encodings: Mapping[str, Encoding], of: str, to: str) -> tuple[int, int]:
    """By what a number of one fact becomes one of the other; exact, since both hold as many decimals as a record has."""
    one, two = encodings[of], encodings[to]
    assert isinstance(one, Numeric) and isinstance(two, Numeric)
    return two.scale, one.scale
