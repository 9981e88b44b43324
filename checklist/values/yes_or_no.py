"""Yes and no as people write them, but for the words that mean 没有: ``是 有 √ ×``, a ticked box, ``已公示`` where the question is whether it is 公示."""

from __future__ import annotations

import re
from typing import Final

from checklist.model.problems import NotAValue
from checklist.model.rules.facts import Fact
from checklist.values.cells import shown

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
        "v",
        "true",
        "yes",
        "y",
        "t",
        "是的",
        "有的",
        "已有",
        "已做",
        "已完成",
        "存在",
        "能",
        "会",
        "可以",
    ]
)
NO: Final = frozenset(
    [
        "否",
        "不",
        "不是",
        "未",
        "错",
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
        "尚未",
        "还没",
        "还没有",
        "不能",
        "不会",
        "不可以",
    ]
)
_TICK, _BOX = "[☑√✓✔■]", "[□☐]"
_TICKED_YES = re.compile(f"{_TICK}[是有]{_BOX}[否无]|[是有]{_TICK}[否无]{_BOX}")
_TICKED_NO = re.compile(f"{_BOX}[是有]{_TICK}[否无]|[是有]{_BOX}[否无]{_TICK}")
_DONE = re.compile(r"已经?(\w{2,6})")
_NOT_DONE = re.compile(r"(?:尚未|还没有?|没有?|未|不)(\w{2,6})")
_DENIES = re.compile("[无未没不非]")


def yes_or_no(fact: Fact, text: str) -> bool:
    """Raises NotAValue for anything that could mean two things, 部分 and 基本达标 among them."""
    low = text.lower().removesuffix(".0")
    if low in YES or low in NO:
        return low in YES
    tight = "".join(text.split())
    for pattern, answer in ((_TICKED_YES, True), (_TICKED_NO, False)):
        if pattern.fullmatch(tight):
            return answer
    for pattern, answer in ((_DONE, True), (_NOT_DONE, False)):
        if (found := pattern.fullmatch(tight)) and _asked(fact, found[1]):
            return answer
    raise NotAValue("E211", f"“{fact.label}”应填是或否", f"现在是“{shown(text)}”；要说明的话写到“备注”里")


def _asked(fact: Fact, what: str) -> bool:
    """Whether the fact is about this very thing, and is not itself put in the negative."""
    label = fact.label.replace("未成年", "")
    return what in label and not _DENIES.search(label)
