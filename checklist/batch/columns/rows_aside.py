"""Rows of a block that are no communities: blank ones, totals, footers, headings that stand again.

What a row is says ``values.row_kinds``, cell by cell; here whole columns are looked through for the few rows that are
worth asking about.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from checklist.batch.columns.bad_cells import BadCell, set_aside
from checklist.batch.columns.exact_columns import Flags, is_text, plain_type
from checklist.batch.tables.layout import Layout
from checklist.values.row_kinds import KIND_NAMES, MAY_STAND_ASIDE, kind_of_row


def rows_aside(batch: pa.RecordBatch, layout: Layout, first_row: int) -> tuple[Flags | None, list[BadCell]]:
    """Which rows of the block are no communities (None: all are), and those among them that are not blank.

    ``first_row`` is the number of the block's first row.
    """
    names = list(dict.fromkeys(filter(None, [*layout.leading, layout.community, *layout.kept.values()])))
    who = [name for name in (layout.community, layout.kept.get("name", "")) if name]
    nameless = _blank(batch, who)
    asked = np.zeros(batch.num_rows, bool)
    for name in dict.fromkeys([*layout.leading, *who]):
        asked |= _may_stand_aside(batch.column(name), (name, *layout.also.get(name, ())))
    aside = np.zeros(batch.num_rows, bool)
    if nameless.any():
        rows = np.flatnonzero(nameless)
        rest = batch.take(pa.array(rows))
        days = {layout.as_of, layout.checked, *layout.on.values(), *layout.leading, *layout.kept.values()}
        aside[rows] = _blank(rest, [name for name in layout.columns if name not in days])
        if who:
            for name in layout.columns:
                asked[rows] |= _may_stand_aside(rest.column(name), ())
    found = []
    for row in map(int, np.flatnonzero(asked)):
        cells = {name: _cell(batch.column(name)[row]) for name in dict.fromkeys([*names, *layout.columns])}
        heads = [cells[n] if cells[n] in layout.also.get(n, ()) else n for n in cells]
        kind = kind_of_row(heads, list(cells.values()), range(len(names)))
        aside[row] |= kind != "entry"
        if kind in KIND_NAMES:
            label = next(filter(None, cells.values()), "")
            found.append(set_aside(row + first_row, kind, label[:60]))
    return (aside if aside.any() else None), found


def _blank(batch: pa.RecordBatch, names: list[str]) -> Flags:
    """In which rows nothing stands in any of the columns."""
    blank = np.ones(batch.num_rows, bool)
    for name in names:
        if not blank.any():
            break
        column = plain_type(batch.column(name))
        empty = column.is_null()
        if is_text(column.type):
            empty = pc.or_kleene(empty, pc.equal(pc.binary_length(pc.utf8_trim_whitespace(column)), 0))
        blank &= np.asarray(pc.fill_null(empty, True))
    return blank


def _may_stand_aside(array: Any, headings: tuple[str, ...]) -> Flags:
    column = plain_type(array)
    if not is_text(column.type):
        return np.zeros(len(column), bool)
    found = pc.match_substring_regex(column, MAY_STAND_ASIDE)
    if headings:
        found = pc.or_(found, pc.is_in(column, pa.array(headings, column.type)))
    return np.asarray(pc.fill_null(found, False))


def _cell(scalar: Any) -> str:
    """A cell as text; what is no text says nothing about what its row is."""
    value = scalar.as_py() if is_text(scalar.type) or pa.types.is_dictionary(scalar.type) else None
    return str(value or "") if value is not None else ("0" if scalar.is_valid else "")
