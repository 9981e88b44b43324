"""A ruleset as an Excel workbook for the people who keep its rules. Needs xlsxwriter (extra ``office``).

Every text is written as text: nothing that stands in a rule file can start a formula, also after it was edited.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from checklist.model.refusals import unreadable
from checklist.model.rules.rule_sheets import CRITERIA, GUIDE, HEAD, SheetColumn
from checklist.reports.formats.spreadsheets import workbook_bytes
from checklist.reports.rules.workbook_rows import Cell, Files, FilledSheet, workbook_rows
from checklist.values.headings import FORMULA

MAX_CELL: Final = 32_767
"""Characters that Excel keeps in one cell."""
CREATED: Final = date(2026, 1, 1)
"""The same rules give the same bytes."""
ROOM: Final = 500
"""Empty rows that are ready to be filled in."""

_GUIDE: Final = (
    "每张表一类内容：标准、实测项、措施、来源、用例。改好存盘，再用 checklist rules import 读回来。",
    "表头的名称不要改，列可以挪动；不要合并单元格；不认识的表不读。",
    "一格里有几样的，一行一样（Alt+Enter 换行）。",
    "花括号里的写法和规则文件一样，如 {fact: lamps_lit, at_least: 10}；写法见 docs/writing-rules.md。",
    "没有来源、由本地自己定的数字，后面空一格写“自定”，如 90% 自定。",
    "一格最多 32767 个字。",
)


def ruleset_xlsx(files: Files) -> bytes:
    """The workbook. Raises Refusal when a value does not fit into a cell."""
    title = str(files["ruleset.yaml"].data.get("title", ""))
    return workbook_bytes(lambda book: _fill(book, files), CREATED, title)


def _fill(book: Any, files: Files) -> None:
    look = _looks(book)
    _guide(book, look)
    for filled in workbook_rows(files):
        _sheet(book, filled, look)


def _looks(book: Any) -> dict[str, Any]:
    cell = {"valign": "top", "text_wrap": True, "font_size": 10}
    return {
        "head": book.add_format(
            {"bold": True, "bg_color": "#E8EEF7", "border": 1, "valign": "vcenter", "num_format": "@"}
        ),
        "text": book.add_format({**cell, "num_format": "@"}),
        "risky": book.add_format({**cell, "num_format": "@", "quote_prefix": True}),
        "number": book.add_format({**cell}),
        "date": book.add_format({**cell, "num_format": "yyyy-mm-dd"}),
        "title": book.add_format({"bold": True, "font_size": 14}),
    }


def _guide(book: Any, look: dict[str, Any]) -> None:
    sheet = book.add_worksheet(GUIDE)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 100, look["text"])
    sheet.write_string(0, 0, "怎么用这个工作簿", look["title"])
    for i, line in enumerate(_GUIDE, start=1):
        sheet.write_string(i, 0, f"{i}. {line}", look["text"])


def _sheet(book: Any, filled: FilledSheet, look: dict[str, Any]) -> None:
    sheet, columns = book.add_worksheet(filled.sheet.name), filled.sheet.columns
    for i, column in enumerate(columns):
        sheet.set_column(i, i, column.width, look["text"])
        sheet.write_string(0, i, column.heading, look["head"])
        if column.help:
            sheet.write_comment(0, i, column.help, {"author": "", "x_scale": 2})
        if column.choices:
            last = len(filled.rows) + ROOM
            sheet.data_validation(
                1, i, last, i, {"validate": "list", "source": list(column.choices), "error_type": "warning"}
            )
    for number, row in enumerate(filled.rows, start=1):
        for i, value in enumerate(row):
            _write(sheet, number, i, value, columns[i], look)
    frozen = next((i for i, c in enumerate(columns) if c.needed), 0) + 1
    sheet.freeze_panes(1, frozen + 1 if filled.sheet.name == CRITERIA.name else frozen)
    if filled.sheet.name != HEAD.name and filled.rows:
        sheet.autofilter(0, 0, len(filled.rows), len(columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _write(sheet: Any, row: int, place: int, value: Cell, column: SheetColumn, look: dict[str, Any]) -> None:
    if isinstance(value, date):
        sheet.write_datetime(row, place, datetime(value.year, value.month, value.day), look["date"])
    elif isinstance(value, int | Decimal) and len(str(value)) <= 15:
        sheet.write_number(row, place, value, look["number"])
    elif value != "":
        text = str(value)
        if len(text) > MAX_CELL:
            says = f"“{column.heading}”一格有 {len(text)} 个字，Excel 一格最多 {MAX_CELL} 个"
            raise unreadable(says, "这一套只能用 YAML 文件来改")
        sheet.write_string(row, place, text, look["risky" if FORMULA.match(text) else "text"])
