"""Small tables and what a written workbook holds."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any, Final, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

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


Rows: TypeAlias = Sequence[Sequence[str]]


def csv_of(rows: Rows, encoding: str = "utf-8", separator: str = ",") -> bytes:
    out = StringIO()
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue().encode(encoding)


def html_of(rows: Rows) -> bytes:
    cells = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    return ("<html><table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table></html>").encode()


def xlsx_of(rows: Rows) -> bytes:
    width = max(map(len, rows))
    return plain_xlsx("表", [*rows[0], *[""] * (width - len(rows[0]))], rows[1:])


FILES: Final[dict[str, tuple[str, Callable[[Rows], bytes]]]] = {
    "csv": ("表.csv", csv_of),
    "gbk": ("表.csv", lambda rows: csv_of(rows, "gb18030")),
    "utf-16": ("表.csv", lambda rows: csv_of(rows, "utf-16", "\t")),
    "semicolons": ("表.csv", lambda rows: csv_of(rows, separator=";")),
    "tsv": ("表.tsv", lambda rows: csv_of(rows, separator="\t")),
    "html": ("表.xls", html_of),
    "xlsx": ("表.xlsx", xlsx_of),
}
"""How offices keep a table: file name and bytes."""


def as_parquet(rows: Rows, path: Path) -> None:
    pq.write_table(pa.table({h: [r[i] or None for r in rows[1:]] for i, h in enumerate(rows[0])}), path)


def as_sqlite(rows: Rows, path: Path) -> None:
    path.unlink(missing_ok=True)
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE t (" + ", ".join('"' + name + '"' for name in rows[0]) + ")")
        file.executemany(f"INSERT INTO t VALUES ({', '.join('?' * len(rows[0]))})", [list(r) for r in rows[1:]])
    file.close()
