"""What people write into rule files: Chinese marks and labels, several names as one, levels that are not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from checklist.files.loading import find_ruleset
from checklist.model.problems import Problem
from checklist.model.rules.ruleset import Ruleset
from checklist.reading.rules.cases import read_cases
from tests.support.page_rules import lay_out_page


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return lay_out_page(tmp_path) / "demo"


def changed(demo: Path, file: str, before: str, after: str) -> tuple[Ruleset | None, list[Problem]]:
    path = demo / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    ruleset, problems = find_ruleset(demo)
    return ruleset, [*problems, *(read_cases(demo, ruleset)[1] if ruleset else ())]


@pytest.mark.parametrize("mark", ["、", "，", "、 "])
def test_two_owners_written_as_one_are_two(mark: str, demo: Path) -> None:
    ruleset, problems = changed(demo, "LAM.yaml", "owner: [物业, 路灯所]", f'owner: ["物业{mark}路灯所（值班、维修）"]')
    assert ruleset and not problems and ruleset.criterion("LAM-01").owner == ("物业", "路灯所（值班、维修）")
    ruleset, problems = changed(demo, "actions.yaml", "owner: [物业, 路灯所]", f'owner: ["物业{mark}路灯所"]')
    assert ruleset and ruleset.actions["repair_lamps"].owner == ("物业", "路灯所")


def test_keywords_written_as_one_are_several(demo: Path) -> None:
    ruleset, _ = changed(demo, "LAM.yaml", "[路灯不亮, 灭灯]", "[路灯不亮、灭灯]")
    assert ruleset and ruleset.criterion("LAM-01").keywords == ("路灯不亮", "灭灯")


@pytest.mark.parametrize(
    ("before", "after"),
    [("A: 95%", "A: 95％"), ("A: 95%", "A: ９５％"), ("is: 90%", "is: 90％"), ("B: 1, C: 2", "B: １, C: ２")],
)
def test_a_full_width_number_is_the_number(before: str, after: str, demo: Path) -> None:
    wanted = find_ruleset(demo)[0]
    ruleset, problems = changed(demo, "LAM.yaml", before, after)
    assert ruleset and wanted and not problems
    assert [c.scale for c in ruleset.criteria] == [c.scale for c in wanted.criteria]


@pytest.mark.parametrize(
    ("file", "before", "after", "way_out"),
    [
        ("LAM.yaml", "A: 95%", "A: ≥95%", "只写 95%，多少以上、以下由 at_least、at_most 说"),
        ("LAM.yaml", "is: 90%", "is: 不少于90%", "只写 90%，"),
        ("LAM.yaml", "B: 1", "B: ≤1", "只写 1，"),
        ("LAM.yaml", "points: 4", "points: 4分", "只写 4"),
        ("facts.yaml", "minutes: 20 ", "minutes: 20分钟 ", "只写 20"),
    ],
)
def test_a_number_with_words_about_it(file: str, before: str, after: str, way_out: str, demo: Path) -> None:
    _, problems = changed(demo, file, before, after)
    first = [p for p in problems if p.code == "E201"]
    assert len(first) == 1 and way_out in first[0].hint
    assert ("整数" in first[0].says) == (file == "facts.yaml")


@pytest.mark.parametrize(
    ("file", "before", "after", "code", "way_out"),
    [
        ("LAM.yaml", "of: lamps_lit", "of: 亮着的路灯", "E301", "lamps_lit（亮着的路灯）"),
        ("LAM.yaml", "{fact: dark_spots}", "{fact: 暗角}", "E301", "dark_spots（照不到的暗角）"),
        ("MGT.yaml", "fact: log_signed", "fact: 记录有人签字", "E301", "log_signed（记录有人签字）"),
        ("MGT.yaml", "fact: repair_mode", "fact: 路灯由谁修", "E301", "repair_mode（路灯由谁修）"),
        ("LAM.yaml", "[repair_lamps]", "[48 小时内修复不亮的路灯]", "E312", "repair_lamps（48 小时内"),
        ("LAM.yaml", "id: X01", "id: 某区路灯管护办法", "E316", "X01（某区路灯管护办法）"),
        ("facts.yaml", "part_of: lamps_installed", "part_of: 已装的路灯", "E301", "lamps_installed（已装的路灯）"),
        ("facts.yaml", "place: road", "place: 小区道路", "E309", "road（小区道路）"),
        ("actions.yaml", "equal_to: lamps_installed", "equal_to: 已装的路灯", "E301", "lamps_installed（已装的路灯）"),
        ("actions.yaml", "sets: {dark_spots: 0}", "sets: {照不到的暗角: 0}", "E301", "dark_spots（照不到的暗角）"),
        ("actions.yaml", "cost: C1", "cost: 五千元以内", "E313", "C1（五千元以内）"),
        ("cases/LAM.yaml", "{dark_spots: 1}", "{照不到的暗角: 1}", "E204", "dark_spots（照不到的暗角）"),
        ("cases/LAM.yaml", "{LAM-02: {level: B}}", "{暗角: {level: B}}", "E321", "LAM-02（暗角）"),
    ],
)
def test_a_label_where_an_id_belongs(file: str, before: str, after: str, code: str, way_out: str, demo: Path) -> None:
    _, problems = changed(demo, file, before, after)
    assert any(p.code == code and way_out in p.hint for p in problems), problems


def test_a_case_expects_a_level_that_the_criterion_has_not(demo: Path) -> None:
    ruleset, problems = changed(demo, "MGT.yaml", ", C: {is: [on_call], ours: true}", "")
    assert ruleset is not None
    assert [(p.code, p.says, p.hint) for p in problems] == [("E305", "MGT-02 没有 C 这一档", "档次有：A、none")]
    assert str(problems[0].where).endswith("MGT.yaml:30:21")


@pytest.mark.parametrize("end", ["[]", "[0, 1, 2]", "[[]]", "{}"])
@pytest.mark.parametrize("what", ["{LAM-02: {points: %s}}", "{score: %s}", "{band: %s}"])
def test_ends_that_are_not_two(end: str, what: str, demo: Path) -> None:
    ruleset, problems = changed(demo, "cases/LAM.yaml", "{LAM-02: {level: B}}", what % end)
    assert ruleset and problems
