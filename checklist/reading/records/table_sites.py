"""Which site a row of a table is about: told apart by id or name within a record."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Final, TypeAlias

from checklist.model.problems import NOWHERE, NotAValue, Where
from checklist.model.state import Reading
from checklist.reading.records.table_answers import TableAnswers
from checklist.reading.tables.recognising import Found
from checklist.values.answer import STROKES
from checklist.values.cells import plain, shown, words
from checklist.values.days import day_in
from checklist.values.headings import KnownColumn, kind_named
from checklist.values.look_alikes import folded, folded_id
from checklist.values.near import suggest
from checklist.values.site_totals import site_total

if TYPE_CHECKING:
    from checklist.reading.records.owners import Owners

_SITE_ID: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_TOLD_IN: Final[dict[str, KnownColumn]] = {"E340": "site_kind", "E206": "site_id", "E241": "site_id"}
_DAYS: Final[tuple[KnownColumn, ...]] = ("opened", "closed")

Record: TypeAlias = tuple[str, date | None]
"""The community and the day of a record."""


@dataclass(slots=True, eq=False)
class TableSite:
    """A site while the table is read. ``key`` stands in its readings for the id, which a later row may give; ``told``
    are the kinds of what was recorded there."""

    key: str
    name: str
    id: str = ""
    kind: str = ""
    told: dict[str, None] = field(default_factory=dict)
    opened: date | None = None
    closed: date | None = None
    where: Where = NOWHERE


class TableSites:
    """The sites of every record in a table; ``at`` puts a row where it belongs. What is found is settled when all is read."""

    def __init__(self, owners: Owners) -> None:
        self.owners, self.ruleset = owners, owners.ruleset
        self.by_id: dict[tuple[Record, str], TableSite] = {}
        self.by_name: dict[tuple[Record, str], TableSite] = {}
        self.seen = 0
        self.listed: dict[Record, dict[str, TableSite]] = {}
        self.doubted: set[tuple[Record, str]] = set()
        self.last: tuple[int, int, TableSite | None] = (0, 0, None)

    def at(self, found: Found, row: int, filled: TableAnswers) -> TableSite | None:
        """The site of a row, None for the community's own. Raises NotAValue where none can be told, told before."""
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
                raise NotAValue("E249", f"一行写了两处点位：{'、'.join(shown(t) for _, t in named)}", "一处写一行")
            if name in STROKES and not id:
                raise NotAValue("E249", f"点位写的“{name}”不知道是哪一处", "社区自己的一行，点位空着")
            site = self._known(filled, id, name)
            self._of_kind(found, row, site, kind or self._kind(found, row))
        except NotAValue as why:
            told_in = found.columns.get(_TOLD_IN.get(why.code, "site"), at)
            self.owners.wrong(found, row, told_in, why.code, why.says, why.hint)
            raise
        if site.where == NOWHERE:
            site.where = found.sheet.where(row, at or 0)
        self._days(found, row, site)
        self.listed[record_of(filled)][site.key] = site
        return site

    def _known(self, filled: TableAnswers, id: str, name: str) -> TableSite:
        of = record_of(filled)
        if of not in self.listed:
            self.listed[of] = {}
            for one in filled.base.sites if filled.base else ():
                self._add(of, one.id, one.name).kind = one.kind
        if not id:
            told = self.by_id.get((of, folded_id(name))) or self.by_name.get((of, folded(name)))
            return told or self._add(of, "", name)
        site = self.by_id.get((of, id))
        if site is None:
            site = self.by_name.get((of, folded(name))) if name else None
            if site is None or site.id:
                return self._add(of, id, name)
            site.id, self.by_id[of, id] = id, site
        if name and site.name and folded(site.name) != folded(name):
            says = f"点位编号 {id} 在这里是“{shown(name)}”，在前面是“{shown(site.name)}”"
            raise NotAValue("E241", says, "两处就各用各的编号；同一处就把名称改成一样")
        site.name = site.name or name
        return site

    def _add(self, of: Record, id: str, name: str) -> TableSite:
        if id and not _SITE_ID.fullmatch(id):
            raise NotAValue("E206", f"点位编号“{shown(id)}”不合规则", "小写字母、数字、短横线，如 estate-1")
        self.seen += 1
        site = TableSite(f"#{self.seen}", name, id)
        if id:
            self.by_id[of, id] = site
        if name:
            self.by_name.setdefault((of, folded(name)), site)
        return site

    def _kind(self, found: Found, row: int) -> str:
        """The kind in the column 点位类别; empty when nothing stands there."""
        text = words(found.cell(row, "site_kind"))
        kind = kind_named(text, self.ruleset.site_kinds) if text else ""
        if kind is None:
            labels = [kind.label for kind in self.ruleset.site_kinds.values()]
            hint = suggest(text, labels, {label: label for label in labels}) or f"可以写：{'、'.join(labels)}"
            raise NotAValue("E340", f"没有 {shown(text)} 这一类点位", hint)
        return kind

    def _of_kind(self, found: Found, row: int, site: TableSite, kind: str) -> None:
        if kind and site.kind and kind != site.kind:
            here, before = self.ruleset.site_kinds[kind].label, self.ruleset.site_kinds[site.kind].label
            says = f"点位“{shown(site.name or site.id)}”在这里是{here}，在前面是{before}"
            raise NotAValue("E249", says, "是两处就起不同的名称；同一处就把类别改成一样")
        site.kind = site.kind or kind

    def _days(self, found: Found, row: int, site: TableSite) -> None:
        for column in _DAYS:
            if plain(cell := found.cell(row, column)):
                try:
                    setattr(site, column, day_in(cell))
                except NotAValue as why:
                    self.owners.wrong(found, row, found.columns[column], why.code, why.says, why.hint)

    def put(self, reading: Reading, site: TableSite | None, filled: TableAnswers) -> Reading:
        """The reading at its site, if it is of a fact that lies at one; else it is the community's."""
        kind = self.ruleset.site_facts.get(reading.fact)
        if site is None or kind is None:
            filled.beside |= {reading.fact} if site is not None else set()
            return replace(reading, site="")
        site.told[kind] = None
        return replace(reading, site=site.key)

    def totals(self, found: Found, row: int, filled: TableAnswers) -> None:
        """How many there are in all; rows of a community that disagree are said, and neither counts."""
        for at, kind in found.totals.items():
            where = found.sheet.where(row, at)
            try:
                total = site_total(self.ruleset.site_kinds[kind], found.spread(row, at), where)
            except NotAValue as why:
                self.owners.wrong(found, row, at, why.code, why.says, why.hint)
                continue
            before = filled.totals.get(kind)
            if total is None or (record_of(filled), kind) in self.doubted:
                continue
            if before is None:
                filled.totals[kind] = total
            elif (before.count, before.reason) != (total.count, total.reason):
                label = self.ruleset.site_kinds[kind].label
                says = f"{label}总数写了几次，不一样：{before.where.cell} 是 {before.count}，这里是 {total.count}"
                self.owners.wrong(found, row, at, "E222", says, "留一个；改好之前按列出来的算")
                self.doubted.add((record_of(filled), kind))
                del filled.totals[kind]


def record_of(filled: TableAnswers) -> Record:
    """Which record a row is about."""
    return filled.community.id if filled.community else "", filled.as_of
