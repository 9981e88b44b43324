"""A name stands for one thing, and a folder shows where a thing lives."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from tests.house.test_floors import PACKAGE

MODULES: Final = sorted(PACKAGE.rglob("*.py"))
MOST_MODULES, MOST_LINES = 20, 260
"""In a folder, in a module: more means that a room or a noun is missing."""

TWICE: Final[dict[str, str]] = {
    "Row": "a row of the rules workbook, as it is read and as it is written",
}
"""Names that two modules define, each with the reason."""

TWO_FLOORS: Final[dict[str, str]] = {
    "days": "what a text says, and what a cell says",
    "shortfalls": "the result, how it is found, and how it is found in a table",
    "app": "the two doors of the roof: the terminal's and the phone's",
    "clauses": "the noun, and what it says of one community",
    "conditions": "the noun, and how a rule file writes it",
    "effects": "the noun, and how a rule file writes it",
    "measures": "the noun, and how a rule file writes it",
    "scales": "the noun, and how a rule file writes it",
    "calibration": "the result, and how it is found",
    "trend": "the result, and how it is found",
    "ruleset_difference": "the result, how it is found, and how it is shown",
    "plan": "the result, and how it is found",
    "forecast": "the result, and how it is found",
    "tasks": "the noun, and how tasks are made of gaps",
    "ruleset_workbook": "the rules as a workbook: read back, and written",
    "workbook_rows": "the rows of that workbook: read back, and written",
    "sites": "the noun, how a record writes them, and how criteria are judged at them",
    "pictures": "a picture judged, and a phone's picture made harmless",
}
"""Modules of the same name outside ``cli/commands``, whose modules are called as the user types them."""

EMPTY_NAMES: Final = {"words", "wording", "utils", "util", "helpers", "misc", "tools", "base", "core", "common"}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def defined(path: Path) -> Iterator[str]:
    """Classes and type aliases of a module: what begins with a capital and is no constant."""
    for node in tree(path).body:
        if isinstance(node, ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [target.id for target in targets if isinstance(target, ast.Name)]
            yield from (name for name in names if name[0].isupper() and not name.isupper())


def test_a_class_name_stands_for_one_thing() -> None:
    where: dict[str, set[str]] = defaultdict(set)
    for path in MODULES:
        for name in defined(path):
            where[name].add(name_of(path))
    twice = {name: sorted(modules) for name, modules in where.items() if len(modules) > 1}
    assert {name: twice[name] for name in twice.keys() - TWICE.keys()} == {}
    assert TWICE.keys() <= twice.keys(), "take the names that stand once now off the list"


def test_a_file_name_says_where_to_look() -> None:
    where: dict[str, list[str]] = defaultdict(list)
    for path in MODULES:
        if path.name != "__init__.py" and path.parent != PACKAGE / "cli" / "commands":
            where[path.stem].append(name_of(path))
    twice = {stem: names for stem, names in where.items() if len(names) > 1}
    assert {stem: twice[stem] for stem in twice.keys() - TWO_FLOORS.keys()} == {}
    assert TWO_FLOORS.keys() <= twice.keys(), "take the modules that stand once now off the list"


def test_no_module_is_a_drawer() -> None:
    stems = {path.stem for path in [*MODULES, *(PACKAGE.parent / "tests").rglob("*.py")]}
    assert not {stem for stem in stems if stem.removeprefix("test_") in EMPTY_NAMES or stem.startswith("test_fixes")}


@pytest.mark.parametrize("folder", sorted({path.parent for path in MODULES}), ids=name_of)
def test_a_room_holds_what_one_can_see_at_once(folder: Path) -> None:
    modules = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
    assert len(modules) <= MOST_MODULES or folder == PACKAGE / "cli" / "commands"


def test_a_module_is_read_in_one_sitting() -> None:
    lines = {name_of(path): path.read_text(encoding="utf-8").count("\n") for path in MODULES}
    assert {name: count for name, count in lines.items() if count > MOST_LINES} == {}


def test_modules_do_not_import_each_other_in_circles() -> None:
    """Not within functions either; the package itself hands names on and is left out."""
    names = {name_of(path) for path in MODULES} - {"checklist"}
    reach = {name_of(path): (set(imported(tree(path))) & names) - {name_of(path)} for path in MODULES}
    while reach:
        free = {name for name, needed in reach.items() if not needed & reach.keys()}
        assert free, f"a circle among {sorted(reach)}"
        reach = {name: needed for name, needed in reach.items() if name not in free}


def imported(node: ast.AST) -> Iterator[str]:
    """Every module that is imported, but those for types only."""
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        return
    if isinstance(node, ast.ImportFrom) and node.module:
        yield from (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))
    for child in ast.iter_child_nodes(node):
        yield from imported(child)


def test_an_exception_class_is_there_to_be_caught() -> None:
    """Everything else that cannot be done is a ``Refusal``, said in one place."""
    raised = {"Exception", "ValueError", "OSError", "RuntimeError", "Refusal"}
    nodes = [node for path in MODULES for node in ast.walk(tree(path))]
    classes = [node for node in nodes if isinstance(node, ast.ClassDef)]
    own = {c.name for c in classes if any(isinstance(base, ast.Name) and base.id in raised for base in c.bases)}
    handlers = [node.type for node in nodes if isinstance(node, ast.ExceptHandler) and node.type]
    calls = [node for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    handlers += [kind for call in calls if call.func.id == "suppress" for kind in call.args]  # type: ignore[attr-defined]
    caught = {name.id for kind in handlers for name in ast.walk(kind) if isinstance(name, ast.Name)}
    assert "Refusal" in own and own - caught == set()
