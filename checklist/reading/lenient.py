"""A value as people write it in a table: ``6处 无 有 √ × 95% 约60㎡ 41/50 2026.3.1 3月1日``, full width or half.

What is understood is exact; what could mean two things is refused with a way out. ``约60`` is read as 60 and the word
stays in the remark. Nothing is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Final

from ..model.facts import Fact, Value
from ..model.state import Sample
from .amounts import amount, approximately, chinese_number
from .cells import Cell, plain, shown, words
from .validate import suggest
from .values import NotAValue, fact_value

YES: Final = frozenset(
    [
        "是",
        "有",
        "对",
        "真",
        "已",
        "√",
        "✓",
        "✔",
        "☑",
        "■",
        "1",
        "true",
        "yes",
        "y",
        "t",
        "是的",
        "有的",
        "已有",
        "已做",
        "已完成",
    ]
)
NO: Final = frozenset(
    [
        "否",
        "无",
        "没有",
        "没",
        "不",
        "不是",
        "未",
        "×",
        "x",
        "✗",
        "✘",
        "0",
        "false",
        "no",
        "n",
        "f",
        "未做",
        "未完成",
        "没做",
        "尚无",
    ]
)
NONE_OF: Final = frozenset(["无", "没有", "都没有", "一项都没有", "全无"])
ALL_OF: Final = frozenset(["全部", "全有", "都有", "齐全", "全部都有"])
UNSURE: Final = frozenset(
    [
        "说不清",
        "不清楚",
        "不知道",
        "不详",
        "未知",
        "未看到",
        "没看到",
        "看不到",
        "未核实",
        "没核实",
        "未核",
        "没核",
        "待核",
        "待核实",
        "待查",
        "未查",
        "没查",
        "没问到",
        "?",
        "??",
    ]
)
SAME: Final = frozenset(["√", "✓", "✔", "是", "对", "同", "同上", "同上次", "不变", "没变", "1", "true", "y", "yes"])

_DECIMAL = re.compile(r"[-+]?[0-9.]{1,60}")
_SAMPLE = re.compile(r"(\d{1,9})\s*/\s*(\d{1,9})")
_FULL_DATE = re.compile(
    r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*[日号]?(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)
_SHORT_DATE = re.compile(r"(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?")
_PLAIN_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_EXCEL_EPOCH: Final = date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one cell says. ``unknown`` holds the words of someone who could not tell; ``remark`` what the value alone
    would lose (“约60㎡”)."""

    value: Value | None
    sample: Sample | None = None
    unknown: str = ""
    remark: str = ""


def lenient_value(fact: Fact, cell: Cell) -> Answer | None:
    """What ``cell`` answers to ``fact``; None when it is empty. Raises NotAValue with the reason in Chinese."""
    text = plain(cell)
    if not text:
        return None
    bare = text.rstrip("。.!;, ")
    head, colon, _ = bare.partition(":")
    if head.strip().lower() in UNSURE:
        return Answer(None, unknown=re.split("[:：]", words(cell), maxsplit=1)[1].strip() if colon else bare)
    match fact.type:
        case "bool":
            return Answer(_yes_or_no(fact, bare))
        case "date":
            return Answer(_date_value(fact, cell))
        case "choice":
            return Answer(fact_value(fact, _option(fact, bare)))
        case "set":
            return Answer(_chosen(fact, text))
        case "ratio":
            return _ratio(fact, cell, bare)
    value, remark = amount(fact, cell, bare)
    return Answer(value, remark=remark)


