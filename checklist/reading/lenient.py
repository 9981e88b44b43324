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
from typing import Final, TypeAlias

from ..model.facts import Fact, Value
from ..model.numbers import Number, exact
from ..model.state import Sample
from .validate import suggest
from .values import TYPE_WORDS, NotAValue, fact_value

Cell: TypeAlias = str | int | float | bool | date | datetime | time | timedelta | None

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
NOUGHT: Final = frozenset(["无", "没有", "没", "零", "都没有", "一个没有", "一处没有", "未发现", "没发现", "无发现"])
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
_TEN_THOUSAND: Final = Fraction(10_000)
_ABOUT = re.compile(r"^(大约|大概|约|共计|合计|总共|共|计)")
_VAGUE = re.compile(
    r"^(近|不到|不足|少于|多于|超过|至少|至多|大于|小于|[<>≥≤～~])|[以之]?[上下内多余+]$|左右$|多|几|若干|[0-9][-~～至到][0-9]"
)
_NUMBER = re.compile(r"([-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)(万?)(.*)", re.DOTALL)
_SAMPLE = re.compile(r"(\d{1,9})\s*/\s*(\d{1,9})")
_DIGITS: Final = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_POWERS: Final = {"十": 10, "百": 100, "千": 1000}
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


def plain(cell: Cell) -> str:
    """A cell as text: half width, no stray blanks, whole numbers without ``.0``, dates as 2026-03-01."""
    match cell:
        case None:
            return ""
        case bool():
            return "是" if cell else "否"
        case float():
            return f"{_decimal(cell):f}" if cell == cell and abs(cell) != float("inf") else str(cell)
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", timespec="minutes")
        case date() | time() | int() | timedelta():
            return str(cell)
    text = unicodedata.normalize("NFKC", cell).replace("\u200b", "").strip()
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1] in "=+-@" else text


def words(cell: Cell) -> str:
    """A cell of free text: as written, without the apostrophe that keeps it from being a formula."""
    if not isinstance(cell, str):
        return plain(cell)
    text = cell.strip()
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1] in "=+-@" else text


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
    return _amount(fact, cell, bare)


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
        raise NotAValue("E110", f"没有“{_shown(text)}”这一天", "写成 2026-03-01 或 3月1日") from None
    raise NotAValue("E211", f"日期看不懂：“{_shown(text)}”", "写成 2026-03-01 或 3月1日")


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
        raise NotAValue(reason.code, f"“{fact.label}”应填日期", f"现在是“{_shown(text)}”；写成 2026-03-01") from None


def _yes_or_no(fact: Fact, text: str) -> bool:
    low = text.lower()
    if low in YES or low in NO:
        return low in YES
    raise NotAValue("E211", f"“{fact.label}”应填是或否", f"现在是“{_shown(text)}”")


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
            raise NotAValue("E214", f"“{fact.label}”没有“{_shown(part)}”这个选项", suggest(part, labels))
    return frozenset(chosen)


def _ratio(fact: Fact, cell: Cell, text: str) -> Answer:
    if found := _SAMPLE.fullmatch(text):
        agree, asked = int(found[1]), int(found[2])
        if not 0 <= agree <= asked or asked == 0:
            raise NotAValue("E320", f"“{fact.label}”同意 {agree} 份，收回 {asked} 份，前面的数不能大于后面的")
        return Answer(Fraction(agree, asked), Sample(agree, asked))
    about, text = _about(text)
    if text.startswith("百分之"):
        text = f"{_chinese(text[3:]) if _chinese(text[3:]) is not None else text[3:]}%"
    try:
        raw: Decimal | str = text.replace(" ", "") if text.endswith("%") else Decimal(text)
    except InvalidOperation:
        raw = text
    try:
        return Answer(fact_value(fact, raw), remark=about)
    except NotAValue as reason:
        if isinstance(raw, Decimal) and 1 < raw <= 100:
            raise NotAValue("E213", f"“{fact.label}”是比例", f"现在是“{text}”；百分之 {text} 写成 {text}%") from None
        raise NotAValue(reason.code, reason.says, reason.hint or f"现在是“{_shown(plain(cell))}”") from None


