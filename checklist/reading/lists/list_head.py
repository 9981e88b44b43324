"""What stands above an inspection's list and holds for all of it: ``被检单位：…　检查时间：…　检查组：…``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from checklist.model.problems import NotAValue, Problem, Where
from checklist.reading.tables.spreadsheet import Sheet
from checklist.values.cells import RawCell, plain
from checklist.values.days import day_in
from checklist.values.headings import ListColumn, list_column

ABOVE: Final[frozenset[ListColumn]] = frozenset({"community", "on", "by", "point", "place", "owner", "person", "term"})
"""What may be said once for a whole list."""

_LABEL: Final = re.compile(r"(?:^|[\s,;，；。])([\u4e00-\u9fff()（）]{2,12})\s*[:：]")
_LONGEST_NAME: Final = 60
_COMMUNITY: Final = re.compile(
    r"(?:\S{2,}(?:区|街道|镇|乡))?(\S{2,}?(?:社区|村))(?:居委会|居民委员会|村委会|村民委员会|党[委总支部]*)?"
)


def read_head(
    sheet: Sheet, head: int, today: date
) -> tuple[Mapping[ListColumn, str], date | None, tuple[Problem, ...]]:
    """What the lines above row ``head`` say, the day of the inspection among it, and mistakes in them."""
    found: dict[ListColumn, str] = {}
    on: date | None = None
    problems: list[Problem] = []
    for column, value, where in _said(sheet, head):
        text = _community(plain(value)) if column == "community" else plain(value)
        if not text or column in found:
            continue
        found[column] = text
        if column == "on":
            try:
                on = day_in(value, today)
            except NotAValue as reason:
                problems.append(Problem(where, reason.code, reason.says, reason.hint))
    return found, on, tuple(problems)


def _said(sheet: Sheet, head: int) -> Iterator[tuple[ListColumn, RawCell, Where]]:
    for line in sheet.above:
        for column, text in _labelled(line):
            yield column, text, Where(sheet.file)
    for row in range(head):
        cells = [(at, cell) for at, cell in enumerate(sheet.rows[row]) if plain(cell)]
        for place, (at, cell) in enumerate(cells):
            beside = cells[place + 1][1] if place + 1 < len(cells) else None
            told = list(_labelled(plain(cell)))
            if not told and (alone := list_column(plain(cell))) in ABOVE and alone is not None:
                told = [(alone, "")]
            if told and not told[-1][1] and beside is not None and list_column(plain(beside)) is None:
                yield told.pop()[0], beside, sheet.where(row, cells[place + 1][0])
            for column, text in told:
                yield column, text, sheet.where(row, at)


def _labelled(line: str) -> list[tuple[ListColumn, str]]:
    """Label and what stands behind it, as far as the next label."""
    labels = list(_LABEL.finditer(line))
    ends = [*(label.start() for label in labels[1:]), len(line)]
    told = ((list_column(label[1]), line[label.end() : end]) for label, end in zip(labels, ends, strict=False))
    return [(column, text.strip(" \t\n　,;，；。")) for column, text in told if column in ABOVE and column is not None]


def _community(text: str) -> str:
    """被检单位 may be an office as well, which is no community: 相山区东街道翠湖社区居委会 is 翠湖社区."""
    found = _COMMUNITY.fullmatch("".join(text.split())) if len(text) <= _LONGEST_NAME else None
    return found[1] if found else ""
