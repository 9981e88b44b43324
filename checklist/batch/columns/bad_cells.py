"""One cell of a table as the value of a fact, or the reason in Chinese why it is none."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final, TypeAlias

from checklist.batch.columns.encoding import DECIMALS, MOST
from checklist.model.numbers import INF, Number, number_text, percent_text
from checklist.model.rules.facts import Fact, Value

TYPE_WORDS: Final = {
    "bool": "是（true）或否（false）",
    "count": "整数",
    "number": "数字，最多两位小数",
    "ratio": "比例，写成 95% 或 0.95",
    "choice": "一个选项",
    "set": "选项列表，如 甲、乙",
    "date": "日期，写成 2026-03-01",
}
_DAY = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?")
_PLAIN_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that could not be used; ``row`` counts the table's rows from 1."""

    row: int
    column: str
    code: str
    says: str
    value: str
    community: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """What a text says of a fact: a value, None for unknown. ``asked`` is not 0 where it gives survey counts."""

    value: Value | None
    agree: int = 0
    asked: int = 0


class NotAValue(Exception):
    """Why a cell holds no value of its fact."""

    def __init__(self, code: str, says: str) -> None:
        self.code, self.says = code, says
        super().__init__(says)


Words: TypeAlias = Callable[[Fact, str], Written]
"""What a text cell means; raises NotAValue. The readers of spreadsheets know, and the roof lends their knowledge."""


def wrong_type(fact: Fact) -> NotAValue:
    return NotAValue("E211", f"“{fact.label}”应填{TYPE_WORDS[fact.type]}")


def elements_of(fact: Fact, written: list[str]) -> frozenset[str]:
    by_label = {label: option for option, label in fact.options.items()}
    found = [item if item in fact.options else by_label.get(item, "") for item in written]
    if "" in found:
        raise NotAValue("E214", f"“{fact.label}”没有这个选项，可以填：{'、'.join(fact.options)}")
    if len(set(found)) < len(found):
        raise NotAValue("E215", f"“{fact.label}”里有选项写了两遍，留一个")
    return frozenset(found)


def day_of(text: str) -> date | None:
    match = _DAY.fullmatch(text) or _PLAIN_DAY.fullmatch(text)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


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
