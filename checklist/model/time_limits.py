"""Until when something is to be done (时限), as people write it: ``3日内``, ``11月30日前``, ``月底前``, ``5个工作日内``, ``立行立改``.

All but a whole date counts from the day of finding. Working days are Monday to Friday: public holidays are not known
offline.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from checklist.model.as_seen import as_seen
from checklist.model.days import written_day
from checklist.model.later_days import after, months_on
from checklist.model.numerals import chinese_number
from checklist.model.problems import NotAValue

UNSETTLED: Final = "W251"
"""The code of a time limit that names no day, or more than one."""

_N = r"[\d零一二两三四五六七八九十百]{1,5}"
_NOW = r"(?:立即|立刻|即刻|即时|马上|当场|现场|第一时间|即日|[当今][日天]|[即立][知查行改]?[即立]?改|边[查整]边改)"
_LASTING = re.compile(r"\S{0,6}(?:长期|长效|持续|常态|常年)\S{0,8}")
_LEAD = (
    r"本?(?:通知|交办|清单|问题|函)[书单]?|请|务必|必须|须|需|应|要求|最[迟晚]|不[迟晚]于|不超过|截[止至]到?|限[定时]?|期限?|时[限间]|整改|完成"
    r"|办结|为|是|:|于|在|到|至|起|后|[自从]|之日|即日|今日起|接到|收到|发现|检查|督查|下发|印发|全部|确保"
)
_DOING = (
    r"整改|整治|完成|到位|完毕|结束|解决|处[理置]|清[理除运]|拆除|修[复好]|恢复|落实|办结|销号|反馈|报送|上报|回复|报告|提交|报|书面|情况|结果|并"
    r"|全部|全面|彻底|必须|务必|须|要|应|予以|进行|就改|改正|改好|做好|为[止限]|[止的]"
)
_CLOCK = r"(?:上午|下午|中午|晚上)?(?:(?:[01]?\d|2[0-4])(?:[点时](?:\d{1,2}分|半)?|:\d{2}))|(?:上午|中午|晚上|下班)"
_FRAME: Final = re.compile(
    rf"(?P<lead>(?:{_LEAD})*)(?P<stem>.+?)(?P<clock>{_CLOCK})?(?P<close>[之以]?[前内])?(?:{_DOING})*", re.DOTALL
)
_PARTS: Final = re.compile(r"[,;。()\n]|、(?!\d)")
_TELLS: Final = re.compile(r"\d|[日天周月年时旬][之以]?[前内后底末初]|[一二两三四五六七八九十半][日天周月年个]")
_AS_A_DATE: Final = re.compile(rf"{_N}\s*[-–—./年、, ]\s*{_N}\s*[-–—./月、, ]\s*{_N}\s*[日号]?|\d{{8}}")
_LONGEST: Final = 60
_MONTHS_AHEAD: Final = 9
"""Of a day without its year that is past in this one: 1月10日 comes after November's finding, but 10月20日 is past."""
_MAY_BE_A_NUMBER: Final = 15
_WEEKDAYS: Final = {name: at for at, name in enumerate("一二三四五六日")} | {"天": 6, "末": 6}


def says_nothing(text: str) -> bool:
    """Whether a cell of time limits is as good as empty."""
    return not as_seen(text).strip(" \t\n-—/\\无。.")


@lru_cache(4096)
def due_day(text: str, found: date | None) -> date | None:
    """The last day for something found on a day; None where nothing is written, or no day is meant (长期坚持).

    A day without its year is the next one. Raises NotAValue: E110 and E211 for what is written as a date and is none,
    UNSETTLED for words that are not understood, that count from a day of finding which is not known, or name several days.
    """
    told = as_seen(text).strip()
    if says_nothing(told):
        return None
    try:
        return written_day(told)
    except NotAValue:
        if _AS_A_DATE.fullmatch(told):
            raise
    if len(told) > _LONGEST:
        raise _unsettled(text, "太长了，看不出是哪天")
    parts = filter(None, _PARTS.split("".join(told.split())))
    days = [day for part in parts for day in _named(part, found, text)]
    exact = {day for day in days if day not in (None, date.min)}
    if len(exact) > 1:
        raise _unsettled(text, f"写了几个日子：{'、'.join(map(str, sorted(filter(None, exact))))}")
    if exact:
        return exact.pop()
    if None in days:
        return _Told("", "", False, found, text).start
    if date.min in days:
        return None
    raise _unsettled(text, "看不出是哪天")


def _named(part: str, found: date | None, text: str) -> Iterator[date | None]:
    """The day that a part of a time limit names, None for 立即 and the first of all days for 长期: what stands beside a day
    only says how to begin, and how to go on."""
    if _LASTING.fullmatch(part) and not _TELLS.search(part):
        yield date.min
        return
    frame = _FRAME.fullmatch(part)
    if frame is None:
        return
    close = "" if frame["clock"] else (frame["close"] or "")[-1:]
    told = _Told(frame["stem"], close, "限" in frame["lead"], found, text)
    if re.fullmatch(rf"{_NOW}+", told.stem) and close != "前":
        yield None
        return
    try:
        day = next((day for form in _FORMS if (day := form(told)) is not None), None)
    except (OverflowError, ValueError):
        raise _unsettled(text, "没有这么远的日子") from None
    if day is not None:
        yield day
    elif _TELLS.search(part):
        raise _unsettled(text, "看不出是哪天")


