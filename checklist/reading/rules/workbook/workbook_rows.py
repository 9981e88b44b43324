"""Rows of a ruleset's workbook folded back into the mappings that its rule files hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from checklist.model.rules.sheet_columns import Placed

Row: TypeAlias = Mapping[str, Placed]
"""Key of a column → its value with its cell."""


def scale_of(kind: str, measure: Placed | None, levels: dict[str, Placed], parts: Placed | None) -> dict[str, Any]:
    """The keys of one scale; what does not belong to its kind is kept, so that the reader can say so."""
    if kind in ("survey", "choice", "judged"):
        raw = measure.value if measure else None
        fact = (
            {"fact": Placed(raw["fact"], measure.cell)} if measure and isinstance(raw, dict) and "fact" in raw else {}
        )
        inner = {"at_least": levels} if kind == "survey" else levels
        return {kind: {**fact, **inner}}
    made: dict[str, Any] = {"measure": measure} if measure else {}
    if kind in ("met", "deduct"):
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
