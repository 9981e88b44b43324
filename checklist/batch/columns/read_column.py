"""One Arrow column → the values of one fact as exact integers, which rows are known, and the cells that are wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from checklist.batch.columns.bad_cells import BadCell, refused, shown
from checklist.batch.columns.day_columns import FIRST, LAST, is_day, typed_days
from checklist.batch.columns.encoding import Bits, Encoding, Numeric
from checklist.batch.columns.exact_columns import (
    ExactColumn,
    Flags,
    is_text,
    known_rows,
    plain_type,
    raw_bits,
    raw_values,
)
from checklist.batch.columns.read_text import read_texts, target
from checklist.batch.program.nodes import bits_dtype
from checklist.model.problems import NotAValue
from checklist.model.rules.facts import Fact
from checklist.values.fact_value import DECIMALS, fact_value, in_range, wrong_type


def read_column(fact: Fact, form: Encoding, array: Any, name: str, first_row: int) -> ExactColumn:
    """Cells that cannot be used are listed in ``bad`` and count as unknown."""
    array = plain_type(array)
    if pa.types.is_null(array.type):
        return _nothing(fact, form, len(array))
    if is_text(array.type):
        column: ExactColumn | None = read_texts(fact, form, array)
    elif pa.types.is_decimal(array.type):
        column = read_texts(fact, form, array.cast(pa.string()))  # exact, whatever its digits
    else:
        column = _READERS.get(fact.type, _numbers)(fact, form, array)
    if column is None:
        column = _nothing(fact, form, len(array))
        wrong = np.flatnonzero(np.asarray(array.is_valid()))
        column.bad = [_bad(int(row), array, wrong_type(fact)) for row in wrong]
    column.bad = [replace(cell, row=cell.row + first_row, column=name) for cell in column.bad]
    return column


def _nothing(fact: Fact, form: Encoding, rows: int) -> ExactColumn:
    return ExactColumn(np.zeros(rows, target(fact, form)), np.zeros(rows, bool))


def _bad(row: int, array: Any, reason: NotAValue) -> BadCell:
    return refused(row, "", reason, shown(array[row]))


def _refuse(column: ExactColumn, rows: Flags, array: Any, why: Callable[[Any], NotAValue]) -> None:
    """These rows are known, and wrong."""
    if column.known is not None:
        rows = rows & column.known
    if rows.any():
        column.bad += [_bad(int(row), array, why(array[int(row)])) for row in np.flatnonzero(rows)]
        column.forget(rows)


def _numbers(fact: Fact, form: Encoding, array: Any) -> ExactColumn | None:
    assert isinstance(form, Numeric)
    known = known_rows(array)
    if pa.types.is_floating(array.type):
        return _floats(fact, form, array, known)
    if not pa.types.is_integer(array.type):
        return None
    values = raw_values(array)
    column = ExactColumn(values, known)
    lowest, highest = -((-form.least) // form.scale), form.most // form.scale
    found = pc.min_max(array).as_py()
    if found["min"] is not None and (found["min"] < lowest or found["max"] > highest):
        _refuse(
            column, (values < lowest) | (values > highest), array, lambda v: _out_of_range(fact, Fraction(v.as_py()))
        )
    return _scaled(column, form, target(fact, form))


def _scaled(column: ExactColumn, form: Numeric, dtype: str) -> ExactColumn:
    values = column.values.astype(dtype, copy=False)  # rows that are not known may hold anything
    column.values = values * form.scale if form.scale != 1 else values
    return column


def _floats(fact: Fact, form: Numeric, array: Any, known: Flags | None) -> ExactColumn:
    """A float stands for the shortest decimal that it is nearest to: 0.1 is one tenth."""
    values, step = raw_values(array), 10 ** DECIMALS[fact.type]
    column, finer = ExactColumn(values, known), form.scale // step
    with np.errstate(invalid="ignore", over="ignore"):
        scaled = np.rint(values.astype(np.float64, copy=False) * step)
        right = (scaled / step).astype(values.dtype, copy=False) == values
        right &= (scaled * finer >= form.least) & (scaled * finer <= form.most)
        if known is not None:
            right |= ~known
        if not right.all():
            finite = np.isfinite(values)
            _refuse(column, ~finite, array, lambda _: wrong_type(fact))
            _refuse(column, ~right & finite, array, lambda v: _out_of_range(fact, Fraction(str(v.as_py()))))
        column.values = (scaled * finer).astype(target(fact, form))
    return column


def _out_of_range(fact: Fact, value: Fraction) -> NotAValue:
    try:
        in_range(fact, value)
    except NotAValue as reason:
        return reason
    return NotAValue("E213", f"“{fact.label}”超出范围")


def _bools(fact: Fact, form: Encoding, array: Any) -> ExactColumn | None:
    known = known_rows(array)
    if pa.types.is_boolean(array.type):
        return ExactColumn(raw_bits(array) + np.uint8(1), known)
    if not (pa.types.is_integer(array.type) or pa.types.is_floating(array.type)):
        return None
    values = raw_values(array)
    column = ExactColumn(values, known)
    _refuse(column, (values != 0) & (values != 1), array, lambda _: wrong_type(fact))
    column.values = (values == 1).astype("u1") + np.uint8(1)
    return column


def _dates(fact: Fact, form: Encoding, array: Any) -> ExactColumn | None:
    if pa.types.is_integer(array.type) or pa.types.is_floating(array.type):
        return read_texts(fact, form, array)
    if not is_day(array.type):
        return None
    column = typed_days(array)
    _refuse(column, (column.values < FIRST) | (column.values > LAST), array, lambda _: wrong_type(fact))
    return column


def _lists(fact: Fact, form: Encoding, array: Any) -> ExactColumn | None:
    if pa.types.is_fixed_size_list(array.type):
        array = array.cast(pa.list_(array.type.value_type))
    if not (pa.types.is_list(array.type) or pa.types.is_large_list(array.type)):
        return None
    assert isinstance(form, Bits)
    items = plain_type(array.flatten())
    if not (is_text(items.type) or pa.types.is_null(items.type)):
        return None
    known = known_rows(array)
    lengths = np.asarray(pc.fill_null(pc.list_value_length(array), 0))
    options = [*fact.options, *fact.options.values()]
    place = pc.index_in(items.cast(pa.string()), value_set=pa.array(options, pa.string()))
    codes = np.asarray(pc.fill_null(place, len(options)))
    bits = [1 << form.bits[option] for option in fact.options] * 2 + [0]
    rows = np.repeat(np.arange(len(array)), lengths)
    values = np.zeros(len(array), bits_dtype(form.width))
    np.bitwise_or.at(values, rows, np.array(bits, values.dtype)[codes])
    column = ExactColumn(values, known)
    wrong = np.bitwise_count(values) != lengths
    if wrong.any():
        _refuse(column, wrong, array, lambda written: _why_elements(fact, written.as_py()))
    return column


def _why_elements(fact: Fact, written: list[Any]) -> NotAValue:
    try:
        fact_value(fact, written)
    except NotAValue as reason:
        return reason
    return wrong_type(fact)


def _no_text(fact: Fact, form: Encoding, array: Any) -> ExactColumn | None:
    """A choice is always written as text."""
    return None


_READERS: Final = {"choice": _no_text, "bool": _bools, "date": _dates, "set": _lists}
