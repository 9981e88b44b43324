"""Small tables and what a written workbook holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from checklist.reports.document.document import Column, Content, Table
from checklist.reports.formats.xlsx import TableSheet, sheets_xlsx


def plain_table(name: str, head: Sequence[str], rows: Iterable[Sequence[Content]]) -> Table:
    """Short rows end in empty cells."""
    return Table(name, tuple(map(Column, head)), tuple((*row, *[None] * (len(head) - len(row))) for row in rows))


def plain_xlsx(name: str, head: Sequence[str], rows: Iterable[Sequence[Content]]) -> bytes:
    return sheets_xlsx([TableSheet(plain_table(name, head, rows))])


def sheet_rows(book: bytes | Path, name: str) -> list[list[Any]]:
    """The cells of a sheet, typed as another program reads them."""
    import python_calamine as calamine

    data = book if isinstance(book, bytes) else book.read_bytes()
    rows: list[list[Any]] = calamine.CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_name(name).to_python()
    return rows
