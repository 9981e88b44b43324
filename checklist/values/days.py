"""A cell as a day: text as people write it, a spreadsheet's own dates, and the numbers that stand for them."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Final

from checklist.model.days import written_day
from checklist.model.problems import NotAValue
from checklist.values.cells import RawCell, plain

EPOCH: Final = date(1899, 12, 30)
"""Day 0 of a spreadsheet."""

FIRST_YEAR, LAST_YEAR = 1900, 2999
"""Of the day that a record, a plan or a look at it is of: decades counted from it stay within the calendar."""

FIRST_SERIAL, LAST_SERIAL = 30_000, 70_000
_YEARS_1900_TO_1904: Final = 1462
"""Days."""

_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")


class From1904(float):
    """A number in a workbook that counts its days from 1904, as Excel on a Macintosh did."""


def _serial(cell: float) -> float:
    return cell + _YEARS_1900_TO_1904 if isinstance(cell, From1904) else cell


def far_off(day: date) -> str:
    """Why nothing can be of that day; empty where something can."""
    return "" if FIRST_YEAR <= day.year <= LAST_YEAR else f"年份要在 {FIRST_YEAR} 到 {LAST_YEAR} 之间"


def day_in(cell: RawCell, latest: date | None = None) -> date:
    """The day that a cell names. ``latest`` allows a day without a year, see ``written_day``. Raises NotAValue."""
    match cell:
        case datetime():
            return cell.date()
        case date():
            return cell
        case int() | float() if FIRST_SERIAL <= (serial := _serial(cell)) <= LAST_SERIAL:  # no yes or no is so great
            return EPOCH + timedelta(days=int(serial))
    text = plain(cell)
    if isinstance(cell, str) and _SERIAL.fullmatch(text) and FIRST_SERIAL <= float(text) <= LAST_SERIAL:
        day = EPOCH + timedelta(days=int(float(text)))
        hint = f"这像表格里日期的序号（{day}）；把这一格设成日期格式，或写成 {day}"
        raise NotAValue("E211", f"日期看不懂：“{text}”", hint)
    return written_day(text, latest)
