"""A block of a table → the arrays that the kernel reads. A bad cell is listed and makes its fact unknown.

The order is that of ``reading.records`` and ``State.knowledge``: days, cells, parts greater than their wholes,
freshness. A row whose 现状日期 cannot be read belongs to no day: it is left out, as the table import leaves it out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from checklist.batch.columns.arrays import PARTS, arrays_of, nothing, over_one
from checklist.batch.columns.bad_cells import BadCell, placed
from checklist.batch.columns.day_columns import days
from checklist.batch.columns.declaration_columns import declared, declared_in_lines
from checklist.batch.columns.encoding import Numeric
from checklist.batch.columns.exact_columns import ExactColumn, Flags
from checklist.batch.columns.fact_columns import FactColumns, cells_at
from checklist.batch.columns.narrowing import narrow
from checklist.batch.columns.row_days import RowDays
from checklist.batch.columns.rows_aside import rows_aside
from checklist.batch.program.column_program import ColumnProgram
from checklist.batch.tables.layout import Layout
from checklist.batch.tables.sound_columns import text_of
from checklist.model.expiry import days_left
from checklist.model.rules.facts import Part, parts_of


@dataclass(slots=True)
class RowBlock:
    """``arrays`` by kernel input, for ``rows`` rows; the cells that could not be used. ``left_out`` marks the rows of
    the table that are not among them, None where all are; ``aside`` those that are no communities at all."""

    rows: int
    arrays: dict[str, NDArray[Any]] = field(default_factory=dict)
    bad: list[BadCell] = field(default_factory=list)
    left_out: Flags | None = None
    aside: Flags | None = None


@dataclass(slots=True)
class Read:
    """The facts of a block as they were recorded; ``on`` holds their days, ``record`` and ``judged`` the two days.
    ``day`` and ``checked`` are the columns of days about the whole row, ``said`` the rows ``aside`` that are worth a
    word."""

    columns: dict[str, ExactColumn]
    on: dict[str, ExactColumn]
    record: Any
    judged: Any
    bad: list[BadCell]
    left_out: Flags | None = None
    aside: Flags | None = None
    day: ExactColumn | None = None
    checked: ExactColumn | None = None
    said: list[BadCell] = field(default_factory=list)


class Intake:
    """Reads blocks of one table for one program. ``today`` is the day for rows that name none, ``judged_on`` the day
    to look from when it is another one. ``sampling`` turns survey counts into ranges."""

    def __init__(
        self, program: ColumnProgram, layout: Layout, today: date,
        judged_on: date | None = None, sampling: bool = False,
    ) -> None:  # fmt: skip
        self.program, self.layout, self.ruleset = program, layout, program.ruleset
        self.today, self.judged_on, self.sampling = today, judged_on, sampling
        self.facts, self.days = FactColumns(program, layout), RowDays(layout, today)
        recorded = layout.facts.keys() | layout.agree.keys()
        pairs = parts_of(program.ruleset.facts)
        self._parts = tuple(pair for pair in pairs if recorded >= set(pair))
        read = {fact for criterion in program.ruleset.criteria for fact in criterion.facts}
        self._caps = tuple(pair for pair in pairs if pair[0] in read and pair[1] in recorded)
        self._floors = tuple(pair for pair in pairs if pair[1] in read and pair[0] in recorded)
        self._unrecorded: dict[str, NDArray[Any]] = {}

    def block(self, batch: pa.RecordBatch, first_row: int = 1) -> RowBlock:
        """The block's arrays. ``first_row`` is the number of its first row in the whole table."""
        read = self.read(batch, first_row)
        block = RowBlock(batch.num_rows, {}, read.bad)
        for fact, column in read.columns.items():
            self.fresh(fact, column, read.on.get(fact), read.record, read.judged)
        block.arrays = self.arrays(read.columns, read.judged, batch.num_rows, self.ruleset.facts)
        told, bad = self.declarations(batch, read.judged, first_row)
        block.arrays.update({f"{criterion}.na": rows for criterion, rows in told.items()})
        block.bad += self.named(spared(bad, read.aside, first_row), batch, first_row)
        block.aside = read.aside
        return block if read.left_out is None else _without(block, read.left_out)

    def arrays(
        self, columns: Mapping[str, ExactColumn], judged: Any, rows: int, facts: Iterable[str]
    ) -> dict[str, NDArray[Any]]:
        """What the kernel reads of ``facts``, of which only those in ``columns`` are recorded."""
        found: dict[str, NDArray[Any]] = {}
        for fact in facts:
            if fact in columns:
                form = self.program.encodings[fact]
                found |= arrays_of(self.ruleset.facts[fact], form, columns[fact], judged, self.sampling)
            else:
                found |= self._nothing(fact, rows)
        caps = [pair for pair in self._caps if pair[0] in facts and pair[1] in columns]
        floors = [pair for pair in self._floors if pair[0] in columns and pair[1] in facts]
        narrow(found, columns, self.program.encodings, caps, floors)
        return found

    def declarations(
        self, batch: pa.RecordBatch, judged: Any, first_row: int = 1
    ) -> tuple[dict[str, Flags], list[BadCell]]:
        """In which rows each criterion is declared not applicable, and the cells that cannot be used."""
        told = {criterion: np.zeros(batch.num_rows, bool) for criterion in self.layout.declared}
        bad: list[BadCell] = []
        for criterion, name in self.layout.na.items():
            told[criterion], wrong = declared(batch.column(name), judged)
            bad += placed(wrong, name, first_row)
        if self.layout.lines:
            lines, wrong = declared_in_lines(batch.column(self.layout.lines), judged, self.ruleset)
            bad += placed(wrong, self.layout.lines, first_row)
            for criterion in lines.keys() & told.keys():  # a retired one may still be declared, to no effect
                told[criterion] |= lines[criterion]
        return told, bad

    def read(self, batch: pa.RecordBatch, first_row: int = 1) -> Read:
        """Every recorded fact before anything grows old, and the cells that cannot be used."""
        read = self.cells(batch, first_row)
        for fact, column in read.columns.items():
            self.not_later(fact, column, read.on.get(fact), read.record, first_row)
        for pair, rows in self.too_great(read.columns):
            says = self.doubt(pair, rows, read.columns)
            read.bad += cells_at(rows, self.column_of(pair[0]), "E320", says, batch, first_row)
        for column in read.columns.values():
            read.bad += column.bad
        read.bad = self.named(spared(read.bad, read.aside, first_row), batch, first_row) + read.said
        return read

    def cells(self, batch: pa.RecordBatch, first_row: int = 1) -> Read:
        """Every cell by itself, before one is held against another; what is wrong with a fact is in its column."""
        bad: list[BadCell] = []
        record, day, checked, left_out = self.days.of_rows(batch, bad, first_row)
        columns = {fact: self.facts.of(batch, fact, first_row) for fact in self._recorded()}
        on = {
            fact: self.days.of_fact(batch, fact, checked, bad, first_row) for fact in self.layout.on if fact in columns
        }
        if checked is not None:
            on |= {fact: checked for fact in columns if fact not in on}
        aside, said = rows_aside(batch, self.layout, first_row)
        if aside is not None:
            left_out = aside if left_out is None else left_out | aside
        return Read(columns, on, record, self.day_of_judging(record), bad, left_out, aside, day, checked, said)

    def day_of_judging(self, record: Any) -> Any:
        """The day from which records of these days are looked at."""
        return record if self.judged_on is None else days(self.judged_on)

    def _recorded(self) -> Iterable[str]:
        return dict.fromkeys([*self.layout.facts, *self.layout.bits, *self.layout.agree])

    def not_later(self, fact: str, column: ExactColumn, on: ExactColumn | None, record: Any, first_row: int) -> None:
        """A reading or a dated fact from after the record's day cannot be relied on."""
        label = self.ruleset.facts[fact].label
        if on is not None:
            if on.counted is not None:
                column.forget(on.counted)
            name = self.layout.on.get(fact, self.layout.checked)
            self._spoil(column, on.mask() & (on.values > record), name,
                        f"“{label}”的核实日期晚于现状日期", first_row)  # fmt: skip
        if self.ruleset.facts[fact].type == "date":
            self._spoil(column, column.values > record, self.layout.facts[fact],
                        f"“{label}”的日期晚于现状日期", first_row)  # fmt: skip

    def _spoil(self, column: ExactColumn, rows: Flags, name: str, says: str, first_row: int) -> None:
        rows = rows & column.mask()
        if rows.any():
            column.bad += [BadCell(first_row + int(r), name, "E217", says, "") for r in np.flatnonzero(rows)]
            column.forget(rows)

    def too_great(self, columns: Mapping[str, ExactColumn]) -> list[tuple[Part, Flags]]:
        """Every part that is greater than its whole in some rows, and these rows."""
        pairs = [(pair, self._greater(*pair, columns)) for pair in self._parts if columns.keys() >= set(pair)]
        return [(pair, rows) for pair, rows in pairs if rows.any()]

    def _greater(self, part: str, whole: str, columns: Mapping[str, ExactColumn]) -> Flags:
        less, more = columns[part], columns[whole]
        of, to = self.program.encodings[part], self.program.encodings[whole]
        assert isinstance(of, Numeric) and isinstance(to, Numeric)
        a, b = over_one(less, of, more, to)
        wrong: Flags = a > b
        for column in (less, more):
            if column.known is not None:
                wrong = wrong & column.known
        return wrong

    def doubt(self, pair: Part, rows: Flags, columns: Mapping[str, ExactColumn]) -> str:
        """Neither the part nor its whole can be relied on in these rows; what is to be said of it."""
        for name in pair:
            columns[name].forget(rows)
        less, more = (self.ruleset.facts[name].label for name in pair)
        return f"“{less}”多于“{more}”，两个数至少有一个写错了，都按未核实处理"

    def column_of(self, fact: str) -> str:
        """The column that a complaint about a fact names."""
        return self.layout.facts.get(fact, fact)

    def fresh(self, fact: str, column: ExactColumn, on: ExactColumn | None, record: Any, judged: Any) -> None:
        """A reading older than it stays valid, or from a later day, is unknown on the day of judging."""
        definition = self.ruleset.facts[fact]
        if on is not None:
            day = np.where(on.mask(), on.values, record)
            column.forget((days_left(definition, judged - day) < 0) | (day > judged))
        elif self.judged_on is not None:
            stale = (days_left(definition, judged - record) < 0) | (record > judged)
            if np.any(stale):
                column.forget(np.broadcast_to(stale, column.values.shape))
        if definition.type == "date" and self.judged_on is not None:
            column.forget(column.values > judged)

    def _nothing(self, fact: str, rows: int) -> dict[str, NDArray[Any]]:
        """A fact without a column; its arrays are kept for the next block."""
        names = [f"{fact}.{part}" for part in PARTS]
        kept = next((self._unrecorded[name] for name in names if name in self._unrecorded), None)
        if kept is None or len(kept) < rows:
            self._unrecorded.update(nothing(self.ruleset.facts[fact], self.program.encodings[fact], rows))
        return {n: self._unrecorded[n][:rows] for n in names if n in self._unrecorded}

    def named(self, bad: list[BadCell], batch: pa.RecordBatch, first_row: int) -> list[BadCell]:
        if not bad or not self.layout.community:
            return bad
        ids = text_of(batch.column(self.layout.community))
        return [replace(c, community=ids[c.row - first_row].as_py() or "") for c in bad]


def spared(bad: list[BadCell], aside: Flags | None, first_row: int) -> list[BadCell]:
    """Without the cells of rows that are no communities."""
    return bad if aside is None else [cell for cell in bad if not aside[cell.row - first_row]]


def _without(block: RowBlock, left_out: Flags) -> RowBlock:
    """The block with these rows taken out of every array."""
    kept = ~left_out
    arrays = {name: array[kept] for name, array in block.arrays.items()}
    return RowBlock(int(kept.sum()), arrays, block.bad, left_out, block.aside)
