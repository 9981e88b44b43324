"""A block of a table → the arrays that the kernel reads. A bad cell is listed and makes its fact unknown.

The order is that of ``reading.states`` and ``State.knowledge``: cells, parts greater than their wholes, freshness.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ..model.facts import Fact
from ..model.parts import parts_of
from .cells import BadCell, day_of
from .encoding import Bits, Coded, Numeric
from .graph import bits_dtype
from .layout import Layout
from .program import Program
from .read_column import EPOCH, Column, Flags, known_rows, raw_values, read_column


@dataclass(slots=True)
class Block:
    """``arrays`` by kernel input, for ``rows`` rows; the cells that could not be used."""

    rows: int
    arrays: dict[str, NDArray[Any]] = field(default_factory=dict)
    bad: list[BadCell] = field(default_factory=list)


@dataclass(slots=True)
class Read:
    """The facts of a block as they were recorded; ``on`` holds their days, ``record`` and ``judged`` the two days."""

    columns: dict[str, Column]
    on: dict[str, Column]
    record: Any
    judged: Any
    bad: list[BadCell]


def days(value: date) -> int:
    return (value - EPOCH).days


class Intake:
    """Reads blocks of one table for one program. ``as_of`` is the day for rows that name none, ``judged_on`` the day
    to look from when it is another one."""

    def __init__(self, program: Program, layout: Layout, as_of: date, judged_on: date | None = None) -> None:
        self.program, self.layout, self.ruleset = program, layout, program.ruleset
        self.as_of, self.judged_on = as_of, judged_on
        recorded = layout.facts.keys() | layout.agree.keys()
        self._parts = tuple(pair for pair in parts_of(program.ruleset) if recorded >= set(pair))
        self._unrecorded: dict[str, NDArray[Any]] = {}

    def block(self, batch: pa.RecordBatch, first_row: int = 1) -> Block:
        """The block's arrays. ``first_row`` is the number of its first row in the whole table."""
        read = self.read(batch, first_row)
        block = Block(batch.num_rows, {}, read.bad)
        for fact, column in read.columns.items():
            self._fresh(fact, column, read.on.get(fact), read.record, read.judged)
            self._arrays(fact, column, read.judged, block)
        for fact in self.ruleset.facts.keys() - read.columns.keys():
            self._nothing(fact, block)
        for criterion, name in self.layout.na.items():
            block.arrays[f"{criterion}.na"] = self.declared(batch, name, read.judged)
        return block

    def read(self, batch: pa.RecordBatch, first_row: int = 1) -> Read:
        """Every recorded fact before anything grows old, and the cells that cannot be used."""
        bad: list[BadCell] = []
        record, judged = self._days(batch, bad, first_row)
        columns = {fact: self._column(batch, fact, first_row) for fact in self._recorded()}
        on = {fact: self._on(batch, fact, bad, first_row) for fact in self.layout.on if fact in columns}
        for fact, column in columns.items():
            self._not_later(fact, column, on.get(fact), record, first_row)
        for part, whole in self._parts:
            self._compare(part, whole, columns, batch, bad, first_row)
        for column in columns.values():
            bad += column.bad
        return Read(columns, on, record, judged, self._named(bad, batch, first_row))

    def _recorded(self) -> Iterable[str]:
        return dict.fromkeys([*self.layout.facts, *self.layout.bits, *self.layout.agree])

    def _days(self, batch: pa.RecordBatch, bad: list[BadCell], first_row: int) -> tuple[Any, Any]:
        record: Any = days(self.as_of)
        if self.layout.as_of:
            array = as_days(batch.column(self.layout.as_of))
            known = known_rows(array)
            record = raw_days(array)
            if known is not None:
                wrong = np.flatnonzero(~known & np.asarray(batch.column(self.layout.as_of).is_valid()))
                says = "“现状日期”应填日期，写成 2026-03-01；这一行按运行当天算"
                bad += [BadCell(first_row + int(r), self.layout.as_of, "E211", says, "") for r in wrong]
                record = np.where(known, record, days(self.as_of))
        return record, record if self.judged_on is None else days(self.judged_on)

    def _column(self, batch: pa.RecordBatch, fact: str, first_row: int) -> Column:
        form, declared = self.program.encodings[fact], self.ruleset.facts[fact]
        if fact in self.layout.bits:
            return self._bit_columns(batch, fact, first_row)
        if fact in self.layout.facts:
            name = self.layout.facts[fact]
            column = read_column(declared, form, batch.column(name), name, first_row)
        else:
            column = Column(np.zeros(batch.num_rows, "i8"), np.zeros(batch.num_rows, bool))
        if fact in self.layout.agree:
            self._sample(batch, fact, column, first_row)
        return column

    def _bit_columns(self, batch: pa.RecordBatch, fact: str, first_row: int) -> Column:
        """A set as one yes/no column per option; known where every one of them is."""
        form = self.program.encodings[fact]
        assert isinstance(form, Bits)
        yes_no, coded = self.ruleset.facts[fact], Coded((False, True))
        column = Column(np.zeros(batch.num_rows, bits_dtype(form.width)))
        for option, name in self.layout.bits[fact].items():
            part = read_column(_as_bool(yes_no), coded, batch.column(name), name, first_row)
            column.bad += part.bad
            if part.known is not None:
                column.forget(~part.known)
            column.values |= (part.values == 2).astype(column.values.dtype) << form.bits[option]
        return column

    def _sample(self, batch: pa.RecordBatch, fact: str, column: Column, first_row: int) -> None:
        """Survey counts stand in for the value: agree ÷ asked, exactly."""
        form, label = self.program.encodings[fact], self.ruleset.facts[fact].label
        assert isinstance(form, Numeric)
        count = Numeric(1, 0, 10**9, 2**31 - 1)
        counted = _as_count(self.ruleset.facts[fact])
        agree, asked = (
            read_column(counted, count, batch.column(part[fact]), part[fact], first_row)
            for part in (self.layout.agree, self.layout.asked)
        )
        column.bad += agree.bad + asked.bad
        sampled = agree.mask() & asked.mask()
        wrong = sampled & ((asked.values < 1) | (agree.values > asked.values))
        says = f"“{label}”同意的份数多于收回的份数，或者一份也没有收回"
        column.bad += self._cells(wrong, self.layout.agree[fact], "E320", says, batch, first_row)
        both = sampled & column.mask()
        says = f"“{label}”又写了比例又写了份数，留一个"
        column.bad += self._cells(both, self.layout.agree[fact], "E218", says, batch, first_row)
        column.dens = np.where(sampled, np.maximum(asked.values, 1), form.scale).astype("i8")
        column.values = np.where(sampled, agree.values, column.values).astype("i8")
        column.known = (column.mask() | sampled) & ~wrong & ~both

    def _on(self, batch: pa.RecordBatch, fact: str, bad: list[BadCell], first_row: int) -> Column:
        name = self.layout.on[fact]
        array = batch.column(name)
        found = as_days(array)
        known = known_rows(found)
        column = Column(raw_days(found), known)
        if known is not None:
            wrong = ~known & np.asarray(array.is_valid())
            says = "核实日期应填日期，写成 2026-03-01；这一项按未核实处理"
            bad += self._cells(wrong, name, "E211", says, batch, first_row)
            column.dens = wrong
        return column

    def _not_later(self, fact: str, column: Column, on: Column | None, record: Any, first_row: int) -> None:
        """A reading or a dated fact from after the record's day cannot be relied on."""
        label = self.ruleset.facts[fact].label
        if on is not None:
            if on.dens is not None:
                column.forget(on.dens)
            self._spoil(column, on.mask() & (on.values > record), self.layout.on[fact],
                        f"“{label}”的核实日期晚于现状日期", first_row)  # fmt: skip
        if self.ruleset.facts[fact].type == "date":
            self._spoil(column, column.values > record, self.layout.facts[fact],
                        f"“{label}”的日期晚于现状日期", first_row)  # fmt: skip

    def _spoil(self, column: Column, rows: Flags, name: str, says: str, first_row: int) -> None:
        rows = rows & column.mask()
        if rows.any():
            column.bad += [BadCell(first_row + int(r), name, "E217", says, "") for r in np.flatnonzero(rows)]
            column.forget(rows)

    def _compare(
        self,
        part: str,
        whole: str,
        columns: Mapping[str, Column],
        batch: pa.RecordBatch,
        bad: list[BadCell],
        first_row: int,
    ) -> None:
        """A part greater than its whole: neither can be relied on."""
        less, more = columns[part], columns[whole]
        of, to = self.program.encodings[part], self.program.encodings[whole]
        assert isinstance(of, Numeric) and isinstance(to, Numeric)
        a, b = _over_one(less, of, more, to)
        wrong = a > b
        for column in (less, more):
            if column.known is not None:
                wrong = wrong & column.known
        if wrong.any():
            facts = self.ruleset.facts
            says = f"“{facts[part].label}”多于“{facts[whole].label}”，两个数至少有一个写错了，都按未核实处理"
            name = self.layout.facts.get(part, part)
            bad += self._cells(wrong, name, "E320", says, batch, first_row)
            less.forget(wrong)
            more.forget(wrong)

    def _fresh(self, fact: str, column: Column, on: Column | None, record: Any, judged: Any) -> None:
        """A reading older than it stays valid, or from a later day, is unknown on the day of judging."""
        valid = self.ruleset.facts[fact].valid_for_days
        if on is not None:
            day = np.where(on.mask(), on.values, record)
            column.forget((judged - day > valid) | (day > judged))
        elif self.judged_on is not None:
            stale = (judged - record > valid) | (record > judged)
            if np.any(stale):
                column.forget(np.broadcast_to(stale, column.values.shape))
        if self.ruleset.facts[fact].type == "date" and self.judged_on is not None:
            column.forget(column.values > judged)

    def _arrays(self, fact: str, column: Column, judged: Any, block: Block) -> None:
        form, arrays, known = self.program.encodings[fact], block.arrays, column.known
        values = column.values
        if isinstance(form, Coded):
            arrays[f"{fact}.code"] = values if known is None else values * known
        elif isinstance(form, Bits):
            every = values.dtype.type(form.mask(self.ruleset.facts[fact].options))
            arrays[f"{fact}.has"] = values if known is None else values * known
            arrays[f"{fact}.may"] = values if known is None else np.where(known, values, every)
            arrays[f"{fact}.known"] = column.mask()
        else:
            if self.ruleset.facts[fact].type == "date":
                values = (judged - values).astype(form.dtype)
            dtype = "i8" if form.sampled else form.dtype
            values = values.astype(dtype, copy=False)
            arrays[f"{fact}.lo"] = values if known is None else _filled(values, known, form.least)
            arrays[f"{fact}.hi"] = values if known is None else _filled(values, known, form.top)
            if form.sampled:
                dens = column.dens if column.dens is not None else np.full(block.rows, form.scale, "i8")
                arrays[f"{fact}.den"] = np.where(column.mask(), dens, form.scale)

    def _nothing(self, fact: str, block: Block) -> None:
        """A fact without a column is unknown in every row."""
        kept = self._unrecorded.get(
            f"{fact}.lo", self._unrecorded.get(f"{fact}.code", self._unrecorded.get(f"{fact}.has"))
        )
        if kept is None or len(kept) < block.rows:
            empty = Column(np.zeros(block.rows, "i8"), np.zeros(block.rows, bool))
            form = self.program.encodings[fact]
            if not isinstance(form, Numeric):
                empty.values = empty.values.astype(bits_dtype(form.width) if isinstance(form, Bits) else form.dtype)
            scratch = Block(block.rows)
            self._arrays(fact, empty, 0, scratch)
            self._unrecorded.update(scratch.arrays)
        for name in (f"{fact}.{part}" for part in ("lo", "hi", "den", "code", "has", "may", "known")):
            if name in self._unrecorded:
                block.arrays[name] = self._unrecorded[name][: block.rows]

    def declared(self, batch: pa.RecordBatch, name: str, judged: Any) -> Flags:
        """A declaration: yes, a reason in words, or a day until which it is in force."""
        array = batch.column(name)
        known = np.asarray(array.is_valid())
        if pa.types.is_boolean(array.type):
            return np.asarray(array.fill_null(False))
        if pa.types.is_temporal(array.type):
            return np.asarray(known & (raw_days(as_days(array)) >= judged), bool)
        if pa.types.is_integer(array.type):
            return np.asarray(known & (raw_values(array) != 0), bool)
        no = {"", "0", "false", "否", "False", "FALSE"}
        return np.array([text is not None and str(text).strip() not in no for text in array.to_pylist()], bool)

    def _cells(
        self, rows: Flags, name: str, code: str, says: str, batch: pa.RecordBatch, first_row: int
    ) -> list[BadCell]:
        array = batch.column(name) if name in batch.schema.names else None
        return [
            BadCell(first_row + int(r), name, code, says, "" if array is None else str(array[int(r)].as_py())[:60])
            for r in np.flatnonzero(rows)
        ]

    def _named(self, bad: list[BadCell], batch: pa.RecordBatch, first_row: int) -> list[BadCell]:
        if not bad or not self.layout.community:
            return bad
        ids = batch.column(self.layout.community)
        return [
            BadCell(c.row, c.column, c.code, c.says, c.value, str(ids[c.row - first_row].as_py() or "")) for c in bad
        ]


