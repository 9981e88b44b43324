"""Every criterion with its outcome as CSV, with the byte-order mark by which Excel and WPS know UTF-8."""

from __future__ import annotations

from checklist.reports.assessment.dossier import Dossier
from checklist.reports.assessment.report_lists import criteria_table
from checklist.reports.document.document import Column, Table, one_line
from checklist.reports.formats.csv_text import table_csv


def report(dossier: Dossier) -> bytes:
    assessment = dossier.assessment
    table = criteria_table(assessment)
    name = one_line(assessment.state.community.name)
    columns = (Column("社区", 8), Column("现状日期", 8, "date"), *table.columns)
    rows = tuple(
        (name, assessment.as_of, *(one_line(c) if isinstance(c, str) else c for c in row)) for row in table.rows
    )
    return table_csv(Table(table.title, columns, rows))
