"""Columns of days: dates, times, texts."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from checklist.batch.columns.bad_cells import day_of
from checklist.batch.columns.exact_columns import is_text, plain_type

EPOCH: Final = date(1970, 1, 1)
FIRST: Final = (date.min - EPOCH).days
LAST: Final = (date.max - EPOCH).days
_BEIJING: Final = "+08:00"


def days(value: date) -> int:
    return (value - EPOCH).days


def is_day(kind: Any) -> bool:
    return bool(pa.types.is_date(kind) or pa.types.is_timestamp(kind))


def as_days(array: Any) -> Any:
    """A column of dates, times or texts as days; what is no date is null. A time with a zone falls on Beijing's day."""
    array = plain_type(array)
    if pa.types.is_date32(array.type):
        return array
    if pa.types.is_timestamp(array.type) and array.type.tz is not None:
        array = array.cast(pa.timestamp(array.type.unit, _BEIJING))
    if is_day(array.type):
        return array.cast(pa.date32(), safe=False)
    if is_text(array.type):
        words = array.dictionary_encode()
        found = pa.array([day_of(word.strip()) for word in words.dictionary.to_pylist()], pa.date32())
        return found.take(words.indices)
    return pa.nulls(len(array), pa.date32())


def raw_days(array: Any) -> NDArray[Any]:
    return np.frombuffer(array.buffers()[1], "i4", count=array.offset + len(array))[array.offset :]
