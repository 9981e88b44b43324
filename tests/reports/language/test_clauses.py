"""The phrases of the shipped rulesets: a sentence for every finding, with nothing in it that the record does not say."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checklist import assess, load_ruleset, load_states
from checklist.model.numbers import INF
from checklist.model.results.assessment import Assessment, Finding, Gap
from checklist.model.rules.clauses import PLACE
from checklist.model.rules.facts import NEVER, Fact, Value
from checklist.model.rules.ruleset import Criterion, Ruleset
from checklist.model.sites import RecordedDefect
from checklist.reports.language.achievements import achievements
from checklist.reports.language.clauses import achieved_text, wrong_text
from tests.conftest import ROOT
from tests.support.laws import examples
from tests.support.shipped import SHIPPED, shipped
from tests.support.strategies import DAY, recorded, repaired, state_of

BAD_SENTENCE = re.compile(r"[{}+]|(?<!\d)0 \S|，，|^，|，$|未核实")


def assessed(ruleset: Ruleset, values: Mapping[str, Value]) -> Assessment:
    return assess(ruleset, state_of(ruleset, values))


def achieved(assessment: Assessment, finding: Finding) -> str:
    return achieved_text(finding.criterion, assessment.state.knowledge(assessment.ruleset.facts))


def wrong(id: str, **values: Any) -> str:
    """What is wrong with one criterion of the base ruleset, by these facts alone."""
    gaps = assessed(shipped("civilized-city-community"), values).gaps
    return wrong_text(next(gap for gap in gaps if gap.finding.criterion.id == id))


def met(id: str, **values: Any) -> str:
    assessment = assessed(shipped("civilized-city-community"), values)
    assert assessment.finding(id).outcome == "met"
    return achieved(assessment, assessment.finding(id))


def test_each_count_stands_in_its_own_words_and_none_is_left_out() -> None:
    both = wrong("FIR-15", dangerous_buildings_open=3, gas_hazards_open=3)
    assert both == "没有处置的危房 3 栋，没有消除的燃气隐患 3 处"
    assert wrong("FIR-15", dangerous_buildings_open=0, gas_hazards_open=2) == "没有消除的燃气隐患 2 处"
    assert wrong("FIR-15", gas_hazards_open=2) == "没有消除的燃气隐患 2 处", "what nobody recorded is not said"


def test_a_number_a_share_a_day_a_choice_and_a_set_as_papers_write_them() -> None:
    assert met("INF-05", lamps_installed=48, lamps_lit=46) == "已装路灯 48 盏，亮灯 46 盏"
    assert wrong("GOV-02", election_turnout=0) == "居委会换届参选率只有 0%", "a share of nothing is something"
    assert met("GOV-01", covenant_posted=True, covenant_adopted_date=date(2025, 3, 1)).startswith(
        "居民公约2025年3月1日"
    )
    assert met("GOV-05", property_mode="state_fallback") == "小区由国有企业兜底管理"
    assert met(
        "VAL-15", health_topics=frozenset({"health_education", "infectious_disease_prevention", "first_aid"})
    ) == ("开展了健康知识、传染病预防、急救常识宣传")


def test_a_set_that_falls_short_prints_what_it_lacks() -> None:
    assert wrong("VAL-15", health_topics=frozenset({"first_aid"})) == "没有开展健康知识、传染病预防宣传"
    assert wrong("VAL-04", ad_topics=frozenset({"minors", "integrity"})) == (
        "公益广告没有讲到社会主义核心价值观、文明风尚、健康环保"
    ), "诚实守信 is not asked for here"
    rooms = {"rooms_required": frozenset({"office", "police"}), "rooms": frozenset({"office", "shop"})}
    assert wrong("FAC-05", **rooms) == "功能室还缺警务室"


def test_only_what_stands_in_the_way_is_said() -> None:
    plan = {"plan_aligned_to_superior": True, "plan_has_dates": False, "implementation_plan_date": DAY}
    assert wrong("ORG-02", **plan) == "方案没有写明时间节点"
    assert wrong("ORG-02", **{**plan, "implementation_plan_date": NEVER}) == "没有印发创建方案"
    assert wrong("ORG-08", issues_total=9, issues_closed=9, issues_overdue=2) == "超期未整改的问题 2 个"
    assert (
        wrong("ORG-01", leading_group_established=True, leading_group_head="deputy") == "书记、主任没有都在领导小组任职"
    )


def test_nothing_is_said_of_a_thing_that_is_not_there() -> None:
    nothing = {
        "minors_room": False,
        "minors_room_sign": False,
        "minors_room_rules": False,
        "minors_room_records": False,
    }
    assert wrong("CAR-06", **nothing) == "没有未成年人活动室"
    assert wrong("CAR-06", **{**nothing, "minors_room": True}) == (
        "未成年人活动室没有挂牌，活动室制度没有上墙，活动室没有使用记录"
    )


def test_an_alternative_that_is_not_there_is_not_praised() -> None:
    assert met("FIR-09", gate_guard_24h=False, patrols_per_day=3) == "每天巡逻 3 次"
    assert met("FIR-09", gate_guard_24h=True, patrols_per_day=0) == "大门昼夜有门卫"
    assert met("ORD-03", illegal_structures_open=0, illegal_structures_registered=0) == "没有需要登记的违建"


def test_open_defects_without_a_number_are_said_as_the_least_there_is() -> None:
    ruleset = shipped("civilized-city-community")
    seen = tuple(RecordedDefect(f"d{n}", DAY, f"{n} 号楼", "旧家具") for n in (1, 2))
    gaps = assess(ruleset, replace(state_of(ruleset, {}), defects={"stair_clutter_spots": seen})).gaps
    assert [wrong_text(gap) for gap in gaps] == ["楼道堆物 至少 2 处"]


SHEET = """
- id: M-01
  title: 扣分的标准
  requirement: 这里要做到位
  methods: [field_inspection]
  points: 1
  deduct:
    - {when: {fact: done, is: false}, points: 0.5, because: 没有做}
    - {short_of: 4, fact: part, each: 1, points: 0.1}
    - {measure: {fact: todo}, points: 0.1}
  owner: [社区]
  actions: [do_it]
  sources: [{id: S01, says: existence, confidence: low}]
  phrases:
    met: 做到了
    unmet: [done: 没有做, part: 一处也没有做好, "做好的只有 {part} 处", "还差 {todo} 处"]
