"""Every criterion with its outcome as CSV, with the byte-order mark by which Excel and WPS know UTF-8."""

from __future__ import annotations

from checklist.reports.assessment.dossier import Dossier
from checklist.reports.assessment.report_lists import criteria_table
from checklist.reports.document.document import Column, Content, Table, cell_text, one_line
from checklist.reports.formats.spreadsheets import csv_bytes, harmless


def report(dossier: Dossier) -> bytes:
    assessment = dossier.assessment
    table = criteria_table(assessment)
    name = assessment.state.community.name
    columns = (Column("社区", 8), Column("现状日期", 8, "date"), *table.columns)
    rows = tuple((name, assessment.as_of, *row) for row in table.rows)
    return table_csv(Table(table.title, columns, rows))


def table_csv(table: Table) -> bytes:
    cells = ([_cell(*pair) for pair in zip(table.columns, row, strict=True)] for row in table.rows)
    return csv_bytes([[column.title for column in table.columns], *cells])


def _cell(column: Column, cell: Content) -> str:
    """Text that a spreadsheet would take for a formula gets an apostrophe; numbers stay numbers."""
    text = one_line(cell_text(column, cell))
    return harmless(text) if isinstance(cell, str) else text
