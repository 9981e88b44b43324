"""Spreadsheet files → rows of cells. ``.xlsx .xls .ods`` through calamine, ``.csv`` and web pages as text, the tables
of a ``.docx`` one by one.

A file is looked at before it is opened: how far it unpacks, how far its cells reach, whether it is what its name
says. calamine holds a sheet as one dense block, so a single cell at the far corner would otherwise fill the memory.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from checklist.model.problems import FilesHaveProblems, Problem, Where
from checklist.model.refusals import Refusal, missing_extra, reason
from checklist.model.regular_files import NotRegular, TooLong, read_regular
from checklist.reading.tables.extent import CellRange, Extent, Inside, NotReadable, TooBig
from checklist.reading.tables.html_tables import is_page, page_rows
from checklist.reading.tables.text_tables import decode, text_rows
from checklist.reading.tables.word_tables import word_tables
from checklist.reading.tables.xls_guard import look_into_xls
from checklist.reading.tables.zip_guard import look_into_zip, unpacks_small, word_document
from checklist.values import headings as tables
from checklist.values.cells import RawCell, plain
from checklist.values.days import From1904

MAX_BYTES: Final = 20_000_000
MAX_ROWS: Final = 100_000
MAX_COLUMNS: Final = 2_000
MAX_CELLS: Final = 4_000_000
BOOKS: Final = frozenset({".xlsx", ".xlsm", ".xls", ".ods", ".et"})
_ZIP: Final = b"PK"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_OTHERS: Final = {
    b"%PDF": " PDF",
    b"Rar!": "压缩包",
    b"7z\xbc\xaf": "压缩包",
    b"\xff\xd8\xff": "照片",
    b"\x89PNG": "图片",
}
TEXTS: Final = frozenset({".csv", ".tsv", ".txt"})
WORD: Final = ".docx"
OLD_WORD: Final = frozenset({".doc", ".wps"})
_AS_DOCX: Final = "用 WPS 或 Word 另存为 .docx 再试"


@dataclass(frozen=True, slots=True)
class Sheet:
    """``rows[i][j]`` is the cell in row i + 1, column j + 1. ``name`` is empty for a text file.

    ``merged`` maps a cell to the row of the cell above that it is merged with; ``failed`` are the cells whose formula
    has no result (only known for .xlsx). ``ranges`` are the first and the last cell of all that are merged. In a
    ``delimited`` text every separator counts, also before an empty cell. ``above`` are the lines of a document that stand
    before its table.
    """

    file: str
    name: str
    rows: tuple[tuple[RawCell, ...], ...]
    hidden: bool = False
    merged: Mapping[tuple[int, int], int] = field(default_factory=dict)
    failed: Set[tuple[int, int]] = frozenset()
    ranges: tuple[CellRange, ...] = ()
    delimited: bool = False
    above: tuple[str, ...] = ()

    def where(self, row: int, column: int) -> Where:
        """Row and column count from 0."""
        cell = cell_name(row, column)
        return Where(self.file, cell=f"{self.name}!{cell}" if self.name else cell)

    def at(self, row: int, column: int | None) -> RawCell:
        if column is None or row >= len(self.rows) or column >= len(self.rows[row]):
            return None
        cell = self.rows[row][column]
        return None if cell == "" else cell

    def spread(self, row: int, column: int | None, head: int) -> RawCell:
        """The same, but of cells merged downwards below row ``head``, each row has what stands in the first."""
        cell = self.at(row, column)
        if cell is None and column is not None and (first := self.merged.get((row, column), 0)) > head:
            return self.at(first, column)
        return cell


def cell_name(row: int, column: int) -> str:
    """``D17`` from numbers that count from zero."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return f"{name}{row + 1}"


def read_sheets(path: Path, shown: str | None = None) -> tuple[Sheet, ...]:
    """Every sheet of the file, hidden ones too. Raises FilesHaveProblems when it cannot or must not be read."""
    shown = shown or str(path)
    if (suffix := path.suffix.lower()) == WORD:
        return tuple(_word(path, shown))
    if suffix in OLD_WORD:
        raise _refuse(shown, "E102", "旧版 Word 文件读不了", _AS_DOCX)
    data = read_whole(path, shown)
    if is_page(data):
        return (_page(data, shown),)
    if suffix in TEXTS:
        return (Sheet(shown, "", text_rows(data, shown, MAX_ROWS, MAX_COLUMNS), delimited=True),)
    return tuple(_book(data, shown))


def read_whole(path: Path, shown: str) -> bytes:
    """The whole of a regular file, which is not empty; a pipe or a device may have no end."""
    try:
        data = read_regular(path, MAX_BYTES)
    except TooLong as error:
        size = f"{error.size / 1e6:.0f} MB"
        raise _refuse(shown, "E103", f"文件太大（{size}）", f"最多 {MAX_BYTES // 1_000_000} MB") from None
    except (NotRegular, IsADirectoryError):
        raise _refuse(shown, "E101", "这不是普通文件", "写表格的文件名") from None
    except FileNotFoundError:
        raise _refuse(shown, "E101", "没有这个文件", "看看路径和文件名写对没有") from None
    except (OSError, ValueError) as error:
        hint = "文件可能正被 WPS 或 Excel 打开，请关闭后再试；或者没有读取权限"
        why = reason(error) if isinstance(error, OSError) else "文件名不能用"
        raise _refuse(shown, "E101", f"文件打不开：{why}", hint) from error
    if not data:
        raise _refuse(shown, "E104", "文件是空的", "看看是不是没有存盘，或没有传完")
    return data


