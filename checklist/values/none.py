"""What 没有 and 从来没有 answer to a fact: one list of words, for every door; what a fact makes of them it declares."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from checklist.model.numbers import number_text, percent_text
from checklist.model.problems import NotAValue
from checklist.model.rules.facts import NEVER, NUMERIC, Fact, Value

NONE_WORDS: Final = frozenset(
    [
        "无",
        "没有",
        "没",
        "都没有",
        "全无",
        "均无",
        "一个没有",
        "一处没有",
        "一项都没有",
        "未发现",
        "没发现",
        "没有发现",
        "无发现",
        "未见",
        "暂无",
        "暂未发现",
        "尚无",
        "不存在",
    ]
)
NEVER_WORD: Final = "从来没有"
_NEVER = re.compile(rf"{NEVER}|从来?(?:没有?|未|无)(?:(?![核查看问])\w{{0,4}}过)?|没有过")


def says_none(text: str) -> bool:
    """Whether it is a word for 没有 or 从来没有."""
    return text in NONE_WORDS or _NEVER.fullmatch(text) is not None


def none_value(fact: Fact, text: str) -> Value:
    """What these words answer. Raises NotAValue with the ways out where that would be a guess; it is never 不适用."""
    if fact.none_is is None or (text == str(NEVER) and fact.none_is is not NEVER):
        raise NotAValue("E211", f"“{fact.label}”不能填“{text}”", f"{_instead(fact)}；没核过就空着")
    return fact.none_is


def none_hint(fact: Fact) -> str:
    """``没有写 0，`` with what 没有 means for this fact; empty where that is no answer."""
    match fact.none_is:
        case None:
            return ""
        case bool():
            word = "是" if fact.none_is else "否"
        case str():
            word = fact.options[fact.none_is]
        case int() | Fraction():
            return f"没有写 {percent_text(fact.none_is) if fact.type == 'ratio' else number_text(fact.none_is)}，"
        case _:
            word = NEVER_WORD if fact.none_is is NEVER else "无"
    return f"没有写“{word}”，"


def _instead(fact: Fact) -> str:
    if fact.type == "date":
        return "写日期，如 2026-03-01"
    if fact.type == "choice":
        return "从这些里选：" + "、".join(fact.options.values())
    if fact.type == "ratio":
        survey = fact.method == "questionnaire"
        return "做过问卷写 41/50 这样，没做过就是没核过" if survey else "写 95% 或 41/50 这样，真是一个也没有写 0%"
    if fact.type in NUMERIC and fact.low > 0:
        return f"最小是 {number_text(fact.low)}，写实际的数；辖区里确实没有这件事，按“不适用”写标准和理由"
    return "写实际的数，一个也没有写 0"
