"""Columns that declare criteria not applicable: one for a criterion (yes, a reason in words, or the last day that it
holds), and one for all of them, with a line for each."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from checklist.batch.columns.bad_cells import BadCell, refused, shown
from checklist.batch.columns.day_columns import days, is_day, typed_days
from checklist.batch.columns.exact_columns import Flags, is_text, plain_type, raw_bits, raw_values
from checklist.batch.tables.sound_columns import text_of
from checklist.model.problems import NotAValue
from checklist.model.rules.ruleset import Ruleset
from checklist.values.answer import BLANK
from checklist.values.cells import shown as shown_text
from checklist.values.days import day_in
from checklist.values.declared_reason import WAY_OUT, DeclaredCell, declared_lines, declared_reason
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


def declared_in_lines(array: Any, judged: Any, ruleset: Ruleset) -> tuple[dict[str, Flags], list[BadCell]]:
    """By criterion, in which rows the column 不适用 declares it on the day of judging, and the lines that cannot be used."""
    texts = text_of(array).dictionary_encode()
    indices = np.asarray(pc.fill_null(texts.indices, len(texts.dictionary)))
    last: dict[str, NDArray[np.int64]] = {}
    bad: list[BadCell] = []
    for at, text in enumerate(texts.dictionary.to_pylist()):
        for line in declared_lines(text):
            try:
                _check(line, ruleset)
                day = days(day_in(line.until)) if line.until else _ALWAYS
            except NotAValue as why:
                rows = np.flatnonzero(indices == at)
                bad += [refused(int(row), "", why, shown_text(text), "这一条没有采用") for row in rows]
                continue
            last.setdefault(line.criterion, np.full(len(texts.dictionary) + 1, _NEVER, "i8"))[at] = day
    return {criterion: np.asarray(ends[indices] >= judged, bool) for criterion, ends in last.items()}, bad


def _check(line: DeclaredCell, ruleset: Ruleset) -> None:
    criterion = ruleset.by_id.get(line.criterion)
    if criterion is None:
        says = f"“不适用”这一格没有写清是哪条标准：{shown_text(line.criterion or line.reason)}"
        raise NotAValue("E321", says, WAY_OUT)
    if not criterion.may_be_declared:
        raise NotAValue("E322", f"{criterion.id}（{criterion.title}）不能声明为不适用", "没核过就不写")
    declared_reason(line.reason, criterion.na_when)


def _last_day(text: str) -> int:
    low = text.strip().lower()
    if low in _NO or low in BLANK:
        return _NEVER
    reason, until = declared_parts(text)
    if low not in _YES:
        declared_reason(reason)
    return days(day_in(until)) if until else _ALWAYS
