"""A plain table as a file: ``.xlsx``, or ``.csv`` in UTF-8 (with the mark that Excel looks for) or GBK."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from fractions import Fraction
from typing import Any, Final, TypeAlias

from checklist.reports.formats.spreadsheets import csv_bytes, harmless, workbook_bytes
from checklist.reports.forms.form_cells import cells_wide

Cell: TypeAlias = str | int | Fraction | date | None
CREATED: Final = date(2026, 1, 1)
"""The same rows give the same bytes."""


def table_csv(head: Sequence[str], rows: Iterable[Sequence[Cell]], encoding: str = "utf-8") -> bytes:
    """``encoding`` is ``utf-8`` or ``gbk`` (characters that GBK lacks are written as GB 18030 has them)."""
    texts = ([harmless(_text(cell)) for cell in row] for row in (head, *rows))
    return csv_bytes(texts, "utf-8-sig" if encoding == "utf-8" else "gb18030")


def table_xlsx(
    name: str,
    head: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    widths: Sequence[float] = (),
    open_from: int = 0,
    lists: Mapping[tuple[int, int], Sequence[str]] | None = None,
) -> bytes:
    """One sheet with a frozen heading. Raises Refusal. Every text is a text cell. ``lists`` are drop-downs by
    row (from 0, below the heading) and column; something else may be typed after a warning."""

    def fill(book: Any) -> None:
        sheet = book.add_worksheet(name)
        _fill(book, sheet, head, rows, widths, open_from)
        for (row, column), choices in (lists or {}).items():
            rule = {"validate": "list", "source": list(choices), "error_type": "warning"}
            sheet.data_validation(row + 1, column, row + 1, column, rule)

    return workbook_bytes(fill, CREATED)


def _fill(
    book: Any,
    sheet: Any,
    head: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    widths: Sequence[float],
    open_from: int,
) -> None:
    bold = book.add_format({"bold": True, "bg_color": "#D9E2F3", "border": 1, "text_wrap": True, "valign": "vcenter"})
    body = book.add_format({"border": 1, "text_wrap": True, "valign": "vcenter"})
    day = book.add_format({"border": 1, "num_format": "yyyy-mm-dd", "valign": "vcenter"})
    for column, text in enumerate(head):
        sheet.set_column(column, column, widths[column] if column < len(widths) else 14)
        sheet.write_string(0, column, text, bold)
    for row, cells in enumerate(rows, 1):
        for column, cell in enumerate(cells):
            _write(sheet, row, column, cell, body, day)
        if widths and (lines := _lines(cells, widths)) > 1:
            sheet.set_row(row, 15 * lines)
    sheet.freeze_panes(1, open_from)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _lines(cells: Sequence[Cell], widths: Sequence[float]) -> int:
    """How many lines the longest cell takes: WPS and LibreOffice do not fit a row to its text by themselves."""
    texts = zip(map(_text, cells), widths, strict=False)
    return min(20, max((-(-cells_wide(text) // max(1, int(width) - 1)) for text, width in texts), default=1))


def _write(sheet: Any, row: int, column: int, cell: Cell, body: Any, day: Any) -> None:
    match cell:
        case None | "":
            sheet.write_blank(row, column, None, body)
        case date():
            sheet.write_datetime(row, column, datetime.combine(cell, time()), day)
        case int() | Fraction() if abs(Fraction(cell)) < 10**13:
            sheet.write_number(row, column, float(cell), body)
        case _:
            sheet.write_string(row, column, harmless(_text(cell))[:32_000], body)


def _text(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case Fraction():
            return f"{float(cell):.15g}"
    return str(cell)
