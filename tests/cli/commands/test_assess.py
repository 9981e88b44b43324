"""Gates of ``assess``, and when nothing could be assessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from checklist import assess
from checklist.cli.commands.assess import _code
from checklist.model.results.assessment import OUTCOMES, Tally
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import Community, State
from tests.conftest import Run

TAOLI = "data/taoli/2023-04-15.yaml"
HEAD = "community: {id: x, name: 测试社区}\nruleset: civilized-city-community\nas_of: 2026-03-01\n"


def test_a_chinese_comma_parts_gates(cli: Run) -> None:
    assert cli("assess", "data/cuihu", "--fail-on", "unknown，veto、redline").code == 0


def test_quiet_still_writes_the_file(cli: Run, tmp_path: Path) -> None:
    ran = cli("assess", TAOLI, "--quiet", "-o", tmp_path / "a.txt")
    assert ran.out == "" and "桃李" in (tmp_path / "a.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("facts", "says"), [("", "还没有核实过任何一项"), ("facts:\n  households: 900\n", "还没有一项标准能下结论")]
)
def test_nothing_decided_is_said_as_it_is(facts: str, says: str, cli: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(HEAD + facts, encoding="utf-8")
    ran = cli("assess", tmp_path)
    assert ran.code == 5 and says in ran.err


def test_one_decided_veto_without_points_is_something(ruleset: Ruleset) -> None:
    tally = Tally(0, 100, 100, 0, dict.fromkeys(OUTCOMES, 0) | {"met": 1, "unknown": 3})
    state = State(Community("x", "甲"), ruleset.id, date(2026, 3, 1), {})
    some = replace(assess(ruleset, state), total=tally)
    assert _code([some], None, ()) == 0
    none = replace(some, total=Tally(0, 0, 0, 0, dict.fromkeys(OUTCOMES, 0) | {"not_applicable": 4}))
    assert _code([none], Fraction(60), ("unmet",)) == 5
    assert _code([some, none], Fraction(0), ()) == 0
