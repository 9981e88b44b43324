"""Rows of a ruleset's workbook folded back into the mappings that its rule files hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from checklist.model.rules.rule_sheets import OTHERWISE, PART_SCALES
from checklist.model.rules.sheet_columns import Placed

CLAUSE: Final = re.compile(r"([a-z][a-z0-9_]*)[:：]\s*(.+)")
Row: TypeAlias = Mapping[str, Placed]
"""Key of a column → its value with its cell."""


def scale_of(kind: str, row: Row, levels: dict[str, Placed]) -> dict[str, Any]:
    """The keys of one scale; what does not belong to its kind is kept, so that the reader can say so."""
    measure, parts = row.get("measure"), row.get("parts")
    made: dict[str, Any] = {key: row[key] for key in ("measure", "full_at") if key in row}
    if kind == "proportional":
        return {kind: made} | ({"levels": levels} if levels else {}) | ({"met": parts} if parts else {})
    if kind in ("survey", "choice", "judged"):
        raw = measure.value if measure else None
        fact = (
            {"fact": Placed(raw["fact"], measure.cell)} if measure and isinstance(raw, dict) and "fact" in raw else {}
        )
        inner = {"at_least": levels} if kind == "survey" else levels
        return {kind: {**fact, **inner}}
    if kind in PART_SCALES:
        made[kind] = parts if parts else []
        return made | ({"levels": levels} if levels else {})
    made[kind] = levels
    return made | ({"met": parts} if parts else {})


def entry(row: Row, without: tuple[str, ...] = ()) -> dict[str, Any]:
    """A row as a mapping, dotted keys nested."""
    made: dict[str, Any] = {}
    for key, value in row.items():
        if key in without:
            continue
        *path, last = key.split(".")
        inner = made
        for part in path:
            inner = inner.setdefault(part, {})
        inner[last] = value
    return with_pair(made, "yuan")


def clauses_of(phrases: Mapping[str, Placed]) -> dict[str, Placed]:
    """The clauses of each phrase: ``fact: text`` is a mapping, and what is only one clause stands alone. A cell that
    holds something else is left as it is."""
    made: dict[str, Placed] = {}
    for key, placed in phrases.items():
        lines = isinstance(placed.value, list) and all(isinstance(line, str) for line in placed.value)
        clauses = _clauses(placed.value) if lines else placed.value
        made[key] = Placed(clauses[0] if lines and len(clauses) == 1 else clauses, placed.cell)
    return made


def _clauses(lines: Sequence[str]) -> list[Any]:
    """Each line with what stands under it as ``else``."""
    clauses: list[Any] = []
    under: list[list[str]] = []
    for line in lines:
        if under and line.startswith(OTHERWISE):
            under[-1].append(line.removeprefix(OTHERWISE).strip())
        else:
            found = CLAUSE.fullmatch(line)
            clauses.append({found[1]: found[2]} if found else line)
            under.append([])
    return [_with_else(clause, below) for clause, below in zip(clauses, under, strict=True)]


def _with_else(clause: Any, below: Sequence[str]) -> Any:
    return {**(clause if isinstance(clause, dict) else {"": clause}), "else": _clauses(below)} if below else clause


def with_pair(made: dict[str, Any], key: str) -> dict[str, Any]:
    """``yuan.0`` and ``yuan.1`` are a list of two."""
    if isinstance(made.get(key), dict):
        made[key] = list(_in_order(made[key]))
    return made


def _in_order(numbered: Mapping[str, Any]) -> Iterator[Any]:
    for key in sorted(numbered):
        yield numbered[key]


def case(row: Row) -> dict[str, Any]:
    made = entry(row, ("file", "#"))
    if "given" not in made and "state" not in made:
        made = {"name": made.pop("name", None), "given": {}, **made}
    return made
