"""Tailorings that change some keys of a criterion, the frame around them, and what happens when the base moves."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from checklist import load_ruleset
from checklist.engine.analysis.check import analyse
from checklist.engine.rules.ruleset_difference import diff_rules
from checklist.files.loading import find_ruleset
from checklist.model.rules.ruleset import Ruleset
from checklist.reading.rules.tailoring import fingerprint
from checklist.reading.yaml.yaml_file import read_yaml
from tests.conftest import TODAY, Run
from tests.support.page_rules import lay_out_page

HEAD = "id: mine\nextends: demo\ntitle: 试\nedition: 试\nwhy: 试\n"
LAM_01 = """\
replace:
  - why: 试
    criterion: {id: LAM-01, title: 亮灯率, requirement: 都亮着, methods: [field_inspection], points: 4,
                measure: {share: {of: lamps_lit, to: lamps_installed}}, at_least: {A: 98%, B: 95%}}
"""


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return lay_out_page(tmp_path)


def tailoring(rules: Path, changes: str, head: str = "", id: str = "mine", base: str = "demo") -> Path:
    place = rules / id
    place.mkdir(exist_ok=True)
    text = HEAD.replace("id: mine", f"id: {id}").replace("extends: demo", f"extends: {base}")
    (place / "ruleset.yaml").write_text(text + head, encoding="utf-8")
    (place / "changes.yaml").write_text(changes, encoding="utf-8")
    return place


def read(place: Path) -> Ruleset:
    ruleset, problems = find_ruleset(place)
    assert ruleset is not None, problems
    return ruleset


def codes(place: Path) -> list[tuple[str, str]]:
    return [(p.code, f"{p.where}  {p.says} {p.hint}") for p in find_ruleset(place)[1]]


def in_base(rules: Path, file: str, before: str, after: str) -> None:
    path = rules / "demo" / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


CHANGE = "change:\n  - {id: LAM-02, why: 试, to: {points: 1.5, na_when: null, flag: {kind: veto}}}\n"


def test_only_the_keys_that_are_written_change(rules: Path) -> None:
    mine, base = read(tailoring(rules, CHANGE)), load_ruleset("demo")
    old, new = base.criterion("LAM-02"), mine.criterion("LAM-02")
    assert (new.points, new.na_when, new.flag and new.flag.kind) == (15_000, "", "veto")
    assert (new.title, new.scale, new.owner, new.sources) == (old.title, old.scale, old.owner, old.sources)
    assert mine.total_points == 95_000 and mine.custom
    assert [(c.kind, c.criterion, c.why) for c in mine.changes] == [("change", "LAM-02", "试")]
    assert [c.after.id for c in diff_rules(base, mine).changed] == ["LAM-02"]


def test_all_other_keys_follow_the_base(rules: Path) -> None:
    place = tailoring(rules, CHANGE)
    in_base(rules, "LAM.yaml", "at_most: {A: 0, B: 1, C: 2}", "at_most: {A: 0, B: 2, C: 3}")
    in_base(rules, "LAM.yaml", "title: 暗角", "title: 照不到的暗角")
    mine = read(place)
    assert mine.criterion("LAM-02").scale == load_ruleset("demo").criterion("LAM-02").scale
    assert mine.criterion("LAM-02").title == "照不到的暗角" and mine.criterion("LAM-02").points == 15_000


def test_a_tailoring_of_a_tailoring_changes_what_that_one_wrote(rules: Path) -> None:
    tailoring(rules, CHANGE)
    child = tailoring(rules, "change:\n  - {id: LAM-02, why: 再试, to: {owner: [街道]}}\n", id="child", base="mine")
    found = read(child).criterion("LAM-02")
    assert (found.points, found.owner) == (15_000, ("街道",)) and len(read(child).changes) == 2


@pytest.mark.parametrize(
    ("entry", "code", "says"),
    [
        ("{id: LAM-02, why: 试, to: {pionts: 1}}", "E203", "是不是 points"),
        ("{id: LAM-02, why: 试, to: {points: 一分}}", "E201", "changes.yaml:2:"),
        ("{id: LAM-02, why: 试, to: {owner: [], actions: [light]}}", "E312", "light_dark_spots"),
        ("{id: LAM-02, why: 试, to: {measure: {fact: 照不到的暗角}}}", "E301", "dark_spots"),
        ("{id: LAM-02, why: 试, to: {met: [{fact: has_log}]}}", "E306", "现在写了at_most、met"),
        ("{id: LAM-02, why: 试, to: {title: null}}", "E202", "缺少 title"),
        ("{id: LAM-02, why: 试, to: {id: LAM-03}}", "E203", "编号不能改"),
        ("{id: LAM-02, why: 试, to: {}}", "E207", ""),
        ("{id: LAM-02, to: {points: 1}}", "E202", "缺少 why"),
        ("{id: 暗角, why: 试, to: {points: 1}}", "E319", "LAM-02"),
        ("{id: LAM-02, why: 试, to: {points: 1}}\n  - {id: LAM-02, why: 试, to: {tier: core}}", "E310", "LAM-02"),
        ("{id: LAM-02, why: 试, to: {points: 1}}\ndrop: [{ids: [LAM-02], why: 试}]", "E319", "LAM-02"),
        ("{id: LAM-01, why: 试, to: {points: 1}}\n" + LAM_01, "E310", "LAM-01"),
    ],
)
def test_a_mistake_has_its_place_in_the_changes(entry: str, code: str, says: str, rules: Path) -> None:
    found = codes(tailoring(rules, f"change:\n  - {entry}\n"))
    assert code in [c for c, _ in found] and any(says in text for c, text in found if c == code)
    assert all("changes.yaml:" in text for _, text in found)


def drift(place: Path) -> list[tuple[str, str]]:
    found = analyse(read(place), None, date.fromisoformat(TODAY))
    return [(p.code, p.hint) for p in found if p.code in ("W415", "W417")]


def test_who_replaces_a_whole_criterion_is_told_when_the_base_moves(rules: Path) -> None:
    written = fingerprint(read_yaml(rules / "demo" / "LAM.yaml").data[0])
    assert len(written) == 8 and written.isalpha()
    assert [code for code, hint in drift(tailoring(rules, LAM_01)) if f"of: {written}" in hint] == ["W415"]
    place = tailoring(rules, LAM_01.replace("  - why: 试\n", f"  - why: 试\n    of: {written}\n"))
    assert drift(place) == []
    in_base(rules, "LAM.yaml", "owner: [物业, 路灯所]", "owner: [物业]")
    in_base(rules, "LAM.yaml", "灭灯]", "灭灯, 灯坏了]")
    assert drift(place) == []  # nothing that is demanded
    for before, after in (("A: 95%", "A: 96%"), ("装上的路灯天黑后都亮着", "装上的路灯都亮着")):
        in_base(rules, "LAM.yaml", before, after)
        (code, hint), *rest = drift(place)
        assert (code, rest) == ("W417", []) and fingerprint(read_yaml(rules / "demo" / "LAM.yaml").data[0]) in hint
    child = tailoring(rules, "drop: [{ids: [MGT-01], why: 试}]\n", id="child", base="mine")
    assert drift(child) == []  # it is for the one beneath to see to


FRAME = "levels: {A: 100%, B: 60%, C: 30%}\nbands: [{name: 优, at_least: 90}, {name: 平, at_least: 0}]\n"


def test_levels_bands_and_module_titles_are_its_own(rules: Path, cli: Run) -> None:
    place = tailoring(rules, "{}\n", FRAME + "modules: [{id: LAM, title: 夜间照明}]\n")
    mine, base = read(place), load_ruleset("demo")
    assert (
        mine.levels == {"A": 1, "B": Fraction(3, 5), "C": Fraction(3, 10)} and mine.band_of_score(Fraction(89)) == "平"
    )
    assert [m.title for m in mine.modules] == ["夜间照明", "管护"] and mine.total_points == base.total_points
    assert mine.level_points(mine.criterion("LAM-01"), "B") == 24_000
    assert [(c.kind, c.criterion) for c in mine.changes] == [
        ("frame", "档次系数"), ("frame", "等次"), ("frame", "模块名称"),
    ]  # fmt: skip
    diff = diff_rules(base, mine)
    assert not diff.same and [new.title for _, new in diff.modules if new] == ["夜间照明"]
    assert "B 66% → A 100%、B 60%" in cli("rules", "diff", "demo", "mine").out.replace("、C 33%", "")
    assert "档次系数、等次、模块名称" in cli("rules", "book", "--rules", "mine").out


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ("levels: {A: 100%, B: 60%}\n", "E305"),
        ("levels: {B: 60%, A: 100%, C: 30%}\n", "E305"),
        ("levels: {A: 100%, B: 60%, C: 70%}\n", "E401"),
        ("levels: {A: 120%, B: 60%, C: 30%}\n", "E404"),
        ("bands: [{name: 优, at_least: 90}]\n", "E405"),
        ("bands: [{name: 优, at_least: 90}, {name: 优, at_least: 0}]\n", "E406"),
        ("modules: [{id: LAN, title: 灯}]\n", "E315"),
        ("modules: [{id: LAM, title: 灯, points: 3}]\n", "E203"),
    ],
)
def test_a_mistake_in_the_frame_has_its_place_in_the_head(head: str, code: str, rules: Path) -> None:
    found = codes(tailoring(rules, "{}\n", head))
    assert [c for c, _ in found] == [code] and "mine/ruleset.yaml:" in found[0][1]


def test_the_workbook_carries_all_of_it(rules: Path, cli: Run) -> None:
    text = LAM_01.replace("  - why: 试\n", "  - why: 试\n    of: abcdefgh\n") + CHANGE
    place = tailoring(rules, text + "drop: [{ids: [MGT-01], why: 试}]\n", FRAME + "modules: [{id: LAM, title: 灯}]\n")
    before = read(place)
    assert cli("rules", "export", "--rules", "mine", "-o", "mine.xlsx").code == 0
    place.rename(rules.parent / "old")
    assert cli("rules", "import", "mine.xlsx", "-o", "rules/mine").code == 0
    after = read(place)
    assert (after.levels, after.bands) == (before.levels, before.bands)
    assert [m.title for m in after.modules] == [m.title for m in before.modules]
    told = [[(c.kind, c.criterion, c.why, c.of, c.now) for c in r.changes] for r in (before, after)]
    assert told[0] == told[1] and len(told[0]) == 6
    plain = [[(c.id, c.points, c.scale, c.owner, c.na_when) for c in r.criteria] for r in (before, after)]
    assert plain[0] == plain[1]
