"""Rows of a table about sites (点位): whose they are, what counts where, and every mistake at its cell."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from time import perf_counter

import pytest

from checklist import load_ruleset, load_states
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import State
from checklist.reading.records.readings import read_filled
from checklist.reading.records.table_answers import TableAnswers
from checklist.reading.tables.recognising import open_table
from checklist.values.look_alikes import made_up_id
from tests.support.places import ROOT
from tests.support.tables import FILES, csv_of

TODAY = date(2026, 11, 24)
A, B = made_up_id("A区"), made_up_id("B区")


def told(tmp_path: Path, ruleset: Ruleset, *lines: str) -> tuple[list[TableAnswers], list[tuple[str, str, str]]]:
    path = tmp_path / "a.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    filled, problems = read_filled(open_table(path), ruleset, TODAY)
    return list(filled), [(p.where.cell, p.code, p.says) for p in problems if p.code != "W232"]


def states(tmp_path: Path, ruleset: Ruleset, *lines: str) -> tuple[list[State], list[tuple[str, str, str]]]:
    path = tmp_path / "a.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    loaded = load_states([path], ruleset=ruleset, today=TODAY, every_day=True)
    problems = [(p.where.cell, p.code, p.says) for p in (*loaded.problems, *loaded.advice) if p.code != "W232"]
    return [item.state for item in loaded.states], problems


def values(state: State) -> dict[tuple[str, str], object]:
    return {slot: reading.value for slot, reading in state.slots.items()}


WIDE = (
    "社区,点位,小区总数,potholes,households,核实日期",
    "甲,,3,,2130,11月1日",
    "甲,A区,,3,,11月2日",
    "甲,B区,,0,,11月3日",
)


def test_a_row_a_site_and_the_communitys_own(tmp_path: Path, ruleset: Ruleset) -> None:
    (state,), problems = states(tmp_path, ruleset, *WIDE)
    assert problems == [] and state.totals["estate"].count == 3
    assert [(s.id, s.kind, s.name) for s in state.sites] == [(A, "estate", "A区"), (B, "estate", "B区")]
    assert values(state) == {("", "households"): 2130, (A, "potholes"): 3, (B, "potholes"): 0}
    assert [str(r.on) for r in state.slots.values()] == ["2026-11-01", "2026-11-02", "2026-11-03"]


def test_the_same_in_a_long_table(tmp_path: Path, ruleset: Ruleset) -> None:
    (state,), problems = states(
        tmp_path,
        ruleset,
        "社区,点位,编号,实测值,核实日期,小区总数",
        "甲,,households,2130,11月1日,3",
        "甲,A区,potholes,3,11月2日,",
        "甲,B区,potholes,0,11月3日,",
    )
    assert (problems, state.totals["estate"].count) == ([], 3)
    assert values(state) == {("", "households"): 2130, (A, "potholes"): 3, (B, "potholes"): 0}


@pytest.mark.parametrize("kind", FILES)
def test_however_an_office_keeps_it(kind: str, tmp_path: Path, ruleset: Ruleset) -> None:
    name, made = FILES[kind]
    (tmp_path / name).write_bytes(made([line.split(",") for line in WIDE]))
    (item,) = load_states([tmp_path / name], ruleset=ruleset, today=TODAY).states
    assert values(item.state) == {("", "households"): 2130, (A, "potholes"): 3, (B, "potholes"): 0}


@pytest.mark.parametrize(
    ("heads", "row", "site", "strange"),
    [
        ("小区", "甲", None, []),  # as many call their community
        ("社区编号,小区", "jia,甲", None, []),
        ("社区,小区", "甲,A区", "estate", []),
        ("小区,社区", "A区,甲", "estate", []),
        ("社区,背街小巷", "甲,A区", "lane", []),
        ("社区,小区,背街小巷", "甲,A区,", "estate", []),
        ("小区,点位", "甲,A区", "estate", []),
        ("社区,小区,点位", "甲,望湖苑,A区", "estate", ["W234"]),
        ("社区,estate", "甲,A区", "estate", []),
    ],
)
def test_a_column_headed_by_a_kind_beside_the_community_names_a_site(
    heads: str, row: str, site: str | None, strange: Sequence[str], tmp_path: Path, ruleset: Ruleset
) -> None:
    fact = "lane_unpaved_m" if site == "lane" else "potholes"
    (filled,), problems = told(tmp_path, ruleset, f"{heads},{fact}", f"{row},3")
    assert [code for _, code, _ in problems] == strange
    assert filled.community is not None and filled.community.name == "甲"
    assert [s.kind for s in filled.sites] == ([site] if site else [])
    assert [(r.fact, r.site != "") for r in filled.readings] == [(fact, bool(site))]


def test_a_site_is_known_by_its_name_or_its_id(tmp_path: Path, ruleset: Ruleset) -> None:
    (filled,), problems = told(
        tmp_path,
        ruleset,
        "社区,点位编号,点位,编号,实测值",
        "甲,,Ａ 区,potholes,3",
        "甲,estate-1,A区,lamps_lit,4",
        "甲,estate-1,,lamps_installed,5",
        "甲,,estate-1,stray_dogs_seen,6",
    )
    assert not problems and [(s.id, s.name) for s in filled.sites] == [("estate-1", "Ａ 区")]
    assert {r.site for r in filled.readings if r.fact in ruleset.site_facts} == {"estate-1"}


def test_a_fact_of_the_community_may_stand_on_any_of_its_rows(tmp_path: Path, ruleset: Ruleset) -> None:
    """Its day on another row of the table is no later look: rows that disagree leave it unknown, with both places."""
    (state,), problems = states(
        tmp_path, ruleset, "社区,点位,点位类别,households,potholes,小区总数,核实日期",
        "甲,A区,小区,2130,3,2,11月1日", "甲,B区,小区,2130,4,2,11月5日",
    )  # fmt: skip
    assert problems == [] and state.readings["households"].value == 2130
    (state,), problems = states(
        tmp_path, ruleset, "社区,点位,点位类别,households,potholes,小区总数,核实日期",
        "甲,A区,小区,2130,3,2,11月1日", "甲,B区,小区,2131,4,2,11月5日",
    )  # fmt: skip
    ((_, code, says),) = problems
    assert (code, "D2" in says, "2130" in says) == ("E222", True, True)
    assert state.unusable == {"households"} and len(state.sites) == 2


def test_a_declaration_on_a_sites_row_is_the_sites(tmp_path: Path, ruleset: Ruleset) -> None:
    per_estate = next(c.id for c in ruleset.criteria if c.per == "estate" and c.na_when and c.applies_when is None)
    (state,), problems = states(
        tmp_path, ruleset, "社区,点位,小区总数,不适用,potholes",
        f"甲,A区,1,{per_estate}：这个小区里没有,3", "甲,,,NBR-02：辖区里没有农贸市场,",
    )  # fmt: skip
    assert problems == [] and set(state.not_applicable) == {"NBR-02"}
    assert {id: said.site for id, said in state.sites[0].not_applicable.items()} == {per_estate: A}


@pytest.mark.parametrize("dated", [0, 1, 2])
def test_the_day_of_the_record_stands_once(dated: int, tmp_path: Path, ruleset: Ruleset) -> None:
    rows = [f"甲,{'2026-11-01' if n == dated else ''},{row}" for n, row in enumerate((",2,", "A区,,3", "B区,,4"))]
    (state,), problems = states(tmp_path, ruleset, "社区,现状日期,点位,小区总数,potholes", *rows)
    assert (problems, str(state.as_of), len(state.sites)) == ([], "2026-11-01", 2)
    assert state.totals["estate"].count == 2


def test_two_values_of_one_site_name_the_site(tmp_path: Path, ruleset: Ruleset) -> None:
    rows = ("甲,A区,1,3,11月1日", "甲,A区,1,4,11月1日")
    (state,), problems = states(tmp_path, ruleset, "社区,点位,小区总数,potholes,核实日期", *rows)
    ((_, code, says),) = problems
    assert code == "E222" and says.startswith("A区“路面坑洼破损”填了几次")
    assert state.sites[0].unusable == {"potholes"} and not state.sites[0].readings


def test_a_site_may_be_renamed_between_two_days(tmp_path: Path, ruleset: Ruleset) -> None:
    some, problems = states(
        tmp_path, ruleset, "社区,现状日期,点位编号,点位,小区总数,potholes",
        "甲,2026-10-01,estate-1,A区,1,3", "甲,2026-11-01,estate-1,望湖苑,1,4",
    )  # fmt: skip
    assert problems == [] and [s.sites[0].name for s in some] == ["A区", "望湖苑"]
    assert {s.sites[0].id for s in some} == {"estate-1"}


def test_cells_merged_down_the_community_are_its_own(tmp_path: Path, ruleset: Ruleset) -> None:
    """Offices merge the community's name, its total and what is true of it over the rows of its sites."""
    xlsxwriter = pytest.importorskip("xlsxwriter")
    path = tmp_path / "总表.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("总表")
        sheet.write_row(0, 0, ["社区", "小区总数", "户数", "点位", "路面坑洼破损", "核实日期"])
        for column, cell in enumerate(["甲", 3, 2130]):
            sheet.merge_range(1, column, 3, column, cell)
        for row, (name, holes) in enumerate([("A区", 3), ("B区", 0), ("C区", 1)], 1):
            sheet.write_row(row, 3, [name, holes, "2026-11-01"])
    loaded = load_states([path], ruleset=ruleset, today=TODAY)
    state = loaded.states[0].state
    assert not loaded.problems and state.totals["estate"].count == 3
    assert [(slot[1], value) for slot, value in values(state).items()] == [
        ("households", 2130), ("potholes", 3), ("potholes", 0), ("potholes", 1),
    ]  # fmt: skip


