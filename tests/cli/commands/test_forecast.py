"""``forecast`` and ``draw`` as a user meets them: the odds in words, every form, and every way of asking wrongly."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from checklist import load_state
from checklist.keeping.records.record_text import state_text
from checklist.model.rules.facts import kin_of
from checklist.model.rules.ruleset import Ruleset
from checklist.model.sites import SiteTotal
from checklist.model.state import Community, Reading, Site, State
from tests.conftest import ROOT, Run


def with_sites(ruleset: Ruleset, base: State, community: Community, estates: int, bad: int, total: int = 0) -> State:
    """The base record, whatever lies at an estate recorded at each; the last ``bad`` of them with three defects each."""
    own = {name: reading for name, reading in base.readings.items() if ruleset.site_facts.get(name) != "estate"}
    here = {name: reading for name, reading in base.readings.items() if ruleset.site_facts.get(name) == "estate"}
    alone = (name for name in here if set(kin_of(ruleset.facts, name)) <= {name})
    counts = [name for name in alone if ruleset.facts[name].type == "count" and here[name].value == 0][:12]
    sites = []
    for n in range(estates):
        worse = {name: Reading(name, 3, base.as_of) for name in counts} if n >= estates - bad else {}
        sites.append(Site(f"e{n}", "estate", f"{'ABCDEFGH'[n]} 区", {**here, **worse}))
    totals = {"estate": SiteTotal(total or estates)}
    return replace(base, community=community, readings=own, sites=tuple(sites), totals=totals)


@pytest.fixture
def records(tmp_path: Path, ruleset: Ruleset, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three communities of two streets, four estates each, one of them bad, none, two."""
    base = load_state(ROOT / "data" / "donghu", ruleset)
    for n, bad in enumerate((1, 0, 2)):
        community = replace(base.community, id=f"c{n}", name=f"推演{n}社区", street="西街" if n else "东街")
        folder = tmp_path / f"c{n}"
        folder.mkdir()
        text = state_text(with_sites(ruleset, base, community, 4, bad), ruleset)
        (folder / f"{base.as_of}.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_one_community_in_words(cli: Run, records: Path) -> None:
    low, high = sorted({float(e["low"]["mean"]["score"]) for e in [_json(cli, "c0"), _json(cli, "c1")]})
    assert low < high
    ran = cli("forecast", "c0", "--target", str((3 * high + low) / 4), "--curve", "--reach", "90%")
    assert (ran.code, ran.err) == (0, "")
    for said in (
        "抽 1 个小区；不同的抽法有 2 种",
        "75.0%",
        "得分分布",
        "D 区",
        "+25.0%",
        "抽检特性曲线：小区",
        "整改 1 处",
    ):
        assert said in ran.out, ran.out


def _json(cli: Run, *arguments: str) -> dict:  # type: ignore[type-arg]
    ran = cli("forecast", *arguments, "--format", "json")
    assert ran.code == 0, ran.err
    return json.loads(ran.out)  # type: ignore[no-any-return]


def test_a_district_is_drawn_by_street(cli: Run, records: Path) -> None:
    ran = cli("forecast", "c0", "c1", "c2", "--communities", "1", "--by", "street")
    assert ran.code == 0 and "从 3 个社区每个街道抽 1 个，共 2 个，每个社区抽 1 个小区" in ran.out
    assert "误差不超过0.0001分" in "".join(ran.out.split())
    told = _json(cli, "c0", "c1", "c2", "--communities", "2")
    assert told["drawing"]["inspected"] == 2 and told["rounded_by"] == "1/10000"


def test_without_sites_the_forecast_is_one_point(cli: Run) -> None:
    ran = cli("forecast", "data/taoli")
    assert ran.code == 0 and "没有列点位：检查组每次看到的都一样，推演只有一个结果" in ran.out
    assert "得分分布" not in ran.out


def test_nothing_to_draw_is_said(cli: Run) -> None:
    ran = cli("draw", "data/cuihu", "--seed", "1")
    assert ran.code == 0 and "没有要抽的点位，整个社区都看" in ran.out and "抽 ；" not in ran.out


def test_a_community_with_no_site_of_any_kind_is_not_one_that_lists_none(cli: Run, tmp_path: Path) -> None:
    folder = tmp_path / "甲"
    assert cli("init", "甲社区", "--folder", folder, "--tier", "core").code == 0
    assert cli("sites", "total", folder, "小区", "0（都是平房院落）").code == 0
    assert "小区一处也没有，没有列背街小巷：检查组" in "".join(cli("forecast", folder).out.split())
    assert cli("sites", "total", folder, "背街小巷", "0（没有小巷）").code == 0
    ran = cli("forecast", folder)
    assert ran.code == 0 and "小区、背街小巷一处也没有：检查组" in "".join(ran.out.split())
    listed = cli("sites", "list", folder)
    assert listed.code == 0 and "没有列点位" not in listed.err and "按整个社区评" not in listed.err


def test_commands_to_type_are_not_broken(cli: Run) -> None:
    """Not even in a narrow terminal, where a line break within quotes would make another name of a site."""
    ran = cli("draw", "data/hechi", "--seed", "1", "--width", "40")
    typed = [line for line in ran.out.splitlines() if line.startswith("checklist ")]
    assert [line.split()[1] for line in typed[:2]] == ["form", "serve"]
    assert typed[0].endswith("-o hechi.xlsx") and all(line.count('"') == 4 for line in typed[:2])


def test_every_action_on_the_way_is_told_in_full(cli: Run) -> None:
    """A site that needs sixty actions has sixty rows, each with its cost; what else stands as it is is said by kind."""
    ran = cli("forecast", "data/hechi", "--reach", "90%", "--curve", "--width", "120")
    flat = "".join(ran.out.split())
    told = _json(cli, "data/hechi", "--reach", "90%")["reach"]
    actions = [action for step in told["sites"] for action in step["actions"]]
    assert ran.code == 0 and "全文见" not in ran.out and f"一共{len(actions)}项措施" in flat
    rows = [line for line in ran.out.split("先整改哪几处")[1].splitlines() if line.startswith(("荷池北里", "荷池南里"))]
    assert len(rows) == len(actions) > 40 and any("不花钱" in row for row in rows)
    assert "别的背街小巷都没有毛病，小区照现在的样子" in flat
    assert "处数这么少的措施里已经证明没有更省的" in flat and told["cheapest"] is True


@pytest.mark.parametrize("form", ["html", "md", "csv", "docx", "xlsx"])
def test_every_form(cli: Run, records: Path, form: str) -> None:
    for command in (("forecast", "c0"), ("draw", "c0", "--seed", "7")):
        ran = cli(*command, "-o", f"{command[0]}.{form}")
        assert ran.code == 0 and (records / f"{command[0]}.{form}").stat().st_size > 60


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (("--draw", "shop=1"), "--draw 没有 shop 这类点位"),
        (("--draw", "estate=5"), "--draw 要抽 5 个小区，最多的社区也只有 4 个"),
        (("--draw", "estate=0"), "--draw estate=0 看不懂"),
        (("--draw", "小区=1,estate=2"), "--draw 里 estate 写了两遍"),
        (("--draw", "，"), "--draw 后面要写抽几处"),
        (("--target", "101"), "目标要在 0 到 100 分之间"),
        (("--reach", "九成"), "--reach 九成 看不懂"),
        (("--reach", "120%"), "把握要大于 0，最多 100%"),
        (("--communities", "2"), "--communities 要抽 2 个，这里只有 1 个社区"),
        (("--by", "city"), "--by 没有 city"),
        (("c1", "--curve"), "--curve 一次看一个社区"),
    ],
)
def test_what_cannot_be_asked(cli: Run, records: Path, asked: tuple[str, ...], says: str) -> None:
    ran = cli("forecast", "c0", *asked)
    assert ran.code == 2 and says in ran.err and not ran.out


