"""What criteria are judged on in a table with sites: the communities of a block, and by kind their sites, each seen as a
community of its own. Follows ``reading.records.sites`` and ``State.at``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from checklist.batch.columns.bad_cells import BadCell, refused, shown
from checklist.batch.columns.day_columns import days
from checklist.batch.columns.exact_columns import ExactColumn, Flags
from checklist.batch.columns.intake import Intake, Read, spared
from checklist.batch.columns.merged_rows import Places, Speakers, disagreement, merged, one_behind, taken
from checklist.batch.columns.site_counts import SiteSpan, spans_of, totals_of, usable
from checklist.batch.columns.site_rows import SiteRows, site_rows
from checklist.model.rules.ruleset import Ruleset
from checklist.values.site_names import strays

_NO_DAY = -(1 << 30)


@dataclass(slots=True)
class RecordColumns:
    """What was recorded of communities, or of the sites of one kind: ``columns`` and their days ``on`` by fact, the rows
    that speak of each. ``of`` is the community of each."""

    told: Speakers
    of: Places
    columns: dict[str, ExactColumn] = field(default_factory=dict)
    on: dict[str, ExactColumn] = field(default_factory=dict)
    declared: dict[str, Flags] = field(default_factory=dict)


@dataclass(slots=True)
class Ground:
    """A row for each site of a kind, ordered by community, in each at least one. ``weight`` is how many sites it stands
    for; ``listed`` is its place among the sites recorded, -1 for those nobody listed; ``alone`` marks communities that
    are their only site."""

    of: Places
    weight: NDArray[np.int64]
    listed: Places
    alone: Flags


@dataclass(slots=True)
class Communities:
    """The communities of a block. ``record`` and ``judged`` are their two days, ``numbers`` the numbers of the rows in
    the table, ``untotalled`` how many list sites of a kind and do not say how many there are. ``spans`` say when the
    sites of a kind count, ``totals`` how many there are, -1 where that is not known."""

    batch: pa.RecordBatch
    numbers: NDArray[Any]
    rows: SiteRows
    read: Read
    record: NDArray[Any]
    judged: NDArray[Any]
    here: RecordColumns
    at: dict[str, RecordColumns] = field(default_factory=dict)
    grounds: dict[str, Ground] = field(default_factory=dict)
    spans: dict[str, SiteSpan] = field(default_factory=dict)
    totals: dict[str, NDArray[np.int64]] = field(default_factory=dict)
    bad: list[BadCell] = field(default_factory=list)
    untotalled: int = 0

    @property
    def first(self) -> Places:
        """The row that speaks first of each."""
        return self.rows.all.first(np.ones(self.batch.num_rows, bool))


def communities(intake: Intake, ruleset: Ruleset, batch: pa.RecordBatch, numbers: NDArray[Any]) -> Communities:
    """What a block records that holds all rows of its communities, as it stands on the day of the record."""
    read = intake.cells(batch, 0)
    rows = site_rows(batch, intake.layout, ruleset, read)
    record = _record(intake, read, rows.all)
    day = np.where(rows.group >= 0, record[rows.group] if len(record) else 0, read.record)
    for fact, column in read.columns.items():
        intake.not_later(fact, column, read.on.get(fact), day, 0)
    judged = np.broadcast_to(intake.day_of_judging(record), record.shape)
    here = RecordColumns(rows.all, np.arange(rows.all.count))
    found = Communities(batch, numbers, rows, read, record, judged, here)
    at_own = RecordColumns(rows.own, here.of)
    for fact in read.columns:
        _record_of(intake, found, here if fact not in ruleset.site_facts else at_own, fact)
    here.columns |= at_own.columns
    here.on |= at_own.on
    for kind in ruleset.site_kinds:
        site = found.at[kind] = RecordColumns(rows.at[kind], rows.of[kind])
        for fact in read.columns:
            if ruleset.site_facts.get(fact) == kind:
                _record_of(intake, found, site, fact)
    for recorded in (here, *found.at.values()):
        _doubted(intake, found, recorded)
    _declared(intake, found, at_own, np.where(rows.group >= 0, judged[rows.group] if len(judged) else 0, 0))
    here.declared = at_own.declared
    for kind in ruleset.site_kinds:
        _settle(intake, ruleset, found, kind)
    bad = [*read.bad, *(cell for column in read.columns.values() for cell in column.bad), *rows.bad, *found.bad]
    bad = intake.named(spared(bad, read.aside, 0), batch, 0) + read.said
    found.bad = [replace(cell, row=int(numbers[cell.row])) for cell in bad]
    return found


def _record(intake: Intake, read: Read, told: Speakers) -> NDArray[Any]:
    """The last day that any row of a community names; today where none does."""
    found = np.full(told.count, _NO_DAY, np.int64)
    for column in (read.day, read.checked):
        if column is not None:
            values = np.where(column.mask(), column.values, _NO_DAY)[told.rows]
            np.maximum.at(found, told.of, values)
    return np.where(found == _NO_DAY, days(intake.today), found)


def _record_of(intake: Intake, found: Communities, recorded: RecordColumns, fact: str) -> None:
    """One fact of the communities or sites; where their rows disagree it is unknown, and said to be so."""
    column, first, pairs = merged(found.read.columns[fact], recorded.told)
    name, label = intake.column_of(fact), intake.ruleset.facts[fact].label
    cells = found.batch.column(name) if name in found.batch.schema.names else None
    found.bad += [
        cell if cells is None else replace(cell, value=shown(cells[cell.row]))
        for cell in disagreement(pairs, name, label, found.numbers)
    ]
    recorded.columns[fact] = column
    if fact in found.read.on:
        recorded.on[fact] = taken(found.read.on[fact], first)


def _doubted(intake: Intake, found: Communities, recorded: RecordColumns) -> None:
    """Parts greater than their wholes."""
    for pair, things in intake.too_great(recorded.columns):
        says = intake.doubt(pair, things, recorded.columns)
        rows = recorded.told.first(np.ones(found.batch.num_rows, bool))[things]
        found.bad += [BadCell(int(row), intake.column_of(pair[0]), "E320", says, "") for row in rows]


def _declared(intake: Intake, found: Communities, own: RecordColumns, judged: NDArray[Any]) -> None:
    """The community's declarations, in force at all its sites, and those of single sites. One of a criterion that is not
    graded at sites may stand in any row, as the community's own facts may."""
    told, bad = intake.declarations(found.batch, judged, 0)
    found.bad += bad
    for criterion, rows in told.items():
        kind = intake.ruleset.by_id[criterion].per
        own.declared[criterion] = (own if kind else found.here).told.first(rows) >= 0
        for at, recorded in found.at.items():
            recorded.declared[criterion] = recorded.told.first(rows & (at == kind)) >= 0
            astray = recorded.told.rows[rows[recorded.told.rows]] if kind and at != kind else ()
            found.bad += [_not_here(intake, criterion, at, int(row)) for row in astray]


