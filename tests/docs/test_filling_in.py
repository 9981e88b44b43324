"""The page on filling in lists what the tests prove: its table is made from the same list."""

from __future__ import annotations

import re
from itertools import groupby

import pytest

from checklist.model.rules.ruleset import Ruleset
from tests.conftest import ROOT
from tests.support.written_values import WRITTEN

PAGE = ROOT / "docs" / "filling-in.md"
PLACE = re.compile(r"(<!-- 由 tests/docs/test_filling_in\.py .*? -->\n).*?(<!-- /生成 -->)", re.DOTALL)


def table(ruleset: Ruleset) -> str:
    """One row for each run of entries about one fact that mean the same."""
    lines = ["| 问的是 | 写的 | 算作 |", "|---|---|---|"]
    for (fact, means), entries in groupby(WRITTEN, lambda entry: (entry[0], entry[2])):
        texts = " ".join(f"`{text}`" for _, text, _ in entries)
        lines.append(f"| {ruleset.facts[fact].label} | {texts} | {means or '不猜，说怎么写'} |")
    return "\n".join(lines) + "\n"


def test_the_page_lists_what_is_understood(ruleset: Ruleset, request: pytest.FixtureRequest) -> None:
    text = PAGE.read_text(encoding="utf-8")
    fresh = PLACE.sub(lambda found: found[1] + "\n" + table(ruleset) + "\n" + found[2], text)
    if request.config.getoption("--golden"):
        PAGE.write_text(fresh, encoding="utf-8", newline="\n")
    assert PLACE.search(text) and PAGE.read_text(encoding="utf-8") == fresh, "read the diff, then pytest --golden"
