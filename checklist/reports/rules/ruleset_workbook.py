"""A ruleset as an Excel workbook for the people who keep its rules. Needs xlsxwriter (extra ``office``).

Every text is written as text: nothing that stands in a rule file can start a formula, also after it was edited.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from checklist.model.refusals import unreadable
from checklist.model.rules.rule_sheets import CRITERIA, GUIDE, HEAD
from checklist.model.rules.sheet_columns import SheetColumn
from checklist.reports.formats.spreadsheets import A3, LONGEST, Looks, drop_down, print_setup, workbook_bytes
from checklist.reports.rules.workbook_rows import Files, FilledSheet, WorkbookCell, workbook_rows

_TYPED_AS_TEXT: Final = {"num_format": "@"}
ROOM: Final = 500
"""Empty rows that are ready to be filled in."""

_GUIDE: Final = (
    "每张表一类内容：标准、实测项、措施、来源、用例。改好存盘，再用 checklist rules import 读回来。",
    "表头的名称不要改，列可以挪动；不要合并单元格；不认识的表不读。",
    "一格里有几样的，一行一样（Alt+Enter 换行）。",
    "类型、方式、档次这些词有下拉，填中文；写规则文件里的英文词也认。",
    "花括号里的写法和规则文件一样，如 {fact: lamps_lit, at_least: 10}；写法见 docs/writing-rules.md。",
    "没有来源、由本地自己定的数字，后面空一格写“自定”，如 90% 自定。",
    "一格最多 32767 个字。",
)


def ruleset_xlsx(files: Files) -> bytes:
    """The workbook. Raises Refusal when a value does not fit into a cell."""
    title = str(files["ruleset.yaml"].data.get("title", ""))
    return workbook_bytes(lambda book, looks: _fill(book, looks, files), title=title)


def _fill(book: Any, looks: Looks, files: Files) -> None:
    _guide(book, looks)
    for filled in workbook_rows(files):
        _sheet(book, filled, looks)


def _guide(book: Any, looks: Looks) -> None:
    sheet = book.add_worksheet(GUIDE)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 100)
    looks.put(sheet, 0, 0, "怎么用这个工作簿", "title")
    for i, line in enumerate(_GUIDE, start=1):
        looks.put(sheet, i, 0, f"{i}. {line}", "plain")


def _sheet(book: Any, filled: FilledSheet, looks: Looks) -> None:
    sheet, columns = book.add_worksheet(filled.sheet.name), filled.sheet.columns
    looks.head(sheet, 0, (column.heading for column in columns))
    for i, column in enumerate(columns):
        sheet.set_column(i, i, column.width, looks.of("text", **_TYPED_AS_TEXT))
        if column.help:
            sheet.write_comment(0, i, column.help, {"author": "", "x_scale": 2})
        if (offered := column.choices or tuple(column.words.values())) and column.kind != "lines":
            drop_down(sheet, (1, i), (len(filled.rows) + ROOM, i), offered)
    for number, row in enumerate(filled.rows, start=1):
        for i, value in enumerate(row):
            if value != "":
                _write(sheet, number, i, value, columns[i], looks)
    frozen = next((i for i, c in enumerate(columns) if c.needed), 0) + 1
    sheet.freeze_panes(1, frozen + 1 if filled.sheet.name == CRITERIA.name else frozen)
    if filled.sheet.name != HEAD.name and filled.rows:
        sheet.autofilter(0, 0, len(filled.rows), len(columns) - 1)
    print_setup(sheet, paper=A3)


def _write(sheet: Any, row: int, place: int, value: WorkbookCell, column: SheetColumn, looks: Looks) -> None:
    if isinstance(value, date):
        looks.put(sheet, row, place, value)
    elif isinstance(value, int | Decimal) and len(str(value)) <= 15:
        looks.put(sheet, row, place, Fraction(value))
    else:
        text = str(value)
        if len(text) > LONGEST:
            says = f"“{column.heading}”一格有 {len(text)} 个字，Excel 一格最多 {LONGEST} 个"
            raise unreadable(says, "这一套只能用 YAML 文件来改")
        looks.put(sheet, row, place, text, **_TYPED_AS_TEXT)