"""


def test_of_a_deduction_sheet_what_was_taken_off_is_said(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tests" / "bad" / "rules" / "clean", tmp_path / "small")
    (tmp_path / "small" / "M.yaml").write_text(SHEET, encoding="utf-8")
    ruleset = load_ruleset(tmp_path / "small")

    def said(**values: Any) -> list[str]:
        return [wrong_text(gap) for gap in assessed(ruleset, values).gaps if gap.finding.criterion.id == "M-01"]

    assert said(done=False, part=2, todo=3) == ["没有做，做好的只有 2 处，还差 3 处"]
    assert said(done=True, part=5, todo=1) == ["还差 1 处"]
    assert said(done=True, part=0, todo=0) == ["一处也没有做好"]
    assert said(done=True, part=4, todo=0) == []


@pytest.mark.parametrize("name", SHIPPED)
def test_every_criterion_has_both_phrases(name: str) -> None:
    assert [c.id for c in shipped(name).active if not (c.phrases.met and c.phrases.unmet)] == []


@pytest.mark.parametrize("name", SHIPPED)
def test_no_phrase_has_a_figure_of_its_own(name: str) -> None:
    """What a phrase writes in digits stands in what the criterion asks for, or in the name of a fact."""
    ruleset = shipped(name)
    for criterion in ruleset.active:
        facts = [ruleset.facts[fact] for fact in (*criterion.facts, *criterion.records)]
        known = set(re.findall(r"\d+", " ".join([criterion.requirement, *(f.label + f.ask for f in facts)])))
        said = {n for c in criterion.phrases.clauses for n in re.findall(r"\d+", PLACE.sub("", c.text))}
        assert said <= known, (criterion.id, said - known)


def best_or_worst(fact: Fact, good: bool) -> Value:
    """A value at one end of what a fact may be; of what is neither good nor bad a usual one."""
    match fact.type:
        case "bool":
            return (fact.better != "false") == good
        case "choice":
            return list(fact.options)[0 if good else -1]
        case "set":
            return frozenset(fact.options) if good or fact.better is None else frozenset()
        case "date":
            return DAY - timedelta(days=5 if good else 4000)
    low, high = int(fact.low), 3000 if fact.high == INF else int(fact.high)
    if fact.better is None:
        return max(low, min(1990 if fact.unit == "年" else 20, high))
    return high if (fact.better == "higher") == good else low


def complete(ruleset: Ruleset, good: bool) -> Assessment:
    return assessed(ruleset, repaired(ruleset, {n: best_or_worst(f, good) for n, f in ruleset.facts.items()}))


def sentences(assessment: Assessment) -> Iterator[tuple[Criterion, str, str]]:
    yield from ((g.finding.criterion, "unmet", wrong_text(g)) for g in assessment.gaps)
    yield from ((f.criterion, "met", achieved(assessment, f)) for f in assessment.findings if f.outcome == "met")


@pytest.mark.parametrize("name", SHIPPED)
def test_a_perfect_and_a_bad_record_in_words(name: str) -> None:
    ruleset = shipped(name)
    perfect, bad = complete(ruleset, True), complete(ruleset, False)
    assert not perfect.gaps and len(bad.gaps) > 0.9 * len(ruleset.active)
    for criterion, kind, sentence in (*sentences(perfect), *sentences(bad)):
        assert sentence and not BAD_SENTENCE.search(sentence), (criterion.id, kind, sentence)


@pytest.mark.parametrize("name", SHIPPED)
@settings(max_examples=examples(80), suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_whatever_is_recorded_every_finding_has_its_sentence(name: str, data: st.DataObject) -> None:
    ruleset = shipped(name)
    some = data.draw(st.lists(st.sampled_from(ruleset.active), min_size=1, max_size=6, unique_by=lambda c: c.id))
    values = data.draw(recorded(ruleset, sorted({fact for c in some for fact in (*c.facts, *c.records)})))
    asked = {criterion.id for criterion in some}
    for criterion, kind, sentence in sentences(assessed(ruleset, values)):
        if criterion.id in asked:
            assert sentence and not BAD_SENTENCE.search(sentence), (criterion.id, kind, sentence)


@pytest.mark.parametrize("community", ["beimen", "cuihu", "donghu", "hechi", "huaihuayuan", "taoli"])
def test_every_gap_of_the_examples_has_its_sentence(community: str) -> None:
    ruleset = shipped("civilized-city-community")
    for found in load_states([f"data/{community}"], ruleset=ruleset).states:
        gaps: tuple[Gap, ...] = assess(ruleset, found.state).gaps
        assert gaps and all(wrong_text(gap) for gap in gaps)


def test_what_was_recorded_at_sites_is_told_there_and_not_added_up() -> None:
    ruleset = shipped("civilized-city-community")
    state = load_states(["data/hechi"], ruleset=ruleset).states[-1].state
    said = achievements(assess(ruleset, state))
    assert said["FIR-18"] == (
        "翠竹苑电梯 16 部，检验标志都有效，困人后按时有人到场救援；"
        "锦绣花园电梯 12 部，检验标志都有效，困人后按时有人到场救援"
    )
    assert not any(BAD_SENTENCE.search(sentence) for sentence in said.values())
