"""Shares as people write them: ``95%``, ``0.95``, ``百分之九十五``, ``九成五``, ``41/50``, ``50份中41份``."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Final

from checklist.model.numerals import chinese_number
from checklist.model.problems import NotAValue
from checklist.model.rules.facts import Fact, Value
from checklist.model.state import Sample
from checklist.values.amounts import VAGUE, approximately
from checklist.values.cells import RawCell, plain, shown
from checklist.values.fact_value import fact_value, wrong_type

_OF = r"[份人户张名家个]?"
_PART_FIRST = re.compile(rf"(\d{{1,9}})\s*{_OF}\s*/\s*(\d{{1,9}})\s*{_OF}")
_WHOLE_FIRST = re.compile(rf"(\d{{1,9}})\s*{_OF}\s*[中里]\s*有?\s*(\d{{1,9}})\s*{_OF}\s*(?:满意|同意|知道|知晓|答是)?")
_TENTHS = re.compile(r"([一二三四五六七八九十]|\d(?:\.\d)?|10)成([一二三四五六七八九半]?)")
_DECIMAL = re.compile(r"[-+]?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})")
_ALL: Final = frozenset(["全部", "全都", "百分之百", "百分百"])


def share(fact: Fact, cell: RawCell, text: str) -> tuple[Value, Sample | None, str]:
    """The ratio, the sample behind it, and the words that the value alone would lose. Raises NotAValue."""
    if counts := _counts(text):
        agree, asked = counts
        if not 0 <= agree <= asked or asked == 0:
            says = f"“{fact.label}”同意 {agree} 份，收回 {asked} 份，前面的数不能大于后面的"
            raise NotAValue("E320", says, "写成 41/50 这样：同意的在前，收回的在后")
        return Fraction(agree, asked), Sample(agree, asked), ""
    about, text = approximately(text)
    if VAGUE.search(text):
        raise wrong_type(fact, f"现在是“{shown(plain(cell))}”；写一个确定的数；拿不准就写“说不清”")
    text = _percent(text)
    raw: Decimal | str = text.replace(" ", "")
    if _DECIMAL.fullmatch(text):
        raw = Decimal(text)
    try:
        return fact_value(fact, raw), None, about
    except NotAValue as reason:
        if isinstance(raw, Decimal) and 1 < raw <= 100:
            raise NotAValue("E213", f"“{fact.label}”是比例", f"现在是“{text}”；百分之 {text} 写成 {text}%") from None
        raise NotAValue(reason.code, reason.says, reason.hint or f"现在是“{shown(plain(cell))}”") from None


def _counts(text: str) -> tuple[int, int] | None:
    if found := _PART_FIRST.fullmatch(text):
        return int(found[1]), int(found[2])
    if found := _WHOLE_FIRST.fullmatch(text):
        return int(found[2]), int(found[1])
    return None


def _percent(text: str) -> str:
    """``百分之九十五点五`` and ``九成五`` as 95.5% and 95%; anything else as it is."""
    if text in _ALL:
        return "100%"
    if text.startswith("百分之"):
        whole, _, decimals = text[3:].partition("点")
        number, after = chinese_number(whole), [chinese_number(c) for c in decimals]
        if number is None or any(digit is None or digit > 9 for digit in after):
            return f"{text[3:]}%"
        return f"{number}{'.' if after else ''}{''.join(map(str, after))}%"
    if found := _TENTHS.fullmatch(text):
        tens = chinese_number(found[1]) if not found[1][0].isdigit() else None
        more = 5 if found[2] == "半" else chinese_number(found[2] or "零") or 0
        return f"{(Decimal(found[1]) if tens is None else tens) * 10 + more:f}%".replace(".0%", "%")
    return text
