"""A value as people write it in a table: ``6处 无 有 √ × 95% 约60㎡ 41/50 2026.3.1 3月1日``, full width or half.

What is understood is exact; what could mean two things is refused with a way out. ``约60`` and ``6处（南门3处）`` are
read as their number, and the words stay in the remark. Nothing is guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from checklist.model.as_seen import as_seen
from checklist.model.problems import NotAValue
from checklist.model.rules.facts import Fact, Value
from checklist.model.state import Sample
from checklist.values.amounts import amount
from checklist.values.cells import RawCell, plain, shown, words
from checklist.values.fact_value import date_value, fact_value
from checklist.values.look_alikes import folded
from checklist.values.near import suggest
from checklist.values.none import none_hint, says_none
from checklist.values.ratios import share
from checklist.values.yes_or_no import yes_or_no

ALL_OF: Final = frozenset(["全部", "全有", "都有", "齐全", "全部都有", "全都有", "均有"])
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
        "unknown",
        "?",
        "??",
    ]
)
SAME: Final = frozenset(
    ["√", "✓", "✔", "v", "是", "对", "同", "同上", "同上次", "不变", "没变", "1", "true", "y", "yes"]
)
BLANK: Final = frozenset(["null", "none"])
"""What programs write where nobody wrote anything."""

NOT_HERE: Final = frozenset(["不适用", "不涉及", "无此项", "没有此项", "无此情况", "无该项", "n/a", "na", "#n/a"])
STROKES: Final = frozenset(["/", "//", "\\", "-", "--", "—", "——", "_", "*", "、", ".", "。"])

_ASIDE = re.compile(r"([^()]+)\(([^()]+)\)", re.DOTALL)
_TWO_WAYS = re.compile("[已未待除不没改修清拆估约余几若?~]|左右|以[上下内外]|多|个别|部分|基本|正在|其中")
"""Words in brackets that may change the value before them."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one cell says. ``unknown`` holds the words of someone who could not tell; ``remark`` what the value alone
    would lose (“约60㎡”)."""

    value: Value | None
    sample: Sample | None = None
    unknown: str = ""
    remark: str = ""


def lenient_value(fact: Fact, cell: RawCell) -> Answer | None:
    """What ``cell`` answers to ``fact``; None when it is empty. Raises NotAValue with the reason in Chinese."""
    text = plain(cell)
    if not text or (text.lower() in BLANK and text not in fact.options):
        return None
    bare = text.strip("'’‘").rstrip("。.!;, ")
    head, colon, _ = bare.partition(":")
    if head.strip().lower() in UNSURE:
        return Answer(None, unknown=re.split("[:：]", words(cell), maxsplit=1)[1].strip() if colon else bare)
    _neither(fact, text)
    main, aside = _without_aside(bare)
    if says_none(main) and _option(fact, bare) not in fact.options:
        return Answer(fact_value(fact, main), remark=aside)
    if fact.type == "date":
        return Answer(date_value(fact, cell))
    if fact.type == "choice":
        return Answer(fact_value(fact, _option(fact, bare)))
    if fact.type == "set":
        return Answer(_chosen(fact, bare))
    if fact.type == "bool":
        return Answer(yes_or_no(fact, main), remark=aside)
    if fact.type == "ratio":
        ratio, sample, about = share(fact, cell, main)
        return Answer(ratio, sample, remark=aside or about)
    value, about = amount(fact, cell, main)
    return Answer(value, remark=aside or about)


def _neither(fact: Fact, text: str) -> None:
    """Words and strokes that are no answer, with the ways to say what may have been meant."""
    if text.lower() in NOT_HERE:
        hint = "辖区里确实没有这件事，在“不适用”那张表里写标准和理由；只是没看到，写“说不清”"
        raise NotAValue("E211", f"“{fact.label}”这一格不能填“{shown(text)}”", hint)
    if text in STROKES:
        hint = f"{none_hint(fact)}去了看不清写“说不清”，没去看就空着"
        raise NotAValue("E211", f"“{fact.label}”填的“{text}”有几种意思", hint)


def _without_aside(text: str) -> tuple[str, str]:
    """``6处(南门3处、北门3处)`` → (``6处``, the whole); brackets that may change the value stay where they are."""
    found = _ASIDE.fullmatch(text)
    if found is None or _TWO_WAYS.search(found[2]):
        return text, ""
    return found[1].strip(), text


_NUMERALS: Final = str.maketrans("1234567890两", "一二三四五六七八九零二")


def _key(text: str) -> str:
    return re.sub(r"[,、。;()'\"“”‘’]", "", folded(text)).translate(_NUMERALS)


def _option(fact: Fact, text: str) -> str:
    """The id of the option that ``text`` is, or ``text``. ``每天2次`` is 每天两次."""
    if text in fact.options:
        return text
    by_key: dict[str, list[str]] = {}
    for id, label in fact.options.items():
        by_key.setdefault(_key(label), []).append(id)
    found = by_key.get(_key(text), [])
    return found[0] if len(found) == 1 else text


def _chosen(fact: Fact, text: str) -> frozenset[str]:
    whole = _option(fact, text)
    if whole in fact.options:
        return frozenset({whole})
    if text in ALL_OF:
        return frozenset(fact.options)
    parts = [part.strip() for part in re.split(r"[、,;\n|]", text) if part.strip()]
    chosen = [_option(fact, part) for part in parts]
    wrong = next((part for part, option in zip(parts, chosen, strict=True) if option not in fact.options), None)
    if wrong is None:
        return frozenset(chosen)
    if spotted := _spotted(fact, text):
        return spotted
    raise NotAValue("E214", f"“{fact.label}”没有“{shown(wrong)}”这个选项", suggest(wrong, fact.options.values()))


def _spotted(fact: Fact, text: str) -> frozenset[str]:
    """Options written with other marks between them (``1.图书室 2.活动室``); empty when anything else is said."""
    found, rest = set(), text
    for id, label in sorted(fact.options.items(), key=lambda option: -len(option[1])):
        plain_label = as_seen(label)
        if plain_label in rest:
            found.add(id)
            rest = rest.replace(plain_label, "\n")
    return frozenset(found) if re.fullmatch(r"[\s\d、,;.|/()和及与+]*", rest) else frozenset()
