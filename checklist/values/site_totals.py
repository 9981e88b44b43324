"""How many sites of a kind there are in all, as one cell has it: ``6``, ``6个``, ``0（辖区没有小区）``."""

from __future__ import annotations

import re
from typing import Final

from checklist.model.problems import NOWHERE, NotAValue, Where
from checklist.model.rules.facts import Fact
from checklist.model.rules.site_kinds import SiteKind
from checklist.model.sites import SiteTotal
from checklist.values.answer import lenient_value
from checklist.values.cells import RawCell, words
from checklist.values.headings import total_heading
from checklist.values.none import says_none

MOST: Final = 1_000_000
_WITH_REASON = re.compile(r"([^(（:：]*)(?:[:：]\s*(.*)|[(（](.*)[)）])", re.DOTALL)


def site_total(kind: SiteKind, cell: RawCell, where: Where) -> SiteTotal | None:
    """What a cell says; None when it is empty or nobody could tell. Raises NotAValue, also for none without a reason."""
    text = words(cell)
    told = _WITH_REASON.fullmatch(text)
    head, reason = (told[1].strip(), (told[2] or told[3] or "").strip()) if told else (text, "")
    asked = Fact("", total_heading(kind), "count", "field_inspection", "", 0, 0, unit="个", high=MOST, none_is=0)
    answer = lenient_value(asked, head if reason and _is_none(head) else cell)
    if answer is None or not isinstance(answer.value, int):
        return None
    if not answer.value and not reason:
        says, hint = f"写了没有{kind.label}，没有写为什么", f"写成 0（辖区没有{kind.label}）"
        raise NotAValue("E243", says, hint)
    return SiteTotal(answer.value, "" if answer.value else reason, where)


def count_told(kind: SiteKind, text: str) -> SiteTotal:
    """As ``site_total``, of words in which there must be a number; none may have its reason elsewhere."""
    try:
        found = site_total(kind, text, NOWHERE)
    except NotAValue as why:
        if why.code == "E243":
            return SiteTotal(0)
        raise
    if found is None:
        raise NotAValue("E211", f"{total_heading(kind)}“{text}”看不出是几", "写一个数，如 4")
    return found


def _is_none(text: str) -> bool:
    return says_none(text) or text.strip("0０零〇个") == "" != text


def total_cell(total: SiteTotal) -> int | str:
    """The cell that says the same."""
    return total.count if total.count or not total.reason else f"0（{total.reason}）"
