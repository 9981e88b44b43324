"""Why a criterion does not apply, as people write it: a reason says what the place does not have; one cell of a wide table
holds a declaration a line: ``NBR-02：没有农贸市场（到 2027-01-01）``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from checklist.model.as_seen import as_seen
from checklist.model.problems import NotAValue
from checklist.values.answer import BLANK, NOT_HERE, UNSURE
from checklist.values.cells import shown
from checklist.values.headings import declared_parts
from checklist.values.look_alikes import criterion_id
from checklist.values.none import NEVER_WORD, NONE_WORDS
from checklist.values.yes_or_no import NO, YES

_NO_REASON: Final = BLANK | NOT_HERE | UNSURE | YES | NO | NONE_WORDS | {
    NEVER_WORD, "同上", "同前", "同上行", "见上", "如上", "如题", "不需要", "没有该项", "没有这项", "没有理由", "无理由", "其他", "待定", "待补",
}  # fmt: skip
_EXAMPLE: Final = "辖区里没有农贸市场"
_LINE = re.compile(r"\s*(\S+?)\s*[:：,，\s]\s*(.*)", re.DOTALL)
_CRITERION = re.compile(r"[A-Z][A-Z0-9]*-\d{1,4}", re.ASCII)
WAY_OUT: Final = "写成 NBR-02：辖区里没有农贸市场，一行一条"


def declared_reason(text: str, example: str = "") -> str:
    """The reason as written. Raises NotAValue for 无, 没有, 同上, strokes, a single character or bare numbers: they name
    nothing that is not there. ``example`` is when the criterion may be declared (``na_when``)."""
    folded = as_seen(text).lower()
    letters = "".join(c for c in folded if c.isalpha())
    if len(letters) > 1 and not {letters, folded.strip()} & _NO_REASON:
        return text
    says = f"不适用的理由只写了“{shown(text)}”，没有说为什么" if text.strip() else "没有写理由"
    hint = f"写清楚辖区里没有什么，如“{example.split('，')[0] or _EXAMPLE}”；要测的就删掉这条声明"
    raise NotAValue("E324", says, hint)


@dataclass(frozen=True, slots=True)
class DeclaredCell:
    """One declaration of a wide table's cell, its last day as it stands; ``criterion`` is empty when none is named."""

    criterion: str
    reason: str
    until: str = ""


def declared_lines(text: str) -> Iterator[DeclaredCell]:
    """The declarations of one cell; a line that names no criterion goes on with the one above."""
    entries: list[str] = []
    for line in text.splitlines():
        if _told(line) or not entries:
            entries.append(line)
        else:
            entries[-1] += f"\n{line}"
    for entry in entries:
        told = _told(entry)
        if told is None:
            yield DeclaredCell("", entry.strip())
            continue
        yield DeclaredCell(criterion_id(told[1]), *declared_parts(told[2]))


def _told(line: str) -> re.Match[str] | None:
    """The criterion and the reason that a line gives; None when it begins with no criterion's id."""
    told = _LINE.match(line)
    return told if told and _CRITERION.fullmatch(criterion_id(told[1])) else None
