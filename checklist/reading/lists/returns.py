"""A 交办单 that comes back, filled in by whoever did the work → returns, with every row that cannot be taken."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

from checklist.model.hand_out import AFTER, ANSWERS, CODE, DONE, FINISHED, HANDLER, LEADS, NUMBER, Return
from checklist.model.problems import FilesHaveProblems, NotAValue, Problem, Where, in_order
from checklist.reading.tables.spreadsheet import Sheet, read_sheets
from checklist.values.cells import plain
from checklist.values.days import day_in

_LOOK_IN_ROWS: Final = 40


def read_returns(path: Path, today: date) -> tuple[tuple[Return, ...], tuple[Problem, ...]]:
    """The answered rows of one file, and what is wrong with others. A row in which nothing is filled in is passed over."""
    try:
        sheets = read_sheets(path)
    except FilesHaveProblems as refused:
        return (), refused.problems
    found: list[Return] = []
    problems: list[Problem] = []
    heads = [(sheet, head) for sheet in sheets if (head := _head(sheet, {NUMBER, CODE, DONE})) is not None]
    if not heads and all(_head(sheet, {NUMBER, LEADS}) is None for sheet in sheets):  # who only helps has no answer
        says = f"这里没有回执：找不到“{NUMBER}”“{CODE}”“{DONE}”这几列"
        problems.append(Problem(Where(str(path)), "E113", says, "交回填好的交办单，表头不要改"))
    for sheet, head in heads:
        columns = {_plain(cell): n for n, cell in reversed(list(enumerate(sheet.rows[head])))}
        for row in range(head + 1, len(sheet.rows)):
            if any(_plain(sheet.at(row, columns.get(name))) for name in ANSWERS):
                one, wrong = _return(sheet, row, columns, today)
                problems += wrong
                found += [one] if one else []
    return tuple(found), in_order(problems)


def _head(sheet: Sheet, wanted: set[str]) -> int | None:
    rows = enumerate(sheet.rows[:_LOOK_IN_ROWS])
    return next((n for n, cells in rows if wanted <= {_plain(cell) for cell in cells}), None)


def _plain(cell: object) -> str:
    return plain(cell).strip()  # type: ignore[arg-type]


def _return(sheet: Sheet, row: int, columns: dict[str, int], today: date) -> tuple[Return | None, Sequence[Problem]]:
    def text(name: str) -> str:
        return _plain(sheet.at(row, columns.get(name)))

    def wrong(name: str, code: str, says: str, hint: str) -> Problem:
        return Problem(sheet.where(row, columns.get(name, columns[NUMBER])), code, says, hint)

    if text(NUMBER) == NUMBER:  # the headings again, on the next page
        return None, ()
    if lacking := [name for name in (DONE, FINISHED, HANDLER) if not text(name)]:
        says = f"编号 {text(NUMBER)} 的回执没填{'、'.join(lacking)}"
        return None, [wrong(lacking[0], "E263", says, "填全了再交回")]
    try:
        finished = day_in(sheet.at(row, columns[FINISHED]), today)
    except NotAValue as reason:
        return None, [wrong(FINISHED, reason.code, f"“{FINISHED}”{reason.says}", reason.hint)]
    if finished > today:
        return None, [wrong(FINISHED, "E263", f"“{FINISHED}” {finished} 晚于今天 {today}", "整改完了再报")]
    photos = tuple(filter(None, re.split(r"[、,，;；\s]+", text(AFTER))))
    where = sheet.where(row, columns[NUMBER])
    return Return(text(NUMBER), text(CODE), text(DONE), photos, finished, text(HANDLER), where), ()
