"""Several rows that speak of one thing made one: what the first of them says of each fact, and where another disagrees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from checklist.batch.columns.bad_cells import BadCell
from checklist.batch.columns.exact_columns import ExactColumn

Places: TypeAlias = NDArray[np.intp]
"""Places in an array; -1 is none."""


@dataclass(frozen=True, slots=True)
class Speakers:
    """``rows`` of a table in the order in which they are heard, and ``of`` which of ``count`` things each speaks."""

    rows: Places
    of: Places
    count: int

    def first(self, says: NDArray[np.bool_]) -> Places:
        """For each thing the first row that ``says`` something of it; -1 where none does. ``says`` goes by row."""
        told = says[self.rows]
        found = np.full(self.count, -1)
        found[self.of[told][::-1]] = self.rows[told][::-1]
        return found


def taken(column: ExactColumn, rows: Places) -> ExactColumn:
    """These rows of a column; -1 is a row where nothing is known."""
    if not len(column.values):
        return ExactColumn(np.zeros(len(rows), column.values.dtype), np.zeros(len(rows), bool))
    known = rows >= 0 if column.known is None else (rows >= 0) & column.known[rows]

    def of(array: NDArray[Any] | None) -> NDArray[Any] | None:
        return None if array is None else array[rows]

    return ExactColumn(column.values[rows], None if known.all() else known, of(column.dens), of(column.counted))


def one_behind(first: ExactColumn, second: ExactColumn) -> ExactColumn:
    """Two columns of one fact, read from one table, one behind the other."""

    def joined(a: NDArray[Any] | None, b: NDArray[Any] | None) -> NDArray[Any] | None:
        return None if a is None or b is None else np.concatenate([a, b])

    known = None if first.known is None and second.known is None else np.concatenate([first.mask(), second.mask()])
    values = np.concatenate([first.values, second.values])
    return ExactColumn(values, known, joined(first.dens, second.dens), joined(first.counted, second.counted))


def merged(column: ExactColumn, told: Speakers) -> tuple[ExactColumn, Places, list[tuple[int, int]]]:
    """What is said of each thing, the row that says it (-1: none), and pairs of rows that disagree: there nothing is known."""
    known = column.mask()
    first = told.first(known)
    found = taken(column, first)
    speaking = told.rows[known[told.rows]]
    if len(speaking) == np.count_nonzero(first >= 0):
        return found, first, []
    before = first[told.of[known[told.rows]]]
    a, b = column.values[speaking], column.values[before]
    if column.dens is None:
        wrong = a != b
    else:
        wrong = a.astype(object) * column.dens[before] != b.astype(object) * column.dens[speaking]
    if not wrong.any():
        return found, first, []
    doubted = np.unique(before[wrong])
    found.forget(np.isin(first, doubted))
    return found, first, [_disagreeing(column, np.sort(speaking[before == row])) for row in doubted]


def _disagreeing(column: ExactColumn, rows: Places) -> tuple[int, int]:
    """The first of these rows, and the first after it that says something else."""
    values = column.values[rows]
    if column.dens is None:
        unlike = values != values[0]
    else:
        unlike = values.astype(object) * column.dens[rows[0]] != column.dens[rows].astype(object) * values[0]
    return int(rows[0]), int(rows[np.argmax(unlike)])


def disagreement(pairs: list[tuple[int, int]], column: str, label: str, numbers: NDArray[Any]) -> list[BadCell]:
    """Pairs of rows that say different things of one; ``numbers`` are the rows' numbers in the table."""
    says = f"“{label}”和第 {{}} 行不一样，按未核实处理；留一个"
    return [BadCell(row, column, "E222", says.format(numbers[first]), "") for first, row in pairs]
