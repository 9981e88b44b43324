"""``checklist sites``: ids stay and are never used again, nothing recorded is lost, every refusal shows the way out."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from checklist.keeping.folder import open_folder
from tests.conftest import Run


@pytest.fixture
def folder(cli: Run, tmp_path: Path) -> Path:
    """Four things known of the community, two of them of its estates."""
    place = tmp_path / "甲"
    assert cli("init", "甲社区", "--folder", place, "--tier", "core").code == 0
    file = tmp_path / "甲.csv"
    rows = "potholes,3\nstair_clutter_spots,1\noffice_area_m2,360\nhouseholds_total,\n"
    file.write_text("编号,实测值,核实日期,核实人\n" + rows.replace("\n", ",2026-11-20,张三\n"), encoding="utf-8")
    assert cli("import", file, "--into", place, "--write").code == 0
    return place


def ids(folder: Path) -> list[str]:
    return [site.id for site in open_folder(folder).sites]


def test_sites_are_added_renamed_and_closed_and_their_history_stays(cli: Run, folder: Path) -> None:
    ran = cli("sites", "add", folder, "小区", "A 区", "B区", "--total", "4", "--drop-community")
    assert ran.code == 0 and "estate-1、estate-2" in ran.out and "2 项小区实测项不再往下带" in ran.out
    assert cli("sites", "rename", folder, "a区", "A 区一期").code == 0
    assert cli("sites", "close", folder, "estate-2", "--on", "2026-11-22").code == 0
    again = open_folder(folder)
    assert again.latest is not None and not again.latest.problems and again.state is not None
    assert [(s.id, s.name, s.closed) for s in again.sites] == [
        ("estate-1", "A 区一期", None),
        ("estate-2", "B区", date(2026, 11, 22)),
    ]
    assert again.state.totals["estate"].count == 3
    assert set(again.readings()) == {("", "office_area_m2")}
    assert "A 区一期（记了 0 项）" in cli("sites", "list", folder).out
    told = [json.loads(line) for line in (folder / "journal.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["site"] for line in told if line["kind"] == "site"] == ["estate-1", "estate-2", "estate-1", "estate-2"]


def test_an_id_is_never_used_again_not_even_after_an_undo(cli: Run, folder: Path) -> None:
    cli("sites", "add", folder, "lane", "东巷")
    before = (folder / "2026-11-24.yaml").read_bytes()
    cli("sites", "add", folder, "lane", "西巷", "--total", "2")
    assert cli("undo", folder).code == 0 and (folder / "2026-11-24.yaml").read_bytes() == before
    cli("sites", "add", folder, "背街小巷", "北巷", "--total", "2")
    assert ids(folder) == ["lane-1", "lane-3"]


def test_what_the_community_has_goes_to_its_only_estate(cli: Run, folder: Path) -> None:
    refused = cli("sites", "add", folder, "小区", "全社区")
    assert refused.code == 2 and "2 项小区的实测项" in refused.err and "--from-community" in refused.err
    assert cli("sites", "add", folder, "小区", "A", "B", "--from-community").code == 2 and not ids(folder)
    assert cli("sites", "add", folder, "小区", "A", "--total", "2", "--from-community").code == 2 and not ids(folder)
    assert cli("sites", "add", folder, "小区", "全社区", "--from-community").code == 0
    again = open_folder(folder)
    assert again.latest is not None and not again.latest.problems
    potholes = again.readings()["estate-1", "potholes"]
    assert (potholes.value, potholes.on, potholes.by) == (3, date(2026, 11, 20), "张三")
    assert set(again.readings()) == {
        ("", "office_area_m2"), ("estate-1", "potholes"), ("estate-1", "stair_clutter_spots"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "says", "way_out"),
    [
        (("add", "楼栋", "1 号楼"), "没有“楼栋”这一类点位", "小区、背街小巷"),
        (("add", "lane", "后巷"), "已经有叫“后 巷”的点位：lane-1", "换个名称"),
        (("add", "lane", "LANE-1"), "已经有叫“后 巷”的点位：lane-1", "换个名称"),
        (("add", "lane", "东", "东"), "已经有叫“东”的点位", "换个名称"),
        (("add", "lane", "  "), "点位要有名称", ""),
        (("add", "lane", "长" * 61), "太长", ""),
        (("add", "lane", "东", "西"), "总数写的是 2，加上就有 3 个", "--total 3"),
        (("add", "lane", "东", "--total", "1"), "总数不能写 1", "--total 至少写 2"),
        (("rename", "后巷", "前巷"), "", ""),
        (("rename", "前巷", "北"), "没有“前巷”这个点位", "可以写的有：后 巷"),
        (("rename", "lane-1", "后 巷"), "已经叫这个名字", ""),
        (("close", "lane-1", "--on", "2027-01-01"), "还没到", ""),
        (("total", "lane", "0"), "列了 1 个背街小巷，总数不能写 0", "sites close"),
        (("total", "estate", "3"), "一个小区也没有列", "--total 3"),
        (("total", "estate", "0"), "要写为什么", "--reason"),
    ],
)
def test_every_refusal_says_why_and_leaves_the_record(
    arguments: tuple[str, ...], says: str, way_out: str, cli: Run, folder: Path
) -> None:
    cli("sites", "add", folder, "lane", "后 巷", "--total", "2")
    before = (folder / "2026-11-24.yaml").read_bytes()
    verb, *rest = arguments
    ran = cli("sites", verb, folder, *rest)
    if not says:
        assert ran.code == 0
        return
    assert ran.code == 2 and says in ran.err and way_out in ran.err
    assert (folder / "2026-11-24.yaml").read_bytes() == before


def test_closing_twice_is_refused_and_the_last_one_says_why_there_is_none(cli: Run, folder: Path) -> None:
    cli("sites", "add", folder, "lane", "后巷")
    assert cli("sites", "close", folder, "后巷").code == 0
    ran = cli("sites", "close", folder, "后巷")
    assert ran.code == 2 and "已经不算了" in ran.err
    again = open_folder(folder)
    assert again.latest is not None and not again.latest.problems and again.state is not None
    assert again.state.totals["lane"].count == 0 and "后巷" in again.state.totals["lane"].reason


def test_init_lists_the_sites_that_it_is_told(cli: Run, tmp_path: Path) -> None:
    place = tmp_path / "乙"
    ran = cli("init", "乙社区", "--folder", place, "--tier", "core", "--estates", "A 区、B 区，C 区", "--lanes", "后巷")
    assert ran.code == 0
    again = open_folder(place)
    assert [(s.id, s.name) for s in again.sites] == [
        ("estate-1", "A 区"), ("estate-2", "B 区"), ("estate-3", "C 区"), ("lane-1", "后巷"),
    ]  # fmt: skip
    assert again.state is not None and again.state.totals["estate"].count == 3
    assert again.latest is not None and not again.latest.problems


@pytest.mark.parametrize(
    ("estates", "says"),
    [("A 区、a区", "已经有叫"), ("A" * 80, "太长"), ("、".join(f"{i}区" for i in range(81)), "最多登记 80 个")],
)
def test_init_refuses_names_that_cannot_be_told_apart(estates: str, says: str, cli: Run, tmp_path: Path) -> None:
    ran = cli("init", "乙社区", "--folder", tmp_path / "乙", "--tier", "core", "--estates", estates)
    assert ran.code == 2 and says in ran.err and not (tmp_path / "乙").exists()


def test_a_table_that_counts_the_sites_otherwise_is_told_what_was_not_taken(cli: Run, tmp_path: Path) -> None:
    place, table = tmp_path / "甲", tmp_path / "表.csv"
    assert cli("init", "甲社区", "--folder", place, "--estates", "A区、B区").code == 0
    head = "社区,点位,小区总数,点位停算日期,potholes,核实日期\n"
    table.write_text(f"{head}甲社区,A区,3,,1,2026-11-20\n甲社区,B区,3,2026-11-21,2,2026-11-20\n", encoding="utf-8")
    said = cli("import", table, "--into", place)
    told = "".join((said.out + said.err).split())
    assert "W243表里写小区一共3个，登记的是2个，没有改" in told and "小区3" in told
    assert "W243表里写B区从2026-11-21起不算，登记的不是这样，没有改" in told and "estate-2--on2026-11-21" in told
    table.write_text(f"{head}甲社区,A区,2,,1,2026-11-20\n甲社区,B区,2,,2,2026-11-20\n", encoding="utf-8")
    said = cli("import", table, "--into", place)
    assert "W243" not in said.out + said.err


@pytest.mark.parametrize("written", ["4", "四", "4个", "４", "4 个"])
def test_a_total_is_read_as_in_a_table(cli: Run, folder: Path, written: str) -> None:
    assert cli("sites", "add", folder, "小区", "A 区", "--total", written, "--drop-community").code == 0
    assert cli("sites", "add", folder, "背街小巷", "东巷").code == 0
    assert cli("sites", "total", folder, "背街小巷", written).code == 0
    state = open_folder(folder).state
    assert state is not None and {kind: total.count for kind, total in state.totals.items()} == {"estate": 4, "lane": 4}


def test_a_total_of_none_has_its_reason_in_the_cell_or_beside_it(cli: Run, folder: Path) -> None:
    for words in (["0（辖区没有小巷）"], ["无", "--reason", "辖区没有小巷"]):
        ran = cli("sites", "total", folder, "背街小巷", *words)
        assert ran.code == 0, ran.err
        state = open_folder(folder).state
        assert state is not None and state.totals["lane"].reason == "辖区没有小巷"
    for odd, says in (("几个", "背街小巷总数"), ("0", "要写为什么"), ("1.5", "背街小巷总数")):
        ran = cli("sites", "total", folder, "背街小巷", odd)
        assert ran.code == 2 and says in ran.err and "Traceback" not in ran.err


def test_a_table_of_totals_alone_is_not_passed_over(cli: Run, folder: Path, tmp_path: Path) -> None:
    cli("sites", "add", folder, "小区", "A 区", "--total", "2", "--drop-community")
    table = tmp_path / "总数.csv"
    table.write_text("社区,小区总数,potholes\n甲社区,5个,\n", encoding="utf-8")
    ran = cli("import", table, "--into", folder)
    said = "".join(ran.err.split())  # a long path is wrapped
    assert "W243" in said and "表里写小区一共5个，登记的是2个" in said and f"{folder}小区5" in said
    table.write_text("社区,点位,点位类别,小区总数,potholes\n甲社区,C 区,小区,2,\n", encoding="utf-8")
    assert "E248" in cli("import", table, "--into", folder).err


@pytest.mark.parametrize("told", ["A 区,", ",estate-1"])
def test_a_site_registered_as_another_kind_is_said_to_be(cli: Run, folder: Path, tmp_path: Path, told: str) -> None:
    cli("sites", "add", folder, "小区", "A 区", "--drop-community")
    table = tmp_path / "小巷.csv"
    table.write_text(f"社区,点位,点位编号,点位类别,lane_unpaved_m\n甲社区,{told},背街小巷,3\n", encoding="utf-8")
    ran = cli("import", table, "--into", folder, "--write")
    assert ran.code == 3 and ran.err.count("E248") == 1 and "E244" not in ran.err
    assert "登记的是小区，这里写的是背街小巷" in ran.err