def test_records_of_different_rulesets_are_not_one_inspection(cli: Run, records: Path) -> None:
    other = "community: {id: x, name: 别处}\nruleset: complete-community\nas_of: 2026-10-15\nfacts: {}\n"
    (records / "other.yaml").write_text(other, encoding="utf-8")
    ran = cli("forecast", "c0", "other.yaml")
    assert ran.code == 2 and "测评体系不同" in ran.err


@pytest.mark.slow
def test_too_many_drawings_are_refused_with_their_number(cli: Run, records: Path, ruleset: Ruleset) -> None:
    base = load_state(records / "c0", ruleset)
    count = next(name for name in base.sites[0].readings if ruleset.facts[name].type == "count")
    sites = tuple(
        replace(base.sites[0], id=f"e{n}", name=f"{n} 区", readings={count: Reading(count, n % 3, base.as_of)})
        for n in range(10_000)
    )
    many = replace(base, sites=sites, totals={"estate": SiteTotal(10_000)})
    (records / "many.yaml").write_text(state_text(many, ruleset), encoding="utf-8")
    ran = cli("forecast", "many.yaml", "--draw", "estate=5000")
    assert ran.code == 2 and "种，最多一种一种算 200,000 种" in ran.err and "少抽几处" in ran.err


def test_a_mock_inspection_and_its_calibration(cli: Run, records: Path, ruleset: Ruleset) -> None:
    ran = cli("draw", "c1", "--seed", "7", "--draw", "estate=2", "--format", "json")
    (visit,) = json.loads(ran.out)["visits"]
    drawn = {one["site"]["id"] for one in visit["sites"]}
    screen = cli("draw", "c1", "--seed", "7", "--draw", "estate=2")
    assert screen.code == 0 and all(f'--only "{one["site"]["name"]}"' in screen.out for one in visit["sites"])
    own = load_state(records / visit["community"]["id"], ruleset)
    seen = {**own.sites[0].readings}
    alone = (name for name in seen if set(kin_of(ruleset.facts, name)) <= {name})
    worse = next(n for n in alone if seen[n].value == 0 and ruleset.facts[n].type == "count")
    sites = [replace(site, readings=seen) for site in own.sites if site.id in drawn]
    sites[0] = replace(sites[0], readings={**seen, worse: replace(seen[worse], value=9)})
    inspected = replace(own, sites=tuple(sites), totals={"estate": SiteTotal(2)}, readings={})
    (records / "检查.yaml").write_text(state_text(inspected, ruleset), encoding="utf-8")
    told = cli("calibrate", visit["community"]["id"], "--against", "检查.yaml", "--format", "json")
    assert told.code == 0, told.err
    result = json.loads(told.out)
    read = [c.id for c in ruleset.criteria if c.per == "estate" and worse in c.facts and c.over != "sum"]
    assert read and {c["id"] for c in result["criteria"] if c["pairs"] == 2} >= set(read)
    assert all(Fraction(c["bias"]) > 0 for c in result["criteria"] if c["id"] in read)


