"""What is said of red lines and vetoes, and of what they rest on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist import Ruleset, assess, assessments_json
from checklist.cli.console import render_text
from checklist.engine.comparing.compare import stand
from checklist.model.numbers import INF
from checklist.model.rules.facts import Fact, Knowledge, Value
from checklist.model.rules.measures import FactValue
from checklist.model.rules.scales import Deduct, Deduction
from checklist.reports.assessment.assessment_screen import View, assessment_screen
from checklist.reports.assessment.list_screen import list_screen
from checklist.reports.comparison.ranking_rows import flags_text
from tests.support.strategies import state_of


@pytest.fixture
def plain(ruleset: Ruleset) -> Ruleset:
    """The shipped ruleset with no red line and no veto."""
    return replace(ruleset, criteria=tuple(replace(c, flag=None) for c in ruleset.criteria))


def test_a_ruleset_without_flags_has_nothing_to_pass(plain: Ruleset) -> None:
    result = assess(plain, state_of(plain, {}))
    shown = render_text(assessment_screen(result, View()), 80)
    listed = render_text(list_screen([result], ["data"]), 80)
    assert "本测评体系没有红线和否决项" in shown and "过关" not in shown + listed
    assert "没有红线和否决项" in listed and flags_text(stand(plain, result.state)) == "没有红线和否决项"
    assert json.loads(assessments_json([result]))["assessments"][0]["verdict"]["kind"] == "none"


def test_flags_that_nobody_checked_are_not_missing(ruleset: Ruleset) -> None:
    assert assess(ruleset, state_of(ruleset, {})).verdict.kind == "undecided"


@given(st.integers(1, 9_000), st.integers(0, 9_000), st.none() | st.integers(0, 9))
def test_a_deduction_of_nothing_changes_nothing(off: int, floor: int, found: int | None) -> None:
    facts = {name: Fact(name, name, "count", "web", "?", 1, 30, high=INF) for name in ("a", "b")}
    values: Mapping[str, Value] = {} if found is None else {"a": found}
    known = Knowledge(facts, values, date(2026, 6, 1), {})
    parts = (Deduction(FactValue("a"), off), Deduction(FactValue("b"), 0))
    assert Deduct(parts, floor).points(known, 9_000) == Deduct(parts[:1], floor).points(known, 9_000)
    assert Deduct(parts[1:], floor).points(known, 9_000) == (9_000, 9_000)
