"""The sheets of a ruleset's workbook as rows of placed values.

Headings are found by their names, so columns may be moved; merged cells, unknown or missing headings and values under
no heading are mistakes, each reported at its cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from checklist.model.problems import Problem, Where
from checklist.model.rules.rule_sheets import CRITERIA, GUIDE, HEAD, LEVEL_SUFFIX, SHEETS
from checklist.model.rules.sheet_columns import Placed, RuleSheet, SheetColumn
from checklist.reading.tables.spreadsheet import cell_name, read_sheets
from checklist.reading.yaml.yaml_file import parse_yaml
from checklist.values.cells import RawCell
from checklist.values.near import suggest

HEADER_ROWS: Final = 5
"""How far down the headings may stand, under a title for instance."""


@dataclass(slots=True)
class RuleRows:
    """One sheet: each row maps the key of a column to its value, placed; empty cells are left out."""

    sheet: RuleSheet
    rows: list[dict[str, Placed]] = field(default_factory=list)


@dataclass(slots=True)
class Workbook:
    """``shown`` is the file as the user wrote it."""

    shown: str
    grids: dict[str, Sequence[Sequence[RawCell]]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, cell: str, code: str, says: str, hint: str = "") -> None:
        self.problems.append(Problem(Where(self.shown, cell=cell), code, says, hint))

    def table(self, sheet: RuleSheet, levels: bool = False) -> RuleRows:
        """The sheet's rows; empty when there is no such sheet. ``levels`` allows a column for each level."""
        grid = self.grids.get(sheet.name)
        return RuleRows(sheet) if grid is None else _Reading(self, sheet, grid, levels).table()


def open_workbook(path: Path, shown: str | None = None) -> Workbook:
    """Every sheet's cells. Raises FilesHaveProblems when the file cannot or must not be opened; MissingExtra."""
    book = Workbook(shown or str(path))
    for sheet in read_sheets(path, book.shown):
        for (top, left), (bottom, right) in sheet.ranges:
            first = cell_name(top, left)
            says = f"{first}:{cell_name(bottom, right)} 是合并的单元格"
            book.wrong(f"{sheet.name}!{first}", "E704", says, "取消合并，每一格各填各的")
        book.grids[sheet.name] = sheet.rows
    return book


