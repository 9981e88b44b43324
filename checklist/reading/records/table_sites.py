"""Which site a row of a table is about: told apart by id or name within a record."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Final, TypeAlias

from checklist.model.problems import NOWHERE, NotAValue, Where
from checklist.model.state import Reading
from checklist.reading.records.table_answers import TableAnswers
from checklist.reading.tables.recognising import Found
from checklist.values.cells import plain, words
from checklist.values.days import day_in
from checklist.values.headings import KnownColumn
from checklist.values.look_alikes import folded_id
from checklist.values.site_names import NamedSite, SiteNames, kind_told, two_places
from checklist.values.site_totals import site_total

if TYPE_CHECKING:
    from checklist.reading.records.owners import Owners

LOST: Final = "?"
"""The key of no site: that of a row of which it cannot be known."""

_TOLD_IN: Final[dict[str, KnownColumn]] = {"E340": "site_kind", "E206": "site_id", "E241": "site_id"}
_DAYS: Final[tuple[KnownColumn, ...]] = ("opened", "closed")

Record: TypeAlias = tuple[str, date | None]
"""The community and the day of a record."""


@dataclass(slots=True, eq=False)
class TableSite(NamedSite):
    """A site while the table is read. ``key`` stands in its readings for the id, which a later row may give; ``told``
    are the kinds of what was recorded there, ``tried`` of what was written there and says nothing."""

    key: str = LOST
    told: dict[str, None] = field(default_factory=dict)
    tried: dict[str, None] = field(default_factory=dict)
    opened: date | None = None
    closed: date | None = None
    where: Where = NOWHERE


class TableSites:
    """The sites of every record in a table; ``at`` puts a row where it belongs. What is found is settled when all is read."""

    def __init__(self, owners: Owners) -> None:
        self.owners, self.ruleset = owners, owners.ruleset
        self.named: dict[Record, SiteNames[TableSite]] = {}
        self.seen = 0
        self.listed: dict[Record, dict[str, TableSite]] = {}
        self.disputed: set[tuple[Record, str]] = set()
        self.last: tuple[int, int, TableSite | None] = (0, 0, None)

    def at(self, found: Found, row: int, filled: TableAnswers) -> TableSite | None:
        """The site of a row, None for the community's own. One whose ``key`` is LOST, told, where none can be known:
        only what is the community's own counts of such a row."""
        if not found.sites:
            return None
        if self.last[:2] != (id(found.sheet), row):
            self.last = (id(found.sheet), row, self._read(found, row, filled))
        return self.last[2]

    def _read(self, found: Found, row: int, filled: TableAnswers) -> TableSite | None:
        named = [
            (at, text) for at in (found.columns.get("site"), *found.kinds) if (text := words(found.spread(row, at)))
        ]
        id = folded_id(plain(found.cell(row, "site_id")))
        if not named and not id:
            return None
        at, name = named[0] if named else (found.columns["site_id"], "")
        kind = found.kinds.get(at, "") if at is not None else ""
        try:
            if len(named) > 1:
                raise two_places([text for _, text in named])
            kind = kind or kind_told(words(found.cell(row, "site_kind")), self.ruleset.site_kinds)
            site = self._of(filled).told(id, name, kind)
        except NotAValue as why:
            told_in = found.columns.get(_TOLD_IN.get(why.code, "site"), at)
            self.owners.refuse(found, row, told_in, why)
            return TableSite(name)
        if site.where == NOWHERE:
            site.where = found.sheet.where(row, at or 0)
        self._days(found, row, site)
        self.listed[record_of(filled)][site.key] = site
        return site

    def _of(self, filled: TableAnswers) -> SiteNames[TableSite]:
        of = record_of(filled)
        if of not in self.named:
            self.listed[of] = {}
            self.named[of] = SiteNames(self.ruleset.site_kinds, self._new)
            for one in filled.base.sites if filled.base else ():
                self.named[of].add(one.id, one.name).kind = one.kind
        return self.named[of]

    def _new(self, name: str, id: str) -> TableSite:
        self.seen += 1
        return TableSite(name, id, key=f"#{self.seen}")

    def _days(self, found: Found, row: int, site: TableSite) -> None:
        for column in _DAYS:
            if plain(cell := found.cell(row, column)):
                try:
                    setattr(site, column, day_in(cell))
                except NotAValue as why:
                    self.owners.refuse(found, row, found.columns[column], why)

    def put(self, reading: Reading, site: TableSite | None, filled: TableAnswers) -> Reading:
        """The reading at its site, if it is of a fact that lies at one; else it is the community's."""
        kind = self.ruleset.site_facts.get(reading.fact)
        if site is None or kind is None:
            filled.beside |= {reading.fact} if site is not None else set()
            return replace(reading, site="")
        (site.tried if reading.value is None else site.told)[kind] = None
        return replace(reading, site=site.key)

    def tried(self, fact: str, site: TableSite | None) -> None:
        """Something was written of a fact that cannot be used; it still tells what kind of site it was."""
        if site is not None and fact in self.ruleset.site_facts:
            site.tried[self.ruleset.site_facts[fact]] = None

    def totals(self, found: Found, row: int, filled: TableAnswers) -> None:
        """How many there are in all; rows of a community that disagree are said, and neither counts."""
        for at, kind in found.totals.items():
            where = found.sheet.where(row, at)
            try:
                total = site_total(self.ruleset.site_kinds[kind], found.spread(row, at), where)
            except NotAValue as why:
                self.owners.refuse(found, row, at, why)
                filled.doubted.add(kind)
                continue
            before = filled.totals.get(kind)
            if total is None or (record_of(filled), kind) in self.disputed:
                continue
            if before is None:
                filled.totals[kind] = total
            elif (before.count, before.reason) != (total.count, total.reason):
                label = self.ruleset.site_kinds[kind].label
                says = f"{label}总数写了几次，不一样：{before.where.cell} 是 {before.count}，这里是 {total.count}"
                self.owners.wrong(found, row, at, "E222", says, "留一个；改好之前按列出来的算")
                self.disputed.add((record_of(filled), kind))
                filled.doubted.add(kind)
                del filled.totals[kind]


def record_of(filled: TableAnswers) -> Record:
    """Which record a row is about."""
    return filled.community.id if filled.community else "", filled.as_of
