"""What stands in the form's cells: a reading as one would type it, the question, the rule that a date keeps."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from checklist.model.rules.facts import Fact
from checklist.model.state import Reading
from checklist.reports.formats.spreadsheets import fits
from checklist.reports.language.phrases import value_text
from checklist.values.headings import UNSURE_WORD


def cell_text(fact: Fact, reading: Reading) -> str:
    """A reading as one would type it; what ``reading.lenient`` makes of it is the same reading."""
    if reading.sample is not None:
        return f"{reading.sample.agree}/{reading.sample.asked}"
    if reading.value is None:
        return reading.unknown if reading.unknown in ("", UNSURE_WORD) else f"{UNSURE_WORD}：{reading.unknown}"
    return (
        value_text(fact, reading.value).replace(f" {fact.unit}", "") if fact.unit else value_text(fact, reading.value)
    )


def value_cell(fact: Fact, reading: Reading) -> str | int | Fraction | date:
    """A reading as a cell of its own kind; text where it is neither a day nor a number that a spreadsheet holds."""
    value = reading.value
    if isinstance(value, date):
        return value
    if fact.type in ("count", "number") and isinstance(value, int | Fraction) and fits(value):
        return value
    return cell_text(fact, reading)


def before_text(fact: Fact, reading: Reading | None) -> str:
    if reading is None:
        return ""
    return cell_text(fact, reading) if reading.value is None else value_text(fact, reading.value)


def ask(fact: Fact) -> str:
    if fact.type == "set":
        return f"{fact.ask}（填有的：{'、'.join(fact.options.values())}）"
    return fact.ask


def column_letters(index: int) -> str:
    return chr(65 + index) if index < 26 else column_letters(index // 26 - 1) + chr(65 + index % 26)