class _Reading:
    """The rows of one sheet."""

    def __init__(self, book: Workbook, sheet: RuleSheet, grid: Sequence[Sequence[RawCell]], levels: bool) -> None:
        self.book, self.sheet, self.grid, self.levels = book, sheet, grid, levels
        self.by_heading = {column.heading: column for column in sheet.columns}

    def at(self, row: int, column: int) -> str:
        return f"{self.sheet.name}!{cell_name(row, column)}"

    def table(self) -> RuleRows:
        table = RuleRows(self.sheet)
        start = self.header_row()
        if start is None:
            headings = "、".join(self.by_heading)
            says = f"前 {HEADER_ROWS} 行里找不到表头“{self.sheet.key.heading}”"
            self.book.wrong(self.at(0, 0), "E703", says, f"这张表的列有：{headings}")
            return table
        columns = self.columns(start)
        if not self.shifted(start, columns):
            rows = (self.row(number, columns) for number in range(start + 1, len(self.grid)))
            table.rows += [row for row in rows if row]
        return table

    def shifted(self, start: int, columns: Mapping[int, SheetColumn]) -> bool:
        """Whether no row at all has its key: then the table as a whole has moved away from its headings."""
        key = next((place for place, column in columns.items() if column.key == self.sheet.key.key), None)
        filled = [n for n in range(start + 1, len(self.grid)) if not all(map(_blank, self.grid[n]))]
        if key is None or len(filled) < 2 or any(not _blank(self.grid[n][key]) for n in filled):
            return False
        first = next(place for place, value in enumerate(self.grid[filled[0]]) if not _blank(value))
        says = f"“{self.sheet.key.heading}”整列是空的，内容和表头错开了"
        self.book.wrong(self.at(filled[0], first), "E703", says, "把表头下面的内容整体挪回去，每列对准自己的表头")
        return True

    def header_row(self) -> int | None:
        """The first row that has the key heading."""
        for number, row in enumerate(self.grid[:HEADER_ROWS]):
            if any(_heading(value) == self.sheet.key.heading for value in row):
                return number
        return None

    def columns(self, start: int) -> Mapping[int, SheetColumn]:
        found: dict[int, SheetColumn] = {}
        for place, value in enumerate(self.grid[start]):
            heading = _heading(value)
            if not heading:
                continue
            column = self.by_heading.get(heading) or self.level(heading)
            if column is None:
                hint = suggest(heading, self.by_heading) or "改回原来的表头，或删掉这一列"
                self.book.wrong(self.at(start, place), "E703", f"没有“{heading}”这一列", hint)
            elif column.key in {c.key for c in found.values()}:
                self.book.wrong(self.at(start, place), "E703", f"“{heading}”这一列出现了两次", "留一列")
            else:
                found[place] = column
        have = {column.key for column in found.values()}
        for column in self.sheet.columns:
            if column.needed and column.key not in have:
                self.book.wrong(self.at(start, 0), "E703", f"缺少“{column.heading}”这一列", "把这一列补上")
        return found

    def level(self, heading: str) -> SheetColumn | None:
        name = heading.removesuffix(LEVEL_SUFFIX).strip()
        wanted = self.levels and heading.endswith(LEVEL_SUFFIX) and name
        return SheetColumn(heading, f"level.{name}") if wanted else None

    def row(self, number: int, columns: Mapping[int, SheetColumn]) -> dict[str, Placed]:
        row: dict[str, Placed] = {}
        for place, raw in enumerate(self.grid[number]):
            if _blank(raw):
                continue
            column = columns.get(place)
            if column is None:
                hint = "看看是不是整行往旁边错了一列；不用的内容请删掉"
                self.book.wrong(self.at(number, place), "E703", "这一格上面没有表头", hint)
                continue
            row[column.key] = Placed(self.value(raw, column, self.at(number, place)), self.at(number, place))
        key = self.sheet.key
        if row and key.key not in row and key.key != "file":
            first = next(iter(row.values())).cell
            self.book.wrong(first, "E705", f"这一行没有填“{key.heading}”", "填上，或把整行删掉")
            return {}
        return row

    def value(self, raw: RawCell, column: SheetColumn, cell: str) -> Any:
        if column.kind == "text":
            return column.in_file(_text(raw))
        if column.kind == "lines" and not (isinstance(raw, str) and raw.lstrip().startswith(("-", "["))):
            return [column.in_file(line.strip()) for line in _text(raw).splitlines() if line.strip()]
        return self.yaml(column.in_file(raw) if isinstance(raw, str) else raw, cell)

    def yaml(self, raw: RawCell, cell: str) -> Any:
        """A value as a rule file would hold it; what is no YAML is reported and left as text."""
        if not isinstance(raw, str):
            return _plain(raw)
        document = parse_yaml(_text(raw), self.book.shown)
        for problem in document.problems:
            self.book.wrong(cell, problem.code, problem.says, problem.hint)
        return raw if document.problems else document.data


def _heading(value: RawCell) -> str:
    return " ".join(str(value).split())


def _blank(raw: RawCell) -> bool:
    return raw is None or (isinstance(raw, str) and not raw.strip())


def _plain(raw: RawCell) -> Any:
    """Numbers exact, days as days: a cell's own type is not Python's to keep."""
    match raw:
        case bool() | int():
            return raw
        case float():
            return int(raw) if raw.is_integer() else Decimal(repr(raw))
        case datetime():
            return raw.date()
        case date():
            return raw
    return str(raw)


def _text(raw: RawCell) -> str:
    if isinstance(raw, bool):
        return "true" if raw else "false"
    return str(_plain(raw)).replace("\r\n", "\n").replace("\r", "\n")


def known_sheets(book: Workbook) -> None:
    """What is there and not read, or missing, among the mistakes of the book."""
    names = [sheet.name for sheet in SHEETS]
    for sheet in (HEAD, CRITERIA):
        if sheet.name not in book.grids:
            near = suggest(sheet.name, [name for name in book.grids if name not in names])
            book.wrong(
                "", "E702", f"工作簿里没有“{sheet.name}”这张表", near or "用 checklist rules export 导出一份再改"
            )
    for name in book.grids:
        if name not in names and name != GUIDE:
            book.wrong(name, "W701", f"不认识“{name}”这张表，没有读", suggest(name, names))
