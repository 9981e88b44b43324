"""An inspection's score sheet (检查打分表), CSV or xlsx → Inspected rows. Columns are found by their headings.

Needed: 社区 (id or name), 日期, 标准 (id), and 档次 or 得分. Every other column, the inspector's name above all, is left
unread.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

from ..model.calibration import Inspected
from ..model.numbers import POINT, exact_points
from ..model.problems import Problem, Where, in_order
from ..model.ruleset import Ruleset
from .validate import suggest

MAX_BYTES: Final = 20_000_000
MAX_ROWS: Final = 200_000
HEADINGS: Final = {
    "community": ("社区", "社区编号", "社区名称", "community"),
    "on": ("日期", "检查日期", "测评日期", "date", "on"),
    "criterion": ("标准", "标准编号", "测评标准", "criterion"),
    "level": ("档次", "档", "level"),
    "points": ("得分", "分数", "points"),
}
_NO_LEVEL: Final = ("无档", "无", "不得分", "none", "None", "D")
_DATE = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?")

Row = Sequence[Any]


class NotASheet(Exception):
    """Why the file as a whole cannot be read."""


def read_inspections(path: Path, ruleset: Ruleset) -> tuple[list[Inspected], tuple[Problem, ...]]:
    """Every usable row and every mistake. Raises ModuleNotFoundError for xlsx without ``python-calamine``."""
    shown = str(path)
    try:
        rows = _rows(path)
    except NotASheet as reason:
        return [], (Problem(Where(shown), "E500", str(reason)),)
    if not rows:
        return [], (Problem(Where(shown), "E500", "文件是空的"),)
    columns = _columns(rows[0])
    missing = [HEADINGS[name][0] for name in ("community", "on", "criterion") if name not in columns]
    if "level" not in columns and "points" not in columns:
        missing.append("档次或得分")
    if missing:
        hint = "第一行写列名：社区、日期、标准、档次（或得分）"
        return [], (Problem(Where(shown, 1, 1), "E501", f"缺少这些列：{'、'.join(missing)}", hint),)
    found: list[Inspected] = []
    problems: list[Problem] = []
    seen: set[tuple[str, date, str]] = set()
    for number, row in enumerate(rows[1:], 2):
        if not any(str(cell).strip() for cell in row if cell is not None):
            continue
        reader = _Row(row, columns, Where(shown, number, 1), ruleset, problems)
        item = reader.read()
        if item is not None and (item.community, item.on, item.criterion) in seen:
            reader.wrong("E506", f"{item.community} {item.on} 的 {item.criterion} 写了两遍", "留一行")
        elif item is not None:
            seen.add((item.community, item.on, item.criterion))
            found.append(item)
    return found, in_order(problems)


def _rows(path: Path) -> list[Row]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise NotASheet(f"文件太大，最多 {MAX_BYTES // 1_000_000} MB")
        raw = path.read_bytes()
    except OSError as error:
        raise NotASheet(f"文件打不开：{error.strerror or error}") from None
    rows = _from_xlsx(raw) if path.suffix.lower() == ".xlsx" else _from_csv(raw)
    if len(rows) > MAX_ROWS:
        raise NotASheet(f"行数太多，最多 {MAX_ROWS} 行")
    return rows


def _from_csv(raw: bytes) -> list[Row]:
    for encoding in ("utf-8-sig", "gbk"):
        try:
            return list(csv.reader(io.StringIO(raw.decode(encoding), newline="")))
        except UnicodeDecodeError:
            continue
        except csv.Error:
            break
    raise NotASheet("不是 CSV 文本，或者编码认不出来（可以是 UTF-8 或 GBK）")


def _from_xlsx(raw: bytes) -> list[Row]:
    from python_calamine import CalamineWorkbook

    try:
        return list(CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_index(0).to_python())
    except Exception:
        raise NotASheet("不是 Excel 文件，或者文件坏了") from None


def _columns(heads: Row) -> dict[str, int]:
    """Where each needed column stands; the first one of its name counts."""
    found: dict[str, int] = {}
    for i, head in enumerate(heads):
        text = str(head or "").strip()
        for name, words in HEADINGS.items():
            if text in words:
                found.setdefault(name, i)
    return found


class _Row:
    """One row under reading."""

    def __init__(
        self, row: Row, columns: dict[str, int], where: Where, ruleset: Ruleset, problems: list[Problem]
    ) -> None:
        self.row, self.columns, self.where = row, columns, where
        self.ruleset, self.problems = ruleset, problems

    def cell(self, name: str) -> Any:
        at = self.columns.get(name)
        value = self.row[at] if at is not None and at < len(self.row) else ""
        return value.strip() if isinstance(value, str) else value

    def wrong(self, code: str, says: str, hint: str = "") -> None:
        self.problems.append(Problem(self.where, code, f"第 {self.where.line} 行：{says}", hint))

    def read(self) -> Inspected | None:
        before = len(self.problems)
        community = str(self.cell("community"))
        if not community:
            self.wrong("E502", "没写社区")
        on = _day(self.cell("on"))
        if on is None:
            self.wrong("E503", f"日期“{self.cell('on')}”看不懂", "写成 2026-03-01 这样")
        id = str(self.cell("criterion")).upper()
        if id not in self.ruleset.by_id:
            titles = {c.id: c.title for c in self.ruleset.criteria}
            self.wrong("E504", f"没有这条测评标准 {id or '（空）'}", suggest(id, titles, titles))
            return None
        given = self._given(id)
        if on is None or given is None or len(self.problems) > before:
            return None
        return Inspected(community, on, id, *given, self.where)

    def _given(self, id: str) -> tuple[int | None, str | None] | None:
        """Points or a level; points win where both are written."""
        points, level = self.cell("points"), str(self.cell("level"))
        if points not in ("", None):
            return self._points(id, points)
        if level.removesuffix("档") in self.ruleset.levels:
            return None, level.removesuffix("档")
        if level in _NO_LEVEL:
            return None, ""
        known = "、".join((*self.ruleset.levels, "无档"))
        self.wrong("E505", f"{id} 的档次“{level}”看不懂" if level else f"{id} 没写档次或得分", f"可以写：{known}")
        return None

    def _points(self, id: str, written: Any) -> tuple[int, None] | None:
        top = self.ruleset.criterion(id).points
        try:
            points = Decimal(str(written)) * POINT
        except InvalidOperation:
            self.wrong("E505", f"{id} 的得分“{written}”不是数字")
            return None
        if not points.is_finite() or not 0 <= points <= top:
            self.wrong("E505", f"{id} 的得分 {written} 不在 0 到 {exact_points(top)} 之间")
            return None
        return int(points.to_integral_value()), None


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    match = _DATE.fullmatch(str(value))
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None
