"""Amounts as people write them: ``6处``, ``约60㎡``, ``1.2万``, ``两百零五``, ``90分钟`` where hours are asked."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final

from checklist.model.numbers import Number, exact
from checklist.model.numerals import DIGITS, MYRIAD, POWERS, chinese_number
from checklist.model.problems import NotAValue
from checklist.model.rules.facts import Fact, Value
from checklist.values.cells import RawCell, plain, shown
from checklist.values.fact_value import fact_value, wrong_type
from checklist.values.none import none_hint

_UNITS: Final[dict[str, tuple[str, ...]]] = {
    "平方米": ("m2", "平米", "平方", "平", "㎡"),
    "米": ("m",),
    "小时": ("时", "h", "个小时", "钟头"),
    "分钟": ("分", "min"),
    "个月": ("月",),
    "元": ("块", "块钱", "圆"),
    "人": ("名", "位", "个人", "个"),
    "名": ("人", "位", "个"),
    "户": ("家",),
    "家": ("户", "个"),
    "张": ("个", "幅"),
    "天": ("日",),
    "栋": ("幢", "座"),
    "年": ("周年",),
}
_COUNTERS: Final = frozenset(
    [
        "个",
        "处",
        "项",
        "件",
        "次",
        "条",
        "块",
        "盏",
        "只",
        "支",
        "份",
        "辆",
        "台",
        "具",
        "座",
        "堆",
        "段",
        "起",
        "种",
        "类",
        "场",
        "张",
    ]
)
"""Measure words that people use for one another: ``6个`` answers a question that counts 处."""

_TIMES: Final[dict[tuple[str, str], Fraction]] = {
    ("公里", "米"): Fraction(1000),
    ("千米", "米"): Fraction(1000),
    ("km", "米"): Fraction(1000),
    ("小时", "分钟"): Fraction(60),
    ("个小时", "分钟"): Fraction(60),
    ("分钟", "小时"): Fraction(1, 60),
    ("年", "个月"): Fraction(12),
}
_LONGEST: Final = 60
_ABOUT = re.compile(r"^(大约|大概|约|共计|合计|总计|总共|一共|共有|共|计|发现|现有|有)\s*:?\s*")
_MORE_OR_LESS: Final = "左右"
_LEFT = re.compile(r"(\d{1,6})[^\d()]{0,3}\((?:其中)?已\w{1,4}?(\d{1,6})[^\d()]{0,3}\)")
VAGUE = re.compile(
    r"^(近|不到|不足|少于|多于|超过|至少|至多|大于|小于|[<>≥≤～~])|[以之]?[上下内多余+]$|多|几|若干|[0-9][-~～至到][0-9]"
    r"|[\d一二三四五六七八九]、[\d一二三四五六七八九]|十来|[一二三四五六七八九]{2}[处个户人名项件次条]"
    r"|[?]|基本|很少|较少|少量|个别|大量|部分"
)
_NUMBER = re.compile(r"([-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)(万|千(?!米|克|瓦))?(.*)", re.DOTALL)
_FORMAL: Final = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟貳參陸兩萬", "一二三四五六七八九十百千二三六两万")
_IN_WORDS: Final = str.maketrans("0123456789", "零一二三四五六七八九")
_BESIDE: Final = frozenset("0123456789零〇")
_RUN: Final = re.compile(r"\d[\d.]")
"""Digits beside one another, as ``1万2`` has none."""
_SUM = re.compile(r"\d\s*[+*×x=]\s*\d", re.IGNORECASE)


def amount(fact: Fact, cell: RawCell, text: str) -> tuple[Value, str]:
    """The value that ``text`` writes and, for ``约60``, the words that the value alone would lose. Raises NotAValue."""
    if isinstance(cell, date | time | timedelta):
        raise wrong_type(fact, f"这一格是日期 {text}；改成常规格式再填")
    about, text = approximately(text)
    if _SUM.search(text):
        raise _not_a_number(fact, cell, "算好再填，算式写到“备注”里")
    if fact.unit.endswith("/天"):
        text = re.sub("^每[天日]", "", text)
    if left := _LEFT.fullmatch(text):
        raise _not_a_number(fact, cell, f"是不是还剩 {int(left[1]) - int(left[2])}？写现在还有的数")
    if VAGUE.search(text):
        raise _not_a_number(fact, cell, "写一个确定的数；拿不准就写“说不清”")
    if len(text) > _LONGEST:
        raise _not_a_number(fact, cell)
    found = _NUMBER.fullmatch(text)
    mixed = found is not None and found[3][:1] in _BESIDE
    if found is None or mixed:
        counted = _counted(text.translate(_IN_WORDS) if mixed else text)
        if counted is None or (mixed and _RUN.search(text)):
            raise _not_a_number(fact, cell, "写成 12000 这样的数" if mixed else "")
        number, unit = counted
    else:
        number = Fraction(Decimal(found[1].replace(",", ""))) * {"万": 10_000, "千": 1000, None: 1}[found[2]]
        unit = found[3].strip()
    value = exact(number * _factor(fact, unit, cell))
    return fact_value(fact, _written(value)), about


def _written(value: Number) -> int | Decimal:
    """A number as YAML would have it; a third of an hour has no such form and keeps too many places, as it should."""
    return value if isinstance(value, int) else Decimal(value.numerator) / Decimal(value.denominator)


def approximately(text: str) -> tuple[str, str]:
    """``约60㎡`` → (``约60㎡``, ``60㎡``), ``5处左右`` too; the first part is empty for a plain number."""
    found = _ABOUT.match(text)
    bare = text[found.end() if found else 0 :].removesuffix(_MORE_OR_LESS).strip()
    about = text.endswith(_MORE_OR_LESS) or (found is not None and ("约" in found[1] or "大概" in found[1]))
    return (text if about else ""), bare


def _factor(fact: Fact, unit: str, cell: RawCell) -> Fraction:
    """1 when the unit written is the fact's, or one that people use for it."""
    own, unit = fact.unit, unit.lower()
    base = own.split("/")[0]
    if unit in ("", own, base) or unit in _UNITS.get(base, ()):
        return Fraction(1)
    if unit in _COUNTERS and base in _COUNTERS:
        return Fraction(1)
    if (unit, base) in _TIMES:
        return _TIMES[unit, base]
    says = f"“{fact.label}”的单位是{own}" if own else f"“{fact.label}”只填数"
    raise NotAValue("E211", says, f"现在是“{shown(plain(cell))}”；只写数，别的话写到“备注”里")


def _counted(text: str) -> tuple[Fraction, str] | None:
    """``六处`` → (6, 处)."""
    text = text.translate(_FORMAL)
    written = (*DIGITS, *POWERS, MYRIAD)
    length = next((i for i, c in enumerate(text) if c not in written), len(text))
    number = chinese_number(text[:length])
    return None if number is None else (Fraction(number), text[length:].strip())


def _not_a_number(fact: Fact, cell: RawCell, hint: str = "") -> NotAValue:
    now = f"现在是“{shown(plain(cell))}”"
    hint = hint or f"{none_hint(fact)}有就写几，拿不准写“说不清”"
    return wrong_type(fact, f"{now}；{hint}")
