"""The rows of a table, one after the other: each becomes a reading, a declaration, or a problem at its cell."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from checklist.model.problems import NotAValue
from checklist.model.rules.facts import Fact
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import Reading
from checklist.reading.records.declarations import Declaring
from checklist.reading.records.fact_names import MANY, FactNames
from checklist.reading.records.owners import Owners
from checklist.reading.records.table_answers import Defaults, TableAnswers, names
from checklist.reading.records.table_sites import TableSite
from checklist.reading.tables.recognising import Found, RecognisedTable
from checklist.values.answer import SAME, lenient_value
from checklist.values.cells import RawCell, plain, words
from checklist.values.site_names import no_community


class Rows(Owners):
    """Reads sheet after sheet of one table; ``filled`` and ``problems`` grow."""

    def __init__(self, table: RecognisedTable, ruleset: Ruleset, today: date, given: Defaults) -> None:
        super().__init__(table, ruleset, today)
        self.given = given
        self.names = FactNames(ruleset)
        self.declaring = Declaring(self)

    def sheet(self, found: Found) -> None:
        defaults = self.above(found)
        body = found.body
        rows = body.rows
        self.problems += body.problems
        if found.kind == "wide":
            for at in found.unused:
                name = plain(found.sheet.at(found.head, at))
                self.wrong(found, found.head, at, "W234", f"“{name}”这一列不是实测项，没有用上")
            for row in rows:
                self.wide_row(found, row, defaults)
        elif found.kind == "declared":
            for row in rows:
                self.declaring.sheet_row(found, row)
        else:
            assumed = 0
            for row in rows:
                assumed += self.form_row(found, row, defaults)
            self.many_strangers(found)
            if assumed:
                says = f"有 {assumed} 项没写核实日期，按今天（{self.today}）算"
                self.wrong(found, found.head, found.columns.get("on"), "W232", says, "表头上方填“填报日期”，或逐项填")

    def many_strangers(self, found: Found) -> None:
        more, self.names.strangers = self.names.strangers - MANY, 0
        if more > 0:
            at = found.columns.get("fact", found.columns.get("label"))
            says = f"另外还有 {more} 行的编号不认识，不再一一列出"
            self.wrong(found, found.head, at, "E204", says, "看看是不是选错了文件，或换 --rules")

    def above(self, found: Found) -> Defaults:
        """填报人 and 填报日期 in the rows above the headings, in a cell of their own or after a colon."""
        by, on = self.given.by, self.given.on
        for row in range(found.head):
            cells = found.sheet.rows[row]
            for at, cell in enumerate(cells):
                label, _, rest = plain(cell).partition(":")
                after: RawCell = rest.strip() or next((c for c in cells[at + 1 : at + 3] if plain(c)), None)
                if label in ("填报人", "核实人") and not by:
                    by = words(after)
                elif label in ("填报日期", "核实日期") and on is None and plain(after):
                    on = self.day(found, row, at, after)
        return Defaults(by, on)

    def form_row(self, found: Found, row: int, defaults: Defaults) -> int:
        """One row of a form or long table; 1 when its date had to be assumed."""
        value, same = found.value(row), plain(found.sheet.at(row, found.columns.get("same")))
        if not plain(value) and not same:
            self.no_value(found, row)
            return 0
        id = words(found.cell(row, "fact")) or words(found.cell(row, "label"))
        if self.declaring.is_criterion(id):
            self.declaring.long_row(found, row, id, value)
            return 0
        fact = self.fact(found, row)
        filled = self.of(found, row) if fact is not None else None
        if fact is None or filled is None:
            if fact is not None:
                self.refuse(found, row, found.columns.get("community"), no_community())
            return 0
        site = self.sites.at(found, row, filled)
        reading = self.answer(found, row, fact, value, same, filled, site)
        return 0 if reading is None else self.keep(found, row, reading, defaults, filled)

    def fact(self, found: Found, row: int, quiet: bool = False) -> Fact | None:
        id, label = words(found.cell(row, "fact")), words(found.cell(row, "label"))
        at = found.columns.get("fact", found.columns.get("label"))
        try:
            fact = self.names.known(id, label)
        except NotAValue as reason:
            self.refuse(found, row, at, reason)
            return None
        if fact is None and not quiet and (why := self.names.stranger(id or label)) is not None:
            self.refuse(found, row, at, why)
        return fact

    def no_value(self, found: Found, row: int) -> None:
        """A row without a value: left blank on purpose, or not."""
        lost, way_out = found.lost(row)
        told = any(plain(found.sheet.at(row, found.columns.get(c))) for c in ("note", "evidence"))
        fact = self.fact(found, row, quiet=True) if lost or told else None
        at = found.columns["value"]
        if fact is not None and lost:
            self.wrong(found, row, at, "E211", f"“{fact.label}”这一格{lost}", way_out)
        elif fact is not None:
            says = f"“{fact.label}”填了备注或佐证，没有填实测值，这一行没有用上"
            self.wrong(found, row, at, "W231", says, "填上值，或写“说不清”")
        elif found.kind == "long" and (found.sites or not plain(found.cell(row, "fact"))):
            filled = self.of(found, row)  # a record, or a site, of which nothing is known
            if filled is not None:
                self.sites.at(found, row, filled)

    def answer(
        self,
        found: Found,
        row: int,
        fact: Fact,
        value: RawCell,
        same: str,
        filled: TableAnswers,
        site: TableSite | None,
    ) -> Reading | None:
        """What a cell answers, at its site: None, and said, when it cannot be used."""
        column = found.columns.get("same" if same else "value")
        where = found.sheet.where(row, found.columns["value"])
        if same:
            slot = (site.id if site is not None and fact.id in self.ruleset.site_facts else "", fact.id)
            before = filled.base.slots.get(slot) if filled.base else None
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
            return self.sites.put(replace(before, where=where, by="", note="", evidence=()), site, filled)
        try:
            answer = lenient_value(fact, value)
        except NotAValue as reason:
            self.refuse(found, row, column, reason)
            self.sites.tried(fact.id, site)
            return None
        if answer is None:
            return None
        remark = f"原填“{answer.remark}”" if answer.remark else ""
        reading = Reading(
            fact.id, answer.value, date.min, note=remark, unknown=answer.unknown, sample=answer.sample, where=where
        )
        return self.sites.put(reading, site, filled)

    def keep(self, found: Found, row: int, reading: Reading, defaults: Defaults, filled: TableAnswers) -> int:
        assumed = 0
        cell = found.cell(row, "on")
        on = self.day(found, row, found.columns.get("on"), cell) if plain(cell) else defaults.on or filled.as_of
        if on is None:
            if plain(cell):
                return 0
            on, assumed = self.today, 1
        if not plain(cell) and defaults.on is None and filled.as_of is not None:
            filled.undated.add(reading.slot)
        if isinstance(reading.value, date) and reading.value > on:
            label = self.ruleset.facts[reading.fact].label
            says = f"“{label}”的日期 {reading.value} 晚于核实日期 {on}"
            self.wrong(found, row, found.columns.get("value"), "E217", says, "看看年份写对没有")
            return 0
        note = words(found.cell(row, "note"))
        remark = "" if reading.note in note else reading.note
        filled.readings.append(
            replace(
                reading,
                on=on,
                by=words(found.cell(row, "by")) or defaults.by,
                note="；".join(part for part in (note, remark) if part),
                evidence=names(found.cell(row, "evidence")),
            )
        )
        return assumed

    def wide_row(self, found: Found, row: int, defaults: Defaults) -> None:
        cells = {at: cell for at in found.facts if plain(cell := found.sheet.at(row, at))}
        filled = self.of(found, row)
        if filled is None:
            if cells:
                self.refuse(found, row, found.columns.get("community"), no_community())
            return
        site = self.sites.at(found, row, filled)
        self.declaring.wide_cell(found, row)
        for at in found.facts if found.sheet.merged or found.sheet.failed else ():
            lost, way_out = replace_column(found, at).lost(row)
            if at not in cells and lost and not self.of_all_its_rows(found, row, at, filled):
                label = self.ruleset.facts[found.facts[at]].label
                self.wrong(found, row, at, "E211", f"“{label}”这一格{lost}", way_out)
        for at, cell in cells.items():
            fact = self.ruleset.facts[found.facts[at]]
            one = replace_column(found, at)
            reading = self.answer(one, row, fact, cell, "", filled, site)
            if reading is not None and self.keep(one, row, reading, defaults, filled):
                says = f"{filled.community.name if filled.community else ''} 没写核实日期，按今天（{self.today}）算"
                self.wrong(found, row, found.columns.get("on"), "W232", says, "填“核实日期”这一列")

    def of_all_its_rows(self, found: Found, row: int, at: int, filled: TableAnswers) -> bool:
        """A cell of the community's own, merged over the rows of its sites: it stands in the first of them."""
        first = found.sheet.merged.get((row, at), 0)
        community = found.facts[at] not in self.ruleset.site_facts and bool(found.sites)
        return community and first > found.head and self.of(found, first) is filled


def replace_column(found: Found, at: int) -> Found:
    """A wide table seen as a form of one value column."""
    return replace(found, columns={**found.columns, "value": at})