def read_document(path: Path, shown: str | None = None) -> bytes:
    """A Word file that is safe to unpack. Raises FilesHaveProblems."""
    shown = shown or str(path)
    data = read_whole(path, shown)
    try:
        unpacks_small(data)
    except TooBig as reason:
        raise _refuse(shown, "E103", reason.says, "换一份小的") from None
    except NotReadable:
        raise _refuse(shown, "E102", "不是 Word 文件（.docx），或者已经损坏", _AS_DOCX) from None
    return data


def _word(path: Path, shown: str) -> Iterator[Sheet]:
    """The tables of a Word file, each a sheet: 表1, 表2."""
    data = read_document(path, shown)
    try:
        tables = list(word_tables(word_document(data), MAX_ROWS, MAX_COLUMNS))
    except TooBig as reason:
        raise _refuse(shown, "E103", reason.says, "换一份小的") from None
    except NotReadable:
        raise _refuse(shown, "E102", "不是 Word 文件（.docx），或者已经损坏", _AS_DOCX) from None
    if not tables:
        raise _refuse(shown, "E113", "这份 Word 文件里没有表格", "把内容排成表格，第一行写表头，再试")
    for number, table in enumerate(tables, 1):
        yield Sheet(shown, f"表{number}", table.rows, merged=table.merged, ranges=table.ranges, above=table.above)


def _page(data: bytes, shown: str) -> Sheet:
    try:
        rows, merged, across = page_rows(decode(data, shown), MAX_ROWS, MAX_COLUMNS)
    except Refusal as refused:
        raise _refuse(shown, "E103", refused.says, refused.hint) from None
    return Sheet(shown, "", rows, merged=merged, ranges=tuple(across))


def _book(data: bytes, shown: str) -> Iterator[Sheet]:
    try:
        import python_calamine as calamine
    except ImportError:
        raise missing_extra("python-calamine", "office") from None
    try:
        if _ENCRYPTED in data:
            raise calamine.PasswordError
        inside = _guarded(data)
        book = calamine.load_workbook(io.BytesIO(data))
        hidden = {m.name for m in book.sheets_metadata if m.visible != calamine.SheetVisibleEnum.Visible}
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            rows, ranges = _sheet_rows(sheet, inside.from_1904), tuple(sheet.merged_cell_ranges or ())
            below = _below_first(ranges, len(rows))
            yield Sheet(shown, name, rows, name in hidden, below, inside.failed.get(name, frozenset()), ranges)
    except TooBig as reason:
        raise _refuse(shown, "E103", reason.says, "删掉多余的行列或工作表，另存后再试") from None
    except NotReadable as reason:
        raise _refuse(shown, "E102", reason.says, _way_out(data)) from None
    except calamine.PasswordError:
        raise _refuse(shown, "E102", "表格加了打开密码", "去掉密码另存后再试") from None
    except BaseException as error:
        known = (calamine.CalamineError, calamine.XmlError, calamine.ZipError, ValueError, OSError)
        if not isinstance(error, known) and type(error).__name__ != "PanicException":  # which is no Exception
            raise
        raise _refuse(shown, "E102", "不是能读的表格文件，或者已经损坏", _way_out(data)) from error


def _guarded(data: bytes) -> Inside:
    """Whether the native reader may see the file, and what that reader does not tell of it."""
    extent = partial(Extent, MAX_ROWS, MAX_COLUMNS, MAX_CELLS)
    if data.startswith(_ZIP):
        return look_into_zip(data, extent)
    if not data.startswith(_OLE):
        raise NotReadable
    return look_into_xls(data, extent)


def _way_out(data: bytes) -> str:
    head = data[:1000].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if head.startswith(b"<?xml"):
        return "这其实是 XML 表格；用 WPS 打开，另存为 .xlsx"
    for start, kind in _OTHERS.items():
        if data.startswith(start):
            return f"这其实是{kind}，只是名字像表格；换成填好的表格"
    return "用 WPS 或 Excel 打开看看，另存为 .xlsx 后再试"


def _below_first(ranges: Iterable[CellRange], height: int) -> dict[tuple[int, int], int]:
    """Every cell below the first of cells merged downwards, with the row of the first."""
    found: dict[tuple[int, int], int] = {}
    for (top, column), (bottom, _) in ranges:
        for row in range(top + 1, min(bottom + 1, height)):
            found[row, column] = top
        if len(found) > MAX_ROWS:
            raise TooBig("合并的单元格太多")
    return found


def _sheet_rows(sheet: Any, from_1904: bool) -> tuple[tuple[RawCell, ...], ...]:
    if sheet.start is None:
        return ()
    if sheet.total_height > MAX_ROWS or sheet.total_width > MAX_COLUMNS:
        raise TooBig(f"表格太大（{sheet.total_height} 行 {sheet.total_width} 列）")
    rows = sheet.to_python(skip_empty_area=False)
    if from_1904:  # its dates are days already, but in a cell of no date format they are bare numbers
        rows = [[From1904(cell) if type(cell) in (int, float) else cell for cell in row] for row in rows]
    return tuple(map(tuple, rows))


def heading(cell: RawCell) -> str:
    return tables.heading(plain(cell)) if isinstance(cell, str) else ""


def _refuse(shown: str, code: str, says: str, hint: str = "") -> FilesHaveProblems:
    return FilesHaveProblems([Problem(Where(shown), code, says, hint)])
