"""Blocks as a workbook: every table a sheet of its own, named by the heading above it (extra ``office``)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, Final

from rich.cells import cell_len

from checklist.reports.document.blocks import Grid, Heading, Page, Paragraph
from checklist.reports.document.prose import clean
from checklist.reports.formats.spreadsheets import Looks, print_setup, workbook_bytes

_NUMBER = re.compile(r"[-+]?\d{1,12}(\.\d+)?")
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
NARROWEST, WIDEST = 6, 60
LONGEST_NAME: Final = 31


def blocks_xlsx(page: Page, made_on: date) -> bytes:
    """Numbers are numbers, everything else is text; what stands between the tables goes above them. Raises
    MissingExtra."""

    def fill(book: Any, looks: Looks) -> None:
        for name, notes, grid in _tables(page):
            sheet = book.add_worksheet(_NOT_IN_NAMES.sub("", name)[:LONGEST_NAME])
            for row, note in enumerate(notes):
                looks.put(sheet, row, 0, clean(note), "note")
            _write(sheet, len(notes), grid, looks)

    return workbook_bytes(fill, made_on, page.title)


def _tables(page: Page) -> Iterator[tuple[str, list[str], Grid]]:
    name, notes = page.title, []
    for block in page.blocks:
        match block:
            case Heading(_, text, _):
                name = text
            case Paragraph(text, label, _):
                notes.append(f"{label}：{text}" if label else text)
            case Grid():
                yield name, notes, block
                notes = []


def _write(sheet: Any, top: int, grid: Grid, looks: Looks) -> None:
    for column, title in enumerate(grid.head):
        cells = [row[column] for row in grid.rows]
        numbers = all(_NUMBER.fullmatch(cell) for cell in cells if cell) and any(cells)
        changes = numbers and any(cell[:1] in ("+", "-") for cell in cells)
        looks.put(sheet, top, column, clean(title), "head")
        sheet.set_column(column, column, _width(title, cells))
        for row, cell in enumerate(cells, top + 1):
            if numbers and cell:
                look = {"num_format": "+0.00;-0.00;0.00"} if changes else {}
                looks.put(sheet, row, column, Fraction(cell), "number", **look)
            else:
                looks.put(sheet, row, column, clean(cell))
    sheet.freeze_panes(top + 1, 0)
    print_setup(sheet, top)


def _width(title: str, cells: Sequence[str]) -> int:
    lines = [line for cell in (title, *cells) for line in cell.split("\n")]
    return min(WIDEST, max(NARROWEST, *map(cell_len, lines)) + 2)
