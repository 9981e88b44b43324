"""Each of 99 scoring statements from 17 real assessment sheets is said directly, or by one of a few documented ways."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import groupby

import pytest

from checklist.model.rules.case import Case
from checklist.reading.rules.cases import read_cases
from tests.conftest import Run
from tests.support.documents import DOCUMENTS, RULES, Statement, document, statements
from tests.support.places import ROOT

ALL = statements()
MOST_WAYS = 5
NO_PHRASES = "W416"
"""Advice that these do not follow: they are scored, no paper is written from them."""
PAGE = (ROOT / "docs" / "writing-rules.md").read_text(encoding="utf-8")


def test_no_statement_is_left_out() -> None:
    assert len(ALL) == 99
    sheets = [(sheet, [s.number for s in some]) for sheet, some in groupby(ALL, lambda s: s.sheet)]
    assert len(sheets) == 17 and all(numbers == list(range(1, len(numbers) + 1)) for _, numbers in sheets)
    assert {s.ruleset for s in ALL} == set(DOCUMENTS)


def test_few_statements_need_a_way_round_and_the_page_has_it() -> None:
    ways = [s.said_by.removeprefix("way ") for s in ALL if s.said_by.startswith("way ")]
    assert len(ways) <= MOST_WAYS
    assert all(f"**{way}" in PAGE for way in ways)


@pytest.mark.parametrize("statement", ALL, ids=lambda s: f"{s.sheet[:3]}-{s.number}")
def test_what_says_it_is_held_by_cases(statement: Statement) -> None:
    """A criterion by at least two cases with points, of which one is less than full; a band by a whole community."""
    ruleset, cases = document(statement.ruleset), cases_of(statement.ruleset)
    kind, _, name = statement.said_by.partition(" ")
    if kind == "module":
        assert any(module.id == name for module in ruleset.modules)
    elif kind == "band":
        reached = {case.whole.bands for case in cases if case.whole}
        assert (name, name) in reached and len(reached) > 1
    elif kind != "way":
        points = [e.points for case in cases for e in case.expects if e.criterion == kind and e.points is not None]
        full = ruleset.criterion(kind).points
        assert len(points) >= 2 and (full, full) in points and any(high < full for _, high in points)


def cases_of(name: str) -> tuple[Case, ...]:
    cases, problems = read_cases(RULES / name, document(name))
    assert not problems
    return cases


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_rules_are_sound_and_every_case_passes(name: str, cli: Run) -> None:
    checked = cli("check", RULES / name)
    told = set(re.findall(r"\b[EW][0-9]{3}\b", checked.out + checked.err))
    assert checked.code == 0 and told <= {NO_PHRASES}, checked.err
    tried = cli("test", RULES / name, "--strict")
    assert tried.code == 0, tried.out


@pytest.mark.slow
@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_figure_can_be_moved_unseen(name: str, cli: Run) -> None:
    ran = cli("test", RULES / name, "--strict", "--mutate")
    assert ran.code == 0, ran.out


def test_each_criterion_says_what_some_sheet_says() -> None:
    said: defaultdict[str, set[str]] = defaultdict(set)
    for statement in ALL:
        said[statement.ruleset].add(statement.said_by)
    for name in ("waste-site", "village-dwelling", "community-basics", "civility-index"):
        assert {c.id for c in document(name).criteria} <= said[name]
