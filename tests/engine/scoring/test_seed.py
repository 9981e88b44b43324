"""桃李社区: from the recorded facts alone the program names the five problems that the report's authors wrote down."""

from __future__ import annotations

from checklist import Assessment, Ruleset, assess, explain, load_state
from checklist.model.results.assessment import Gap
from checklist.reports.language.gap_phrases import recorded_text, way_up_text
from tests.conftest import ROOT

AFTER = ROOT / "data" / "taoli" / "2023-04-15.yaml"
BEFORE = ROOT / "data" / "taoli" / "2022-04-30.yaml"


def taoli(ruleset: Ruleset) -> Assessment:
    return assess(ruleset, load_state(AFTER, ruleset))


def gap(result: Assessment, id: str) -> Gap:
    return next(g for g in result.gaps if g.finding.criterion.id == id)


def said(result: Assessment, id: str) -> str:
    return recorded_text(gap(result, id), result.ruleset)


def top_step(result: Assessment, id: str) -> str:
    return way_up_text(gap(result, id), gap(result, id).steps[-1], result.ruleset)


def test_ruined_and_unpainted_market_wall(ruleset: Ruleset) -> None:
    result = taoli(ruleset)
    assert "残墙断壁 1 处" in said(result, "ENV-17")
    assert "没粉刷的墙" in said(result, "ENV-16")
    assert any("残墙" in r.action.label and r.points > 0 for r in gap(result, "ENV-17").remedies)


def test_facades(ruleset: Ruleset) -> None:
    remedies = gap(taoli(ruleset), "ENV-16").remedies
    assert any("外墙" in r.action.label for r in remedies)


def test_cleaning_not_in_time(ruleset: Ruleset) -> None:
    result = taoli(ruleset)
    assert "没有固定时间" in said(result, "ENV-01")
    assert gap(result, "ENV-01").finding.outcome == "unmet"
    assert any("保洁" in r.action.label and r.points > 0 for r in gap(result, "ENV-01").remedies)


def test_two_road_sections_unpaved(ruleset: Ruleset) -> None:
    result = taoli(ruleset)
    assert "2 段" in said(result, "INF-01")
    assert "铺" in gap(result, "INF-01").remedies[0].action.label


def test_office_is_240_square_metres_short(ruleset: Ruleset) -> None:
    result = taoli(ruleset)
    assert "60 平方米" in said(result, "FAC-01")
    assert "差 240 平方米" in top_step(result, "FAC-01")
    best = gap(result, "FAC-01").remedies[0]
    assert best.level == "A" and "300 平方米" in best.action.label


def test_what_the_report_does_not_say_stays_open(ruleset: Ruleset) -> None:
    result = taoli(ruleset)
    assert result.verdict.kind == "undecided"
    assert result.finding("VAL-01").outcome == "unknown"
    assert result.score.low < 10 and result.score.high > 90


def test_the_renewal_shows(ruleset: Ruleset) -> None:
    before, after = assess(ruleset, load_state(BEFORE, ruleset)), taoli(ruleset)
    assert before.finding("ORD-11").outcome == "unmet" and after.finding("ORD-11").outcome == "met"
    assert before.total.low < after.total.low


def test_every_recorded_fact_has_a_note(ruleset: Ruleset) -> None:
    for name in ("taoli/2023-04-15", "taoli/2022-04-30", "huaihuayuan/2023-04-15"):
        state = load_state(ROOT / "data" / f"{name}.yaml", ruleset)
        assert state.readings
        for reading in state.readings.values():
            assert reading.note or reading.unknown, (name, reading.fact)


def test_explain_names_file_and_line(ruleset: Ruleset) -> None:
    result = explain(taoli(ruleset), "FAC-01")
    record = next(r for r in result.facts if r.fact.id == "office_area_m2")
    assert record.reading is not None
    line = AFTER.read_text(encoding="utf-8").splitlines()[record.reading.where.line - 1]
    assert "office_area_m2" in line
