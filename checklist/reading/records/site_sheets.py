"""The sheets of a form that have a column for each site: every cell becomes a reading at its site, or a problem."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from checklist.model.problems import NotAValue
from checklist.model.rules.facts import Fact
from checklist.model.state import Reading, Site
from checklist.reading.records.table_answers import Defaults, TableAnswers, names
from checklist.reading.records.table_rows import Rows, replace_column
from checklist.reading.tables.recognising import Found, RecognisedTable
from checklist.reading.tables.spreadsheet import Sheet, heading
from checklist.values.answer import lenient_value
from checklist.values.cells import RawCell, plain, words
from checklist.values.headings import KnownColumn, column_of
from checklist.values.site_columns import addressed, says_unchanged, site_headings

_LOOK_IN_ROWS = 10


def site_sheets(table: RecognisedTable, rows: Rows) -> tuple[SiteSheet, ...]:
    """The sheets that have columns of sites; only a form's hidden record tells what a site is."""
    sites = rows.base.sites if rows.base else ()
    headings = site_headings(sites)
    filled = table.stamp is not None and table.stamp.filled
    found = (_headed(sheet, headings) for sheet in table.sheets if not sheet.hidden) if headings else ()
    return tuple(SiteSheet(rows, one, at, headings, filled) for one, at in filter(None, found))


def _headed(sheet: Sheet, headings: Mapping[str, Site]) -> tuple[Found, dict[int, Site]] | None:
    for row in range(min(len(sheet.rows), _LOOK_IN_ROWS)):
        columns: dict[KnownColumn, int] = {}
        sites: dict[int, Site] = {}
        for at, cell in enumerate(sheet.rows[row]):
            if (site := headings.get(words(cell))) is not None:
                sites[at] = site
            elif (column := column_of(heading(cell))) is not None:
                columns.setdefault(column, at)
        if sites and "fact" in columns and "value" not in columns:
            return Found("form", sheet, row, columns, {}), sites
    return None


@dataclass(slots=True)
class SiteSheet:
    """One such sheet. ``at`` are the columns of sites; ``filled`` says that the record was put into them, so that what
    still stands there was not seen again."""

    rows: Rows
    found: Found
    at: Mapping[int, Site]
    headings: Mapping[str, Site]
    filled: bool
    told: dict[int, Defaults] = field(default_factory=dict)
    unclear: set[int] = field(default_factory=set)
    assumed: int = 0

    @property
    def sheet(self) -> Sheet:
        return self.found.sheet

    def read(self, defaults: Defaults, filled: TableAnswers) -> None:
        """Every row; ``defaults`` are the form's own day and person."""
        body = [row for row in range(self.found.head + 1, len(self.sheet.rows)) if not self._when_or_who(row)]
        for row in body:
            fact = self.rows.fact(self.found, row) if any(plain(self.sheet.at(row, at)) for at in self._asked) else None
            if fact is not None:
                self._row(row, fact, defaults, filled)
        if self.assumed:
            says = f"{self.sheet.name}有 {self.assumed} 项没写核实日期，按今天（{self.rows.today}）算"
            self.rows.wrong(self.found, self.found.head, min(self.at), "W232", says, "填在点位名称下面的“核实日期”里")

    @property
    def _asked(self) -> tuple[int, ...]:
        more = (self.found.columns.get(name) for name in ("note", "evidence"))
        return (*self.at, *(at for at in more if at is not None))

    def _when_or_who(self, row: int) -> bool:
        """The rows that say when and by whom each site was walked."""
        column = column_of(words(self.sheet.at(row, self.found.columns.get("label"))))
        if column not in ("on", "by") or plain(self.sheet.at(row, self.found.columns["fact"])):
            return False
        for at in self.at:
            if plain(cell := self.sheet.at(row, at)):
                known = self.told.get(at, Defaults())
                day = self.rows.day(self.found, row, at, cell) if column == "on" else known.on
                self.unclear |= {at} if column == "on" and day is None else set()
                self.told[at] = Defaults(words(cell) if column == "by" else known.by, day)
        return True

    def _row(self, row: int, fact: Fact, defaults: Defaults, filled: TableAnswers) -> None:
        read = {at: reading for at in self.at if (reading := self._answer(row, at, fact, filled)) is not None}
        notes = addressed(self._parts(row, "note"), self.headings)
        evidence = addressed(names(self.found.cell(row, "evidence")), self.headings)
        for at, reading in read.items():
            id = self.at[at].id
            said = ["；".join((*notes.get("", ()), *notes.get(id, ()))), reading.note]
            note = "；".join(dict.fromkeys(filter(None, said)))
            more = (*evidence.get("", ()), *evidence.get(id, ()))
            self._keep(at, row, replace(reading, note=note, evidence=(*reading.evidence, *more)), defaults, filled)
        lost = [id for id in (*notes, *evidence) if id and id not in {self.at[at].id for at in read}]
        if lost or ((notes or evidence) and not read):
            says = f"“{fact.label}”填了备注或佐证，没有填那个点位的值，没有用上"
            self.rows.wrong(self.found, row, self.found.columns.get("note"), "W231", says, "填上值，或写“说不清”")

    def _parts(self, row: int, column: KnownColumn) -> list[str]:
        return [part for part in words(self.found.cell(row, column)).replace("；", "\n").split("\n") if part.strip()]

    def _answer(self, row: int, at: int, fact: Fact, filled: TableAnswers) -> Reading | None:
        """What one cell says. A day of ``date.min`` is still to be told; None when nothing can be used."""
        site, one = self.at[at], replace_column(self.found, at)
        before = site.readings.get(fact.id)
        cell: RawCell = self.sheet.at(row, at)
        lost, way_out = one.lost(row)
        where = self.sheet.where(row, at)
        if lost:
            self.rows.wrong(self.found, row, at, "E211", f"{site.name}的“{fact.label}”这一格{lost}", way_out)
            return None
        if says_unchanged(plain(cell)):
            if before is None or before.value is None:
                says = f"{site.name}的“{fact.label}”以前没有记录，不能写“{plain(cell)}”"
                self.rows.wrong(self.found, row, at, "E211", says, "填这次看到的")
                return None
            return replace(before, where=where, on=date.min, by="", note="", evidence=())
        try:
            answer = lenient_value(fact, cell)
        except NotAValue as reason:
            self.rows.wrong(self.found, row, at, reason.code, f"{site.name}：{reason.says}", reason.hint)
            return None
        if answer is None:
            return None
        same = before is not None and (before.value, before.unknown, before.sample) == (
            answer.value, answer.unknown, answer.sample,
        )  # fmt: skip
        if before is not None and same and self.filled and self.told.get(at, Defaults()).on is None:
            return replace(before, where=where)
        remark = f"原填“{answer.remark}”" if answer.remark else ""
        return Reading(
            fact.id, answer.value, date.min, "", remark, (), answer.unknown, answer.sample, where, site.id
        )  # fmt: skip

    def _keep(self, at: int, row: int, reading: Reading, defaults: Defaults, filled: TableAnswers) -> None:
        own = self.told.get(at, Defaults())
        if at in self.unclear:
            return  # the day was told to be no day
        if reading.on == date.min:
            on = own.on or defaults.on
            self.assumed += on is None
            reading = replace(reading, on=on or self.rows.today, by=own.by or defaults.by)
        if isinstance(reading.value, date) and reading.value > reading.on:
            says = f"“{self.rows.ruleset.facts[reading.fact].label}”的日期 {reading.value} 晚于核实日期 {reading.on}"
            self.rows.wrong(self.found, row, at, "E217", says, "看看年份写对没有")
            return
        filled.readings.append(reading)
