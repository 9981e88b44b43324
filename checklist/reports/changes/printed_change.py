"""The change of a score in printed figures: the parts add up to the whole, on a screen, on paper and in JSON."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from checklist.model.numbers import rounded
from checklist.model.results.difference import Difference
from checklist.reports.document.adding_up import adding_up


def change(difference: Difference, end: str) -> Decimal:
    """What a reader gets who subtracts the two printed scores."""
    after, before = getattr(difference.after.score, end), getattr(difference.before.score, end)
    return rounded(after, 2) - rounded(before, 2)


def printed_parts(difference: Difference, end: str) -> list[Decimal]:
    """Each shift's part of the change of one end, as printed: together they are the printed change."""
    parts: list[Fraction] = [getattr(shift, end).total for shift in difference.shifts]
    return adding_up(parts, change(difference, end)) if parts else []
