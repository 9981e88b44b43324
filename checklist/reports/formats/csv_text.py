"""Tables as CSV: UTF-8 with the byte-order mark by which Excel and WPS know it, or GB 18030; no text is a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from io import StringIO
from typing import Final

from checklist.model.numbers import rounded
from checklist.reports.document.document import Column, Content, Document, Table, cell_text
from checklist.reports.formats.spreadsheets import plain_number
from checklist.values.formula_starts import harmless

ENCODINGS: Final = {"utf-8": "utf-8-sig", "gbk": "gb18030"}
"""GB 18030 writes what GBK has as GBK does, and the rest too."""


def render(document: Document) -> bytes:
    """The main tables, one after another, with an empty line between."""
    rows: list[list[object]] = []
    for table in document.main_tables:
        rows += [[], *_rows(table)] if rows else _rows(table)
    return csv_bytes(rows)


def table_csv(table: Table, encoding: str = "utf-8") -> bytes:
    """The heading and the rows; a cell that holds a number stays one. ``encoding`` is one of ``ENCODINGS``."""
    return csv_bytes(_rows(table), ENCODINGS[encoding])


def _rows(table: Table) -> list[list[object]]:
    table = table.on("sheets")
    return [[c.title for c in table.columns], *(list(map(_cell, table.columns, row)) for row in table.rows)]


def _cell(column: Column, cell: Content) -> object:
    """Text, or something else that is no text: a number keeps its digits unless the column says how many it has."""
    if not isinstance(cell, int | Fraction):
        return cell_text(column, cell) if cell is not None else ""
    if column.kind == "share":
        return PercentText(cell_text(column, cell))
    return rounded(cell, column.decimals) if column.decimals else Decimal(plain_number(cell))


class PercentText(str):
    """``-3.2%``: begins like a formula and is a number."""


def csv_bytes(rows: Iterable[Sequence[object]], encoding: str = "utf-8-sig") -> bytes:
    """The rows as CSV. Text is made harmless here, and only here; numbers and days are written as they are."""
    stream = StringIO(newline="")
    cells = ([harmless(cell) if type(cell) is str else str(cell) for cell in row] for row in rows)
    csv.writer(stream, lineterminator="\r\n").writerows(cells)
    return stream.getvalue().encode(encoding)