@dataclass(frozen=True, slots=True)
class _Told:
    """A part without the words around it. ``close`` is 前, 内 or nothing; ``limited`` that 限 stood before it."""

    stem: str
    close: str
    limited: bool
    found: date | None
    text: str

    @property
    def start(self) -> date:
        """The day of finding. Raises NotAValue where it is not known."""
        if self.found is None:
            raise _unsettled(self.text, "不知道从哪天算起", "写上发现（检查）的日期，或写成 2026-03-01 这样")
        return self.found


def _unsettled(text: str, why: str, hint: str = "写成 2026-03-01 这样，或“3日内”“11月30日前”") -> NotAValue:
    told = " ".join(text.split())
    return NotAValue(UNSETTLED, f"时限“{told if len(told) <= 30 else told[:29] + '…'}”{why}", hint)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else chinese_number(text)


def _whole_date(told: _Told) -> date | None:
    try:
        return written_day(told.stem)
    except NotAValue:
        if _AS_A_DATE.fullmatch(told.stem):
            raise
    return None


def _month_and_day(told: _Told) -> date | None:
    """11月30日, and 11.30 where 前 says that it is a day."""
    found = re.fullmatch(rf"(今年|本年|明年)?({_N}月{_N}[日号]?|\d{{1,2}}[./-]\d{{1,2}})", told.stem)
    if found is None or ("月" not in found[2] and told.close != "前"):
        return None
    start, day = told.start, re.sub(r"(\d+)[./-](\d+)", r"\1月\2日", found[2])
    if found[1]:
        return written_day(f"{start.year + (found[1] == '明年')}年{day}")
    try:
        here = written_day(f"{start.year}年{day}")
    except NotAValue as reason:
        try:
            return written_day(f"{start.year + 1}年{day}")
        except NotAValue:
            raise reason from None
    far = here.month + 12 - start.month > _MONTHS_AHEAD
    return here if here >= start or far else written_day(f"{start.year + 1}年{day}")


def _within(told: _Told) -> date | None:
    """3日内, 一周, 半个月: 3日 alone may be the third of the month, 3月 is March."""
    found = re.fullmatch(rf"({_N}|半)(?:个?(工作日|小时|周|星期|礼拜|月)|([日天年]))", told.stem)
    if found is None or told.close == "前":
        return None
    unit, half = found[2] or found[3], found[1] == "半"
    if unit == "月" and not half and "个" not in told.stem:
        return None
    if unit in "日年" and not (told.limited or told.close == "内"):
        return None
    count = 0 if half else _number(found[1])
    return None if count is None else after(told.start, count, half, unit)


def _end_of_month(told: _Told) -> date | None:
    """月底, 11月底, 本月内."""
    last = "[底末份]?" if told.close == "内" else "[底末]"
    found = re.fullmatch(rf"(?:(\d{{4}})年)?(本|当|这个?|下个?|次|{_N})?月{last}", told.stem)
    if found is None:
        return None
    which = found[2] or "本"
    month = _number(which)
    if month is None:
        return None if found[1] else months_on(told.start, which[0] in "下次", 31)
    if found[1]:
        return months_on(date(int(found[1]), month, 1), 0, 31)
    ahead = date(2000, month, 1).month - told.start.month
    next_year = ahead < 0 and ahead + 12 <= _MONTHS_AHEAD
    return months_on(told.start, ahead + 12 * next_year, 31)


def _end_of_year(told: _Told) -> date | None:
    found = re.fullmatch(rf"(\d{{4}}|[本今明])?年[底末]{'?' if told.close == '内' else ''}", told.stem)
    if found is None:
        return None
    which = found[1] or "本"
    return date(int(which) if which.isdecimal() else told.start.year + (which == "明"), 12, 31)


def _day_of_month(told: _Told) -> date | None:
    """本月25日, 下月5日, 25号, and 25日前, which is no number of days; 3日前 may be meant as one."""
    found = re.fullmatch(rf"(?:(本|当|这个?|下个?|次)月)?({_N})([日号])", told.stem)
    day = _number(found[2]) if found else None
    if found is None or day is None or told.close == "内" or told.limited:
        return None
    if not (found[1] or found[3] == "号" or (told.close == "前" and day > _MAY_BE_A_NUMBER)):
        return None
    ahead = found[1][0] in "下次" if found[1] else day < told.start.day
    month = months_on(told.start, ahead, 1)
    return written_day(f"{month.year}年{month.month}月{day}日")


def _in_a_week(told: _Told) -> date | None:
    """周五 is the next one, 本周五 that of the week of finding; 本周内 ends on Sunday."""
    found = re.fullmatch(r"(本|这个?|当|下个?)?(?:周|星期|礼拜)([一二三四五六日天末])?", told.stem)
    if found is None or not (found[1] or found[2]) or (not found[2] and told.close == "前"):
        return None
    at = _WEEKDAYS[found[2] or "日"] - told.start.weekday()
    return told.start + timedelta(days=at + 7 * (found[1][0] == "下") if found[1] else at % 7)


def _soon(told: _Told) -> date | None:
    days = {"明": 1, "次": 1, "后": 2}.get(told.stem[0]) if re.fullmatch("[明次后][日天]", told.stem) else None
    return None if days is None or told.close == "前" else told.start + timedelta(days=days)


_FORMS: Final[tuple[Callable[[_Told], date | None], ...]] = (
    _whole_date,
    _month_and_day,
    _within,
    _end_of_month,
    _end_of_year,
    _day_of_month,
    _in_a_week,
    _soon,
)
