"""The columns of one fact in a block: its own, one for each option of a set, or the counts of a survey."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from checklist.batch.columns.bad_cells import BadCell, shown
from checklist.batch.columns.encoding import Bits, Coded, Numeric
from checklist.batch.columns.exact_columns import ExactColumn, Flags
from checklist.batch.columns.read_column import read_column
from checklist.batch.program.column_program import ColumnProgram
from checklist.batch.program.nodes import bits_dtype
from checklist.batch.tables.layout import Layout
from checklist.model.rules.facts import Fact


@dataclass(frozen=True, slots=True)
class FactColumns:
    """Reads the facts of blocks of one table."""

    program: ColumnProgram
    layout: Layout

    def of(self, batch: pa.RecordBatch, fact: str, first_row: int) -> ExactColumn:
        """What a block records of a fact: one column, one for each option of a set, or survey counts."""
        declared = self.program.ruleset.facts[fact]
        if fact in self.layout.bits:
            return self._bits(batch, declared, first_row)
        if fact in self.layout.facts:
            form, name = self.program.encodings[fact], self.layout.facts[fact]
            column = read_column(declared, form, batch.column(name), name, first_row)
        else:
            column = ExactColumn(np.zeros(batch.num_rows, "i8"), np.zeros(batch.num_rows, bool))
        if fact in self.layout.agree:
            self._sample(batch, declared, column, first_row)
        return column

    def _bits(self, batch: pa.RecordBatch, fact: Fact, first_row: int) -> ExactColumn:
        """A set as one yes/no column per option; known where every one of them is."""
        form, coded = self.program.encodings[fact.id], Coded((False, True))
        assert isinstance(form, Bits)
        yes_no = replace(fact, type="bool", options={}, none_is=False)
        column = ExactColumn(np.zeros(batch.num_rows, bits_dtype(form.width)))
        for option, name in self.layout.bits[fact.id].items():
            part = read_column(yes_no, coded, batch.column(name), name, first_row)
            column.bad += part.bad
            if part.known is not None:
                column.forget(~part.known)
            column.values |= (part.values == 2).astype(column.values.dtype) << form.bits[option]
        return column

    def _sample(self, batch: pa.RecordBatch, fact: Fact, column: ExactColumn, first_row: int) -> None:
        """Survey counts stand in for the value: agree ÷ asked, exactly."""
        form, name = self.program.encodings[fact.id], self.layout.agree[fact.id]
        assert isinstance(form, Numeric)
        count, counted = Numeric(1, 0, 10**9, 2**31 - 1), replace(fact, type="count", low=0, high=10**9, none_is=0)
        agree, asked = (
            read_column(counted, count, batch.column(part[fact.id]), part[fact.id], first_row)
            for part in (self.layout.agree, self.layout.asked)
        )
        column.bad += agree.bad + asked.bad
        given = agree.mask() & asked.mask()
        wrong = given & ((asked.values < 1) | (agree.values > asked.values))
        says = f"“{fact.label}”同意的份数多于收回的份数，或者一份也没有收回"
        column.bad += cells_at(wrong, name, "E320", says, batch, first_row)
        both = given & column.mask()
        says = f"“{fact.label}”又写了比例又写了份数，留一个"
        column.bad += cells_at(both, name, "E218", says, batch, first_row)
        dens: Any = form.scale if column.dens is None else column.dens
        column.dens = np.where(given, np.maximum(asked.values, 1), dens).astype("i8")
        column.values = np.where(given, agree.values, column.values).astype("i8")
        column.counted = given if column.counted is None else column.counted | given
        column.known = (column.mask() | given) & ~wrong & ~both


def cells_at(rows: Flags, name: str, code: str, says: str, batch: pa.RecordBatch, first_row: int) -> list[BadCell]:
    """The same complaint about every marked row of a column."""
    array = batch.column(name) if name in batch.schema.names else None
    return [
        BadCell(first_row + int(r), name, code, says, "" if array is None else shown(array[int(r)]))
        for r in np.flatnonzero(rows)
    ]
