"""Which community and which site each row of a table speaks of: whole communities at a time, their rows in any order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from checklist.batch.columns.bad_cells import BadCell
from checklist.batch.columns.exact_columns import Flags
from checklist.batch.columns.intake import Read
from checklist.batch.columns.merged_rows import Places, Speakers
from checklist.batch.tables.community_codes import CommunityCodes
from checklist.batch.tables.layout import Layout
from checklist.batch.tables.sound_columns import text_of
from checklist.model.rules.ruleset import Ruleset
from checklist.values.headings import kind_named
from checklist.values.look_alikes import folded

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
    keys, ids = (texts_told(batch, layout.site.get(column, ""), folded) for column in ("site", "site_id"))
    keys = np.where(ids == "", keys, "#" + ids)  # an id goes before a name
    headed: NDArray[Any] = np.full(batch.num_rows, "", object)
    for kind, column in layout.of_kind.items():
        told = texts_told(batch, column, folded)
        keys, headed = np.where(keys == "", told, keys), np.where((headed == "") & (told != ""), kind, headed)
    numbers: dict[str, int] = {}
    site = np.array([numbers.setdefault(key, len(numbers)) for key in keys], np.int64)
    named = np.asarray(keys != "", bool)
    counted = np.ones(len(named), bool) if read.left_out is None else ~read.left_out
    group = _groups(batch, layout, read, counted, named)
    count = int(group.max(initial=-1)) + 1
    kinds, bad = _kinds(batch, layout, ruleset, read, named & counted & (headed == ""))
    kinds = np.where(counted & (headed != ""), headed, kinds)
    order = np.lexsort((named, group))
    order = order[group[order] >= 0]
    own = order[~named[order]]
    found = SiteRows(group, Speakers(order, group[order], count), Speakers(own, group[own], count), {}, {}, bad)
    for kind in ruleset.site_kinds:
        mine = np.flatnonzero(kinds == kind)
        of, first = numbered(group[mine] * (len(numbers) + 1) + site[mine])
        found.at[kind] = Speakers(mine, of, len(first))
        found.of[kind] = group[mine][first]
    return found


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
    batch: pa.RecordBatch, layout: Layout, ruleset: Ruleset, read: Read, named: Flags
) -> tuple[NDArray[Any], list[BadCell]]:
    """The kind of site of each row, "" where it has none or cannot be told: its column says it, else its facts do, else
    there is only one."""
    kinds, column = ruleset.site_kinds, layout.site.get("site_kind", "")
    labels = "或".join(kind.label for kind in kinds.values())
    found = texts_told(batch, column, lambda text: (kind_named(text, kinds) or "?") if text else "")
    strange = named & (found == "?")
    bad = [
        BadCell(int(row), column, "E340", f"没有这一类点位，可以写{labels}", text_of(batch.column(column))[row].as_py()[:60])
        for row in np.flatnonzero(strange)
    ]  # fmt: skip
    found[~named | strange] = ""
    open = named & ~strange & (found == "")
    if open.any() and len(kinds) == 1:
        found[open] = next(iter(kinds))
    elif open.any():
        says = {kind: np.zeros(len(named), bool) for kind in kinds}
        for fact, cells in read.columns.items():
            if fact in ruleset.site_facts:
                says[ruleset.site_facts[fact]] |= cells.mask()
        sure = open & (sum(told.astype(int) for told in says.values()) == 1)
        for kind, told in says.items():
            found[sure & told] = kind
        unsure = f"认不出这一行是哪一类点位，点位的实测项没有算；加一列“点位类别”，写{labels}"
        column = column or layout.site.get("site", layout.site.get("site_id", ""))
        bad += [BadCell(int(row), column, "E249", unsure, "") for row in np.flatnonzero(open & ~sure)]
    return found, bad
