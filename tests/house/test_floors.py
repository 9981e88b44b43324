"""The house stands: no floor imports one above it, and the ground floor needs nothing but pydantic and Python."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.places import ROOT

PACKAGE = ROOT / "checklist"
MIDDLE = {"reading", "engine", "batch", "reports"}
FLOORS = {"model", "values", *MIDDLE, "files", "keeping", "cli", "web"}
ALLOWED = {
    "model": {"model"},
    "values": {"model", "values"},
    **{floor: {"model", "values", floor} for floor in MIDDLE},
    "files": {"model", "values", *MIDDLE, "files"},
    "keeping": FLOORS - {"cli", "web"},
    "web": FLOORS - {"cli"},
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
    return sorted(p for floor in ALLOWED for p in (PACKAGE / floor).rglob("*.py"))


@pytest.mark.parametrize("path", floor_files(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_no_floor_reaches_up(path: Path) -> None:
    floor = path.relative_to(PACKAGE).parts[0]
    reached = {name.split(".")[1] for name in imports(path) if name.startswith("checklist.") and "." in name}
    assert (reached & FLOORS) <= ALLOWED[floor]


@pytest.mark.parametrize("path", sorted((PACKAGE / "model").rglob("*.py")), ids=lambda p: p.name)
def test_the_ground_floor_needs_only_python_and_pydantic(path: Path) -> None:
    outside = {name.split(".")[0] for name in imports(path)} - {"checklist", "pydantic"}
    assert outside <= sys.stdlib_module_names


@pytest.mark.parametrize("floor", ["model", "values", *sorted(MIDDLE)])
def test_no_clock_and_no_chance_below_the_roof(floor: str) -> None:
    for path in (PACKAGE / floor).rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        for word in ("date.today(", "datetime.now(", "time.time(", "import random", "locale.", "os.environ", "getenv"):
            assert word not in text, f"{path.name} uses {word}"


def test_nothing_lies_loose_at_the_packages_root() -> None:
    assert {path.name for path in PACKAGE.glob("*.py")} == {"__init__.py", "__main__.py"}
