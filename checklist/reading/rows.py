"""The rows of a table, one after the other: each becomes a reading, a declaration, or a problem at its cell."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from ..model.facts import Fact
from ..model.problems import Problem
from ..model.ruleset import Ruleset
from ..model.state import Community, NotApplicable, Reading, State
from ..model.tables import NOT_APPLICABLE, Column, declared_parts, key, label_index
from .answers import Defaults, Filled, made_up_id, names
from .cells import Cell, plain, words
from .lenient import SAME, lenient_date, lenient_value
from .states import read_state
from .tables import Found, Table
from .validate import suggest
from .values import NotAValue


class Rows:
    """Reads sheet after sheet of one table; ``filled`` and ``problems`` grow."""

    def __init__(self, table: Table, ruleset: Ruleset, today: date, given: Defaults) -> None:
        self.table, self.ruleset, self.today, self.given = table, ruleset, today, given
        self.labels = label_index(ruleset)
        self.problems: list[Problem] = []
        self.filled: dict[str, Filled] = {}
        self.base = self._base()

    def _base(self) -> State | None:
        if self.table.stamp is None:
            return None
        document = self.table.stamp.base
        if document.data and document.data.get("ruleset") != self.ruleset.id:
            self.problems.append(
                Problem(
                    document.where(),
                    "W233",
                    f"这份表是按 {document.data.get('ruleset')} 做的，现在按 {self.ruleset.id} 读",
                    "编号对得上的照读",
                )
            )
        state, _ = read_state(document, self.ruleset)
        return state

    def wrong(self, found: Found, row: int, column: int | None, code: str, says: str, hint: str = "") -> None:
        self.problems.append(Problem(found.sheet.where(row, column or 0), code, says, hint))

    def sheet(self, found: Found) -> None:
        defaults = self.above(found)
        rows = range(found.head + 1, len(found.sheet.rows))
        if found.kind == "wide":
            for at in found.unused:
                name = plain(found.sheet.at(found.head, at))
                self.wrong(found, found.head, at, "W234", f"“{name}”这一列不是实测项，没有用上")
            for row in rows:
                self.wide_row(found, row, defaults)
        elif found.kind == "declared":
            for row in rows:
                self.declaration(found, row)
        else:
            assumed = 0
            for row in rows:
                assumed += self.form_row(found, row, defaults)
            if assumed:
                says = f"有 {assumed} 项没写核实日期，按今天（{self.today}）算"
                self.wrong(found, found.head, found.columns.get("on"), "W232", says, "表头上方填“填报日期”，或逐项填")

    def above(self, found: Found) -> Defaults:
        """填报人 and 填报日期 in the rows above the headings, in a cell of their own or after a colon."""
        by, on = self.given.by, self.given.on
        for row in range(found.head):
            cells = found.sheet.rows[row]
            for at, cell in enumerate(cells):
                label, _, rest = plain(cell).partition(":")
                after: Cell = rest.strip() or next((c for c in cells[at + 1 : at + 3] if plain(c)), None)
                if label in ("填报人", "核实人") and not by:
                    by = words(after)
                elif label in ("填报日期", "核实日期") and on is None and plain(after):
                    on = self.day(found, row, at, after)
        return Defaults(by, on)

    def day(self, found: Found, row: int, column: int | None, cell: Cell) -> date | None:
        """A date in a cell; one that cannot be read or lies ahead is reported."""
        try:
            day = lenient_date(cell, self.today)
        except NotAValue as reason:
            self.wrong(found, row, column, reason.code, reason.says, reason.hint)
            return None
        if day > self.today:
            self.wrong(found, row, column, "E217", f"日期 {day} 还没到（今天是 {self.today}）", "看看年份写对没有")
            return None
        return day

    def of(self, found: Found, row: int) -> Filled | None:
        """The community that a row is about."""
        if found.kind in ("form", "declared"):
            community = self.base.community if self.base else None
            return self.filled.setdefault("", Filled(community, self.base))
        name = words(self.cell(found, row, "community"))
        id = plain(self.cell(found, row, "community_id"))
        if id and not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,63}", id):
            at = found.columns.get("community_id")
            self.wrong(found, row, at, "E206", f"社区编号“{id}”不合规则", "小写字母、数字、短横线，如 taoli")
            return None
        if not name and not id:
            return None
        place = {k: words(self.cell(found, row, k)) for k in ("city", "district", "street", "group")}
        community = Community(id or made_up_id(name), name or id, **place)  # type: ignore[arg-type]
        return self.filled.setdefault(id or name, Filled(community))

    def cell(self, found: Found, row: int, column: Column) -> Cell:
        return found.sheet.at(row, found.columns.get(column))

    def form_row(self, found: Found, row: int, defaults: Defaults) -> int:
        """One row of a form or long table; 1 when its date had to be assumed."""
        value, same = self.cell(found, row, "value"), plain(self.cell(found, row, "same"))
        told = any(plain(self.cell(found, row, c)) for c in ("note", "evidence"))
        if not plain(value) and not same:
            fact = self.fact(found, row, quiet=True) if told else None
            if fact is not None:
                at = found.columns.get("value")
                says = f"“{fact.label}”填了备注或佐证，没有填实测值，这一行没有用上"
                self.wrong(found, row, at, "W231", says, "填上值，或写“说不清”")
            return 0
        id = plain(self.cell(found, row, "fact")).upper()
        if id in self.ruleset.by_id and plain(value) == NOT_APPLICABLE:
            reason, until = declared_parts(words(self.cell(found, row, "note")))
            if (filled := self.of(found, row)) is not None:
                self.declare(found, row, found.columns["value"], filled, NotApplicable(id, reason or "没写理由", until))
            return 0
        fact = self.fact(found, row)
        filled = self.of(found, row) if fact is not None else None
        if fact is None or filled is None:
            if fact is not None:
                self.wrong(found, row, found.columns.get("community"), "E202", "这一行没写哪个社区", "补上社区")
            return 0
        reading = self.answer(found, row, fact, value, same, filled)
        return 0 if reading is None else self.keep(found, row, reading, defaults, filled)

    def fact(self, found: Found, row: int, quiet: bool = False) -> Fact | None:
        id, label = words(self.cell(found, row, "fact")), words(self.cell(found, row, "label"))
        by_id, by_label = self.labels.get(key(id)), self.labels.get(key(label))
        at = found.columns.get("fact", found.columns.get("label"))
        if by_id and by_label and by_id != by_label:
            says = f"编号 {id} 和实测项“{label}”对不上"
            self.wrong(found, row, at, "E221", says, "可能只有一列排过序；从原表重新粘一次")
            return None
        name = by_id or by_label
        if name is None and not quiet:
            shown = id or label
            if not shown:
                self.wrong(found, row, at, "E202", "这一行填了值，没有编号", "补上编号，或删掉这个值")
            else:
                labels = {f.label: f.id for f in self.ruleset.facts.values()}
                known = [*self.ruleset.facts, *labels]
                self.wrong(found, row, at, "E204", f"没有这个实测项 {shown}", suggest(shown, known, labels))
        return self.ruleset.facts[name] if name else None

    def answer(self, found: Found, row: int, fact: Fact, value: Cell, same: str, filled: Filled) -> Reading | None:
        column = found.columns.get("same" if same else "value")
        where = found.sheet.where(row, found.columns["value"])
        if same:
            before = filled.base.readings.get(fact.id) if filled.base else None
            if same.lower() not in SAME:
                says = f"“{fact.label}”的“仍然如此”只能打 √，现在是“{same}”"
                self.wrong(found, row, column, "E211", says, "值变了就填在“实测值”里")
                return None
            if plain(value):
                says = f"“{fact.label}”又勾了“仍然如此”又填了实测值"
                self.wrong(found, row, column, "E219", says, "留一个")
                return None
            if before is None or before.value is None:
                says = f"“{fact.label}”以前没有记录，不能勾“仍然如此”"
                self.wrong(found, row, column, "E211", says, "把这次看到的填在“实测值”里")
                return None
            return replace(before, where=where, by="", note="", evidence=())
        try:
            answer = lenient_value(fact, value)
        except NotAValue as reason:
            self.wrong(found, row, column, reason.code, reason.says, reason.hint)
            return None
        if answer is None:
            return None
        remark = f"原填“{answer.remark}”" if answer.remark else ""
        return Reading(
            fact.id, answer.value, date.min, note=remark, unknown=answer.unknown, sample=answer.sample, where=where
        )

    def keep(self, found: Found, row: int, reading: Reading, defaults: Defaults, filled: Filled) -> int:
        assumed = 0
        cell = self.cell(found, row, "on")
        on = self.day(found, row, found.columns.get("on"), cell) if plain(cell) else defaults.on or filled.as_of
        if on is None:
            if plain(cell):
                return 0
            on, assumed = self.today, 1
        if isinstance(reading.value, date) and reading.value > on:
            label = self.ruleset.facts[reading.fact].label
            says = f"“{label}”的日期 {reading.value} 晚于核实日期 {on}"
            self.wrong(found, row, found.columns.get("value"), "E217", says, "看看年份写对没有")
            return 0
        note = words(self.cell(found, row, "note"))
        remark = "" if reading.note in note else reading.note
        filled.readings.append(
            replace(
                reading,
                on=on,
                by=words(self.cell(found, row, "by")) or defaults.by,
                note="；".join(part for part in (note, remark) if part),
                evidence=names(self.cell(found, row, "evidence")),
            )
        )
        return assumed

    def wide_row(self, found: Found, row: int, defaults: Defaults) -> None:
        cells = {at: cell for at in found.facts if plain(cell := found.sheet.at(row, at))}
        filled = self.of(found, row)
        if filled is None:
            if cells:
                self.wrong(found, row, found.columns.get("community"), "E202", "这一行没写哪个社区", "补上社区")
            return
        as_of = self.cell(found, row, "as_of")
        if plain(as_of):
            filled.as_of = self.day(found, row, found.columns["as_of"], as_of)
        for at, cell in cells.items():
            fact = self.ruleset.facts[found.facts[at]]
            one = replace_column(found, at)
            reading = self.answer(one, row, fact, cell, "", filled)
            if reading is not None and self.keep(one, row, reading, defaults, filled):
                says = f"{filled.community.name if filled.community else ''} 没写核实日期，按今天（{self.today}）算"
                self.wrong(found, row, found.columns.get("on"), "W232", says, "填“核实日期”这一列")
        for at, criterion in found.declared.items():
            reason, until = declared_parts(words(found.sheet.at(row, at)))
            if reason:
                self.declare(found, row, at, filled, NotApplicable(criterion, reason, until))

    def declaration(self, found: Found, row: int) -> None:
        reason, id = words(self.cell(found, row, "reason")), plain(self.cell(found, row, "criterion")).upper()
        if not reason:
            return
        cell = self.cell(found, row, "until")
        until = None
        if plain(cell):
            try:
                until = lenient_date(cell, self.today)
            except NotAValue as why:
                self.wrong(found, row, found.columns.get("until"), why.code, why.says, why.hint)
                return
        filled = self.of(found, row)
        if filled is not None:
            self.declare(found, row, found.columns["criterion"], filled, NotApplicable(id, reason, until))

    def declare(self, found: Found, row: int, at: int, filled: Filled, declared: NotApplicable) -> None:
        id = declared.criterion
        if id not in self.ruleset.by_id:
            self.wrong(found, row, at, "E321", f"没有这条测评标准 {id}", suggest(id, self.ruleset.by_id))
            return
        where = found.sheet.where(row, found.columns.get("reason", at))
        filled.declared.append(replace(declared, where=where))


def replace_column(found: Found, at: int) -> Found:
    """A wide table seen as a form of one value column."""
    return replace(found, columns={**found.columns, "value": at})
