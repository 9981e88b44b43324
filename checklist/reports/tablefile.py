"""A plain table as a file: ``.xlsx``, or ``.csv`` in UTF-8 (with the mark that Excel looks for) or GBK."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from fractions import Fraction
from typing import Any, TypeAlias

from ..model.problems import MissingExtra
from .formcells import cells_wide

Cell: TypeAlias = str | int | Fraction | date | None
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def table_csv(head: Sequence[str], rows: Iterable[Sequence[Cell]], encoding: str = "utf-8") -> bytes:
    """``encoding`` is ``utf-8`` or ``gbk`` (characters that GBK lacks are written as GB 18030 has them)."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([harmless(cell) for cell in head])
    writer.writerows([harmless(_text(cell)) for cell in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig" if encoding == "utf-8" else "gb18030")


def harmless(text: str) -> str:
    """Text that no spreadsheet program takes for a formula; reading takes the apostrophe off again."""
    return f"'{text}" if _FORMULA.match(text) else text


def table_xlsx(
    name: str,
    head: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    widths: Sequence[float] = (),
    open_from: int = 0,
    lists: Mapping[tuple[int, int], Sequence[str]] | None = None,
) -> bytes:
    """One sheet with a frozen heading. Raises MissingExtra. Every text is a text cell. ``lists`` are drop-downs by
    row (from 0, below the heading) and column; something else may be typed after a warning."""
    try:
        import xlsxwriter
    except ImportError:
        raise MissingExtra("xlsxwriter", "office") from None
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(stream, options)
    book.set_properties({"created": datetime(2026, 1, 1)})
    sheet = book.add_worksheet(name)
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
    for (row, column), choices in (lists or {}).items():
        rule = {"validate": "list", "source": list(choices), "error_type": "warning"}
        sheet.data_validation(row + 1, column, row + 1, column, rule)
    sheet.freeze_panes(1, open_from)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    book.close()
    return stream.getvalue()


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
