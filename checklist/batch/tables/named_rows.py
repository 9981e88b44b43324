"""Which site each row of a table names, and what kind it says the site is of. Follows ``reading.records.table_sites``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from checklist.batch.columns.bad_cells import BadCell, refused
from checklist.batch.columns.exact_columns import Flags
from checklist.batch.columns.merged_rows import Places
from checklist.batch.tables.layout import Layout
from checklist.batch.tables.sound_columns import text_of
from checklist.model.problems import NotAValue
from checklist.model.rules.ruleset import Ruleset
from checklist.values.answer import STROKES
from checklist.values.cells import plain, words
from checklist.values.look_alikes import folded, folded_id
from checklist.values.site_names import NamedSite, SiteNames, kind_told, not_an_id, two_places

_UNKNOWN: Final = -2
"""Stands for a kind that there is not."""


@dataclass(slots=True)
class RowsTold:
    """``ids``, folded, and ``names`` that the rows give a site, "" where they give none; ``named`` are those that are not
    about the community itself. ``kind`` is the place of the kind that a row says, -1 where it says none. ``odd`` marks
    rows with a name or an id that is none, ``why`` has the rows that name no site, by what is wrong with them."""

    layout: Layout
    ruleset: Ruleset
    ids: NDArray[Any]
    names: NDArray[Any]
    named: Flags
    kind: NDArray[np.int64]
    odd: Flags
    why: dict[int, NotAValue]

    def column_of(self, code: str) -> str:
        """The column that a complaint about the site of a row names, by its code."""
        site = self.layout.site
        wanted = {"E340": "site_kind", "E206": "site_id", "E241": "site_id"}.get(code, "site")
        others = (site.get("site"), *self.layout.of_kind.values(), site.get("site_id"))
        return site.get(wanted) or next(filter(None, others), "")

    def sites(self, group: Places) -> tuple[NDArray[np.int64], list[BadCell]]:
        """A number for the site of each row, -1 for those without one; ``group`` is the community of each row, -1 of rows
        that do not count."""
        found = np.full(len(group), -1, np.int64)
        why = {row: told for row, told in self.why.items() if group[row] >= 0}
        rows = np.flatnonzero(self.named & (group >= 0))
        rows = rows[~np.isin(rows, list(why))]
        of, identified, names = group[rows], self.ids[rows] != "", _codes(map(folded, self.names[rows]))
        key = np.where(identified, _codes(self.ids[rows]) + len(group), names)
        site, first = numbered(of * (2 * len(group) + 1) + key)
        unlike = self.odd[rows] | (names[first][site] != names) | (self.kind[rows][first][site] != self.kind[rows])
        by_id, all_rows = (np.bincount(of[which], minlength=1) for which in (identified, slice(None)))
        slow = np.isin(of, of[unlike]) | ((by_id > 0) & (by_id < all_rows))[of]
        found[rows[~slow]] = site[~slow]
        self._one_by_one(rows[slow], group, found, why)
        bad = [
            refused(row, self.column_of(told.code), told, then="点位的实测项没有算")
            for row, told in sorted(why.items())
        ]
        return found, bad

    def _one_by_one(self, rows: Places, group: Places, found: NDArray[np.int64], why: dict[int, NotAValue]) -> None:
        """Communities of which some row names a site otherwise than another, or names none."""
        records: dict[int, SiteNames[NamedSite]] = {}
        numbers: dict[NamedSite, int] = {}
        kinds = list(self.ruleset.site_kinds)
        for row in rows.tolist():
            record = records.setdefault(int(group[row]), SiteNames(self.ruleset.site_kinds, NamedSite))
            kind = kinds[self.kind[row]] if self.kind[row] >= 0 else ""
            try:
                site = record.told(self.ids[row], self.names[row], kind)
            except NotAValue as told:
                why[row] = told
                continue
            found[row] = len(group) + numbers.setdefault(site, len(numbers))


def rows_told(batch: pa.RecordBatch, layout: Layout, ruleset: Ruleset) -> RowsTold:
    """What the rows say of their sites."""
    kinds = list(ruleset.site_kinds)
    ids = texts_told(batch, layout.site.get("site_id", ""), lambda text: folded_id(plain(text)))
    names = texts_told(batch, layout.site.get("site", ""), words)
    kind = np.full(batch.num_rows, -1, np.int64)
    several: dict[int, list[str]] = {}
    for of, column in layout.of_kind.items():
        told = texts_told(batch, column, words)
        for row in np.flatnonzero((told != "") & (names != "")).tolist():
            several.setdefault(row, [names[row]]).append(told[row])
        first = (told != "") & (names == "")
        names, kind = np.where(first, told, names), np.where(first, kinds.index(of), kind)
    why = {row: two_places(some) for row, some in several.items()}
    column = layout.site.get("site_kind", "")
    said = texts_told(batch, column, lambda text: _kind_place(text, ruleset)).astype(np.int64)
    named = np.asarray((names != "") | (ids != ""), bool)
    unknown = named & (kind < 0) & (said == _UNKNOWN)
    for row in np.flatnonzero(unknown).tolist():
        try:
            kind_told(words(text_of(batch.column(column))[row].as_py()), ruleset.site_kinds)
        except NotAValue as wrong:
            why.setdefault(row, wrong)
    kind = np.where(named & (kind < 0) & ~unknown, said, kind)
    strange = texts_told(batch, layout.site.get("site_id", ""), lambda text: bool(not_an_id(folded_id(plain(text)))))
    marks = np.array([name in STROKES for name in names], bool)
    return RowsTold(layout, ruleset, ids, names, named, kind, marks & (ids == "") | strange.astype(bool), why)


def _kind_place(text: str, ruleset: Ruleset) -> int:
    try:
        kind = kind_told(words(text), ruleset.site_kinds)
    except NotAValue:
        return _UNKNOWN
    return list(ruleset.site_kinds).index(kind) if kind else -1


def _codes(texts: Iterable[str]) -> NDArray[np.int64]:
    """Equal texts have equal numbers."""
    seen: dict[str, int] = {}
    return np.array([seen.setdefault(text, len(seen)) for text in texts], np.int64)


def texts_told(batch: pa.RecordBatch, column: str, meaning: Callable[[str], Any]) -> NDArray[Any]:
    """What the text of each row means, "" standing for a cell with nothing in it and for a column that is not there."""
    found = np.empty(batch.num_rows, object)
    if not column:
        found[:] = meaning("")
        return found
    coded = text_of(batch.column(column)).dictionary_encode()
    means = np.empty(len(coded.dictionary) + 1, object)
    means[:] = [meaning((text or "").strip()) for text in [*coded.dictionary.to_pylist(), ""]]
    found[:] = means[np.asarray(pc.fill_null(coded.indices, len(coded.dictionary)))]
    return found


def numbered(keys: NDArray[Any]) -> tuple[Places, Places]:
    """Equal keys numbered as they come, and where each comes first."""
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    place = np.empty(len(first), np.intp)
    place[np.argsort(first)] = np.arange(len(first))
    return place[inverse.ravel()], np.sort(first)
