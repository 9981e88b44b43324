"""What records side by side give occasion to ask: planted oddities are found, honest ones are left in peace."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from checklist import load_states
from checklist.engine.comparing.compare import stand
from checklist.engine.comparing.cross_checks import cross_checks
from checklist.model.results.comparison import Standing
from checklist.model.rules.facts import Value
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import Reading, State
from checklist.reports.comparison.cross_check_document import question_text
from tests.batch.random_rulesets import state_of
from tests.batch.random_tables import random_rows
from tests.conftest import Run
from tests.support.laws import examples


def named(state: State, n: int) -> State:
    return replace(state, community=replace(state.community, id=f"c{n}", name=f"甲{n}社区", city="示例市"))


def put(state: State, facts: dict[str, Value], days: int = 0) -> State:
    day = state.as_of + timedelta(days=days)
    readings = {name: Reading(name, value, day, by="张三") for name, value in facts.items()}
    return replace(state, as_of=day, readings={**state.readings, **readings})


def standings(ruleset: Ruleset, *states: State) -> list[Standing]:
    return [stand(ruleset, state) for state in states]


def three(ruleset: Ruleset, seed: int = 1) -> list[State]:
    return [named(state_of(ruleset, row), n) for n, row in enumerate(random_rows(ruleset, 3, seed=seed))]


def test_one_fact_of_a_city_in_three_ways(ruleset: Ruleset) -> None:
    given = [put(s, {"city_minors_score": v}) for s, v in zip(three(ruleset), (29, 61, 31), strict=True)]
    (question,) = (q for q in cross_checks(standings(ruleset, *given)) if q.because == "differs")
    said = question_text(question)
    assert all(
        value in said for value in ("29 分（甲0社区）", "61 分（甲1社区）", "31 分（甲2社区）")
    ) and said.endswith("？")
    apart = [replace(s, community=replace(s.community, city=f"{n}市")) for n, s in enumerate(given)]
    assert not [q for q in cross_checks(standings(ruleset, *apart)) if q.because == "differs"]
    same = [put(s, {"city_minors_score": 88}) for s in given]
    assert not [q for q in cross_checks(standings(ruleset, *same)) if q.because == "differs"]


@settings(max_examples=examples(40), deadline=None)
@given(seed=st.integers(0, 10**6))
def test_copies_are_found_and_neighbours_are_not(ruleset: Ruleset, seed: int) -> None:
    random = Random(seed)
    states = three(ruleset, seed)
    copy = named(replace(states[0], readings=dict(states[0].readings)), 9)
    figures = {n: r for n, r in copy.readings.items() if ruleset.facts[n].type == "count" and r.value}
    changed = {name: Reading(name, int(figures[name].value) + 1, copy.as_of) for name in sorted(figures)[:1]}  # type: ignore[arg-type]
    copy = replace(copy, readings={**copy.readings, **changed})
    order = [*states, copy]
    random.shuffle(order)
    found = [q for q in cross_checks(standings(ruleset, *order)) if q.because == "copied"]
    alike = [{c.id for c in q.communities} for q in found]
    assert not found or alike == [{"c0", "c9"}]
    if found:
        assert found[0].same <= found[0].of and "一模一样" in question_text(found[0])
    assert found or len(figures) <= 40, "few figures may not be enough"
    assert not [q for q in cross_checks(standings(ruleset, *states)) if q.because == "copied"]


def test_a_jump_is_from_one_record_to_the_next(ruleset: Ruleset) -> None:
    first = put(three(ruleset)[0], {"registered_volunteers": 0})
    later, still = (put(first, {"registered_volunteers": n}, days) for n, days in ((400, 30), (420, 60)))
    for order in ((first, later, still), (still, first, later)):
        found = [q for q in cross_checks(standings(ruleset, *order)) if q.because == "jumped"]
        (question,) = (q for q in found if q.fact and q.fact.id == "registered_volunteers")
        assert question.days == (first.as_of, later.as_of) and "由 0 人变为 400 人" in question_text(question)
    small = put(first, {"registered_volunteers": 30}, 30)
    assert not [
        q for q in cross_checks(standings(ruleset, first, small)) if q.fact and q.fact.id == "registered_volunteers"
    ]


def test_nothing_wrong_at_all(ruleset: Ruleset) -> None:
    """Every criterion that somebody has a remedy for, remedied."""
    (state,) = (item.state for item in load_states(["data/cuihu"], ruleset=ruleset).states)
    assert not [q for q in cross_checks(standings(ruleset, state)) if q.because == "perfect"]
    best = stand(ruleset, state)
    outcomes = {**best.total.outcomes, "met": 180, "partly": 0, "unmet": 0}
    flawless = replace(best, total=replace(best.total, outcomes=outcomes), opened=())
    (question,) = cross_checks([flawless])
    assert question.because == "perfect" and "核过的 180 条全部达标" in question_text(question)


def test_questions_rank_nobody_and_name_no_recorder(ruleset: Ruleset, city: str, cli: Run, tmp_path: Path) -> None:
    record = next(Path(city).rglob("*.yaml"))
    other = tmp_path / "qu" / "b"
    other.mkdir(parents=True)
    text = record.read_text(encoding="utf-8")
    for n, folder in enumerate((other, tmp_path / "qu" / "a")):
        folder.mkdir(exist_ok=True)
        renamed = text.replace("community: {id: ", f"community: {{id: x{n}")
        (folder / record.name).write_text(renamed, encoding="utf-8")
    ran = cli("compare", tmp_path / "qu", "--questions", "--width", "120")
    assert ran.code == 0 and "记录几乎一样" in ran.out and "名次" not in ran.out and "只给本单位核对用" in ran.out
    told = json.loads(cli("compare", tmp_path / "qu", "--questions", "--format", "json").out)["questions"]
    assert {q["because"] for q in told} == {"copied"} and len(told[0]["communities"]) == 2
    assert cli("compare", tmp_path / "qu", "--questions", "-o", tmp_path / "q.xlsx").code == 0
    assert cli("compare", tmp_path / "qu", "--questions", "--anonymous").code == 2
    assert "没有要问的" in cli("compare", city, "--questions", "--street", "湖滨街道").out
