"""Columns as they come from strangers' files, made safe to look at: a damaged cell costs that cell, no run."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

LOST: Final = "\ufffd"
"""Stands for bytes that are no text, so that whoever reads the cell lists it as one that says nothing."""

EXACT: Final = 2.0**53
"""Whole numbers below have all their digits in a double."""

_BYTES: Final = (
    pa.types.is_binary, pa.types.is_large_binary, pa.types.is_fixed_size_binary, pa.types.is_binary_view,
    pa.types.is_string_view,
)  # fmt: skip


def holds_bytes(kind: Any) -> bool:
    """Whether a column of this type is text once it is ``sound``."""
    return any(of(kind) for of in _BYTES)


def sound(array: Any) -> Any:
    """The column without run-end encoding and with bytes as text; what is no UTF-8 becomes ``LOST``, and so does every
    cell of a column whose own structure is damaged."""
    try:
        if pa.types.is_run_end_encoded(array.type):
            runs = np.diff(np.minimum(np.asarray(array.run_ends), len(array)), prepend=0)
            return sound(array.values).take(pa.array(np.repeat(np.arange(len(runs)), runs)))
        if holds_bytes(array.type):
            return _text(array)
        array.validate(full=True)
        return array
    except (pa.ArrowException, ValueError):
        return _mended(array)


def _mended(array: Any) -> Any:
    try:
        found = _whole(array)
        found.validate(full=True)
        return found
    except (pa.ArrowException, ValueError):
        return pa.array([LOST] * len(array), pa.string())


def _whole(array: Any) -> Any:
    kind = array.type
    if pa.types.is_dictionary(kind):
        return pa.DictionaryArray.from_arrays(array.indices, sound(array.dictionary))
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        make = pa.ListArray if pa.types.is_list(kind) else pa.LargeListArray
        return make.from_arrays(array.offsets, sound(array.values), mask=array.is_null())
    return _text(array.cast(pa.large_binary()))


def _text(array: Any) -> Any:
    """Bytes as text."""
    if pa.types.is_string_view(array.type):
        array = array.cast(pa.binary_view())
    array.validate(full=True)
    try:
        return array.cast(pa.string())
    except pa.ArrowInvalid:
        found = [None if cell is None else cell.decode("utf-8", "replace") for cell in array.to_pylist()]
        return pa.array(found, pa.string())


def text_of(array: Any) -> Any:
    """Any column as text: a list as its elements, what has no text of its own as Python writes it."""
    if pa.types.is_string(array.type):
        return array
    if pa.types.is_floating(array.type):
        return _numerals(array)
    try:
        return array.cast(pa.string())
    except pa.ArrowException:
        return pa.array([None if cell is None else _shown(cell) for cell in array.to_pylist()], pa.string())


def _numerals(array: Any) -> Any:
    """Numbers as they are written by hand: an id that some program keeps as 3.40603e+11 has all its digits again."""
    values = np.asarray(array.cast(pa.float64()).fill_null(0))
    whole = (values == np.rint(values)) & (np.abs(values) < EXACT)
    digits = pa.array(np.where(whole, values, 0).astype("i8")).cast(pa.string())
    written = pc.if_else(pa.array(whole), digits, array.cast(pa.string()))
    return pc.if_else(array.is_valid(), written, pa.scalar(None, pa.string()))


def _shown(cell: Any) -> str:
    return "、".join(map(str, cell)) if isinstance(cell, list) else str(cell)
