"""What a column of exact integers says in one row, as the value of a fact."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from checklist.batch.columns.day_columns import EPOCH
from checklist.batch.columns.encoding import NEVER_DAY, Bits, Encoding, Numeric
from checklist.batch.columns.exact_columns import ExactColumn
from checklist.model.rules.facts import NEVER, Value


def value_in(form: Encoding, type: str, column: ExactColumn, row: int = 0) -> Value:
    """The value of a fact of this type in one row of its column, which must be known."""
    raw = int(column.values[row])
    if raw == NEVER_DAY or (isinstance(form, Numeric) and form.open and raw == form.top):
        return NEVER
    if type == "date":
        found: date = EPOCH + timedelta(days=raw)
        return found
    if isinstance(form, Numeric):
        value = Fraction(raw, int(column.dens[row]) if column.dens is not None else form.scale)
        return value.numerator if value.denominator == 1 else value
    if isinstance(form, Bits):
        return frozenset(element for element, bit in form.bits.items() if raw >> bit & 1)
    option = form.options[raw - 1]
    assert isinstance(option, bool | str)
    return option
