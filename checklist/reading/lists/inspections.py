"""An inspection's score sheet (检查打分表), any spreadsheet → Inspected rows. Columns are found by their headings.

Needed: 社区 (id or name), 日期, 标准 (id), and 档次 or 得分; 点位 (id or name) where a site was graded. Every other
column, the inspector's name above all, is left unread.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from checklist.model.numbers import POINT, exact_points
from checklist.model.problems import NotAValue, Problem, Where, in_order
from checklist.model.results.calibration import Inspected
from checklist.model.rules.ruleset import Ruleset
from checklist.reading.tables.spreadsheet import Sheet
from checklist.reading.tables.table_body import body_of
from checklist.values.cells import RawCell, plain, shown, words
from checklist.values.days import day_in
from checklist.values.headings import criterion_named, near_criterion
from checklist.values.look_alikes import folded

HEADINGS: Final = {
    "community": ("社区", "社区编号", "社区名称", "community"),
    "on": ("日期", "检查日期", "测评日期", "date", "on"),
    "criterion": ("标准", "标准编号", "测评标准", "criterion"),
    "site": ("点位", "site"),
    "level": ("档次", "档", "level"),
    "points": ("得分", "分数", "points"),
}
_LOOK_IN_ROWS: Final = 20
_NO_LEVEL: Final = ("无档", "无", "不得分", "none", "None", "D")

InspectionRow = Sequence[RawCell]


def read_inspections(
    path: Path, sheets: Sequence[Sheet], ruleset: Ruleset
) -> tuple[list[Inspected], tuple[Problem, ...]]:
    """Every usable row and every mistake in the first of the file's ``sheets``."""
    shown = str(path)
    if not _rows(sheets):
        return [], (Problem(Where(shown), "E500", "文件是空的"),)
    head = _head(sheets[0])
    columns = _columns(sheets[0].rows[head])
    missing = [HEADINGS[name][0] for name in ("community", "on", "criterion") if name not in columns]
    if "level" not in columns and "points" not in columns:
        missing.append("档次或得分")
    if missing:
        hint = "表头写列名：社区、日期、标准、档次（或得分）"
        return [], (Problem(sheets[0].where(head, 0), "E501", f"缺少这些列：{'、'.join(missing)}", hint),)
    found: list[Inspected] = []
    body = body_of(sheets[0], head, map(columns.get, ("community", "criterion")))
    problems = list(body.problems)
    seen: set[tuple[str, date, str, str]] = set()
    for row in body.rows:
        reader = _Row(sheets[0], row, columns, ruleset, problems)
        item = reader.read()
        if item is None:
            continue
        if (same := (folded(item.community), item.on, item.criterion, folded(item.site))) in seen:
            reader.wrong(
                "criterion", "E506", f"{item.community}{item.site} {item.on} 的 {item.criterion} 写了两遍", "留一行"
            )
            continue
        seen.add(same)
        found.append(item)
    return found, in_order(problems)


def is_score_sheet(sheets: Sequence[Sheet]) -> bool:
    """Whether a table holds scores of criteria, and not answers about facts."""
    if not _rows(sheets):
        return False
    return bool({"criterion", "level", "points"} & _columns(sheets[0].rows[_head(sheets[0])]).keys())


def _head(sheet: Sheet) -> int:
    """The row of headings, which may have a title above."""
    named = (row for row, cells in enumerate(sheet.rows[:_LOOK_IN_ROWS]) if len(_columns(cells)) > 1)
    return next(named, 0)


def _rows(sheets: Sequence[Sheet]) -> Sequence[InspectionRow]:
    return sheets[0].rows if sheets else ()


def _columns(heads: InspectionRow) -> dict[str, int]:
    """Where each needed column stands; the first one of its name counts."""
    found: dict[str, int] = {}
    for i, head in enumerate(heads):
        text = folded(plain(head))
        for name, titles in HEADINGS.items():
            if text in titles:
                found.setdefault(name, i)
    return found


class _Row:
    """One row under reading; mistakes are told at their cells."""

    def __init__(
        self, sheet: Sheet, row: int, columns: dict[str, int], ruleset: Ruleset, problems: list[Problem]
    ) -> None:
        self.sheet, self.row, self.columns = sheet, row, columns
        self.ruleset, self.problems = ruleset, problems

    def cell(self, name: str) -> str:
        return plain(self.sheet.at(self.row, self.columns.get(name)))

    def where(self, name: str) -> Where:
        return self.sheet.where(self.row, self.columns.get(name, 0))

    def wrong(self, name: str, code: str, says: str, hint: str = "") -> None:
        self.problems.append(Problem(self.where(name), code, says, hint))

    def read(self) -> Inspected | None:
        before = len(self.problems)
        community = words(self.sheet.at(self.row, self.columns.get("community")))
        if not community:
            self.wrong("community", "E502", "没写社区", "写社区编号或全名")
        on = self.day()
        told = self.cell("criterion")
        id = criterion_named(told, self.ruleset)
        if id is None:
            hint = near_criterion(told, self.ruleset)
            self.wrong("criterion", "E504", f"没有这条测评标准 {told or '（空）'}", hint)
            return None
        given = self._given(id)
        if on is None or given is None or len(self.problems) > before:
            return None
        return Inspected(community, on, id, *given, self.where("criterion"), self.cell("site"))

    def day(self) -> date | None:
        """The year must be written: an inspection may be compared years later."""
        cell = self.sheet.at(self.row, self.columns.get("on"))
        try:
            return day_in(cell)
        except NotAValue as reason:
            self.wrong("on", "E503", f"日期“{shown(plain(cell))}”看不懂", reason.hint)
            return None

    def _given(self, id: str) -> tuple[int | None, str | None] | None:
        """Points or a level; points win where both are written."""
        points, level = self.cell("points"), self.cell("level")
        if points:
            return self._points(id, points)
        if level.removesuffix("档") in self.ruleset.levels:
            return None, level.removesuffix("档")
        if level in _NO_LEVEL:
            return None, ""
        known = "、".join((*self.ruleset.levels, "无档"))
        self.wrong(
            "level", "E505", f"{id} 的档次“{level}”看不懂" if level else f"{id} 没写档次或得分", f"可以写：{known}"
        )
        return None

    def _points(self, id: str, written: str) -> tuple[int, None] | None:
        top = self.ruleset.criterion(id).points
        try:
            points = Decimal(written) * POINT
        except InvalidOperation:
            self.wrong("points", "E505", f"{id} 的得分“{written}”不是数字")
            return None
        if not points.is_finite() or not 0 <= points <= top:
            self.wrong("points", "E505", f"{id} 的得分 {written} 不在 0 到 {exact_points(top)} 之间")
            return None
        return int(points.to_integral_value()), None
