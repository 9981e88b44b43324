"""A cell of a table that could not be used, as it is listed beside the result."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from checklist.model.problems import NotAValue, Problem
from checklist.values.row_kinds import KIND_NAMES, RowKind


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that could not be used; ``row`` counts the table's rows from 1."""

    row: int
    column: str
    code: str
    says: str
    value: str
    community: str = ""


def refused(row: int, column: str, why: NotAValue | Problem, value: str = "", then: str = "") -> BadCell:
    """The cell with the reason, the way out and what becomes of it in one sentence."""
    return BadCell(row, column, why.code, "；".join(filter(None, (why.says, why.hint, then))), value)


def placed(bad: list[BadCell], name: str, first_row: int) -> list[BadCell]:
    """Cells of one column, whose rows were counted from 0, at their place in the table."""
    return [replace(cell, row=cell.row + first_row, column=name) for cell in bad]


def set_aside(row: int, kind: RowKind, label: str) -> BadCell:
    """A row that is no community, by what it is."""
    return BadCell(row, "", "W240", f"这一行是{KIND_NAMES[kind]}，没有算", label)


def shown(scalar: Any) -> str:
    """A cell of a column as it is shown in the list."""
    try:
        return str(scalar.as_py())[:60]
    except (ValueError, OverflowError):  # a time that Python cannot hold
        return str(scalar.value)
