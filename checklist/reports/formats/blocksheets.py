"""Blocks as a workbook: every table a sheet of its own, named by the heading above it (extra ``office``)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from checklist.reports.document.blocks import Grid, Heading, Page, Paragraph
from checklist.reports.document.prose import clean
from checklist.reports.formats.spreadsheets import workbook_bytes
from checklist.reports.forms.form_cells import cells_wide

_NUMBER = re.compile(r"[-+]?\d{1,12}(\.\d+)?")
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_BODY: Final = {"border": 1, "text_wrap": True, "valign": "top"}
NARROWEST, WIDEST = 6, 60
LONGEST_NAME: Final = 31


def blocks_xlsx(page: Page, made_on: date) -> bytes:
    """Numbers are numbers, everything else is text; what stands between the tables goes above them. Raises
    Refusal."""

    def fill(book: Any) -> None:
        head = book.add_format({"bold": True, "bg_color": "#D9E2F3", "border": 1, "text_wrap": True})
        body = book.add_format(_BODY)
        signed = book.add_format({**_BODY, "num_format": "+0.00;-0.00;0.00"})
        for name, notes, grid in _tables(page):
            sheet = book.add_worksheet(_NOT_IN_NAMES.sub("", name)[:LONGEST_NAME])
            for row, note in enumerate(notes):
                sheet.write_string(row, 0, clean(note))
            _write(sheet, len(notes), grid, head, body, signed)

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


def _write(sheet: Any, top: int, grid: Grid, head: Any, body: Any, signed: Any) -> None:
    for column, title in enumerate(grid.head):
        cells = [row[column] for row in grid.rows]
        numbers = all(_NUMBER.fullmatch(cell) for cell in cells if cell) and any(cells)
        changes = numbers and any(cell[:1] in ("+", "-") for cell in cells)
        sheet.write_string(top, column, clean(title), head)
        sheet.set_column(column, column, _width(title, cells))
        for row, cell in enumerate(cells, top + 1):
            if numbers and cell:
                sheet.write_number(row, column, float(Decimal(cell)), signed if changes else body)
            else:
                sheet.write_string(row, column, clean(cell), body)
    sheet.freeze_panes(top + 1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top)


def _width(title: str, cells: Sequence[str]) -> int:
    lines = [line for cell in (title, *cells) for line in cell.split("\n")]
    return min(WIDEST, max(NARROWEST, *map(cells_wide, lines)) + 2)
