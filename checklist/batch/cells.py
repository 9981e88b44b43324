"""One written cell as the value of a fact, with the reason in Chinese where it is none; like ``reading.values``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Final

from ..model.facts import Fact, Value
from ..model.numbers import INF, Number, number_text, percent_text
from .encoding import DECIMALS, MOST

TYPE_WORDS: Final = {
    "bool": "是（true）或否（false）",
    "count": "整数",
    "number": "数字，最多两位小数",
    "ratio": "比例，写成 95% 或 0.95",
    "choice": "一个选项",
    "set": "选项列表，如 甲、乙",
    "date": "日期，写成 2026-03-01",
}
YES: Final = frozenset({"true", "是", "1", "yes", "有"})
NO: Final = frozenset({"false", "否", "0", "no", "无"})
UNKNOWN: Final = frozenset({"", "未核实", "不清楚", "unknown", "null"})
_PARTS = re.compile(r"[、,，;；|\s]+")
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)")
_DAY = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?(?:[ T]00:00(?::00(?:\.0+)?)?)?")


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that could not be used; ``row`` counts the table's rows from 1."""

    row: int
    column: str
    code: str
    says: str
    value: str
    community: str = ""


class NotAValue(Exception):
    """Why a cell holds no value of its fact."""

    def __init__(self, code: str, says: str) -> None:
        self.code, self.says = code, says
        super().__init__(says)


def parse(fact: Fact, text: str) -> Value | None:
    """The value that a text cell writes, None for unknown. Raises NotAValue."""
    text = text.strip()
    if text.lower() in UNKNOWN and not (fact.type == "choice" and text in fact.options):
        return None
    match fact.type:
        case "bool":
            if text.lower() in YES or text.lower() in NO:
                return text.lower() in YES
        case "choice":
            return option_of(fact, text)
        case "set":
            return frozenset() if text in ("无", "[]") else elements_of(fact, [p for p in _PARTS.split(text) if p])
        case "date":
            if found := day_of(text):
                return found
        case _:
            if (number := _number(fact, text)) is not None:
                return number
    raise wrong_type(fact, text)


def wrong_type(fact: Fact, shown: object) -> NotAValue:
    return NotAValue("E211", f"“{fact.label}”应填{TYPE_WORDS[fact.type]}")


def option_of(fact: Fact, text: str) -> str:
    if text in fact.options:
        return text
    for option, label in fact.options.items():
        if label == text:
            return option
    raise NotAValue("E214", f"“{fact.label}”没有这个选项，可以填：{'、'.join(fact.options)}")


def elements_of(fact: Fact, written: list[str]) -> frozenset[str]:
    found = [option_of(fact, item) for item in written]
    if len(set(found)) < len(found):
        raise NotAValue("E215", f"“{fact.label}”里有选项写了两遍，留一个")
    return frozenset(found)


def day_of(text: str) -> date | None:
    match = _DAY.fullmatch(text)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def _number(fact: Fact, text: str) -> Number | None:
    percent = text.endswith("%") and fact.type == "ratio"
    text = text[:-1].strip() if percent else text.replace(",", "")
    if not _NUMBER.fullmatch(text) or len(text) > 40:
        return None
    try:
        value = Fraction(Decimal(text))
    except InvalidOperation:
        return None
    return in_range(fact, value / 100 if percent else value)


def in_range(fact: Fact, value: Fraction) -> Number:
    """The number itself when it is fine enough and inside the declared range. Raises NotAValue."""
    if value * 10 ** DECIMALS[fact.type] % 1:
        raise NotAValue("E212", f"“{fact.label}”的小数位太多，应填{TYPE_WORDS[fact.type]}")
    if value < 0 and fact.low == 0:
        raise NotAValue("E213", f"“{fact.label}”不能是负数，没有就写 0，没核过就空着")
    if value < fact.low:
        raise NotAValue("E213", f"“{fact.label}”不能小于 {_shown(fact, fact.low)}")
    if value > fact.high:
        raise NotAValue("E213", f"“{fact.label}”不能大于 {_shown(fact, Fraction(fact.high))}")
    if fact.high == INF and value > MOST:
        raise NotAValue("E213", f"“{fact.label}”大得不像真的，最多 {MOST}")
    return value.numerator if value.denominator == 1 else value


def _shown(fact: Fact, value: Number) -> str:
    return percent_text(value) if fact.type == "ratio" else number_text(value) + fact.unit
