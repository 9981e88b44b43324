"""One written value as the value of a fact: exact, inside its range, one of its options."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from checklist.model.days import is_day
from checklist.model.numbers import INF, Number, exact, number_text, percent_text
from checklist.model.problems import NotAValue
from checklist.model.rules.facts import Fact, Value
from checklist.values.cells import RawCell, plain, shown
from checklist.values.days import day_in
from checklist.values.near import in_yaml
from checklist.values.none import none_value, says_none

DECIMALS: Final = {"count": 0, "number": 2, "ratio": 4}
"""The finest step a reading may have, so that every engine can hold it exactly: 0.01, and 0.01 %."""

LARGEST: Final = 10**9
"""No community has more of anything, where the fact itself declares no limit; every engine holds it exactly."""

_PERCENTAGE = re.compile(r"[-+]?[0-9.]{1,60} ?%")

TYPE_WORDS: Final = {
    "bool": "是（true）或否（false）",
    "count": "整数",
    "number": "数字，最多两位小数",
    "ratio": "比例，写成 95% 或 0.95",
    "choice": "一个选项",
    "set": "选项列表，如 [甲, 乙]",
    "date": "日期，写成 2026-03-01",
}


def fact_value(fact: Fact, raw: Any) -> Value:
    """The value of ``fact`` that ``raw`` writes. Raises NotAValue with the reason in Chinese."""
    if isinstance(raw, str) and raw not in fact.options and raw not in fact.options.values() and says_none(raw):
        return none_value(fact, raw)
    match fact.type:
        case "bool" if isinstance(raw, bool):
            return raw
        case "count" if isinstance(raw, int) and not isinstance(raw, bool):
            return in_range(fact, raw)
        case "number" | "ratio" if isinstance(raw, int | Decimal | str) and not isinstance(raw, bool):
            return in_range(fact, _decimal(fact, raw))
        case "choice" if isinstance(raw, str):
            return _option(fact, raw)
        case "set" if isinstance(raw, list):
            return _options(fact, raw)
        case "date" if is_day(raw):
            return raw
        case "date" if isinstance(raw, int | Decimal | str | date) and not isinstance(raw, bool):
            return date_value(fact, str(raw))
    raise _not_a_value(fact, raw)


def wrong_type(fact: Fact, hint: str = "") -> NotAValue:
    """That something else stands where a value of this fact belongs."""
    return NotAValue("E211", f"“{fact.label}”应填{TYPE_WORDS[fact.type]}", hint)


def date_value(fact: Fact, cell: RawCell) -> date:
    """The value of a fact that is a date: the year must be written. Raises NotAValue."""
    try:
        return day_in(cell)
    except NotAValue as reason:
        says = f"“{fact.label}”应填日期" if reason.code == "E211" else reason.says
        raise NotAValue(reason.code, says, f"现在是“{shown(plain(cell))}”；{reason.hint}") from None


def _not_a_value(fact: Fact, raw: Any) -> NotAValue:
    """What stands there instead, and how to write what was surely meant."""
    now = in_yaml(raw) if isinstance(raw, list | dict) else f"“{in_yaml(raw)}”"
    if fact.type == "bool":
        return NotAValue("E211", f"“{fact.label}”只能写 true 或 false", f"是写 true，否写 false；现在是{now}")
    if isinstance(raw, str) and fact.type in ("count", "number", "ratio") and any(c.isdecimal() for c in raw):
        also = "，百分号用英文的 %" if fact.type == "ratio" else ""
        return wrong_type(fact, f"现在是{now}；去掉单位、逗号、引号，只写数字{also}")
    return wrong_type(fact, f"现在是{now}")


def quantity(raw: int | Decimal | str) -> Number:
    """A number or a percentage as an exact number; ValueError for anything else."""
    if isinstance(raw, str):
        if not _PERCENTAGE.fullmatch(raw):  # 1E999999999% is a number that no memory holds
            raise ValueError(raw)
        return exact(Fraction(Decimal(raw[:-1])) / 100)
    return exact(raw)


def coefficient(raw: int | Decimal | str) -> Fraction:
    """A share as a number, a percentage or a fraction (``2/3``), exactly; ValueError for anything else."""
    if isinstance(raw, str) and "/" in raw:
        return Fraction(raw)
    return Fraction(quantity(raw))


def _decimal(fact: Fact, raw: int | Decimal | str) -> Number:
    try:
        if isinstance(raw, str) and fact.type != "ratio":
            raise ValueError
        value = quantity(raw)
    except (ValueError, ArithmeticError):
        raise _not_a_value(fact, raw) from None
    return value


def in_range(fact: Fact, value: Number) -> Number:
    """The number itself when it is fine enough and inside the declared range. Raises NotAValue."""
    if not isinstance(value, int) and value * 10 ** DECIMALS[fact.type] % 1:
        raise NotAValue("E212", f"“{fact.label}”的小数位太多", f"应填{TYPE_WORDS[fact.type]}")
    if value < 0 and fact.low == 0:
        raise NotAValue("E213", f"“{fact.label}”不能是负数", "没有就写 0，没核过就不写")
    if value < fact.low:
        raise NotAValue("E213", f"“{fact.label}”不能小于 {_number(fact, fact.low)}")
    if value > fact.high:
        hint = "比例写成 95% 或 0.95" if fact.type == "ratio" else ""
        raise NotAValue("E213", f"“{fact.label}”不能大于 {_number(fact, fact.high)}", hint)
    if fact.high == INF and value > LARGEST:
        raise NotAValue("E213", f"“{fact.label}”的数太大", f"最多 {LARGEST}；看看是不是填错了格")
    return value


def _number(fact: Fact, value: Any) -> str:
    if value == INF:
        return "不限"
    return percent_text(value) if fact.type == "ratio" else f"{number_text(value)} {fact.unit}".rstrip()


def _option(fact: Fact, raw: str) -> str:
    if raw in fact.options:
        return raw
    # who writes an id reads ids, who writes Chinese fills in a form
    by_label = {label: key for key, label in fact.options.items()}
    if raw in by_label:
        return by_label[raw]
    near = difflib.get_close_matches(raw, [*fact.options, *by_label], n=1)
    told = {key: f"{key}（{label}）" if raw.isascii() else label for key, label in fact.options.items()}
    hint = f"是不是 {told[by_label.get(near[0], near[0])]}？" if near else f"可以写的有：{'、'.join(told.values())}"
    raise NotAValue("E214", f"“{fact.label}”没有“{in_yaml(raw)}”这个选项", hint)


def _options(fact: Fact, raw: Sequence[Any]) -> frozenset[str]:
    chosen: list[str] = []
    for item in raw:
        if not isinstance(item, str):
            raise wrong_type(fact, f"现在有{in_yaml(item)}")
        option = _option(fact, item)
        if option in chosen:
            raise NotAValue("E215", f"“{fact.label}”里“{fact.options[option]}”写了两遍", "留一个")
        chosen.append(option)
    return frozenset(chosen)
