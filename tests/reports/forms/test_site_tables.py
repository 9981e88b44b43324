"""Tables with sites: state → table → state loses and changes nothing, wide and long, and a table without is as before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist import load_states
from checklist.engine.scoring.assess import assess
from checklist.model.rules.ruleset import Ruleset
from checklist.model.sites import SiteTotal
from checklist.model.state import Community, Reading, Site, State
from checklist.reports.forms.community_tables import long_table, wide_table
from tests.reports.forms.test_roundtrip import (
    NAMES,
    QUICK,
    WORDS,
    bare,
    in_a_wide_row,
    office_saved,
    same_state,
    states,
    written,
)  # fmt: skip
from tests.support.strategies import DAY

pytest.importorskip("xlsxwriter")
pytest.importorskip("python_calamine")
JIA = Community("jia", "甲")


def at_home(ruleset: Ruleset, state: State, kind: str, id: str) -> State:
    """What of a random record may lie at a site of this kind, or in the community for ""."""
    facts = {f: replace(r, site=id) for f, r in state.readings.items() if ruleset.site_facts.get(f, "") == kind}
    said = {c: replace(d, site=id) for c, d in state.not_applicable.items() if ruleset.by_id[c].per == kind}
    return replace(state, readings=facts, not_applicable=said)


@st.composite
def visited(draw: st.DrawFn, ruleset: Ruleset, number: int) -> State:
    """A record with sites of any kinds, some of them closed or not open yet, none of a kind that there is not."""
    state = draw(states(ruleset, 20))
    community = replace(state.community, id=f"c-{number}")
    sites: list[Site] = []
    for i, kind in enumerate(draw(st.lists(st.sampled_from(list(ruleset.site_kinds)), max_size=4))):
        here = at_home(ruleset, draw(states(ruleset, 12)), kind, f"{kind}-{i}")
        days = sorted(draw(st.sets(st.integers(-300, 300), min_size=2, max_size=2)))
        opened, closed = (DAY + timedelta(day) if draw(st.booleans()) else None for day in days)
        sites.append(Site(f"{kind}-{i}", kind, draw(NAMES), here.readings, opened, closed, here.not_applicable))
    listed = {site.kind for site in sites}
    totals = {kind: SiteTotal(sum(s.kind == kind for s in sites) + draw(st.integers(0, 3))) for kind in listed}
    for kind in ruleset.site_kinds.keys() - listed:
        if draw(st.booleans()):
            totals[kind] = SiteTotal(0, f"没有{draw(WORDS)}".strip())
    own = {f: r for f, r in state.readings.items() if ruleset.site_facts.get(f, "") not in totals}
    return replace(state, community=community, readings=own, sites=tuple(sites), totals=totals)


def site_told(site: Site) -> tuple[object, ...]:
    declared = {id: (d.reason, d.until, d.site) for id, d in site.not_applicable.items()}
    return site.id, site.kind, site.name, site.opened, site.closed, bare(site.readings), declared, site.unusable


def same_places(one: State, other: State) -> None:
    same_state(one, other)
    assert [site_told(site) for site in one.sites] == [site_told(site) for site in other.sites]
    assert {k: (t.count, t.reason) for k, t in one.totals.items()} == {
        k: (t.count, t.reason) for k, t in other.totals.items()
    }


def in_wide_rows(state: State, ruleset: Ruleset) -> State:
    def shown(site: Site) -> Mapping[str, Reading]:
        part = in_a_wide_row(state.at(site), ruleset)
        return {fact: replace(reading, site=site.id) for fact, reading in part.readings.items()}

    return replace(
        in_a_wide_row(state, ruleset), sites=tuple(replace(site, readings=shown(site)) for site in state.sites)
    )


def check(path: Path, wanted: Sequence[State], ruleset: Ruleset) -> None:
    loaded = load_states([path], ruleset=ruleset, today=DAY + timedelta(9), every_day=True)
    assert [f"{p.where} {p.code} {p.says}" for p in (*loaded.problems, *loaded.advice)] == []
    for item, state in zip(loaded.states, wanted, strict=True):
        same_places(item.state, state)


def three(data: st.DataObject, ruleset: Ruleset) -> list[State]:
    one, later, other = (data.draw(visited(ruleset, number)) for number in (0, 1, 2))
    return [one, replace(later, community=one.community, as_of=DAY + timedelta(9)), other]


@given(data=st.data())
@QUICK
@pytest.mark.parametrize("kind", ["gbk", "xlsx"])
@pytest.mark.parametrize("shape", ["long", "wide"])
def test_a_table_is_all_its_sites(
    shape: str, kind: str, data: st.DataObject, ruleset: Ruleset, tmp_path_factory: pytest.TempPathFactory
) -> None:
    some = three(data, ruleset)
    path = written(tmp_path_factory.mktemp(shape), kind, (long_table if shape == "long" else wide_table)(ruleset, some))
    check(path, some if shape == "long" else [in_wide_rows(state, ruleset) for state in some], ruleset)
    for state in some if shape == "wide" else ():
        assert assess(ruleset, state).score == assess(ruleset, in_wide_rows(state, ruleset)).score


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
@pytest.mark.parametrize("shape", ["long", "wide"])
def test_a_table_saved_again_by_libreoffice_is_all_its_sites(
    shape: str, kind: str, ruleset: Ruleset, tmp_path: Path
) -> None:
    found: list[State] = []

    @given(data=st.data())
    @QUICK
    def draw(data: st.DataObject) -> None:
        found.append(data.draw(visited(ruleset, len(found))))

    draw()
    path = written(tmp_path, "xlsx", (long_table if shape == "long" else wide_table)(ruleset, found))
    check(
        office_saved([path], kind, tmp_path)[0],
        found if shape == "long" else [in_wide_rows(state, ruleset) for state in found],
        ruleset,
    )


def test_a_table_without_sites_has_no_column_for_them(ruleset: Ruleset) -> None:
    state = State(JIA, ruleset.id, DAY, {"potholes": Reading("potholes", 3, DAY)})
    for table in (long_table(ruleset, [state]), wide_table(ruleset, [state])):
        assert not any("点位" in column.title or column.title.endswith("小区总数") for column in table.columns)
        assert len(table.rows) == 1


def test_each_row_says_whose_it_is(ruleset: Ruleset) -> None:
    sites = (
        Site("estate-1", "estate", "A区", {"potholes": Reading("potholes", 3, DAY, site="estate-1")}),
        Site("estate-2", "estate", "B区", closed=date(2027, 1, 1)),
    )
    lived = {"households": Reading("households", 2130, DAY)}
    state = State(JIA, ruleset.id, DAY, lived, sites=sites, totals={"estate": SiteTotal(3)})
    table = wide_table(ruleset, [state])
    rows = [dict(zip((c.title for c in table.columns), row, strict=True)) for row in table.rows]
    told = [[row[h] for h in ("社区", "点位编号", "点位", "点位类别", "点位停算日期", "小区总数")] for row in rows]
    assert told == [
        ["甲", None, None, None, None, 3],
        ["甲", "estate-1", "A区", "小区", None, None],
        ["甲", "estate-2", "B区", "小区", date(2027, 1, 1), None],
    ]
    assert [[row["路面坑洼破损（处）"], row["户数（户）"]] for row in rows] == [[None, 2130], [3, None], [None, None]]
