"""Expiry is decided once: what one screen calls stale or soon, every other one does."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklist import assess, load_state
from checklist.keeping.folder import open_folder
from checklist.model.rules.ruleset import Ruleset
from checklist.reports.forms.questions import groups_of, wanted
from checklist.web.board import begin_walk, board
from tests.conftest import Run
from tests.support.laws import examples

BEIMEN = "data/beimen/2026-10-15.yaml"


@settings(max_examples=examples(30), deadline=None)
@given(st.integers(-40, 900), st.integers(0, 60))
def test_what_expires_is_what_will_be_unknown(ruleset: Ruleset, ahead: int, within: int) -> None:
    state = load_state(BEIMEN, ruleset).on_day(date(2026, 10, 15) + timedelta(days=ahead))
    later = state.on_day(state.as_of + timedelta(days=within + 1))
    facts = ruleset.facts.values()
    assert [e.fact.id for e in state.expired(ruleset.facts)] == [f.id for f in facts if state.why_unknown(f) == "stale"]
    soon = {e.fact.id for e in state.soon(ruleset.facts, within)}
    assert soon == {f.id for f in facts if state.why_unknown(f) is None and later.why_unknown(f) == "stale"}
    for expiry in state.expiring(ruleset.facts, within):
        assert state.on_day(expiry.last_day).why_unknown(expiry.fact) is None
        assert state.on_day(expiry.last_day + timedelta(days=1)).why_unknown(expiry.fact) == "stale"
        assert expiry.days == (expiry.last_day - state.as_of).days and expiry.expired == (expiry.days < 0)


RECORD = """
community: {id: jia, name: 甲社区}
ruleset: civilized-city-community
as_of: 2026-10-15
facts:
  potholes: {value: 3, on: 2026-01-01}
  households: {value: 2000, on: 2026-11-20}
  office_area_m2: {value: 大约挺大, on: 2020-01-01}
  population: {unknown: 没人知道, on: 2020-01-01}
  broken_pavers: {value: 1, on: 2026-10-10}
"""


@pytest.mark.parametrize("day", ["2026-10-15", "2026-12-30"])
def test_every_door_counts_the_same(day: str, cli: Run, ruleset: Ruleset, tmp_path: Path) -> None:
    """With a value from a later day, one that cannot be read and one said to be unknown beside those that expire."""
    record = tmp_path / "2026-10-15.yaml"
    record.write_text(RECORD, encoding="utf-8")
    fresh = cli("fresh", record, "--as-of", day).out
    (stale,), (soon,) = re.findall(r"已过期 (\d+) 项", fresh), re.findall(r"前过期 (\d+) 项", fresh)
    screen = cli("assess", record, "--as-of", day).out
    assert [stale] if int(stale) else re.findall(r"记录过期 (\d+) 个", screen) == []
    assert [soon] if int(soon) else re.findall(r"一周内过期 (\d+) 项", screen) == []
    told = json.loads(cli("assess", record, "--as-of", day, "--format", "json").out)["assessments"][0]
    assert len(told["expiring"]) == int(soon)


@pytest.mark.parametrize("ahead", [0, 45])
def test_phone_and_forms_ask_the_same(ruleset: Ruleset, ahead: int) -> None:
    folder = open_folder(Path("data/beimen"), ruleset)
    assert folder.state is not None
    state = folder.state.on_day(folder.state.as_of + timedelta(days=ahead))
    seen = assess(ruleset, state)
    asked = wanted(seen, "full").keys()
    expired = {e.fact.id for e in state.expired(ruleset.facts)} & asked
    soon = {e.fact.id for e in state.soon(ruleset.facts)} & asked
    assert expired if ahead else soon
    shown = board(folder, state.as_of)["facts"]
    assert {fact["id"] for fact in shown if fact["because"] == "stale"} <= expired
    assert {fact.id for group in groups_of(seen, "full", ["stale"]) for fact in group.facts} == expired
    assert {fact.id for group in groups_of(seen, "full", ["soon"]) for fact in group.facts} == soon
    walk = begin_walk(folder, state.as_of, ["stale"])
    assert walk.facts <= expired
