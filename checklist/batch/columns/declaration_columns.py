"""Columns that declare criteria not applicable: yes, a reason in words, or the last day that it holds."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from checklist.batch.columns.bad_cells import BadCell, refused, shown
from checklist.batch.columns.day_columns import days, is_day, typed_days
from checklist.batch.columns.exact_columns import Flags, is_text, plain_type, raw_bits, raw_values
from checklist.model.problems import NotAValue
from checklist.values.answer import BLANK
from checklist.values.days import day_in
from checklist.values.declared_reason import declared_reason
from checklist.values.headings import NOT_APPLICABLE, declared_parts
from checklist.values.yes_or_no import YES

_YES: Final = {*YES, NOT_APPLICABLE} - {"有", "有的", "已有", "存在"}
_NO: Final = frozenset({"", "0", "false", "否", "no", "×", "x"})
"""Fewer words than answer a question: 有 and 无 may be meant of what the criterion asks for."""

_NEVER: Final = -(2**40)
_ALWAYS: Final = 2**40


def declared(array: Any, judged: Any) -> tuple[Flags, list[BadCell]]:
    """In which rows the declaration is in force on the day of judging, and those whose last day cannot be read."""
    array = plain_type(array)
    known = np.asarray(array.is_valid(), bool)
    if pa.types.is_boolean(array.type):
        return np.asarray(known & raw_bits(array).astype(bool), bool), []
    if is_day(array.type):
        return np.asarray(known & (typed_days(array).values >= judged), bool), []
    if pa.types.is_integer(array.type) or pa.types.is_floating(array.type):
        return np.asarray(known & (raw_values(array) != 0), bool), []
    if not is_text(array.type):
        return np.zeros(len(array), bool), []
    words = array.dictionary_encode()
    texts, reasons = words.dictionary.to_pylist(), {}
    last = np.full(len(texts) + 1, _NEVER, "i8")
    for i, text in enumerate(texts):
        try:
            last[i] = _last_day(text)
        except NotAValue as reason:
            reasons[i] = reason
    indices = np.asarray(pc.fill_null(words.indices, len(texts)))
    wrong = np.flatnonzero(np.isin(indices, list(reasons))) if reasons else ()
    bad = [refused(int(row), "", reasons[int(indices[row])], shown(array[int(row)]), "没有采用") for row in wrong]
    return np.asarray(last[indices] >= judged, bool), bad


def _last_day(text: str) -> int:
    low = text.strip().lower()
    if low in _NO or low in BLANK:
        return _NEVER
    reason, until = declared_parts(text)
    if low not in _YES:
        declared_reason(reason)
    return days(day_in(until)) if until else _ALWAYS