def test_sites_that_nobody_listed_are_named_where_work_is_laid_out(cli: Run, records: Path, ruleset: Ruleset) -> None:
    base = load_state(records / "c0", ruleset)
    partly = replace(base, totals={"estate": SiteTotal(6)})
    (records / "partly.yaml").write_text(state_text(partly, ruleset), encoding="utf-8")
    for command in ("next", "plan"):
        assert "还有小区2处没有列出来" in "".join(cli(command, "partly.yaml").out.split())
        assert "没有列出来" not in cli(command, "c0").out
    assert json.loads(cli("next", "partly.yaml", "--format", "json").out)["walk"]["unlisted_sites"] == {"estate": 2}


def test_a_kind_of_which_there_is_none_is_not_asked_for(cli: Run, records: Path, ruleset: Ruleset) -> None:
    base = load_state(records / "c0", ruleset)
    none = replace(base, sites=(), totals={"estate": SiteTotal(0, "整片拆迁")})
    (records / "none.yaml").write_text(state_text(none, ruleset), encoding="utf-8")
    for criterion in ("ORD-05", "ORG-04"):
        ran = cli("explain", criterion, "none.yaml")
        assert ran.code == 0 and "理由：整片拆迁" in ran.out and "怎么核" not in ran.out and "合计" not in ran.out


def test_the_forms_ask_of_the_sites_that_were_drawn_alone(cli: Run, tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter")
    from checklist.reading.tables.spreadsheet import read_sheets

    asked = ("draw", "data/hechi", "--seed", "7", "--draw", "estate=2,lane=1")
    (visit,) = json.loads(cli(*asked, "--format", "json").out)["visits"]
    ran = cli(*asked, "--forms", tmp_path / "表")
    assert ran.code == 0 and ran.err.count("已存") == 1
    (form,) = (tmp_path / "表").iterdir()
    cells = {str(cell) for sheet in read_sheets(form) if sheet.name in ("小区", "背街小巷") for cell in sheet.rows[2]}
    state = load_state(ROOT / "data" / "hechi" / "2026-10-15.yaml")
    assert cells & {site.name for site in state.sites} == {one["site"]["name"] for one in visit["sites"]}
    blocked = tmp_path / "文件"
    blocked.write_text("", encoding="utf-8")
    assert cli(*asked, "--forms", blocked).code == 2