def _not_here(intake: Intake, criterion: str, at: str, row: int) -> BadCell:
    """A declaration in the row of a site of a kind by which the criterion is not graded."""
    told, label = intake.ruleset.by_id[criterion], intake.ruleset.site_kinds[at].label
    says = f"{told.id}（{told.title}）不是按{label}评的，在{label}的行里不能声明；写在它评的那一处"
    return BadCell(row, intake.layout.na.get(criterion, intake.layout.lines), "E322", says, "")


def _settle(intake: Intake, ruleset: Ruleset, found: Communities, kind: str) -> None:
    """Which sites of a kind count in each community, and what lies in the wrong place."""
    site, count = found.at[kind], found.here.told.count
    span, bad = spans_of(found.batch, intake.layout.site, site.told, intake.today)
    found.bad += bad
    written = np.bincount(site.of, minlength=count)
    totals, told = np.full(count, -1, np.int64), np.zeros(count, bool)
    column = intake.layout.totals.get(kind, "")
    if column:
        totals, told, bad = totals_of(found.batch, column, ruleset.site_kinds[kind], found.rows.all, found.numbers)
        found.bad += bad
    found.untotalled += int(((written > 0) & ~told).sum())
    if column:
        of_record = np.bincount(site.of[span.on(found.record[site.of])], minlength=count)
        totals, bad = usable(totals, written, of_record, found.first, column, ruleset.site_kinds[kind])
        found.bad += bad
    _misplaced(intake, ruleset, found, kind, (written > 0) | (totals >= 0), written)
    found.spans[kind], found.totals[kind] = span, totals
    found.grounds[kind] = _ground(site, span, totals, found.judged)


