"""Tables as CSV: UTF-8 with the byte-order mark by which Excel and WPS know it, or GB 18030; no text is a formula."""

from __future__ import annotations

import csv
from codecs import BOM_UTF8
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
    """The document's main tables, a blank line between them."""
    tables = [table_csv(table) for table in document.main_tables]
    return b"\r\n".join((tables[0], *(table.removeprefix(BOM_UTF8) for table in tables[1:]))) if tables else BOM_UTF8


def table_csv(table: Table, encoding: str = "utf-8") -> bytes:
    """The heading and the rows; a cell that holds a number stays one. ``encoding`` is one of ``ENCODINGS``."""
    table = table.on("sheets")
    rows = (map(_cell, table.columns, row) for row in table.rows)
    return csv_bytes([[column.title for column in table.columns], *map(list, rows)], ENCODINGS[encoding])


def _cell(column: Column, cell: Content) -> object:
    """Text, or something else that is no text: a number keeps its digits unless the column says how many it has."""
    if not isinstance(cell, int | Fraction) or column.kind == "share":
        return cell_text(column, cell) if cell is not None else ""
    return rounded(cell, column.decimals) if column.decimals else Decimal(plain_number(cell))


def csv_bytes(rows: Iterable[Sequence[object]], encoding: str = "utf-8-sig") -> bytes:
    """The rows as CSV. Text is made harmless here, and only here; numbers and days are written as they are."""
    stream = StringIO(newline="")
    cells = ([harmless(cell) if isinstance(cell, str) else str(cell) for cell in row] for row in rows)
    csv.writer(stream, lineterminator="\r\n").writerows(cells)
    return stream.getvalue().encode(encoding)