def lenient_date(cell: Cell, today: date) -> date:
    """A day. ``3月1日`` is the latest one that is not after ``today``. Raises NotAValue."""
    match cell:
        case datetime():
            return cell.date()
        case date():
            return cell
        case bool() | time() | timedelta() | None:
            pass
        case int() | float() if 30_000 <= cell <= 70_000:
            return _EXCEL_EPOCH + timedelta(days=int(cell))
    text = plain(cell)
    try:
        if found := _FULL_DATE.fullmatch(text) or _PLAIN_DATE.fullmatch(text):
            return date(*(int(part) for part in found.groups()))
        if found := _SHORT_DATE.fullmatch(text):
            month, number = int(found[1]), int(found[2])
            year = next(y for y in range(today.year, today.year - 9, -1) if _exists(y, month, number, today))
            return date(year, month, number)
    except (ValueError, StopIteration):
        raise NotAValue("E110", f"没有“{shown(text)}”这一天", "写成 2026-03-01 或 3月1日") from None
    raise NotAValue("E211", f"日期看不懂：“{shown(text)}”", "写成 2026-03-01 或 3月1日")


def _exists(year: int, month: int, day: int, today: date) -> bool:
    try:
        return date(year, month, day) <= today
    except ValueError:
        return False


def _date_value(fact: Fact, cell: Cell) -> date:
    text = plain(cell)
    if _SHORT_DATE.fullmatch(text):
        raise NotAValue("E211", f"“{fact.label}”要写明年份", f"现在是“{text}”；写成 2026-03-01")
    try:
        return lenient_date(cell, date.max)
    except NotAValue as reason:
        raise NotAValue(reason.code, f"“{fact.label}”应填日期", f"现在是“{shown(text)}”；写成 2026-03-01") from None


def _yes_or_no(fact: Fact, text: str) -> bool:
    low = text.lower()
    if low in YES or low in NO:
        return low in YES
    raise NotAValue("E211", f"“{fact.label}”应填是或否", f"现在是“{shown(text)}”")


def _key(text: str) -> str:
    return re.sub(r"[\s,、。;()'\"“”‘’]", "", unicodedata.normalize("NFKC", text)).lower()


def _option(fact: Fact, text: str) -> str:
    by_key = {_key(label): id for id, label in fact.options.items()}
    return text if text in fact.options else by_key.get(_key(text), text)


def _chosen(fact: Fact, text: str) -> frozenset[str]:
    whole = _option(fact, text)
    if whole in fact.options:
        return frozenset({whole})
    if text in NONE_OF:
        return frozenset()
    if text in ALL_OF:
        return frozenset(fact.options)
    parts = [part.strip() for part in re.split(r"[、,;\n|]", text) if part.strip()]
    chosen = [_option(fact, part) for part in parts]
    for part, option in zip(parts, chosen, strict=True):
        if option not in fact.options:
            labels = fact.options.values()
            raise NotAValue("E214", f"“{fact.label}”没有“{shown(part)}”这个选项", suggest(part, labels))
    return frozenset(chosen)


def _ratio(fact: Fact, cell: Cell, text: str) -> Answer:
    if found := _SAMPLE.fullmatch(text):
        agree, asked = int(found[1]), int(found[2])
        if not 0 <= agree <= asked or asked == 0:
            raise NotAValue("E320", f"“{fact.label}”同意 {agree} 份，收回 {asked} 份，前面的数不能大于后面的")
        return Answer(Fraction(agree, asked), Sample(agree, asked))
    about, text = approximately(text)
    if text.startswith("百分之"):
        text = f"{chinese_number(text[3:]) if chinese_number(text[3:]) is not None else text[3:]}%"
    try:
        raw: Decimal | str = Decimal(text) if _DECIMAL.fullmatch(text) else text.replace(" ", "")
    except InvalidOperation:
        raw = text
    try:
        return Answer(fact_value(fact, raw), remark=about)
    except NotAValue as reason:
        if isinstance(raw, Decimal) and 1 < raw <= 100:
            raise NotAValue("E213", f"“{fact.label}”是比例", f"现在是“{text}”；百分之 {text} 写成 {text}%") from None
        raise NotAValue(reason.code, reason.says, reason.hint or f"现在是“{shown(plain(cell))}”") from None
