"""Days as people write them: ``2026.3.1``, ``2026年3月1号``, ``二〇二六年三月一日``, ``26年3月1日``, ``3月1日``."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, TypeGuard

from checklist.model.as_seen import as_seen
from checklist.model.problems import NotAValue

_NUMERAL = "〇零○一二三四五六七八九"
_YEAR = rf"\d{{4}}|\d{{2}}|[{_NUMERAL}]{{4}}|[{_NUMERAL}]{{2}}"
_UP_TO_31 = r"\d{1,2}|[一二三四五六七八九十]{1,3}"
_IN_WORDS = re.compile(rf"(?:({_YEAR})\s*年)?\s*({_UP_TO_31})\s*月\s*({_UP_TO_31})\s*[日号]?")
_IN_DIGITS = re.compile(r"(\d{4})\s*[-–—./年、, ]\s*(\d{1,2})\s*[-–—./月、, ]\s*(\d{1,2})\s*[日号]?")
_TOGETHER = re.compile(r"(\d{4})(\d{2})(\d{2})")
_WEEKDAY = re.compile(r"\s*\(?(?:星期|周|礼拜)[一二三四五六日天]\)?(?=\s|$)")
_CLOCK = re.compile(
    r"[ T]+([01]?\d|2[0-4])[:时点]([0-5]\d)分?(?::\d{2}(?:\.\d+)?)?\s*(Z|UTC|GMT|[-+\u2212]\d{2}(?::?\d{2})?)?$"
)
_NO_DAY = re.compile(r"\d{4}\s*[-./年]\s*\d{1,2}\s*月?(?:份|[上中下]旬|[初底])?")
_YEAR_IN_DOUBT = re.compile(r"(?:\d{1,2}|0\d{3})\s*[-–—./、, ]\s*\d{1,2}\s*[-–—./、, ]\s*\d{1,4}")
_DIGIT: Final = {ord(numeral): "000123456789"[i] for i, numeral in enumerate(_NUMERAL)}
_COUNTED: Final = {
    ten + one: 10 * i + j
    for i, ten in enumerate(("", "十", "二十", "三十"))
    for j, one in enumerate(("", *_NUMERAL[3:]))
}
_QUOTES: Final = "“”‘’\"'"
_FIRST_YEAR: Final = 1000
_BEIJING: Final = 8 * 60
_LONGEST: Final = 60


@lru_cache(4096)
def written_day(text: str, latest: date | None = None) -> date:
    """The day that ``text`` names; a time of day behind it with a zone counts by Beijing's clock. Raises NotAValue.

    Without a year it is the last such day up to ``latest``, and is refused where ``latest`` is None. Two digits are a
    year only before 年: ``26.3.1`` may be any of three days.
    """
    told = as_seen(text).strip().rstrip("。. ").strip(_QUOTES)
    bare, clock = told, None
    if len(told) <= _LONGEST:
        bare = _WEEKDAY.sub("", told)
        clock = _CLOCK.search(bare)
        bare = (bare[: clock.start()] if clock else bare).strip()
    try:
        day = _named(bare, latest)
        minutes = _minutes_to_beijing(clock) if clock else 0
        return day + timedelta(days=minutes // (24 * 60))
    except (ValueError, OverflowError):
        raise NotAValue("E110", f"没有“{_short(told)}”这一天", "日期写成 2026-03-01 这样") from None


def is_day(value: object) -> TypeGuard[date]:
    """A day whose year needs no second look; of the year 26 nobody keeps records."""
    return isinstance(value, date) and value.year >= _FIRST_YEAR


def _named(text: str, latest: date | None) -> date:
    """Raises ValueError for a day that no calendar has, NotAValue for anything that names none."""
    found = _IN_DIGITS.fullmatch(text) or _TOGETHER.fullmatch(text) or _IN_WORDS.fullmatch(text)
    if found is None or ((found[1] or "").startswith("0") and len(found[1]) == 4):
        raise NotAValue("E211", f"日期看不懂：“{_short(text)}”", _way_out(text, latest))
    month, day = (int(n) if n.isdecimal() else _COUNTED.get(n, 0) for n in found.groups()[1:])
    if found[1]:
        year = int(found[1].translate(_DIGIT))
        return date(year + 2000 if year < 100 else year, month, day)
    if latest is None:
        raise NotAValue("E211", f"日期看不懂：“{_short(text)}”", "要写明年份，如 2026-03-01")
    return date(latest.year if (month, day) <= (latest.month, latest.day) else latest.year - 1, month, day)


def _minutes_to_beijing(clock: re.Match[str]) -> int:
    """The time of day in Beijing, in minutes since the midnight that begins the written day."""
    zone, minutes = clock[3], int(clock[1]) * 60 + int(clock[2])
    if not zone:
        return 0
    east = 0 if zone.isalpha() else int(zone[1:3]) * 60 + int(zone[3:].strip(":") or 0)
    return minutes + (-east if zone[0] == "+" else east) + _BEIJING


def _way_out(text: str, latest: date | None) -> str:
    if _NO_DAY.fullmatch(text):
        return "要写到哪一天，如 2026-03-01"
    if text.startswith("0") and text[:4].isdecimal():
        return "年份要在 1900 到 2999 之间"
    if _YEAR_IN_DOUBT.fullmatch(text):
        return "年份写四位，如 2026-03-01"
    return "写成 2026-03-01" + (" 或 3月1日" if latest else "")


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 30 else text[:29] + "…"
