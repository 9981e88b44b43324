"""A column of texts → the values of one fact; every different text is read once."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any, Final

import numpy as np
import pyarrow.compute as pc

from checklist.batch.columns.bad_cells import NotAValue, Words, Written, in_range
from checklist.batch.columns.day_columns import days
from checklist.batch.columns.encoding import Bits, Encoding, Numeric
from checklist.batch.columns.exact_columns import ExactColumn, bad_cell
from checklist.batch.program.nodes import bits_dtype
from checklist.model.rules.facts import Fact

_SHORT: Final = 9
"""Digits that need no reader: a number of at most so many digits is what it looks like."""


def read_texts(fact: Fact, form: Encoding, array: Any, words: Words) -> ExactColumn:
    """``words`` says what a text means."""
    encoded = array.dictionary_encode()
    texts = encoded.dictionary.to_pylist()
    values, dens = [0] * (len(texts) + 1), [1] * (len(texts) + 1)
    sure, counted = np.zeros(len(texts) + 1, bool), np.zeros(len(texts) + 1, bool)
    reasons: dict[int, NotAValue] = {}
    for i, text in enumerate(texts):
        try:
            written = _plain_number(fact, text) or words(fact, text)
            if written.value is not None:
                values[i], dens[i] = _as_integers(fact, form, written)
                sure[i], counted[i] = True, written.asked > 0
        except NotAValue as reason:
            reasons[i] = reason
    indices = np.asarray(pc.fill_null(encoded.indices, len(texts)))
    column = ExactColumn(np.array(values, target(fact, form))[indices], sure[indices])
    if isinstance(form, Numeric) and form.sampled:
        column.dens, column.counted = np.array(dens, "i8")[indices], counted[indices]
    if reasons:
        wrong = np.array([i in reasons for i in range(len(texts) + 1)])[indices]
        column.bad = [bad_cell(int(r), array, reasons[int(indices[r])]) for r in np.flatnonzero(wrong)]
    if column.known is not None and column.known.all():
        column.known = None
    return column


def target(fact: Fact, form: Encoding) -> str:
    """The type of a column's values."""
    if fact.type == "date":
        return "i4"
    if isinstance(form, Bits):
        return bits_dtype(form.width)
    return "i8" if isinstance(form, Numeric) and form.sampled else form.dtype


def _plain_number(fact: Fact, text: str) -> Written | None:
    if fact.type in ("count", "number") and len(text) <= _SHORT and text.isascii() and text.isdigit():
        return Written(int(text))
    return None


def _as_integers(fact: Fact, form: Encoding, written: Written) -> tuple[int, int]:
    """The value in the column's units, and its denominator."""
    value: Any = written.value
    if isinstance(value, date):
        return days(value), 1
    if isinstance(form, Bits):
        return form.mask(value), 1
    if not isinstance(form, Numeric):
        return form.options.index(value) + 1, 1
    if written.asked and form.sampled:
        return written.agree, written.asked
    return int(in_range(fact, Fraction(value)) * form.scale), form.scale
