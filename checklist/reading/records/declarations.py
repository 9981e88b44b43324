"""Declarations that a criterion does not apply, as tables carry them.

A form has a sheet of its own for them; a long table a row (标准编号 as 编号, 不适用 as 实测值, the reason as 备注); a wide
table one cell, a line for each: ``NBR-02：辖区里没有农贸市场（到 2027-01-01）``.
"""

from __future__ import annotations

from checklist.model.problems import NotAValue
from checklist.model.state import NotApplicable
from checklist.reading.records.owners import Owners
from checklist.reading.tables.recognising import Found
from checklist.values.cells import RawCell, plain, shown, words
from checklist.values.days import day_in
from checklist.values.declared_reason import WAY_OUT, declared_lines, declared_reason
from checklist.values.headings import NOT_APPLICABLE, criterion_named, near_criterion
from checklist.values.look_alikes import criterion_id


class Declaring:
    """Puts declarations into the records that ``owners`` finds; mistakes are told there."""

    def __init__(self, owners: Owners) -> None:
        self.owners = owners

    def sheet_row(self, found: Found, row: int) -> None:
        """A row of a form's sheet 不适用."""
        at = found.columns
        told, reason = plain(found.sheet.at(row, at["criterion"])), words(found.sheet.at(row, at["reason"]))
        id = self._known(found, row, at["criterion"], told) if reason else None
        if id:
            self._keep(found, row, at["reason"], id, reason, found.sheet.at(row, at.get("until")))

    def is_criterion(self, id: str) -> bool:
        return criterion_id(id) in self.owners.ruleset.by_id

    def long_row(self, found: Found, row: int, id: str, value: RawCell) -> None:
        """A row of a long table or form that names a criterion instead of a fact."""
        id, at = criterion_id(id), found.columns["value"]
        if plain(value) != NOT_APPLICABLE:
            says = f"{id} 是测评标准，这里填的是“{shown(plain(value))}”"
            self.owners.wrong(found, row, at, "E211", says, f"标准只能填“{NOT_APPLICABLE}”；别的填在它的实测项里")
            return
        reason = words(self.owners.cell(found, row, "note"))
        said_in = found.columns.get("note", at)
        self._keep(found, row, at, id, reason, self.owners.cell(found, row, "until"), said_in)

    def wide_cell(self, found: Found, row: int) -> None:
        """The cell 不适用 of a wide table; a line that names no criterion goes on with the one above."""
        at = found.columns.get("not_applicable")
        for line in declared_lines(words(self.owners.cell(found, row, "not_applicable"))):
            if not line.criterion:
                says = f"“不适用”这一格看不懂：“{shown(line.reason)}”"
                self.owners.wrong(found, row, at, "E211", says, WAY_OUT)
            elif id := self._known(found, row, at, line.criterion):
                self._keep(found, row, at, id, line.reason, line.until or None)

    def _known(self, found: Found, row: int, column: int | None, told: str) -> str | None:
        """The criterion's id; None, and said, when there is none."""
        id = criterion_named(told, self.owners.ruleset)
        if id is None:
            hint = near_criterion(told, self.owners.ruleset)
            self.owners.wrong(found, row, column, "E321", f"没有这条测评标准 {told}", hint)
        return id

    def _keep(
        self, found: Found, row: int, column: int | None, id: str, reason: str, last_day: RawCell,
        said_in: int | None = None,
    ) -> None:  # fmt: skip
        """``column`` holds the declaration, ``said_in`` its reason where that is another."""
        until, criterion = None, self.owners.ruleset.by_id[id]
        at = column if said_in is None else said_in
        try:
            if criterion.na_when:  # of the others the record's reader says that they cannot be declared at all
                declared_reason(reason, criterion.na_when)
            if plain(last_day):
                at = found.columns.get("until", column)
                until = day_in(last_day)
        except NotAValue as why:
            self.owners.wrong(found, row, at, why.code, f"{id}（{criterion.title}）{why.says}", why.hint)
            return
        filled = self.owners.of(found, row)
        site = self.owners.sites.at(found, row, filled) if filled is not None and criterion.per else None
        if site is not None:
            site.tried[criterion.per] = None
        if filled is not None:
            key = site.key if site is not None else ""
            filled.declared.append(NotApplicable(id, reason, until, found.sheet.where(row, column or 0), key))
