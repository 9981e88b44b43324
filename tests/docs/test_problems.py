"""docs/problems.md lists every code that the program can give, and no others."""

from __future__ import annotations

import re

from tests.conftest import ROOT

IN_SOURCE = re.compile(r'"([EW][1-9]\d{2})"')
IN_PAGE = re.compile(r"^\| ([EW]\d{3}) \| .+ \| .+ \|$", re.MULTILINE)


def test_every_code_is_explained_once() -> None:
    source = {code for p in (ROOT / "checklist").rglob("*.py") for code in IN_SOURCE.findall(p.read_text("utf-8"))}
    page = IN_PAGE.findall((ROOT / "docs" / "problems.md").read_text("utf-8"))
    assert len(page) == len(set(page))
    assert set(page) == source


def test_every_code_about_rules_has_a_bad_example() -> None:
    shown = {p.name.split("-")[0] for p in (ROOT / "tests" / "bad").glob("*/*") if p.name[0] in "EW"}
    proved = {code for code in IN_PAGE.findall((ROOT / "docs" / "problems.md").read_text("utf-8")) if code[1] in "34"}
    assert proved <= shown