def _over_one(less: Column, of: Numeric, more: Column, to: Numeric) -> tuple[NDArray[Any], NDArray[Any]]:
    """Both numbers over one denominator."""
    if less.dens is None and more.dens is None and of.scale == to.scale:
        return less.values, more.values
    over: Any = of.scale if less.dens is None else less.dens.astype(object)
    under: Any = to.scale if more.dens is None else more.dens.astype(object)
    wide: Any = "i8" if less.dens is None and more.dens is None else object
    return less.values.astype(wide) * under, more.values.astype(wide) * over


def _filled(values: NDArray[Any], known: Flags, missing: int) -> NDArray[Any]:
    return np.where(known, values, values.dtype.type(missing))


def as_days(array: Any) -> Any:
    """A column of dates or of texts as days; what is no date is null."""
    if pa.types.is_date32(array.type):
        return array
    if pa.types.is_temporal(array.type):
        return array.cast(pa.date32(), safe=False)
    if pa.types.is_dictionary(array.type):
        array = array.cast(array.type.value_type)
    if pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
        words = array.dictionary_encode()
        found = pa.array([day_of(word.strip()) for word in words.dictionary.to_pylist()], pa.date32())
        return found.take(words.indices)
    return pa.nulls(len(array), pa.date32())


def raw_days(array: Any) -> NDArray[Any]:
    return np.frombuffer(array.buffers()[1], "i4", count=array.offset + len(array))[array.offset :]


def _as_bool(fact: Fact) -> Fact:
    return replace(fact, type="bool", options={})


def _as_count(fact: Fact) -> Fact:
    return replace(fact, type="count", low=0, high=10**9)
