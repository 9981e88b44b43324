"""An inspection's 问题清单: point, problem, photo, unit, in whatever order; and the same list confirmed by a person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from checklist.model.as_seen import as_seen
from checklist.model.days import written_day
from checklist.model.problems import FilesHaveProblems, NotAValue, Problem, Where
from checklist.reading.tables.recognising import RecognisedTable
from checklist.reading.tables.spreadsheet import Sheet, heading
from checklist.reading.tables.table_body import body_of
from checklist.values.amounts import chinese_number
from checklist.values.cells import plain, words
from checklist.values.days import day_in

HEADINGS: Final = {
    "text": (
        "问题",
        "问题描述",
        "存在问题",
        "存在的问题",
        "发现问题",
        "发现的问题",
        "问题内容",
        "主要问题",
        "具体问题",
    ),
    "point": ("点位", "检查点位", "点位名称", "问题点位"),
    "place": ("位置", "地点", "具体位置", "地址"),
    "photo": ("照片", "图片", "问题照片", "整改前照片", "附图"),
    "owner": ("责任单位", "牵头单位", "整改单位", "责任人", "责任部门"),
    "community": ("社区", "社区名称", "所属社区"),
    "on": ("检查日期", "检查时间", "日期", "发现日期", "核实日期"),
    "by": ("检查单位", "检查人", "检查组", "核实人"),
    "term": ("整改时限", "整改期限", "完成时限", "时限", "期限"),
    "adopted": ("采用", "采用标准"),
    "fact": ("记到实测项", "实测项编号"),
    "value": ("记几", "实测值"),
}
_OF: Final = {name: column for column, names in HEADINGS.items() for name in names}


_N = r"[\d〇零○一二三四五六七八九十]+"
_AS_A_DATE: Final = re.compile(rf"{_N}\s*[-–—./年、, ]\s*{_N}\s*[-–—./月、, ]\s*{_N}\s*[日号]?|\d{{8}}")


@dataclass(frozen=True, slots=True)
class Spotted:
    """One problem that an inspection wrote down. ``adopted``, ``fact`` and ``value`` are what a person confirmed;
    ``term`` is the time limit in the list's own words, ``due`` the day that it names, if it names one."""

    text: str
    point: str
    photo: str
    owner: str
    community: str
    on: date | None
    by: str
    term: str
    adopted: str
    fact: str
    value: str
    where: Where
    places: Mapping[str, Where] = field(default_factory=dict)
    due: date | None = None

    def at(self, column: str) -> Where:
        """The cell of a column, the problem's own where the list has no such column."""
        return self.places.get(column, self.where)


def read_problem_list(table: RecognisedTable, today: date) -> tuple[tuple[Spotted, ...], bool, tuple[Problem, ...]]:
    """The problems, whether the list has been through confirmation (it has a column 采用), and mistakes in it.

    Raises FilesHaveProblems when no sheet has a column of problems.
    """
    for sheet in table.sheets:
        for row in range(min(len(sheet.rows), 20)):
            columns = _columns(sheet, row)
            if "text" in columns:
                spotted, problems = _rows(sheet, row, columns, today)
                return spotted, "adopted" in columns, problems
    hint = f"表头要有一列叫：{'、'.join(HEADINGS['text'][:4])}"
    raise FilesHaveProblems([Problem(Where(table.file), "E113", "没有找到问题这一列", hint)])


def _columns(sheet: Sheet, row: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, cell in enumerate(sheet.rows[row]):
        name = re.sub(r"\(.*?\)$", "", heading(cell))
        if name in _OF:
            found.setdefault(_OF[name], at)
    return found


def _rows(
    sheet: Sheet, head: int, columns: dict[str, int], today: date
) -> tuple[tuple[Spotted, ...], tuple[Problem, ...]]:
    spotted: list[Spotted] = []
    body = body_of(sheet, head, map(columns.get, ("community", "point" if "point" in columns else "place")))
    problems = list(body.problems)
    for row in body.rows:
        told = {name: words(sheet.spread(row, columns.get(name), head)) for name in HEADINGS}
        if not plain(sheet.at(row, columns["text"])):
            continue
        on = None
        if plain(cell := sheet.spread(row, columns.get("on"), head)):
            try:
                on = day_in(cell, today)
            except NotAValue as reason:
                problems.append(Problem(sheet.where(row, columns["on"]), reason.code, reason.says, reason.hint))
        told.pop("on")
        told["point"] = _where(told["point"], told.pop("place"))
        due = None
        try:
            due = term_day(told["term"], on)
        except NotAValue as reason:
            problems.append(Problem(sheet.where(row, columns["term"]), reason.code, reason.says, reason.hint))
        places = {name: sheet.where(row, at) for name, at in columns.items()}
        places.setdefault("point", places.get("place", places["text"]))
        spotted.append(Spotted(**told, on=on, where=places["text"], places=places, due=due))
    return tuple(spotted), tuple(problems)


def _where(point: str, place: str) -> str:
    """A point and the place in it, where the list has a column for each: ``A 区 3 号楼``."""
    return point if place in point else f"{point} {place}".strip()


def term_day(text: str, found: date | None) -> date | None:
    """The day that a time limit names: a date, 3日内 and 立即 from the day of finding; None where nothing is named.

    Raises NotAValue for what is written as a date and is none.
    """
    told = as_seen(text).strip()
    day = re.sub(r"\s*[之以]?前(?:完成|整改到位)?$", "", told)
    try:
        return written_day(day)
    except NotAValue:
        if _AS_A_DATE.fullmatch(day):
            raise
    told = "".join(told.split())
    if found is None or "工作日" in told:
        return None
    if within := re.search(r"(\d{1,3}|[零一二两三四五六七八九十百]{1,6})[日天][之以]?内", told):
        days = int(within[1]) if within[1].isdecimal() else chinese_number(within[1])
        return None if days is None else found + timedelta(days=days)
    return found if re.search("立即|立行立改|当[日天场]|马上", told) else None
