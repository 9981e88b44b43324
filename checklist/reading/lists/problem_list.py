"""An inspection's 问题清单: point, problem, photo, unit, in whatever order; and the same list confirmed by a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from checklist.model.problems import FilesHaveProblems, NotAValue, Problem, Where
from checklist.model.time_limits import UNSETTLED, due_day, says_nothing
from checklist.reading.lists.list_head import read_head
from checklist.reading.lists.spotted import Spotted, put_together
from checklist.reading.tables.recognising import RecognisedTable
from checklist.reading.tables.spreadsheet import Sheet
from checklist.reading.tables.table_body import body_of
from checklist.values.cells import RawCell, plain, words
from checklist.values.days import day_in
from checklist.values.headings import JOINED, TEXT_HEADINGS, ListColumn, list_column, unit_of

_LOOK_IN_ROWS: Final = 20


def read_problem_list(
    table: RecognisedTable, today: date, on: date | None = None
) -> tuple[tuple[Spotted, ...], bool, tuple[Problem, ...]]:
    """The problems, whether the list has been through confirmation (it has a column 采用), and mistakes in it. ``on`` is
    the day of the inspection where the list names none.

    Raises FilesHaveProblems when no sheet has a column of problems.
    """
    spotted: list[Spotted] = []
    problems: list[Problem] = []
    confirmed = found = False
    for sheet in table.sheets:
        row, columns = _heading_row(sheet)
        if "text" not in columns:
            continue
        if sheet.hidden:
            says = f"隐藏的工作表“{sheet.name}”里有问题清单，没有读"
            problems.append(Problem(sheet.where(row, 0), "W237", says, "要收的，先取消隐藏"))
            continue
        rows = _List(sheet, row, columns, today, on)
        spotted += rows.read()
        problems += rows.problems
        confirmed, found = confirmed or "adopted" in columns, True
    if not found:
        hint = f"表头要有一列叫：{'、'.join(TEXT_HEADINGS)}"
        raise FilesHaveProblems([*problems, Problem(Where(table.file), "E113", "没有找到问题这一列", hint)])
    return put_together(spotted), confirmed, tuple(problems)


def _heading_row(sheet: Sheet) -> tuple[int, dict[ListColumn, list[int]]]:
    """The row that names most columns, the problems among them; a title above says 问题清单 as well."""
    best: tuple[int, dict[ListColumn, list[int]]] = (0, {})
    for row in range(min(len(sheet.rows), _LOOK_IN_ROWS)):
        columns: dict[ListColumn, list[int]] = {}
        for at, cell in enumerate(sheet.rows[row]):
            if isinstance(cell, str) and (name := list_column(cell)):
                columns.setdefault(name, []).append(at)
        if "text" in columns and len(columns) > len(best[1]):
            best = (row, columns)
    return best


class _List:
    """The rows below one heading; mistakes are told at their cells."""

    def __init__(
        self, sheet: Sheet, head: int, columns: Mapping[ListColumn, Sequence[int]], today: date, on: date | None
    ) -> None:
        self.sheet, self.head, self.columns, self.today = sheet, head, columns, today
        self.above, day, problems = read_head(sheet, head, today)
        self.on = day or on
        about: tuple[ListColumn, ...] = ("community", "point" if "point" in columns else "place")
        self.body = body_of(sheet, head, [at for name in about for at in columns.get(name, ())])
        self.problems = [*problems, *self.body.problems]
        read = {at for name, ats in columns.items() for at in (ats if name in JOINED or name == "ours" else ats[:1])}
        heads = enumerate(sheet.rows[head])
        self.more = {at: words(cell) for at, cell in heads if at not in read and plain(cell)}

    def read(self) -> Iterator[Spotted]:
        """Every row that says a problem."""
        if self.more:
            says = f"有 {len(self.more)} 列不认识，照原样带进台账的“备注”：{'、'.join(self.more.values())}"
            self.problems.append(Problem(self.sheet.where(self.head, min(self.more)), "W252", says))
        for row in self.body.rows:
            if plain(self.sheet.at(row, self.columns["text"][0])):
                one = self.row(row)
                if one is not None:
                    yield one

    def row(self, row: int) -> Spotted | None:
        places = {name: self.sheet.where(row, ats[0]) for name, ats in self.columns.items()}
        places.setdefault("point", places.get("place", places["text"]))
        on, known = self.day(row)
        if not known and "adopted" in self.columns:
            return None
        term = self.term(row)
        due = self.due(term, on, places.get("term", places["text"])) if known else None
        place = _inside(self.said(row, "point"), self.said(row, "place"))
        above = _inside(self.above.get("point", ""), self.above.get("place", ""))
        return Spotted(
            text=self.said(row, "text"),
            point=_inside(above, place),
            photo=self.said(row, "photo"),
            owner=self.said(row, "owner") or self.above.get("owner", ""),
            community=self.said(row, "community") or self.above.get("community", ""),
            on=on,
            by=_inside(self.above.get("by", ""), self.said(row, "by")),
            term=term,
            adopted=self.said(row, "adopted"),
            fact=self.said(row, "fact"),
            value=self.said(row, "value"),
            where=places["text"],
            places=places,
            due=due,
            lasting=bool(term) and due is None and self.is_lasting(term),
            person=self.said(row, "person") or self.above.get("person", ""),
            measure=self.said(row, "measure"),
            note=self.said(row, "note"),
            whole=self.said(row, "whole"),
            more=self.others(row),
        )

    def cells(self, row: int, column: ListColumn) -> list[tuple[int, RawCell]]:
        ats = self.columns.get(column, ())
        told = ((at, self.sheet.spread(row, at, self.head)) for at in (ats if column in JOINED else ats[:1]))
        return [(at, cell) for at, cell in told if plain(cell)]

    def said(self, row: int, column: ListColumn) -> str:
        told = dict.fromkeys(words(cell) for _, cell in self.cells(row, column))
        return ("；" if column == "note" else " ").join(told)

    def others(self, row: int) -> dict[str, str]:
        """What stands in the columns that nobody knows; two may be headed alike."""
        told: dict[str, str] = {}
        for at, name in self.more.items():
            if text := words(self.sheet.spread(row, at, self.head)):
                told[name] = f"{told[name]}；{text}" if name in told else text
        return told

    def day(self, row: int) -> tuple[date | None, bool]:
        """The day of finding, and whether it is what the list says: a day that cannot be read is no other day."""
        for at, cell in self.cells(row, "on"):
            try:
                return day_in(cell, self.today), True
            except NotAValue as reason:
                self.problems.append(Problem(self.sheet.where(row, at), reason.code, reason.says, reason.hint))
                return None, False
        return self.on, True

    def term(self, row: int) -> str:
        """The time limit in the list's words; several columns of it stand side by side."""
        told = [self.limit(cell, self.sheet.at(self.head, at)) for at, cell in self.cells(row, "term")]
        told = [text for text in told if not says_nothing(text)]
        return "；".join(dict.fromkeys(told)) or self.above.get("term", "")

    def limit(self, cell: RawCell, heading: RawCell) -> str:
        if isinstance(cell, int | float):
            try:
                return day_in(cell).isoformat()
            except NotAValue:
                pass
        text = words(cell)
        unit = unit_of(plain(heading)) if plain(cell).isdecimal() else ""
        return f"{text}{unit}内" if unit else text

    def due(self, term: str, on: date | None, where: Where) -> date | None:
        try:
            day = due_day(term, on)
            if day is not None and on is not None and day < on:
                raise NotAValue(UNSETTLED, f"时限“{term}”是 {day}，早于发现的那天 {on}", "看看哪个日子写错了")
        except NotAValue as reason:
            ask = "" if reason.code != UNSETTLED else "；时限先空着，没有用规则里的天数代替"
            hint = reason.hint if on is not None else f"{reason.hint}，或加 --on 检查的日期"
            self.problems.append(Problem(where, reason.code, f"{reason.says}{ask}", hint))
            return None
        return day

    def is_lasting(self, term: str) -> bool:
        try:
            return due_day(term, self.today) is None
        except NotAValue:
            return False


def _inside(point: str, place: str) -> str:
    """A point and the place in it, where the list names both: ``A 区 3 号楼``."""
    return point if place in point else place if point in place else f"{point} {place}".strip()