HEAD = "社区,点位编号,点位,点位类别,小区总数,potholes,lane_unpaved_m,households"
WRONG = [
    ("甲,,A区,楼盘,,3,,", "D2", "E340", "没有 楼盘 这一类点位"),
    ("甲,A 区,A区,,,3,,", "B2", "E206", "点位编号“a区”不合规则"),
    ("甲,,/,,,3,,", "C2", "E249", "点位写的“/”不知道是哪一处"),
    ("甲,,A区,,,,,9", "C2", "E249", "点位“A区”看不出是小区还是背街小巷"),
    ("甲,,A区,,,3,4,", "C2", "E249", "点位“A区”看不出是小区还是背街小巷"),
    ("甲,,A区,小区,2,3,4,", "G2", "E244", "不是小区的实测项，写在A区不算"),
    ("甲,a,A区,小区,1,3,,\n甲,a,B区,小区,,4,,", "B3", "E241", "点位编号 a 在这里是“B区”，在前面是“A区”"),
    ("甲,,A区,小区,1,3,,\n甲,,A区,背街小巷,,,4,", "C3", "E249", "点位“A区”在这里是背街小巷，在前面是小区"),
    ("甲,,A区,,3,1,,\n甲,,B区,,2,4,,", "E3", "E222", "小区总数写了几次，不一样：E2 是 3，这里是 2"),
    ("甲,,A区,,1,1,,\n甲,,B区,,,4,,", "E2", "E242", "甲列了 2 个小区，总数写的是 1"),
    ("甲,,A区,,,1,,", "C2", "E243", "甲列了小区，没有写一共几个，按列出来的算"),
    ("甲,,,,3,1,,", "E2", "E243", "甲写了小区总数，一个小区也没有列，总数没有用上"),
    ("甲,,,,0,,,9", "E2", "E243", "写了没有小区，没有写为什么"),
    ("甲,,,,很多,,,9", "E2", "E211", "“小区总数”"),
    ("甲,,,,1,9,,\n甲,,A区,,,3,,", "F2", "E244", "“路面坑洼破损”是小区的实测项，列了小区就不写在社区那一行"),
]


