"""Answers from sites: kept in their site, compared with what stands there, and nothing else in the file moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklist.files.loading import load_state
from checklist.keeping import chain
from checklist.keeping.folder import CommunityFolder, open_folder
from checklist.keeping.records.record_edit import Edit, merged
from checklist.keeping.records.record_text import canonical, edited, state_text
from checklist.keeping.saving import save
from checklist.model.problems import FilesHaveProblems
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import NotApplicable, Reading, Slot
from checklist.reading.yaml.yaml_file import parse_yaml
from tests.conftest import Run
from tests.support.fixtures import DAY, NOW
from tests.support.laws import examples

HEAD = """\
# 手写的，不要动
community: {id: taoli, name: 桃李社区}
ruleset: civilized-city-community
as_of: 2026-11-24
total: {estate: 3, lane: 1}
facts:
  # 社区的
  office_area_m2: 360  # 去年量的
"""
SITES = """\
sites:
  # 南边
  - id: estate-1
    kind: estate
    name: A 区
    facts:
      # 楼道
      stair_clutter_spots: 2
      potholes: {value: 1, on: 2026-11-20, by: 张三}  # 南门内

  - id: estate-2
    kind: estate
    name: B 区   # 物业换了
  # 北边
  - {id: lane-1, kind: lane, name: 后巷}
