"""One community on several days, and many side by side, with sites: what moved where, and which were never listed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checklist.engine.comparing.compare import compare, stand
from checklist.engine.comparing.diff import difference
from checklist.engine.comparing.trend import trend
from checklist.engine.scoring.assess import assess
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import Community
from checklist.reports.changes.difference_screen import change, printed_parts
from checklist.reports.language.site_phrases import site_news
from tests.conftest import Run
from tests.engine.scoring.test_site_laws import World, worlds
from tests.engine.scoring.test_site_laws import state_of as world_state
from tests.support.laws import examples
from tests.support.sited import CRITERION, narrow, sited_file, state_of
from tests.support.strategies import DAY

TELLS = ("0", "1", "?", "x")


@settings(max_examples=examples(60), deadline=None, suppress_health_check=list(HealthCheck))
@given(worlds(over=("mean", "worst", "sum")), st.data())
def test_parts_add_up_whatever_becomes_of_the_sites(world: World, data: st.DataObject) -> None:
    before = world_state(world)
    other = data.draw(worlds(over=("mean",)).map(lambda w: w.listed))
    later = World(world.ruleset, world.community, other, world.unlisted, world.declared)
    after = world_state(later) if data.draw(st.booleans()) else before
    found = difference(assess(world.ruleset, before), assess(world.ruleset, after))
    for end in ("low", "high"):
        whole = getattr(found.after.score, end) - getattr(found.before.score, end)
        assert sum((getattr(s, end).total for s in found.shifts), Fraction(0)) == whole
        assert not found.shifts or sum(printed_parts(found, end)) == change(found, end)
    told = {(s.criterion.id, at.site.id) for s in found.shifts for at in s.sites}
    for finding in found.after.findings:
        was = found.before.finding(finding.criterion.id)
        earlier = {at.site.id: at.finding for at in was.sites if at.site}
        for at in finding.sites:
            if at.site and at.site.id in earlier and was.sites:
                old = earlier[at.site.id]
                same = (old.outcome, old.worst, old.best, old.low, old.high, old.flag) == (
                    at.finding.outcome, at.finding.worst, at.finding.best, at.finding.low, at.finding.high, at.finding.flag
                )  # fmt: skip
                assert same != ((finding.criterion.id, at.site.id) in told)
    assert before is not after or not (found.shifts or found.sites or found.closed or found.relapsed)


@settings(max_examples=examples(120), deadline=None)
@given(
    st.lists(st.fixed_dictionaries({"a": st.sampled_from(TELLS), "b": st.sampled_from(TELLS)}), min_size=1, max_size=7)
)
def test_the_life_of_a_gap_is_that_of_its_site(ruleset: Ruleset, story: list[Mapping[str, str]]) -> None:
    ruleset = narrow(ruleset)
    states = [state_of(ruleset, DAY + timedelta(days=n), sites) for n, sites in enumerate(story)]
    found = trend([assess(ruleset, state) for state in states])
    wanted = []
    closures = 0
    for id in "ab":
        spells: list[list[object]] = []
        for n, sites in enumerate(story):
            running = bool(spells) and spells[-1][1] is None
            if sites[id] == "1" and not running:
                spells.append([n, None, bool(spells) and not spells[-1][3], False])
            elif sites[id] in "0x" and running:
                spells[-1][1], spells[-1][3] = n, sites[id] == "x"
        wanted += [(f"{CRITERION}#{id}", *spell) for spell in spells]
        closures += sum(end is not None and not gone and end < len(story) - 1 for _, end, _, gone in spells)  # type: ignore[operator]
    told = [
        (s.graded.key, (s.since - DAY).days, None if s.until is None else (s.until - DAY).days, s.relapse, s.gone)
        for s in found.spells
    ]
    assert sorted(map(str, told)) == sorted(map(str, map(tuple, wanted))) and found.closures == closures


def test_a_new_a_closed_and_a_renamed_site_are_said_and_are_no_relapse(ruleset: Ruleset) -> None:
    """The clean site goes, a dirty one comes: the criterion is worse, and nobody fell back."""
    ruleset = narrow(ruleset)
    day = DAY + timedelta(days=9)
    before, after = state_of(ruleset, DAY, {"a": "0", "b": "0"}), state_of(ruleset, day, {"a": "0", "b": "x", "c": "1"})
    found = difference(assess(ruleset, before), assess(ruleset, after))
    assert not found.relapsed and not found.closed and not found.found
    assert [(at.site.id, at.before is None, at.after is None) for s in found.shifts for at in s.sites] == [
        ("c", True, False), ("b", False, True),
    ]  # fmt: skip
    assert site_news(found.sites) == ["新列出来的小区：c 区", "不再算的小区：b 区"]
    back = difference(assess(ruleset, after), assess(ruleset, state_of(ruleset, day, {"a": "1", "b": "0"})))
    assert [one.key for one in back.relapsed] == [f"{CRITERION}#a"] and not back.closed


SITES = """- {id: a, kind: estate, name: A 区, facts: {dead_corners: %s}}
- {id: b, kind: estate, name: %s, facts: {dead_corners: %s}}"""


def test_diff_and_trend_name_the_sites_on_screen_and_in_every_form(cli: Run, tmp_path: Path) -> None:
    one = sited_file(tmp_path / "2026-09-01.yaml", "2026-09-01", SITES % (3, "B 区", 0), 2)
    two = sited_file(tmp_path / "2026-10-01.yaml", "2026-10-01", SITES % (0, "和谐苑", 2), 3)
    for form in ("screen", "md", "html", "json"):
        ran = cli("diff", one, two, *(() if form == "screen" else ("--format", form)))
        assert ran.code == 0 and "A 区" in ran.out, form
    said = "".join(cli("diff", one, two).out.split())
    for words in (
        "小区改名：B区改叫和谐苑",
        "小区总数：2个变成3个",
        "A区：不达标（无档）→达标（A档）",
        "ENV-10卫生死角（和谐苑）",
    ):
        assert words in said, words
    assert "A区卫生死角：3处→0处" in said
    told = json.loads(cli("diff", one, two, "--format", "json").out)
    assert (told["closed"], told["relapsed"]) == (["ENV-10#a"], ["ENV-10#b"])
    assert {"id": "b", "name": "和谐苑"}.items() <= told["criteria"][0]["sites"][0].items()
    said = "".join(cli("trend", tmp_path).out.split())
    assert "小区改名：B区改叫和谐苑" in said and "ENV-10卫生死角（和谐苑）" in said
    told = json.loads(cli("trend", tmp_path, "--format", "json").out)
    assert {"criterion": "ENV-10", "site": {"id": "b", "name": "和谐苑"}}.items() <= told["gaps"][-1].items()
    assert told["moments"][1]["closed"] == ["ENV-10#a"] and {s["news"] for s in told["moments"][1]["sites"]} == {
        "renamed",
        "total",
    }


def test_facts_that_moved_to_sites_are_no_facts_that_were_lost(cli: Run, tmp_path: Path) -> None:
    one = sited_file(tmp_path / "2026-09-01.yaml", "2026-09-01", "", 0, more="facts: {dead_corners: 3}")
    two = sited_file(tmp_path / "2026-10-01.yaml", "2026-10-01", SITES % (0, "B 区", 2), 2)
    said = "".join(cli("diff", one, two).out.split())
    assert "小区以前没分点位，合在社区里评；现在列了2个" in said and "变成没核实的" not in said


def test_records_without_sites_are_marked_where_others_have_them(cli: Run, tmp_path: Path) -> None:
    with_sites = sited_file(tmp_path / "a" / "2026-09-01.yaml", "2026-09-01", SITES % (0, "B 区", 0), 2)
    without = [
        sited_file(
            tmp_path / id / "2026-09-01.yaml",
            "2026-09-01",
            "",
            0,
            id=id,
            name=f"{id}社区",
            more="facts: {dead_corners: 1}",
        )
        for id in ("yi", "bing")
    ]
    options = ("--min-coverage", "0", "--width", "120")
    mixed = cli("compare", with_sites, *without, *options)
    assert mixed.code == 0 and mixed.out.count("未分点位") >= 3
    for alone in ((with_sites,), tuple(without)):
        assert "点位" not in cli("compare", *alone, *options).out
    told = json.loads(cli("compare", with_sites, *without, *options[:2], "--format", "json").out)["comparisons"][0]
    assert sorted(one["undivided"] for one in told["ranked"]) == [[], ["estate"], ["estate"]]
    assert "undivided" not in cli("compare", *without, *options[:2], "--format", "json").out
    assert "未分点位" in cli("compare", with_sites, *without, *options[:2], "--format", "csv").out
    assert "未分点位" in cli("bulletin", with_sites, *without, "--min-coverage", "0", "--to", "md", "-o", "-").out


def test_an_action_against_a_common_problem_is_tried_at_every_site(ruleset: Ruleset) -> None:
    ruleset = narrow(ruleset)
    states = [
        state_of(ruleset, DAY, {"a": "1", "b": "0"}),
        state_of(ruleset, DAY, {"a": "1"}),
        state_of(ruleset, DAY, None, 0, "1"),
    ]
    states = [replace(state, community=Community(str(n), str(n))) for n, state in enumerate(states)]
    standings = [stand(ruleset, state) for state in states]
    (common,) = compare(standings).common
    points = ruleset.criteria[0].points
    assert common.action is not None and (common.helped, common.won) == (3, points // 2 + points + points)
