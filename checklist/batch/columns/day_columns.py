"""Columns of days: dates, times, and whatever else the one reader of days understands."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from checklist.batch.columns.bad_cells import BadCell, refused, shown
from checklist.batch.columns.exact_columns import ExactColumn, is_text, known_rows, plain_type
from checklist.model.problems import NotAValue
from checklist.values.cells import plain
from checklist.values.days import day_in

EPOCH: Final = date(1970, 1, 1)
FIRST: Final = (date.min - EPOCH).days
LAST: Final = (date.max - EPOCH).days
_BEIJING: Final = "+08:00"


def days(value: date) -> int:
    return (value - EPOCH).days


def is_day(kind: Any) -> bool:
    return bool(pa.types.is_date(kind) or pa.types.is_timestamp(kind))


def read_days(array: Any, today: date) -> ExactColumn:
    """A column of days that lie no later than ``today``, in days since 1970. What is none of them is listed in ``bad``,
    and ``counted`` marks its rows; a day without a year is the last one that has been."""
    array = plain_type(array)
    if is_day(array.type):
        return _not_ahead(typed_days(array), array, today)
    if not (is_text(array.type) or pa.types.is_integer(array.type) or pa.types.is_floating(array.type)):
        array = pa.array([None if cell is None else str(cell) for cell in array.to_pylist()], pa.string())
    encoded = array.dictionary_encode()
    cells = encoded.dictionary.to_pylist()
    values, sure, reasons = np.zeros(len(cells) + 1, "i4"), np.zeros(len(cells) + 1, bool), {}
    for i, cell in enumerate(cells):
        if cell != cell or not plain(cell):
            continue  # no number, which is how some programs write nothing
        try:
            values[i], sure[i] = days(day_in(cell, today)), True
        except NotAValue as reason:
            reasons[i] = reason
    indices = np.asarray(pc.fill_null(encoded.indices, len(cells)))
    column = ExactColumn(values[indices], sure[indices])
    if reasons:
        column.counted = np.isin(indices, list(reasons))
        column.bad = [
            refused(int(row), "", reasons[int(indices[row])], shown(array[int(row)]))
            for row in np.flatnonzero(column.counted)
        ]
    return _not_ahead(column, array, today)


def typed_days(array: Any) -> ExactColumn:
    """A column of dates or times as days; a time with a zone falls on Beijing's day."""
    if pa.types.is_timestamp(array.type) and array.type.tz is not None:
        array = array.cast(pa.timestamp(array.type.unit, _BEIJING))
    found = array if pa.types.is_date32(array.type) else array.cast(pa.date32(), safe=False)
    return ExactColumn(raw_days(found), known_rows(found))


def _not_ahead(column: ExactColumn, array: Any, today: date) -> ExactColumn:
    ahead = column.values > days(today)
    if ahead.any() and (ahead := ahead & column.mask()).any():
        column.bad += [
            BadCell(int(row), "", "E217", f"日期 {shown(array[int(row)])} 还没到（今天是 {today}）", "")
            for row in np.flatnonzero(ahead)
        ]
        column.forget(ahead)
        column.counted = ahead if column.counted is None else column.counted | ahead
    return column


def raw_days(array: Any) -> NDArray[Any]:
    return np.frombuffer(array.buffers()[1], "i4", count=array.offset + len(array))[array.offset :]
