"""One Arrow column → the values of one fact as exact integers, which rows are known, and the cells that are wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ..model.facts import Fact
from .cells import BadCell, NotAValue, elements_of, in_range, parse, wrong_type
from .encoding import Bits, Encoding, Numeric
from .graph import bits_dtype

EPOCH: Final = date(1970, 1, 1)
Flags = NDArray[np.bool_]


@dataclass(slots=True)
class Column:
    """``values`` are scaled numbers, days since 1970, option codes or element bits; only those ``known`` count.

    ``known`` is None while every row is known. ``dens`` holds the denominators of survey samples.
    """

    values: NDArray[Any]
    known: Flags | None = None
    dens: NDArray[Any] | None = None
    bad: list[BadCell] = field(default_factory=list)

    def forget(self, rows: Flags) -> None:
        """These rows are unknown after all."""
        self.known = ~rows if self.known is None else self.known & ~rows

    def mask(self) -> Flags:
        return np.ones(len(self.values), bool) if self.known is None else self.known


def read_column(fact: Fact, form: Encoding, array: Any, name: str, first_row: int) -> Column:
    """Cells that cannot be used are listed in ``bad`` and count as unknown."""
    if isinstance(array.type, pa.ExtensionType | pa.BaseExtensionType):
        array = array.storage  # a database's own number type comes as text
    if pa.types.is_dictionary(array.type):
        array = array.cast(array.type.value_type)
    if pa.types.is_null(array.type):
        return Column(np.zeros(len(array), _target(fact, form)), np.zeros(len(array), bool))
    reader = _READERS.get(fact.type, _numbers)
    if pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
        reader = _texts
    column = reader(fact, form, array)
    if column is None:
        column = Column(np.zeros(len(array), _target(fact, form)), np.zeros(len(array), bool))
        wrong = np.flatnonzero(np.asarray(array.is_valid()))
        column.bad = [BadCell(0, "", "E211", wrong_type(fact, "").says, "")] if len(wrong) else []
        column.bad = [_cell(int(row), array, wrong_type(fact, "")) for row in wrong]
    column.bad = [
        BadCell(cell.row + first_row, name, cell.code, cell.says, cell.value, cell.community) for cell in column.bad
    ]
    return column


def _target(fact: Fact, form: Encoding) -> str:
    if fact.type == "date":
        return "i4"
    if isinstance(form, Bits):
        return bits_dtype(form.width)
    return "i8" if isinstance(form, Numeric) and form.sampled else form.dtype


def _cell(row: int, array: Any, reason: NotAValue) -> BadCell:
    return BadCell(row, "", reason.code, reason.says, str(array[row].as_py())[:60])


def known_rows(array: Any) -> Flags | None:
    """Which rows are not null; None when all are."""
    if array.null_count == 0:
        return None
    bits = np.frombuffer(array.buffers()[0], np.uint8)
    return np.unpackbits(bits, count=array.offset + len(array), bitorder="little")[array.offset :].view(np.bool_)


def raw_values(array: Any) -> NDArray[Any]:
    """The values of a column of fixed width, whatever null rows hold."""
    dtype = array.type.to_pandas_dtype()
    return np.frombuffer(array.buffers()[1], dtype, count=array.offset + len(array))[array.offset :]


def _refuse(column: Column, rows: Flags, array: Any, why: Callable[[Any], NotAValue]) -> None:
    """These rows are known, and wrong."""
    if column.known is not None:
        rows = rows & column.known
    if rows.any():
        column.bad += [_cell(int(row), array, why(array[int(row)].as_py())) for row in np.flatnonzero(rows)]
        column.forget(rows)


def _numbers(fact: Fact, form: Encoding, array: Any) -> Column | None:
    assert isinstance(form, Numeric)
    if pa.types.is_decimal(array.type):
        array = array.cast(pa.float64())
    if pa.types.is_float16(array.type):
        array = array.cast(pa.float32())
    if pa.types.is_uint64(array.type):
        array = array.cast(pa.float64())
    known = known_rows(array)
    if pa.types.is_floating(array.type):
        return _floats(fact, form, array, known)
    if not pa.types.is_integer(array.type):
        return None
    values = raw_values(array)
    column = Column(values, known)
    lowest, highest = -((-form.least) // form.scale), form.most // form.scale
    found = pc.min_max(array).as_py()
    if found["min"] is not None and (found["min"] < lowest or found["max"] > highest):
        _refuse(column, (values < lowest) | (values > highest), array, lambda v: _why(fact, Fraction(v)))
    return _scaled(column, form, _target(fact, form))


def _scaled(column: Column, form: Numeric, dtype: str) -> Column:
    values = column.values.astype(dtype, copy=False)  # rows that are not known may hold anything
    column.values = values * form.scale if form.scale != 1 else values
    return column


def _floats(fact: Fact, form: Numeric, array: Any, known: Flags | None) -> Column:
    """A float stands for the shortest decimal that it is nearest to: 0.1 is one tenth."""
    values = raw_values(array)
    column = Column(values, known)
    with np.errstate(invalid="ignore", over="ignore"):
        scaled = np.rint(values.astype(np.float64, copy=False) * form.scale)
        right = (scaled / form.scale).astype(values.dtype, copy=False) == values
        right &= (scaled >= form.least) & (scaled <= form.most)
        if known is not None:
            right |= ~known
        if not right.all():
            finite = np.isfinite(values)
            _refuse(column, ~finite, array, lambda _: wrong_type(fact, ""))
            _refuse(column, ~right & finite, array, lambda v: _why(fact, Fraction(str(v))))
        column.values = scaled.astype(_target(fact, form))
    return column


def _why(fact: Fact, value: Fraction) -> NotAValue:
    try:
        in_range(fact, value)
    except NotAValue as reason:
        return reason
    return NotAValue("E213", f"“{fact.label}”超出范围")


def _bools(fact: Fact, form: Encoding, array: Any) -> Column | None:
    known = known_rows(array)
    if pa.types.is_boolean(array.type):
        bits = np.frombuffer(array.buffers()[1], np.uint8)
        values = np.unpackbits(bits, count=array.offset + len(array), bitorder="little")[array.offset :]
        return Column(values + np.uint8(1), known)
    if not pa.types.is_integer(array.type):
        return None
    values = raw_values(array)
    column = Column(values, known)
    _refuse(column, (values < 0) | (values > 1), array, lambda _: wrong_type(fact, ""))
    column.values = (values == 1).astype("u1") + np.uint8(1)
    return column


def _dates(fact: Fact, form: Encoding, array: Any) -> Column | None:
    if not pa.types.is_temporal(array.type) or pa.types.is_time(array.type):
        return None
    if not pa.types.is_date32(array.type):
        array = array.cast(pa.date32(), safe=False)
    return Column(
        np.frombuffer(array.buffers()[1], "i4", count=array.offset + len(array))[array.offset :], known_rows(array)
    )


def _lists(fact: Fact, form: Encoding, array: Any) -> Column | None:
    if not (pa.types.is_list(array.type) or pa.types.is_large_list(array.type)):
        return None
    assert isinstance(form, Bits)
    items = array.flatten()
    if pa.types.is_dictionary(items.type):
        items = items.cast(items.type.value_type)
    if not (pa.types.is_string(items.type) or pa.types.is_large_string(items.type) or pa.types.is_null(items.type)):
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
    column = Column(values, known)
    wrong = np.bitwise_count(values) != lengths
    if wrong.any():
        _refuse(column, wrong, array, lambda written: _why_elements(fact, written))
    return column


def _why_elements(fact: Fact, written: list[Any]) -> NotAValue:
    try:
        elements_of(fact, ["" if item is None else str(item) for item in written])
    except NotAValue as reason:
        return reason
    return wrong_type(fact, "")


def _choices(fact: Fact, form: Encoding, array: Any) -> Column | None:
    return None


def _texts(fact: Fact, form: Encoding, array: Any) -> Column | None:
    """Every different text is parsed once."""
    encoded = array.dictionary_encode()
    words, _known = encoded.dictionary.to_pylist(), known_rows(array)
    values, sure, reasons = [0] * len(words), np.zeros(len(words), bool), {}
    for i, word in enumerate(words):
        try:
            value = parse(fact, word)
        except NotAValue as reason:
            reasons[i] = reason
            continue
        if value is not None:
            values[i], sure[i] = _as_integer(form, value), True
    indices = np.asarray(pc.fill_null(encoded.indices, len(words)))
    column = Column(np.array([*values, 0], _target(fact, form))[indices], np.append(sure, False)[indices])
    if reasons:
        wrong = np.array([i in reasons for i in range(len(words))] + [False])[indices]
        for row in np.flatnonzero(wrong):
            column.bad.append(_cell(int(row), array, reasons[int(indices[row])]))
    if column.known is not None and column.known.all():
        column.known = None
    return column


def _as_integer(form: Encoding, value: Any) -> int:
    if isinstance(value, date):
        return (value - EPOCH).days
    if isinstance(form, Numeric):
        return int(value * form.scale)
    if isinstance(form, Bits):
        return form.mask(value)
    return form.options.index(value) + 1


_READERS: Final = {"bool": _bools, "date": _dates, "set": _lists, "choice": _choices}
