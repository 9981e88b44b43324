"""Spreadsheet files → rows of cells. ``.xlsx .xls .ods`` through calamine, ``.csv`` in UTF-8 or GBK.

A file is looked at before it is opened: how far it unpacks, how far its cells reach, whether it is what its name
says. calamine holds a sheet as one dense block, so a single cell at the far corner would otherwise fill the memory.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ..model.problems import FilesHaveProblems, MissingExtra, Problem, Where
from ..model.refusals import reason
from .cells import Cell, plain
from .packed import TooBig, look_into

MAX_BYTES: Final = 20_000_000
MAX_ROWS: Final = 100_000
MAX_COLUMNS: Final = 2_000
MAX_CELLS: Final = 4_000_000
BOOKS: Final = frozenset({".xlsx", ".xlsm", ".xls", ".ods", ".et"})
TEXTS: Final = frozenset({".csv", ".tsv", ".txt"})


@dataclass(frozen=True, slots=True)
class Sheet:
    """``rows[i][j]`` is the cell in row i + 1, column j + 1. ``name`` is empty for a text file."""

    file: str
    name: str
    rows: tuple[tuple[Cell, ...], ...]

    def where(self, row: int, column: int) -> Where:
        """Row and column count from 0."""
        cell = f"{column_name(column)}{row + 1}"
        return Where(self.file, cell=f"{self.name}!{cell}" if self.name else cell)

    def at(self, row: int, column: int | None) -> Cell:
        if column is None or row >= len(self.rows) or column >= len(self.rows[row]):
            return None
        cell = self.rows[row][column]
        return None if cell == "" else cell


def column_name(column: int) -> str:
    """0 → A, 26 → AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def read_sheets(path: Path, shown: str | None = None) -> tuple[Sheet, ...]:
    """Every sheet of the file, hidden ones too. Raises FilesHaveProblems when it cannot or must not be read."""
    shown = shown or str(path)
    size = _size(path, shown)
    if size > MAX_BYTES:
        raise _refuse(shown, "E103", f"文件太大（{size / 1e6:.0f} MB）", f"最多 {MAX_BYTES // 1_000_000} MB")
    try:
        data = path.read_bytes()
    except OSError as error:
        hint = "文件可能正被 WPS 或 Excel 打开，请关闭后再试"
        raise _refuse(shown, "E101", f"文件打不开：{reason(error)}", hint) from error
    if path.suffix.lower() in TEXTS:
        return (Sheet(shown, "", _text_rows(data, shown)),)
    return tuple(_book(data, shown))


def _size(path: Path, shown: str) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        raise _refuse(shown, "E101", "没有这个文件", "看看路径和文件名写对没有") from None
    except OSError as error:
        raise _refuse(shown, "E101", f"文件打不开：{reason(error)}", "看看有没有读取权限") from error


def _book(data: bytes, shown: str) -> Iterator[Sheet]:
    try:
        import python_calamine as calamine
    except ImportError:
        raise MissingExtra("python-calamine", "office") from None
    try:
        look_into(data, MAX_ROWS, MAX_COLUMNS, MAX_CELLS)
        book = calamine.load_workbook(io.BytesIO(data))
        for name in book.sheet_names:
            yield Sheet(shown, name, _sheet_rows(book.get_sheet_by_name(name)))
    except TooBig as reason:
        raise _refuse(shown, "E103", reason.says, "删掉多余的行列或工作表，另存后再试") from None
    except calamine.PasswordError:
        raise _refuse(shown, "E102", "表格加了打开密码", "去掉密码另存后再试") from None
    except (calamine.CalamineError, calamine.XmlError, calamine.ZipError, ValueError, OSError) as error:
        raise _refuse(shown, "E102", "不是能读的表格文件，或者已经损坏", _way_out(data)) from error


def _way_out(data: bytes) -> str:
    if data[:5].lower().startswith((b"<html", b"<!doc", b"<tabl")):
        return "这其实是网页；用 WPS 打开，另存为 .xlsx"
    return "用 WPS 或 Excel 打开看看，另存为 .xlsx 后再试"


def _sheet_rows(sheet: Any) -> tuple[tuple[Cell, ...], ...]:
    if sheet.start is None:
        return ()
    if sheet.total_height > MAX_ROWS or sheet.total_width > MAX_COLUMNS:
        raise TooBig(f"表格太大（{sheet.total_height} 行 {sheet.total_width} 列）")
    return tuple(tuple(row) for row in sheet.to_python(skip_empty_area=False))


def _text_rows(data: bytes, shown: str) -> tuple[tuple[Cell, ...], ...]:
    text = decode(data, shown)
    first = text[:4000].split("\n", 1)[0]
    delimiter = max(",\t;", key=first.count)
    rows: list[tuple[Cell, ...]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append(tuple(row))
            if len(rows) > MAX_ROWS or len(row) > MAX_COLUMNS:
                raise _refuse(shown, "E103", f"表格太大（超过 {MAX_ROWS} 行或 {MAX_COLUMNS} 列）", "分成几份再导入")
    except csv.Error:
        raise _refuse(shown, "E102", f"第 {len(rows) + 1} 行读不下去", "看看引号有没有配对") from None
    return tuple(rows)


def decode(data: bytes, shown: str) -> str:
    """Text in UTF-8 (with or without its mark), UTF-16 with a mark, else GBK."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise _refuse(shown, "E102", "文件不是文本，或者编码认不出来", "用 WPS 打开，另存为 .xlsx 或 UTF-8 的 .csv")


def headings(sheet: Sheet, row: int) -> dict[str, int]:
    """Heading → column for one row, as ``plain`` text without blanks, stars and line breaks; the first of two wins."""
    found: dict[str, int] = {}
    for column, cell in enumerate(sheet.rows[row] if row < len(sheet.rows) else ()):
        name = heading(cell)
        if name:
            found.setdefault(name, column)
    return found


def heading(cell: Cell) -> str:
    return "".join(plain(cell).split()).strip("*:").lower() if isinstance(cell, str) else ""


def _refuse(shown: str, code: str, says: str, hint: str = "") -> FilesHaveProblems:
    return FilesHaveProblems([Problem(Where(shown), code, says, hint)])
