"""The table of problem codes, the code and docs/problems.md say the same."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from checklist.model.problem_codes import SECTIONS
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "problems.md"
CODE = re.compile(r"[EW][1-9]\d{2}")
ROW = re.compile(r"^\| ([EW]\d{3}) \| (.+?) \| (.+) \|$", re.MULTILINE)
TITLES = [(code, title) for codes in SECTIONS.values() for code, title in codes.items()]


def used() -> Iterator[str]:
    """Every code that stands in the package as a string of its own; one put together would not be found in a search."""
    for path in (ROOT / "checklist").rglob("*.py"):
        if path.name != "problem_codes.py":
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value):
                    yield node.value


def section(found: re.Match[str]) -> str:
    """A section of the page with its rows from the table; the ways out stay as they are written on the page."""
    ways_out = {code: way for code, _, way in ROW.findall(found[0])}
    rows = (f"| {code} | {title} | {ways_out.get(code, '')} |" for code, title in SECTIONS[found[1]].items())
    return ROW.sub("", found[0]).rstrip("\n") + "\n" + "\n".join(rows) + "\n" + "\n" * found[0].endswith("\n\n")


def test_every_code_is_listed_once_and_used() -> None:
    codes = [code for code, _ in TITLES]
    assert len(codes) == len(set(codes))
    assert set(codes) == set(used())


def test_the_page_has_the_table(request: pytest.FixtureRequest) -> None:
    page = PAGE.read_text("utf-8")
    made = re.sub(r"^## (.+)\n(?:.*\n)*?(?=## |\Z)", section, page, flags=re.MULTILINE)
    if request.config.getoption("--golden"):
        PAGE.write_text(made, "utf-8", newline="\n")
    assert made == page, "read the diff, then pytest --golden"
    assert re.findall(r"^## (.+)$", page, re.MULTILINE) == list(SECTIONS)
    assert [(code, title) for code, title, _ in ROW.findall(page)] == TITLES


def test_every_code_about_rules_has_a_bad_example() -> None:
    shown = {p.name.split("-")[0] for p in (ROOT / "tests" / "bad").glob("*/*") if p.name[0] in "EW"}
    assert {code for code, _ in TITLES if code[1] in "34"} <= shown
