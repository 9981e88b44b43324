"""Which community and which site each row of a table speaks of: whole communities at a time, their rows in any order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from checklist.batch.columns.bad_cells import BadCell, refused
from checklist.batch.columns.exact_columns import Flags
from checklist.batch.columns.intake import Read
from checklist.batch.columns.merged_rows import Places, Speakers
from checklist.batch.tables.community_codes import CommunityCodes
from checklist.batch.tables.layout import Layout
from checklist.batch.tables.named_rows import RowsTold, numbered, rows_told, texts_told
from checklist.model.rules.ruleset import Ruleset
from checklist.values.declared_reason import declared_lines
from checklist.values.site_names import kind_unclear

_NO_DAY: Final = -(1 << 30)


@dataclass(slots=True)
class SiteRows:
    """``all`` are the rows of each community, its own first, ``own`` those that speak of the community itself, ``at`` by
    kind those of each site; ``of`` by kind the community of each site. ``group`` is the community of each row, -1 of
    rows that count nowhere. ``bad`` counts rows from 0."""

    group: Places
    all: Speakers
    own: Speakers
    at: dict[str, Speakers]
    of: dict[str, Places]
    bad: list[BadCell]


def site_rows(batch: pa.RecordBatch, layout: Layout, ruleset: Ruleset, read: Read) -> SiteRows:
    """The rows of a block that holds whole communities."""
    told = rows_told(batch, layout, ruleset)
    counted = np.ones(len(told.named), bool) if read.left_out is None else ~read.left_out
    group = _groups(batch, layout, read, counted, told.named)
    count = int(group.max(initial=-1)) + 1
    order = np.lexsort((told.named, group))
    order = order[group[order] >= 0]
    own = order[~told.named[order]]
    found = SiteRows(group, Speakers(order, group[order], count), Speakers(own, group[own], count), {}, {}, [])
    site, found.bad = told.sites(group)
    here = np.flatnonzero(site >= 0)
    of, first = numbered(site[here])
    first = here[first]
    kinds, bad = _kinds(batch, layout, ruleset, read, told, Speakers(here, of, len(first)))
    found.bad += bad
    for place, kind in enumerate(ruleset.site_kinds):
        mine = here[kinds[of] == place]
        at, first = numbered(site[mine])
        found.at[kind], found.of[kind] = Speakers(mine, at, len(first)), group[mine][first]
    return found


def _groups(batch: pa.RecordBatch, layout: Layout, read: Read, counted: Flags, named: Flags) -> Places:
    """The record that each row belongs to, numbered as they come: those of one community on one day. Rows that name no day
    are of the only one that others name; rows of a community without any site are a record each, as in a table without
    sites."""
    rows = np.flatnonzero(counted)
    known = CommunityCodes()
    codes = known.of(batch.column(layout.community))[rows]
    codes = np.where(codes < 0, known.size + np.arange(len(codes)), codes)  # who is not named is nobody else
    if read.day is not None:
        dated = read.day.mask()[rows]
        day = np.where(dated, read.day.values[rows], _NO_DAY).astype(np.int64)
        least, most = np.full(codes.max(initial=0) + 1, -_NO_DAY), np.full(codes.max(initial=0) + 1, _NO_DAY)
        np.minimum.at(least, codes[dated], day[dated])
        np.maximum.at(most, codes[dated], day[dated])
        alike = ~dated & (least == most)[codes]
        day[alike] = least[codes[alike]]
        codes, _ = numbered(codes * (1 << 32) + day - _NO_DAY)
    sited = np.zeros(codes.max(initial=-1) + 1, bool)
    sited[codes[named[rows]]] = True
    group = np.full(batch.num_rows, -1)
    group[rows], _ = numbered(np.where(sited[codes], codes, len(sited) + np.arange(len(codes))))
    return group


def _kinds(
    batch: pa.RecordBatch, layout: Layout, ruleset: Ruleset, read: Read, told: RowsTold, sites: Speakers
) -> tuple[NDArray[np.int64], list[BadCell]]:
    """The place of the kind of each site among the kinds, -1 where it cannot be told: its rows say it, else what was
    recorded there, else what was written there and says nothing, else there is only one."""
    kinds = ruleset.site_kinds
    found: NDArray[np.int64] = np.full(sites.count, -1)
    np.maximum.at(found, sites.of, told.kind[sites.rows])
    if len(kinds) == 1:
        found[:] = 0
    says = np.zeros((len(kinds), sites.count), bool)
    for written in (False, True):
        open = found < 0
        open &= says.sum(axis=0) < 2
        if not open.any():
            break
        mine = open[sites.of]
        for place, kind in enumerate(kinds):
            facts = [fact for fact in read.columns if ruleset.site_facts.get(fact) == kind]
            for rows in _speaking(batch, layout, ruleset, read, kind, facts, written, sites.rows[mine]):
                says[place, sites.of[mine][rows]] = True
        sure = open & (says.sum(axis=0) == 1)
        found[sure] = says.argmax(axis=0)[sure] if len(kinds) else -1
    unsure = np.flatnonzero(found < 0)
    first = sites.first(np.ones(batch.num_rows, bool))[unsure]
    bad = []
    for at, row in zip(unsure.tolist(), first.tolist(), strict=True):
        labels = [kind.label for place, kind in enumerate(kinds.values()) if says[place, at] or not says[:, at].any()]
        why = kind_unclear(told.names[row] or told.ids[row], labels, ruleset.title)
        bad.append(refused(row, told.column_of("E340"), why, then="点位的实测项没有算"))
    return found, bad


def _speaking(
    batch: pa.RecordBatch, layout: Layout, ruleset: Ruleset, read: Read, kind: str, facts: list[str], written: bool,
    rows: Places,
) -> Iterator[Flags]:  # fmt: skip
    """Which of ``rows`` tell of a fact of the kind: have a value, or have anything ``written``."""
    if not written:
        yield from (read.columns[fact].mask()[rows] for fact in facts)
        return
    taken = batch.take(pa.array(rows))
    named = [layout.facts[fact] for fact in facts if fact in layout.facts]
    named += [name for id, name in layout.na.items() if ruleset.by_id[id].per == kind]
    yield from (texts_told(taken, name, bool).astype(bool) for name in named if name in batch.schema.names)
    per = {criterion.id: criterion.per for criterion in ruleset.criteria}
    lines = texts_told(
        taken, layout.lines, lambda text: kind in {per.get(line.criterion) for line in declared_lines(text)}
    )
    yield lines.astype(bool)