def _amount(fact: Fact, cell: Cell, text: str) -> Answer:
    if isinstance(cell, date | time | timedelta):
        raise NotAValue("E211", f"“{fact.label}”应填{TYPE_WORDS[fact.type]}", f"这一格是日期 {text}；改成常规格式再填")
    if text in NOUGHT:
        return Answer(fact_value(fact, 0))
    about, text = _about(text)
    if _VAGUE.search(text):
        raise _not_a_number(fact, cell, "写一个确定的数；拿不准就写“说不清”")
    found = _NUMBER.fullmatch(text)
    if found is None:
        counted = _counted(text)
        if counted is None:
            raise _not_a_number(fact, cell)
        number, unit = counted
    else:
        number = Fraction(Decimal(found[1].replace(",", ""))) * (_TEN_THOUSAND if found[2] else 1)
        unit = found[3].strip()
    value = exact(number * _factor(fact, unit, cell))
    return Answer(fact_value(fact, _written(value)), remark=about)


def _written(value: Number) -> int | Decimal:
    """A number as YAML would have it; a third of an hour has no such form and keeps too many places, as it should."""
    return value if isinstance(value, int) else Decimal(value.numerator) / Decimal(value.denominator)


def _about(text: str) -> tuple[str, str]:
    """``约60㎡`` → (``约60㎡``, ``60㎡``); the first part is empty for a plain number."""
    found = _ABOUT.match(text)
    if not found:
        return "", text
    return (text if "约" in found[1] or "大概" in found[1] else ""), text[found.end() :].strip()


def _factor(fact: Fact, unit: str, cell: Cell) -> Fraction:
    """1 when the unit written is the fact's, or one that people use for it."""
    own = fact.unit
    base = own.split("/")[0]
    if unit in ("", own, base) or unit in _UNITS.get(base, ()):
        return Fraction(1)
    if unit in _COUNTERS and base in _COUNTERS:
        return Fraction(1)
    if (unit, base) in _TIMES:
        return _TIMES[unit, base]
    says = f"“{fact.label}”的单位是{own}" if own else f"“{fact.label}”只填数"
    raise NotAValue("E211", says, f"现在是“{_shown(plain(cell))}”")


def _counted(text: str) -> tuple[Fraction, str] | None:
    """``六处`` → (6, 处)."""
    length = next((i for i, c in enumerate(text) if c not in _DIGITS and c not in _POWERS), len(text))
    number = _chinese(text[:length])
    return None if number is None else (Fraction(number), text[length:].strip())


def _chinese(text: str) -> int | None:
    """Chinese numerals below ten thousand: 六, 十二, 两百零五."""
    if not text or any(c not in _DIGITS and c not in _POWERS for c in text):
        return None
    total, digit, last = 0, None, 10_000
    for char in text:
        if char in _POWERS:
            power = _POWERS[char]
            if power >= last or (digit is None and not (power == 10 and total == 0)):
                return None
            total, digit, last = total + (1 if digit is None else digit) * power, None, power
        elif digit is not None and digit != 0:
            return None
        else:
            digit = _DIGITS[char]
    return total + (digit or 0)


def _not_a_number(fact: Fact, cell: Cell, hint: str = "") -> NotAValue:
    shown = f"现在是“{_shown(plain(cell))}”"
    return NotAValue("E211", f"“{fact.label}”应填{TYPE_WORDS[fact.type]}", f"{shown}；{hint}" if hint else shown)


def _decimal(value: float) -> Decimal:
    """The number that a spreadsheet shows for this double: fifteen significant digits."""
    return Decimal(f"{value:.15g}") if value != int(value) or abs(value) >= 1e15 else Decimal(int(value))


def _shown(text: str) -> str:
    return text if len(text) <= 30 else text[:29] + "…"
