"""A fact's column → the arrays that the kernel reads of it; ``encoding`` says what they mean."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from checklist.batch.columns.encoding import Bits, Coded, Encoding, Numeric
from checklist.batch.columns.exact_columns import ExactColumn, Flags
from checklist.batch.program.nodes import bits_dtype
from checklist.model.rules.facts import Fact
from checklist.model.wilson import STEP, wilson

PARTS: Final = ("lo", "hi", "den", "code", "has", "may", "known")


def arrays_of(
    fact: Fact, form: Encoding, column: ExactColumn, judged: Any, sampling: bool = False
) -> dict[str, NDArray[Any]]:
    """The kernel's inputs, by name. ``judged`` is the day of each row; with ``sampling`` survey counts
    give the range that they leave open."""
    values, known, name = column.values, column.known, fact.id
    if isinstance(form, Coded):
        return {f"{name}.code": values if known is None else values * known}
    if isinstance(form, Bits):
        every = values.dtype.type(form.mask(fact.options))
        return {
            f"{name}.has": values if known is None else values * known,
            f"{name}.may": values if known is None else np.where(known, values, every),
            f"{name}.known": column.mask(),
        }
    if fact.type == "date":
        values = np.minimum(judged - values, form.top).astype(form.dtype)
    if form.sampled:
        return _sampled(fact, form, column, sampling)
    values = values.astype(form.dtype, copy=False)
    return {
        f"{name}.lo": values if known is None else _filled(values, known, form.least),
        f"{name}.hi": values if known is None else _filled(values, known, form.top),
    }


def _sampled(fact: Fact, form: Numeric, column: ExactColumn, sampling: bool) -> dict[str, NDArray[Any]]:
    """Each row over its own denominator."""
    low = column.values.astype("i8")
    high = low.copy()
    dens = np.full(len(low), form.scale, "i8") if column.dens is None else column.dens.copy()
    if sampling and column.counted is not None:
        rows = np.flatnonzero(column.counted & column.mask())
        pairs, where = np.unique(np.stack([low[rows], dens[rows]], 1), axis=0, return_inverse=True)
        spans = [wilson(int(agree), int(asked)) for agree, asked in pairs]
        scaled = np.array([[int(span.low * STEP), int(span.high * STEP)] for span in spans], "i8").reshape(-1, 2)
        low[rows], high[rows], dens[rows] = scaled[where.ravel(), 0], scaled[where.ravel(), 1], STEP
    known = column.mask()
    return {
        f"{fact.id}.lo": _filled(low, known, form.least),
        f"{fact.id}.hi": _filled(high, known, form.top),
        f"{fact.id}.den": np.where(known, dens, form.scale),
    }


def nothing(fact: Fact, form: Encoding, rows: int) -> dict[str, NDArray[Any]]:
    """The inputs of a fact that has no column: unknown in every row."""
    values = np.zeros(rows, "i8")
    if not isinstance(form, Numeric):
        values = values.astype(bits_dtype(form.width) if isinstance(form, Bits) else form.dtype)
    return arrays_of(fact, form, ExactColumn(values, np.zeros(rows, bool)), 0)


def over_one(less: ExactColumn, of: Numeric, more: ExactColumn, to: Numeric) -> tuple[NDArray[Any], NDArray[Any]]:
    """Two numbers over one denominator, to be compared."""
    if less.dens is None and more.dens is None and of.scale == to.scale:
        return less.values, more.values
    over: Any = of.scale if less.dens is None else less.dens.astype(object)
    under: Any = to.scale if more.dens is None else more.dens.astype(object)
    wide: Any = "i8" if less.dens is None and more.dens is None else object
    return less.values.astype(wide) * under, more.values.astype(wide) * over


def _filled(values: NDArray[Any], known: Flags, missing: int) -> NDArray[Any]:
    return np.where(known, values, values.dtype.type(missing))
