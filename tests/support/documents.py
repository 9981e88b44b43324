"""The rulesets written after real assessment sheets (``tests/documents``), and what their statements are said by."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

import pytest

from checklist import load_ruleset
from checklist.model.rules.ruleset import Ruleset
from tests.support.places import ROOT

RULES = ROOT / "tests" / "documents" / "rules"
DOCUMENTS = sorted(folder.name for folder in RULES.iterdir())
AT_ONCE = ("village-dwelling", "waste-site")
"""Between them nearly every way of counting; the others are left to the slow run."""
FEW_AT_ONCE = [name if name in AT_ONCE else pytest.param(name, marks=pytest.mark.slow) for name in DOCUMENTS]


@cache
def document(name: str) -> Ruleset:
    return load_ruleset(RULES / name)


@dataclass(frozen=True)
class Statement:
    """A sentence of a sheet, and what says it: ids of criteria, ``module ID``, ``band NAME`` or ``way WORD``."""

    sheet: str
    number: int
    text: str
    ruleset: str
    said_by: str


def statements() -> list[Statement]:
    with (RULES.parent / "statements.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [Statement(r["doc"], int(r["no"]), r["statement"], r["ruleset"], r["said_by"]) for r in rows]
