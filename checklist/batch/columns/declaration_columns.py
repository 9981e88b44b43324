"""Columns that declare criteria not applicable: yes, a reason in words, or the last day that it holds."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from checklist.batch.columns.day_columns import as_days, days, is_day, raw_days
from checklist.batch.columns.exact_columns import Flags, is_text, plain_type, raw_bits, raw_values
from checklist.values.headings import declared_parts

NO: Final = frozenset({"", "0", "false", "否", "no", "×", "x", "无"})


def declared(array: Any, judged: Any) -> Flags:
    """In which rows the declaration is in force on the day of judging."""
    array = plain_type(array)
    known = np.asarray(array.is_valid(), bool)
    if pa.types.is_boolean(array.type):
        return np.asarray(known & raw_bits(array).astype(bool), bool)
    if is_day(array.type):
        return np.asarray(known & (raw_days(as_days(array)) >= judged), bool)
    if pa.types.is_integer(array.type) or pa.types.is_floating(array.type):
        return np.asarray(known & (raw_values(array) != 0), bool)
    if not is_text(array.type):
        return np.zeros(len(array), bool)
    words = array.dictionary_encode()
    last = np.array([_last_day(text) for text in words.dictionary.to_pylist()] + [_NEVER], "i8")
    return np.asarray(last[np.asarray(pc.fill_null(words.indices, len(last) - 1))] >= judged, bool)


_NEVER: Final = -(2**40)
_ALWAYS: Final = 2**40


def _last_day(text: str) -> int:
    if text.strip().lower() in NO:
        return _NEVER
    until = declared_parts(text)[1]
    return days(until) if until else _ALWAYS
