"""The house stands: no floor imports one above it, and the ground floor needs nothing but pydantic and Python."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "checklist"
ROOF = {"cli", "web", "keeping"}
FLOORS = {"model", "reading", "engine", "batch", "reports", *ROOF}
ALLOWED = {
    "model": {"model"},
    "reading": {"model", "reading"},
    "engine": {"model", "engine"},
    "batch": {"model", "batch"},
    "reports": {"model", "reports"},
}


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, absolute."""
    here = ("checklist", *path.relative_to(PACKAGE).parts[:-1])
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = list(here[: len(here) - node.level + 1]) if node.level else []
            prefix = ".".join([*base, *([node.module] if node.module else [])])
            yield prefix
            yield from (f"{prefix}.{alias.name}" for alias in node.names)


def floor_files() -> list[Path]:
    return [p for floor in ALLOWED for p in (PACKAGE / floor).rglob("*.py")]


@pytest.mark.parametrize("path", floor_files(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_no_floor_reaches_up(path: Path) -> None:
    floor = path.relative_to(PACKAGE).parts[0]
    reached = {name.split(".")[1] for name in imports(path) if name.startswith("checklist.") and "." in name}
    assert (reached & FLOORS) <= ALLOWED[floor]


@pytest.mark.parametrize("path", sorted((PACKAGE / "model").glob("*.py")), ids=lambda p: p.name)
def test_the_ground_floor_needs_only_python_and_pydantic(path: Path) -> None:
    outside = {name.split(".")[0] for name in imports(path)} - {"checklist", "pydantic"}
    assert outside <= sys.stdlib_module_names


@pytest.mark.parametrize("floor", ["model", "reading", "engine", "reports"])
def test_no_clock_and_no_chance_below_the_roof(floor: str) -> None:
    for path in (PACKAGE / floor).rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        for word in ("date.today(", "datetime.now(", "time.time(", "import random", "locale."):
            assert word not in text, f"{path.name} uses {word}"