def _ground(site: RecordColumns, span: SiteSpan, totals: NDArray[np.int64], judged: NDArray[Any]) -> Ground:
    count = len(totals)
    listed = np.flatnonzero(span.on(judged[site.of]))
    here = np.bincount(site.of[listed], minlength=count)
    more = np.maximum(totals - here, 0)
    rest = np.flatnonzero((more > 0) | (here == 0))  # sites nobody listed, the community itself, or no site at all
    of = np.concatenate([site.of[listed], rest])
    alone = np.concatenate([np.zeros(len(listed), bool), (totals[rest] < 0)])
    weight = np.concatenate([np.ones(len(listed), np.int64), np.where(totals[rest] < 0, 1, more[rest])])
    places = np.concatenate([listed, np.full(len(rest), -1)])
    order = np.argsort(of, kind="stable")
    return Ground(of[order], weight[order], places[order], alone[order])


def _misplaced(
    intake: Intake, ruleset: Ruleset, found: Communities, kind: str, sited: Flags, written: NDArray[Any]
) -> None:
    """What lies at a site and stands in the community's own row, or in the row of a site of another kind; ``written`` are
    how many sites of the kind each community lists."""
    label, rows = ruleset.site_kinds[kind].label, found.rows
    elsewhere = [other.rows for name, other in rows.at.items() if name != kind]
    others = np.concatenate([*elsewhere, np.zeros(0, np.intp)]).astype(np.intp)
    for fact, column in found.here.columns.items():
        if ruleset.site_facts.get(fact) != kind:
            continue
        name, told = intake.column_of(fact), ruleset.facts[fact].label
        known = found.read.columns[fact].mask()
        own = rows.own.rows[known[rows.own.rows] & sited[rows.own.of]]
        listed = written[rows.group[own]] > 0
        for some, are in ((own[listed], True), (own[~listed], False)):
            why = strays([told], label, "那一行", "行", listed=are)
            found.bad += [refused(int(row), name, why, then="没有算") for row in some]
        says = f"“{told}”是{label}的实测项，写在别类点位的行，没有算；挪到它看到的那个{label}的行"
        found.bad += [BadCell(int(row), name, "E244", says, "") for row in others[known[others]]]
        if len(own):
            column.forget(sited)


def columns_at(ruleset: Ruleset, found: Communities, kind: str, facts: Mapping[str, object]) -> dict[str, ExactColumn]:
    """Of ``facts`` what is known on the ground of a kind: at a site its own and what the community has for all."""
    ground, site, here = found.grounds[kind], found.at[kind], found.here.columns
    columns: dict[str, ExactColumn] = {}
    for fact in facts:
        if fact not in here:
            continue
        if ruleset.site_facts.get(fact) == kind:
            own = site.columns[fact]
            if ground.alone.any():
                rows = np.where(ground.alone, len(own.values) + ground.of, ground.listed)
                columns[fact] = taken(one_behind(own, here[fact]), rows)
            else:
                columns[fact] = taken(own, ground.listed)
        elif ruleset.facts[fact].serves:
            columns[fact] = taken(here[fact], np.where(ground.weight > 0, ground.of, -1))
        elif ground.alone.any():
            columns[fact] = taken(here[fact], np.where(ground.alone, ground.of, -1))
    return columns
