"""What columns of exact integers say in one row, as the values of facts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction

from checklist.batch.columns.day_columns import EPOCH
from checklist.batch.columns.encoding import NEVER_DAY, Bits, Encoding, Numeric
from checklist.batch.columns.exact_columns import ExactColumn
from checklist.model.rules.facts import NEVER, Fact, Value
from checklist.model.state import Reading, Sample


def readings_in(
    facts: Mapping[str, Fact],
    forms: Mapping[str, Encoding],
    columns: Mapping[str, ExactColumn],
    on: Mapping[str, ExactColumn],
    row: int,
    record: date,
    site: str = "",
) -> dict[str, Reading]:
    """What is known in one row; a fact without a day of its own was seen on that of the record."""
    found = {}
    for fact, column in columns.items():
        if not column.mask()[row]:
            continue
        day = on.get(fact)
        seen = EPOCH + timedelta(days=int(day.values[row])) if day is not None and day.mask()[row] else record
        sample = None
        if column.counted is not None and column.counted[row] and column.dens is not None:
            sample = Sample(int(column.values[row]), int(column.dens[row]))
        value = value_in(forms[fact], facts[fact].type, column, row)
        found[fact] = Reading(fact, value, seen, sample=sample, site=site)
    return found


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
