"""Days as people write them: ``2026.3.1``, ``2026年3月1号``, ``二〇二六年三月一日``, ``3月1日``."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Final

from checklist.model.rules.facts import Fact
from checklist.values.amounts import chinese_number
from checklist.values.cells import Cell, plain, shown
from checklist.values.fact_value import NotAValue

_CLOCK = r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_FULL = re.compile(rf"(\d{{4}})\s*[-./年、, ]\s*(\d{{1,2}})\s*[-./月、, ]\s*(\d{{1,2}})\s*[日号]?{_CLOCK}")
_SHORT_YEAR = re.compile(r"(\d{2})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?")
_NO_YEAR = re.compile(r"(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?")
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NUMERALS = re.compile(
    r"([〇零○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号]"
)
_WEEKDAY = re.compile(r"\s*\(?(?:星期|周|礼拜)[一二三四五六日天]\)?$")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_NO_DAY = re.compile(r"\d{4}\s*[-./年]\s*\d{1,2}\s*月?(?:份|[上中下]旬|[初底])?")
_TWO_DIGITS = re.compile(r"\d{2}[-./]\d{1,2}[-./]\d{1,2}")
EPOCH: Final = date(1899, 12, 30)
"""Day 0 of a spreadsheet."""

FIRST_YEAR, LAST_YEAR = 1900, 2999
"""Of the day that a record, a plan or a look at it is of: decades counted from it stay within the calendar."""

FIRST_SERIAL, LAST_SERIAL = 30_000, 70_000


def far_off(day: date) -> str:
    """Why nothing can be of that day; empty where something can."""
    return "" if FIRST_YEAR <= day.year <= LAST_YEAR else f"年份要在 {FIRST_YEAR} 到 {LAST_YEAR} 之间"


def lenient_date(cell: Cell, today: date) -> date:
    """A day. ``3月1日`` is the latest one that is not after ``today``. Raises NotAValue."""
    match cell:
        case datetime():
            return cell.date()
        case date():
            return cell
        case bool() | time() | timedelta() | None:
            pass
        case int() | float() if FIRST_SERIAL <= cell <= LAST_SERIAL:
            return EPOCH + timedelta(days=int(cell))
    text = _WEEKDAY.sub("", plain(cell).rstrip("。. "))
    try:
        if parts := _written(text):
            return date(*parts)
        if found := _NO_YEAR.fullmatch(text):
            month, number = int(found[1]), int(found[2])
            year = next(y for y in range(today.year, today.year - 9, -1) if _exists(y, month, number, today))
            return date(year, month, number)
    except (ValueError, StopIteration):
        raise NotAValue("E110", f"没有“{shown(text)}”这一天", "写成 2026-03-01 或 3月1日") from None
    raise NotAValue("E211", f"日期看不懂：“{shown(text)}”", _way_out(text) or "写成 2026-03-01 或 3月1日")


def _written(text: str) -> tuple[int, int, int] | None:
    """Year, month and day where all three are written."""
    if found := _FULL.fullmatch(text) or _DIGITS.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _SHORT_YEAR.fullmatch(text):
        return 2000 + int(found[1]), int(found[2]), int(found[3])
    if found := _NUMERALS.fullmatch(text):
        digits = found[1].translate(str.maketrans("〇零○一二三四五六七八九", "000123456789"))
        return int(digits), chinese_number(found[2]) or 0, chinese_number(found[3]) or 0
    return None


def _exists(year: int, month: int, day: int, today: date) -> bool:
    try:
        return date(year, month, day) <= today
    except ValueError:
        return False


def _way_out(text: str) -> str:
    if _NO_DAY.fullmatch(text):
        return "要写到哪一天，如 2026-03-01"
    if _TWO_DIGITS.fullmatch(text):
        return "年份写四位，如 2026-03-01"
    if _SERIAL.fullmatch(text) and FIRST_SERIAL <= float(text) <= LAST_SERIAL:
        day = EPOCH + timedelta(days=int(float(text)))
        return f"这像表格里日期的序号（{day}）；把这一格设成日期格式，或写成 {day}"
    return ""


def date_value(fact: Fact, cell: Cell) -> date:
    """The value of a fact that is a date: the year must be written."""
    text = plain(cell)
    if _NO_YEAR.fullmatch(text):
        raise NotAValue("E211", f"“{fact.label}”要写明年份", f"现在是“{text}”；写成 2026-03-01")
    try:
        return lenient_date(cell, date.max)
    except NotAValue as reason:
        hint = _way_out(text) or "写成 2026-03-01"
        raise NotAValue(reason.code, f"“{fact.label}”应填日期", f"现在是“{shown(text)}”；{hint}") from None
