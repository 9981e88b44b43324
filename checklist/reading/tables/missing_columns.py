"""Sheets that are answers but for one heading that somebody renamed: what is missing, and the heading that is nearest."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from checklist.model.problems import Problem
from checklist.model.rules.ruleset import Ruleset
from checklist.reading.tables.spreadsheet import Sheet, heading
from checklist.values.cells import RawCell, plain
from checklist.values.headings import (
    FORM_HEADINGS,
    HEADINGS,
    NOT_APPLICABLE,
    KnownColumn,
    column_of,
    key,
    label_index,
)

_ANSWERS: Final[tuple[tuple[KnownColumn, ...], ...]] = (("fact", "label"), ("value",))
_DECLARED: Final[tuple[tuple[KnownColumn, ...], ...]] = (("criterion",), ("reason",))


def missing_column(sheet: Sheet, ruleset: Ruleset, rows: int) -> Problem | None:
    """What is missing in one of the first ``rows`` rows; None where the sheet holds no facts or criteria at all."""
    declared = sheet.name == NOT_APPLICABLE
    needed = _DECLARED if declared else _ANSWERS
    known: Collection[str] = {key(id) for id in ruleset.by_id} if declared else label_index(ruleset)
    for row in range(min(len(sheet.rows), rows)):
        columns = {c: at for at, cell in enumerate(sheet.rows[row]) if (c := column_of(heading(cell))) is not None}
        lacking = [names for names in needed if not set(names) & columns.keys()]
        other = {at: name for at, cell in enumerate(sheet.rows[row]) if (name := plain(cell)) and not column_of(name)}
        if len(lacking) != 1:
            continue
        subjects = [columns[c] for c in needed[0] if c in columns] or list(other)
        told = [at for at in subjects if any(key(plain(cell)) in known for cell in _below(sheet, row, at))]
        if told:
            ours = {at: name for at, name in other.items() if key(name) not in FORM_HEADINGS}
            near = _nearest(lacking[0], ours) if lacking[0] != needed[0] else told[0]
            return _problem(sheet, row, lacking[0], near)
    return None


def _problem(sheet: Sheet, row: int, lacking: tuple[KnownColumn, ...], near: int | None) -> Problem:
    wanted = HEADINGS[lacking[-1]][0]
    says = f"{f'工作表“{sheet.name}”' if sheet.name else '表里'}缺“{wanted}”这一列，里面填的都没有收"
    if near is None:
        return Problem(sheet.where(row, 0), "E113", says, f"补上表头“{wanted}”")
    hint = f"最像的是“{plain(sheet.at(row, near))}”这一列；是的话把表头改成“{wanted}”，再收一遍"
    return Problem(sheet.where(row, near), "E113", says, hint)


def _nearest(lacking: tuple[KnownColumn, ...], other: Mapping[int, str]) -> int | None:
    def alike(at: int) -> float:
        names = (name for column in lacking for name in HEADINGS[column])
        return max(difflib.SequenceMatcher(None, other[at], name).ratio() for name in names)

    return max(other, key=alike, default=None)


def _below(sheet: Sheet, head: int, at: int) -> Iterator[RawCell]:
    return (sheet.at(row, at) for row in range(head + 1, len(sheet.rows)))
