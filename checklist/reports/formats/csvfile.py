"""Every criterion with its outcome as CSV, with the byte-order mark by which Excel and WPS know UTF-8."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Final

from ..dossier import Dossier
from ..lists import criteria_table
from ..paper import Cell, Column, Table, cell_text, one_line

FORMULA: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def report(dossier: Dossier) -> bytes:
    assessment = dossier.assessment
    table = criteria_table(assessment)
    name = assessment.state.community.name
    columns = (Column("社区", 8), Column("现状日期", 8, "date"), *table.columns)
    rows = tuple((name, assessment.as_of, *row) for row in table.rows)
    return csv_bytes(Table(table.title, columns, rows))


def csv_bytes(table: Table) -> bytes:
    stream = StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(column.title for column in table.columns)
    for row in table.rows:
        writer.writerow(_cell(column, cell) for column, cell in zip(table.columns, row, strict=True))
    return b"\xef\xbb\xbf" + stream.getvalue().encode("utf-8")


def _cell(column: Column, cell: Cell) -> str:
    """Text that a spreadsheet would take for a formula gets an apostrophe; numbers stay numbers."""
    text = one_line(cell_text(column, cell))
    return f"'{text}" if isinstance(cell, str) and text.startswith(FORMULA) else text
