"""How many sites of a kind each community of a block has: those that are listed, and those that are only in its total."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from checklist.batch.columns.bad_cells import BadCell, refused
from checklist.batch.columns.day_columns import FIRST, LAST, read_days
from checklist.batch.columns.exact_columns import ExactColumn, Flags
from checklist.batch.columns.merged_rows import Places, Speakers, disagreement, merged, taken
from checklist.batch.tables.named_rows import texts_told
from checklist.batch.tables.sound_columns import text_of
from checklist.model.problems import NOWHERE, NotAValue
from checklist.model.rules.site_kinds import SiteKind
from checklist.values.site_totals import site_total

_UNREADABLE: Final = -2


@dataclass(frozen=True, slots=True)
class SiteSpan:
    """From which day each site counts, and on which day no longer, in days since 1970."""

    opened: NDArray[Any]
    closed: NDArray[Any]

    def on(self, day: NDArray[Any]) -> Flags:
        return np.asarray((self.opened <= day) & (day < self.closed), bool)


def spans_of(
    batch: pa.RecordBatch, columns: Mapping[str, str], told: Speakers, today: date
) -> tuple[SiteSpan, list[BadCell]]:
    """When the sites of a kind count; ``columns`` are those that tell of sites."""
    found: list[NDArray[Any]] = []
    bad: list[BadCell] = []
    for name, always in (("opened", FIRST), ("closed", LAST + 1)):
        days = ExactColumn(np.zeros(batch.num_rows, "i4"), np.zeros(batch.num_rows, bool))
        if name in columns:
            days = read_days(batch.column(columns[name]), today)
            mine = set(told.rows.tolist()) if days.bad else set()
            bad += [BadCell(c.row, columns[name], c.code, c.says, c.value) for c in days.bad if c.row in mine]
        site = taken(days, told.first(days.mask()))
        found.append(np.where(site.mask(), site.values, always))
    turned = np.flatnonzero(found[1] <= found[0])
    if len(turned):
        says = "起算的日期不早于停算的日期，这个点位没有算；对调或改对"
        rows = told.first(np.ones(batch.num_rows, bool))[turned]
        bad += [BadCell(int(row), columns["closed"], "E245", says, "") for row in rows]
    return SiteSpan(*found), bad


def totals_of(
    batch: pa.RecordBatch, column: str, kind: SiteKind, told: Speakers, numbers: NDArray[Any]
) -> tuple[NDArray[np.int64], Flags, list[BadCell]]:
    """How many sites of a kind each community says it has, -1 where it does not say; which have written anything, be it of
    use or not; what is wrong."""
    values = texts_told(batch, column, lambda text: _count(kind, text)).astype(np.int64)
    wrong = told.rows[values[told.rows] == _UNREADABLE]
    bad = [
        refused(int(row), column, _why(kind, text_of(batch.column(column))[row].as_py()), then="没有采用")
        for row in wrong
    ]
    found, _, pairs = merged(ExactColumn(values, values >= 0), told)
    bad += disagreement(pairs, column, f"{kind.label}总数", numbers)
    written = told.first(values != -1) >= 0
    return np.where(found.mask(), found.values, -1), written, bad


def _count(kind: SiteKind, text: str) -> int:
    try:
        total = site_total(kind, text, NOWHERE) if text else None
    except NotAValue:
        return _UNREADABLE
    return -1 if total is None else total.count


def _why(kind: SiteKind, text: str) -> NotAValue:
    try:
        site_total(kind, text, NOWHERE)
    except NotAValue as why:
        return why
    raise AssertionError(text)


def usable(
    totals: NDArray[np.int64], listed: NDArray[Any], counting: NDArray[Any], rows: Places, column: str, kind: SiteKind
) -> tuple[NDArray[np.int64], list[BadCell]]:
    """The totals that can be relied on. ``listed`` and ``counting`` are how many sites stand in the table, and how many of
    them count on the day of the record; ``rows`` where to say it."""
    bad = []
    for wrong, code, says in (
        (
            (totals > 0) & (listed == 0),
            "E243",
            "写了{1}个{0}，一个也没有列，按没有点位算；一个{0}一行，没核过的也列出来",
        ),
        (
            (totals >= 0) & (listed > 0) & (counting > totals),
            "E242",
            "列了{2}个{0}，总数写的是{1}，按列出来的算；改总数",
        ),
    ):
        for group in np.flatnonzero(wrong).tolist():
            told = says.format(kind.label, int(totals[group]), int(counting[group]))
            bad.append(BadCell(int(rows[group]), column, code, told, str(totals[group])))
        totals = np.where(wrong, -1, totals)
    return totals, bad