"""
FOOT = "defects: {}\n# 完\n"


@pytest.fixture
def folder(tmp_path: Path) -> CommunityFolder:
    place = tmp_path / "桃李社区"
    place.mkdir()
    (place / "2026-11-24.yaml").write_text(HEAD + SITES + FOOT, encoding="utf-8")
    return open_folder(place)


def seen(fact: str, value: int | bool | None, site: str = "", **more: object) -> Reading:
    return replace(Reading(fact, value, DAY, "李四", site=site), **more)


def put(folder: CommunityFolder, *readings: Reading, **more: object) -> None:
    save(folder, readings, day=DAY, at=NOW, what="试填", **more)  # type: ignore[arg-type]


def text_of(folder: CommunityFolder) -> str:
    assert folder.latest is not None
    return folder.latest.path.read_text(encoding="utf-8")


def a_lane_fact(ruleset: Ruleset) -> str:
    return next(f for f, kind in ruleset.site_facts.items() if kind == "lane")


def test_an_answer_goes_into_its_site_and_every_other_line_stays(folder: CommunityFolder) -> None:
    before = text_of(folder).splitlines()
    put(
        folder,
        seen("stair_clutter_spots", 4, "estate-1"),
        seen("potholes", 5, "estate-2"),
        seen("office_area_m2", 400),
        rule="incoming",
    )
    after = text_of(folder).splitlines()
    assert [line for line in after if line not in before and "#" not in line] == [
        "  office_area_m2: {value: 400, on: 2026-11-24, by: 李四}",
        "      stair_clutter_spots: {value: 4, on: 2026-11-24, by: 李四}",
        "      potholes: {value: 5, on: 2026-11-24, by: 李四}",
    ]
    gone = set(before) - set(after)
    assert gone == {"  office_area_m2: 360  # 去年量的", "      stair_clutter_spots: 2"}
    again = open_folder(folder.path)
    assert again.latest is not None and not again.latest.problems
    assert again.readings()["estate-2", "potholes"].value == 5
    assert again.readings()["estate-1", "potholes"] == folder.readings()["estate-1", "potholes"]


def test_a_site_in_brackets_is_unfolded_and_the_comments_around_it_stay(folder: CommunityFolder) -> None:
    lane = a_lane_fact(folder.ruleset)
    put(folder, seen(lane, 1, "lane-1"))
    text = text_of(folder)
    assert "  # 北边\n  - id: lane-1\n    kind: lane\n    name: 后巷\n    facts:\n" in text
    assert text.startswith(HEAD) and "B 区   # 物业换了" in text and text.endswith("# 完\n")


def test_a_new_day_carries_every_site_and_the_days_on_which_it_was_seen(folder: CommunityFolder) -> None:
    later = date(2026, 12, 1)
    save(folder, [seen("potholes", 0, "estate-1", on=later)], day=later, at=NOW, what="试填")
    again = open_folder(folder.path)
    assert again.latest is not None and again.latest.as_of == later and not again.latest.problems
    assert again.readings()["estate-1", "stair_clutter_spots"].on == DAY
    assert again.readings()["estate-1", "potholes"].on == later
    assert [s.name for s in again.sites] == ["A 区", "B 区", "后巷"]
    assert again.state is not None and again.state.totals["estate"].count == 3


def test_sites_are_compared_apart_and_the_journal_names_them(folder: CommunityFolder) -> None:
    put(folder, seen("potholes", 1, "estate-1", by="王五"), seen("potholes", 7, "estate-2"))
    assert open_folder(folder.path).readings()["estate-1", "potholes"].on == DAY
    saved = save(folder, [seen("potholes", 9, "estate-1", by="赵六")], day=DAY, at=NOW, what="试填")
    assert [(c.kind, c.slot) for c in saved.changes.items] == [("conflict", ("estate-1", "potholes"))]
    told = chain.read_chain(folder.path / "journal.jsonl").entries
    assert [(t["kind"], t["site"]) for t in told] == [
        ("confirmed", "estate-1"), ("new", "estate-2"), ("conflict", "estate-1"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("reading", "code", "says"),
    [
        (seen("potholes", 1), "E244", "没有写是哪个小区"),
        (seen("potholes", 1, "estate-9"), "E248", "没有“estate-9”这个点位"),
        (seen("office_area_m2", 1, "estate-1"), "E244", "不是小区的实测项"),
        (seen("potholes", 1, "lane-1"), "E244", "不是背街小巷的实测项"),
    ],
)
def test_an_answer_that_cannot_stand_there_is_refused(
    reading: Reading, code: str, says: str, folder: CommunityFolder
) -> None:
    before = text_of(folder)
    with pytest.raises(FilesHaveProblems) as refused:
        put(folder, reading)
    (problem,) = refused.value.problems
    assert problem.code == code and says in problem.says and problem.hint
    assert text_of(folder) == before


def test_a_declaration_for_one_site_stands_there(folder: CommunityFolder) -> None:
    id = next(c.id for c in folder.ruleset.criteria if c.per == "estate" and c.na_when)
    said = NotApplicable(id, "这个小区是平房，没有楼道", site="estate-2")
    put(folder, declared={said.slot: said})
    again = open_folder(folder.path)
    assert again.declared() == {("estate-2", id): said}
    assert again.sites[1].not_applicable[id].reason == said.reason


def test_import_places_answers_by_site_and_tells_the_others(cli: Run, folder: CommunityFolder, tmp_path: Path) -> None:
    state = tmp_path / "别处.yaml"
    strange = SITES.replace("estate-2", "estate-7").replace(
        "    name: B 区   # 物业换了", "    name: B 区\n    facts: {potholes: 3}"
    )
    state.write_text(HEAD + strange.replace("spots: 2", "spots: 6"), encoding="utf-8")
    ran = cli("import", state, "--into", folder.path, "--write", "--conflicts", "incoming")
    assert ran.code == 3 and "E248" in ran.err and "estate-7" in ran.err
    assert "A 区 " in ran.out and "2 处" in ran.out and "6 处" in ran.out
    again = open_folder(folder.path).readings()
    assert again["estate-1", "stair_clutter_spots"].value == 6 and ("estate-2", "potholes") not in again


@settings(max_examples=examples(60))
@given(st.data())
def test_any_edit_of_any_layout_says_what_it_should(ruleset: Ruleset, data: st.DataObject) -> None:
    """In place or anew: the text reads back as the data with the edit made, and comments before it are kept."""
    facts = [f for f, kind in ruleset.site_facts.items() if kind == "estate"][:6]
    text = HEAD + data.draw(
        st.sampled_from(["", SITES, SITES + FOOT, SITES.replace("  - ", "- ").replace("\n    ", "\n  ")])
    )
    document = parse_yaml(text, "")
    known = [s["id"] for s in document.data.get("sites", ())]
    new = data.draw(st.sampled_from([[], ["estate-8"], ["estate-8", "estate-9"]]))
    somewhere = st.sampled_from([*known, *new]) if known or new else st.nothing()
    slots: dict[Slot, object] = data.draw(
        st.dictionaries(st.tuples(somewhere, st.sampled_from(facts)), st.integers(0, 9))
    )
    if data.draw(st.booleans()):
        slots["", "office_area_m2"] = 5
    sites = {id: {"kind": "estate", "name": f"新 {id}"} for id in new}
    if known and data.draw(st.booleans()):
        sites[known[0]] = {"name": "改了名", "closed": DAY}
    gone = frozenset({"office_area_m2"} if data.draw(st.booleans()) and ("", "office_area_m2") not in slots else ())
    edit = Edit(slots, {}, sites, {"estate": 7} if new else {}, gone)  # type: ignore[arg-type]
    told = edited(document, edit, ruleset)
    assert told.startswith("# 手写的，不要动\n")
    again = parse_yaml(told, "").data
    assert {**again, "facts": again.get("facts") or {}} == merged(document.data, edit)
    assert (
        parse_yaml(canonical(again, ruleset), "").data["sites" if known or new else "facts"]
        == again["sites" if known or new else "facts"]
    )


def test_a_record_with_sites_written_anew_is_read_back_whole(folder: CommunityFolder) -> None:
    assert folder.state is not None
    text = state_text(folder.state, folder.ruleset)
    place = folder.path.parent / "x.yaml"
    place.write_text(text, encoding="utf-8")
    assert "  - id: estate-1\n    kind: estate\n    name: A 区\n    facts:\n" in text
    assert state_text(load_state(place, folder.ruleset), folder.ruleset) == text


def test_a_conflict_at_a_site_is_named_and_settled_alone(cli: Run, folder: CommunityFolder, tmp_path: Path) -> None:
    state = tmp_path / "别处.yaml"
    other = SITES.replace("spots: 2", "spots: {value: 6, by: 王五}").replace("    facts:\n", "    facts:\n", 1)
    state.write_text(HEAD.replace("360", "{value: 380, by: 王五}") + other, encoding="utf-8")
    ran = cli("import", state, "--into", folder.path)
    assert "A 区 楼道堆物" in ran.out and "--take 1=" in ran.out
    lines = [line.strip() for line in ran.out.splitlines()]
    number = next(line.split(".")[0] for line in lines if line.endswith("A 区 楼道堆物"))
    assert cli("import", state, "--into", folder.path, "--take", f"{number}=王五", "--write").code == 0
    again = open_folder(folder.path).readings()
    assert again["estate-1", "stair_clutter_spots"].value == 6 and again["", "office_area_m2"].value == 360
    bad = cli("import", state, "--into", folder.path, "--take", "1=谁")
    assert bad.code == 2


def test_evidence_is_registered_at_its_site(cli: Run, folder: CommunityFolder, tmp_path: Path) -> None:
    paper = tmp_path / "单.txt"
    paper.write_text("楼道清理记录", encoding="utf-8")
    ran = cli("evidence", "add", folder.path, paper, "--fact", "楼道堆物", "--site", "A区")
    assert ran.code == 0
    again = open_folder(folder.path)
    assert again.readings()["estate-1", "stair_clutter_spots"].evidence
    assert "stair_clutter_spots#estate-1" in cli("evidence", "list", folder.path).out
    assert cli("evidence", "add", folder.path, paper, "--fact", "楼道堆物", "--site", "Z区").code == 2