@pytest.mark.parametrize(("rows", "cell", "code", "says"), WRONG, ids=lambda one: str(one)[:20])
def test_every_mistake_at_its_cell(
    rows: str, cell: str, code: str, says: str, tmp_path: Path, ruleset: Ruleset
) -> None:
    _, problems = states(tmp_path, ruleset, HEAD, rows)
    assert (cell, code) in [(where, c) for where, c, _ in problems]
    assert any(says in told for _, c, told in problems if c == code)


def test_what_is_wrong_at_one_row_leaves_the_others_standing(tmp_path: Path, ruleset: Ruleset) -> None:
    (state,), _ = states(
        tmp_path, ruleset, HEAD, "甲,,/,,,3,,8", "甲,,A区,楼盘,,3,,", "甲,,B区,小区,1,4,,", "甲,,,,,,,"
    )
    assert values(state) == {("", "households"): 8, (B, "potholes"): 4}, "what is the community's own counts in any row"
    (state,), _ = states(tmp_path, ruleset, HEAD, "甲,,,,1,9,,", "甲,,A区,,,3,,")
    assert values(state) == {(A, "potholes"): 3}, "a fact of the sites counts nowhere in the community"


def test_no_estate_at_all_is_said_with_its_reason(tmp_path: Path, ruleset: Ruleset) -> None:
    for cell in ("0（全是散楼）", "无（全是散楼）", "0：全是散楼", "０个（全是散楼）"):
        (state,), problems = states(tmp_path, ruleset, HEAD, f"甲,,,,{cell},,,9")
        assert problems == [] and (state.totals["estate"].count, state.totals["estate"].reason) == (0, "全是散楼")


def test_a_lacking_column_is_told_once_for_the_table(tmp_path: Path, ruleset: Ruleset) -> None:
    rows = [f"社区{i},A区,{i}" for i in range(40)]
    _, problems = states(tmp_path, ruleset, "社区,点位,potholes", *rows)
    assert [(cell, code, "40 份记录列了小区" in says) for cell, code, says in problems] == [("B2", "E243", True)]


def test_a_ruleset_without_sites_says_that_it_has_none(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tests" / "bad" / "rules" / "clean", tmp_path / "small")
    small = load_ruleset(tmp_path / "small")
    fact = next(iter(small.facts))
    path = tmp_path / "a.csv"
    path.write_bytes(csv_of([["社区", "点位", fact], ["甲", "A区", "1"]]))
    filled, problems = read_filled(open_table(path), small, TODAY)
    assert [p.code for p in problems if p.code != "W232"] == ["E249"]
    assert "没有点位" in problems[-1].says and [r.site for r in filled[0].readings] == [""]


@pytest.mark.slow
def test_ten_thousand_sites_of_one_community(tmp_path: Path, ruleset: Ruleset) -> None:
    rows = [f"甲,小区{i},{i % 4}" for i in range(10_000)]
    start = perf_counter()
    (state,), problems = states(tmp_path, ruleset, "社区,点位,potholes", *rows)
    assert len(state.sites) == 10_000 == len({site.id for site in state.sites})
    assert [code for _, code, _ in problems] == ["E243"] and perf_counter() - start < 20
