"""A spreadsheet's cell as text, before anybody asks what it means."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TypeAlias

from checklist.model.as_seen import as_seen
from checklist.values.formula_starts import unguarded

RawCell: TypeAlias = str | int | float | bool | date | datetime | time | timedelta | None


def plain(cell: RawCell) -> str:
    """A cell as text: half width, nothing invisible, no stray blanks, whole numbers without ``.0``, dates as 2026-03-01."""
    match cell:
        case None:
            return ""
        case bool():
            return "是" if cell else "否"
        case float():
            return f"{_decimal(cell):f}" if cell == cell and abs(cell) != float("inf") else str(cell)
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", timespec="minutes")
        case date() | time() | int() | timedelta():
            return str(cell)
    return unguarded(as_seen(cell).strip())


def words(cell: RawCell) -> str:
    """A cell of free text: as written, without the apostrophe that keeps it from being a formula."""
    if not isinstance(cell, str):
        return plain(cell)
    text = cell.strip()
    return unguarded(text)


def _decimal(value: float) -> Decimal:
    """The number that a spreadsheet shows for this double: fifteen significant digits."""
    return Decimal(f"{value:.15g}") if value != int(value) or abs(value) >= 1e15 else Decimal(int(value))


def shown(text: str) -> str:
    """Short enough for a message, on one line."""
    text = " ".join(text.split())
    return text if len(text) <= 30 else text[:29] + "…"
