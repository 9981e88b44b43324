"""A column of texts → the values of one fact, as every table is read; every different text is read once."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any, Final

import numpy as np
import pyarrow.compute as pc

from checklist.batch.columns.bad_cells import refused, shown
from checklist.batch.columns.day_columns import days
from checklist.batch.columns.encoding import NEVER_DAY, Bits, Encoding, Numeric
from checklist.batch.columns.exact_columns import ExactColumn
from checklist.batch.program.nodes import bits_dtype
from checklist.model.problems import NotAValue
from checklist.model.rules.facts import NEVER, Fact
from checklist.values.answer import Answer, lenient_value
from checklist.values.fact_value import in_range

_SHORT: Final = 9
"""Digits that need no reader: a number of at most so many digits is what it looks like."""


def read_texts(fact: Fact, form: Encoding, array: Any) -> ExactColumn:
    """What cannot be understood is listed in ``bad``. Numbers may stand in the column too, where a day is wanted."""
    encoded = array.dictionary_encode()
    texts = encoded.dictionary.to_pylist()
    values, dens = [0] * (len(texts) + 1), [1] * (len(texts) + 1)
    sure, counted = np.zeros(len(texts) + 1, bool), np.zeros(len(texts) + 1, bool)
    reasons: dict[int, NotAValue] = {}
    for i, text in enumerate(texts):
        try:
            answer = _plain_number(fact, text) or lenient_value(fact, text)
            if answer is not None and answer.value is not None:
                values[i], dens[i] = _as_integers(fact, form, answer)
                sure[i], counted[i] = True, answer.sample is not None
        except NotAValue as reason:
            reasons[i] = reason
    indices = np.asarray(pc.fill_null(encoded.indices, len(texts)))
    column = ExactColumn(np.array(values, target(fact, form))[indices], sure[indices])
    if isinstance(form, Numeric) and form.sampled:
        column.dens, column.counted = np.array(dens, "i8")[indices], counted[indices]
    if reasons:
        wrong = np.array([i in reasons for i in range(len(texts) + 1)])[indices]
        at = np.flatnonzero(wrong)
        column.bad = [refused(int(r), "", reasons[int(indices[r])], shown(array[int(r)])) for r in at]
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


def _plain_number(fact: Fact, text: str) -> Answer | None:
    if fact.type in ("count", "number") and len(text) <= _SHORT and text.isascii() and text.isdigit():
        return Answer(in_range(fact, int(text)))
    return None


def _as_integers(fact: Fact, form: Encoding, answer: Answer) -> tuple[int, int]:
    """The value in the column's units, and its denominator."""
    value: Any = answer.value
    if value is NEVER and isinstance(form, Numeric):
        return NEVER_DAY if fact.type == "date" else form.top, form.scale
    if isinstance(value, date):
        return days(value), 1
    if isinstance(form, Bits):
        return form.mask(value), 1
    if not isinstance(form, Numeric):
        return form.options.index(value) + 1, 1
    if answer.sample and form.sampled:
        return answer.sample.agree, answer.sample.asked
    return int(in_range(fact, Fraction(value)) * form.scale), form.scale
