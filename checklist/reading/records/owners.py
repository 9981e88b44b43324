"""Whose row it is: the community, the day and the ruleset that a row of a table names."""

from __future__ import annotations

import re
from datetime import date

from checklist.model.as_seen import INVISIBLE
from checklist.model.problems import NotAValue, Problem
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import Community, State
from checklist.reading.records.state_file import read_state
from checklist.reading.records.table_answers import TableAnswers
from checklist.reading.records.table_sites import TableSites
from checklist.reading.tables.recognising import Found, RecognisedTable
from checklist.values.cells import RawCell, plain, words
from checklist.values.days import day_in, far_off
from checklist.values.headings import KnownColumn
from checklist.values.look_alikes import folded, folded_id, made_up_id
from checklist.values.yes_or_no import YES

_PLACE: tuple[KnownColumn, ...] = ("city", "district", "street", "group")
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


class Owners:
    """Finds the TableAnswers that a row belongs to; ``filled`` and ``problems`` grow."""

    def __init__(self, table: RecognisedTable, ruleset: Ruleset, today: date) -> None:
        self.ruleset, self.today = ruleset, today
        self.problems: list[Problem] = []
        self.filled: dict[tuple[str, date | None], TableAnswers] = {}
        self.named: dict[str, Community] = {}
        self.ids: dict[str, str] = {}
        self.spellings: set[str] = set()
        self.other_rules: set[str] = set()
        self.days: dict[int, dict[tuple[str, str], set[str]]] = {}
        self.sites = TableSites(self)
        self.base = self._base(table)
        if self.base is not None:
            self.filled["", None] = TableAnswers(self.base.community, self.base)

    def wrong(self, found: Found, row: int, column: int | None, code: str, says: str, hint: str = "") -> None:
        self.problems.append(Problem(found.sheet.where(row, column or 0), code, says, hint))

    def refuse(self, found: Found, row: int, column: int | None, why: NotAValue) -> None:
        self.wrong(found, row, column, why.code, why.says, why.hint)

    def cell(self, found: Found, row: int, column: KnownColumn) -> RawCell:
        return found.cell(row, column)

    def day(self, found: Found, row: int, column: int | None, cell: RawCell) -> date | None:
        """A date in a cell; one that cannot be read or lies ahead is reported."""
        try:
            day = day_in(cell, self.today)
        except NotAValue as reason:
            self.refuse(found, row, column, reason)
            return None
        if says := far_off(day):
            self.wrong(found, row, column, "E110", f"日期 {day} 太远", f"{says}；看看写对没有")
            return None
        if day > self.today:
            self.wrong(found, row, column, "E217", f"日期 {day} 还没到（今天是 {self.today}）", "看看年份写对没有")
            return None
        return day

    def of(self, found: Found, row: int) -> TableAnswers | None:
        """The record that a row is about: the form's own, or that of the community and 现状日期 in the row."""
        if found.kind in ("form", "declared"):
            community = self.base.community if self.base else None
            return self.filled.setdefault(("", None), TableAnswers(community, self.base))
        community = self._community(found, row)
        if community is None:
            return None
        self._rules(found, row)
        cell, as_of = self.cell(found, row, "as_of"), None
        if not plain(cell):
            cell = self._only_day(found, row)
        if plain(cell):
            as_of = self.day(found, row, found.columns["as_of"], cell)
            if as_of is None:
                return TableAnswers(community)  # read for its mistakes, and left out
        filled = self.filled.setdefault((community.id, as_of), TableAnswers(community, as_of=as_of))
        self.sites.totals(found, row, filled)
        return filled

    def _only_day(self, found: Found, row: int) -> RawCell:
        """The day that stands once for all rows of a community with sites; None where several do, or none."""
        if not found.sites or "as_of" not in found.columns:
            return None
        if id(found.sheet) not in self.days:
            days: dict[tuple[str, str], set[str]] = {}
            sited = set()
            for one in found.body.rows:
                who = self._written(found, one)
                days.setdefault(who, set()).add(plain(self.cell(found, one, "as_of")))
                sited |= {who} if any(plain(found.spread(one, at)) for at in found.sites) else set()
            self.days[id(found.sheet)] = {who: some - {""} for who, some in days.items() if who in sited}
        told = self.days[id(found.sheet)].get(self._written(found, row), set())
        return next(iter(told)) if len(told) == 1 else None

    def _written(self, found: Found, row: int) -> tuple[str, str]:
        return folded(words(self.cell(found, row, "community"))), folded_id(
            plain(self.cell(found, row, "community_id"))
        )

    def _community(self, found: Found, row: int) -> Community | None:
        name = INVISIBLE.sub("", words(self.cell(found, row, "community"))).strip()
        written = plain(self.cell(found, row, "community_id"))
        id = folded_id(written)
        if id and not _ID.fullmatch(id):
            at = found.columns.get("community_id")
            self.wrong(found, row, at, "E206", f"社区编号“{written}”不合规则", "小写字母、数字、短横线，如 taoli")
            return None
        if not name and not id:
            return None
        id = id or self.ids.get(folded(name)) or made_up_id(name)
        if id not in self.named:
            place = {k: words(self.cell(found, row, k)) for k in _PLACE}
            invented = plain(self.cell(found, row, "invented")).lower() in YES
            self.named[id] = Community(id, name or id, **place, invented=invented)
            self.ids.setdefault(folded(name), id)
        known = self.named[id]
        if name and folded(known.name) != folded(name):
            says = f"编号 {id} 在这里是“{name}”，在前面是“{known.name}”"
            hint = "两个社区就各用各的编号；同一个社区就把名称改成一样"
            self.wrong(found, row, found.columns.get("community"), "E332", says, hint)
            return None
        if name and name != known.name and name not in self.spellings:
            self.spellings.add(name)
            says = f"“{name}”和前面的“{known.name}”只差写法，按同一个社区收"
            self.wrong(found, row, found.columns.get("community"), "W242", says, "是两个社区，就各写各的社区编号")
        return known

    def _rules(self, found: Found, row: int) -> None:
        name = words(self.cell(found, row, "ruleset"))
        if name and folded(name) != folded(self.ruleset.id) and name not in self.other_rules:
            self.other_rules.add(name)
            says = f"表里写的测评体系是 {name}，现在按 {self.ruleset.id} 读"
            self.wrong(found, row, found.columns["ruleset"], "W233", says, "编号对得上的照读")

    def _base(self, table: RecognisedTable) -> State | None:
        if table.stamp is None:
            return None
        document = table.stamp.base
        if document.data and document.data.get("ruleset") != self.ruleset.id:
            says = f"这份表是按 {document.data.get('ruleset')} 做的，现在按 {self.ruleset.id} 读"
            self.problems.append(Problem(document.where(), "W233", says, "编号对得上的照读"))
        state, _ = read_state(document, self.ruleset)
        return state
