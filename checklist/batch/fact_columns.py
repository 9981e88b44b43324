"""The columns of one fact in a block: its own, one for each option of a set, or the counts of a survey."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from ..model.facts import Fact
from .cells import BadCell
from .encoding import Bits, Coded, Numeric
from .graph import bits_dtype
from .layout import Layout
from .program import Program
from .read_column import Column, Flags, read_column


def fact_column(program: Program, layout: Layout, batch: pa.RecordBatch, fact: str, first_row: int) -> Column:
    """What a block records of a fact: one column, one for each option of a set, or survey counts."""
    form, declared = program.encodings[fact], program.ruleset.facts[fact]
    if fact in layout.bits:
        return _bit_columns(program, layout, batch, fact, first_row)
    if fact in layout.facts:
        name = layout.facts[fact]
        column = read_column(declared, form, batch.column(name), name, first_row)
    else:
        column = Column(np.zeros(batch.num_rows, "i8"), np.zeros(batch.num_rows, bool))
    if fact in layout.agree:
        _sample(program, layout, batch, fact, column, first_row)
    return column


def _bit_columns(program: Program, layout: Layout, batch: pa.RecordBatch, fact: str, first_row: int) -> Column:
    """A set as one yes/no column per option; known where every one of them is."""
    form = program.encodings[fact]
    assert isinstance(form, Bits)
    yes_no, coded = program.ruleset.facts[fact], Coded((False, True))
    column = Column(np.zeros(batch.num_rows, bits_dtype(form.width)))
    for option, name in layout.bits[fact].items():
        part = read_column(_as_bool(yes_no), coded, batch.column(name), name, first_row)
        column.bad += part.bad
        if part.known is not None:
            column.forget(~part.known)
        column.values |= (part.values == 2).astype(column.values.dtype) << form.bits[option]
    return column


def _sample(program: Program, layout: Layout, batch: pa.RecordBatch, fact: str, column: Column, first_row: int) -> None:
    """Survey counts stand in for the value: agree ÷ asked, exactly."""
    form, label = program.encodings[fact], program.ruleset.facts[fact].label
    assert isinstance(form, Numeric)
    count = Numeric(1, 0, 10**9, 2**31 - 1)
    counted = _as_count(program.ruleset.facts[fact])
    agree, asked = (
        read_column(counted, count, batch.column(part[fact]), part[fact], first_row)
        for part in (layout.agree, layout.asked)
    )
    column.bad += agree.bad + asked.bad
    sampled = agree.mask() & asked.mask()
    wrong = sampled & ((asked.values < 1) | (agree.values > asked.values))
    says = f"“{label}”同意的份数多于收回的份数，或者一份也没有收回"
    column.bad += cells_at(wrong, layout.agree[fact], "E320", says, batch, first_row)
    both = sampled & column.mask()
    says = f"“{label}”又写了比例又写了份数，留一个"
    column.bad += cells_at(both, layout.agree[fact], "E218", says, batch, first_row)
    column.dens = np.where(sampled, np.maximum(asked.values, 1), form.scale).astype("i8")
    column.values = np.where(sampled, agree.values, column.values).astype("i8")
    column.known = (column.mask() | sampled) & ~wrong & ~both


def cells_at(rows: Flags, name: str, code: str, says: str, batch: pa.RecordBatch, first_row: int) -> list[BadCell]:
    """The same complaint about every marked row of a column."""
    array = batch.column(name) if name in batch.schema.names else None
    return [
        BadCell(first_row + int(r), name, code, says, "" if array is None else str(array[int(r)].as_py())[:60])
        for r in np.flatnonzero(rows)
    ]


def _as_bool(fact: Fact) -> Fact:
    return replace(fact, type="bool", options={})


def _as_count(fact: Fact) -> Fact:
    return replace(fact, type="count", low=0, high=10**9)
