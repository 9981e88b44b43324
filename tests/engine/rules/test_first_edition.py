"""The second edition against the first: exactly the criteria that its changelog names, and the scores before it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from checklist import load_ruleset
from checklist.engine.rules.ruleset_difference import diff_rules
from checklist.engine.scoring.assess import assess
from checklist.files.loading import load_states
from checklist.model.numbers import rounded
from checklist.model.results.ruleset_difference import RulesDiff
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import NotApplicable, Reading
from tests.support.places import ROOT
from tests.support.shipped import BASE, shipped

FIRST = ROOT / "tests" / "support" / "first_edition" / "civilized-city-2026-first"
SURVEYS = {f"SAT-0{n}" for n in range(1, 10)}
SCORES = {
    "taoli/2022-04-30": ("1.3", "96.7"),
    "taoli/2023-04-15": ("3.4", "96.1"),
    "huaihuayuan/2023-04-15": ("1.7", "99.8"),
    "cuihu/2026-10-15": ("94.8", "94.8"),
    "donghu/2026-10-15": ("74.0", "74.0"),
    "beimen/2026-10-15": ("42.6", "42.6"),
}
COMPUTERS = {"cuihu/2026-10-15": 6, "donghu/2026-10-15": 4}


@cache
def first() -> Ruleset:
    return load_ruleset(FIRST)


@cache
def changes() -> RulesDiff:
    return diff_rules(first(), shipped(BASE))


def test_the_first_edition_is_kept_as_it_was() -> None:
    assert (len(first().active), first().total_points) == (219, 1_000_000)
    assert {m.id: m.points for m in first().modules} == {m.id: m.points for m in shipped(BASE).modules}


@pytest.mark.parametrize("name", SCORES)
def test_the_examples_scored_as_they_did(name: str) -> None:
    loaded = load_states([ROOT / "data" / f"{name}.yaml"], today=date(2026, 11, 28), every_day=True)
    state = loaded.states[0].state
    if name in COMPUTERS:  # what the records said of the criterion that has been retired since
        state = replace(
            state, readings={**state.readings, "green_net_pcs": Reading("green_net_pcs", COMPUTERS[name], state.as_of)}
        )
    elif name.startswith("beimen"):
        state = replace(
            state, not_applicable={**state.not_applicable, "CAR-09": NotApplicable("CAR-09", "没有设电子阅览室")}
        )
    score = assess(first(), state).score
    assert (str(rounded(score.low)), str(rounded(score.high))) == SCORES[name]


def test_the_diff_names_what_the_changelog_names() -> None:
    diff = changes()
    assert {c.id for c in diff.added} == {"BHV-07", "FAC-20", "FAC-21", "FIR-18", "FIR-19", "GOV-14", "VAL-17"}
    assert not diff.dropped
    assert {c.after.id for c in diff.of("tightened")} == {"FAC-05", "ENV-06", "INF-01", "CAR-03"} | SURVEYS
    assert {c.after.id for c in diff.of("loosened")} == {"VOL-05"}
    assert {c.after.id for c in diff.of("mixed")} == {"INF-07"}
    assert not diff.of("rewritten") and all(c.scope == "same" for c in diff.changed)
    retired = [c.after.id for c in diff.changed if "status" in c.other]
    assert retired == ["CAR-09"] and shipped(BASE).criterion("CAR-09").status == "obsolete"


def test_points_moved_only_inside_modules_that_gained_or_lost_a_criterion() -> None:
    moved = {c.after.module for c in changes().changed if c.points_moved}
    assert moved == {"VAL", "FIR", "FAC", "CAR", "GOV", "BHV"}


def test_every_criterion_that_changed_its_grading_has_cases_that_name_the_source() -> None:
    """A document is named in the heading of its cases; what the dossier corrected needs no other document."""
    texts = "".join(path.read_text("utf-8") for path in (ROOT / "rules" / BASE / "cases").glob("*.yaml"))
    for id, source in {
        **{"FAC-05": "S61", "VOL-05": "S15", "INF-07": "S15", "CAR-03": "S106", "VAL-17": "S36", "FIR-18": "S117"},
        **{"FIR-19": "S116", "FAC-20": "S114", "FAC-21": "S114", "GOV-14": "S111", "BHV-07": "S115"},
    }.items():
        heading = next(line for line in texts.splitlines() if line.startswith(f"# {id} "))
        assert source in heading and source in shipped(BASE).sources
