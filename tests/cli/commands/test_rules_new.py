"""``rules new``: editions copied, tailorings begun, nothing overwritten, nothing half there."""

from __future__ import annotations

from pathlib import Path

import pytest

from checklist import load_ruleset
from checklist.engine.rules.ruleset_difference import diff_rules
from checklist.files.writing import new_folder
from checklist.model.problems import Where
from checklist.model.refusals import Refusal
from checklist.reading.rules.cases import read_cases
from tests.conftest import ROOT, Run
from tests.support.shipped import BASE, RULES, shipped


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.slow
def test_an_edition_is_copied_with_its_comments_and_cases(there: Path, cli: Run) -> None:
    ran = cli("rules", "new", "our-2027", "--from", BASE)
    assert ran.code == 0 and "checklist check" in ran.err
    folder = there / "rules" / "our-2027"
    fresh = load_ruleset("our-2027")
    assert fresh.id == "our-2027" and diff_rules(shipped(BASE), fresh).same
    assert (folder / "FAC.yaml").read_bytes() == (RULES / BASE / "FAC.yaml").read_bytes()
    cases, problems = read_cases(folder, fresh)
    assert not problems and len(cases) == len(read_cases(RULES / BASE, shipped(BASE))[0])
    assert [p.name for p in (there / "rules").iterdir()] == ["our-2027"]


def test_cases_keep_pointing_at_their_states(there: Path, cli: Run) -> None:
    source = there / "mine" / "lamps"
    cli("rules", "new", "lamps", "--from", "complete-community", "-o", there / "mine")
    state = ROOT / "data" / "cuihu" / "2026-10-15.yaml"
    (there / "kept.yaml").write_text(state.read_text(encoding="utf-8"), encoding="utf-8")
    (source / "cases" / "whole.yaml").write_text(
        "- name: 整个社区\n  state: ../../../kept.yaml\n  expect: {verdict: clear}\n", encoding="utf-8"
    )
    assert cli("rules", "new", "lamps-2027", "--from", source, "-o", there / "deep" / "down" / "here").code == 0
    copied = there / "deep" / "down" / "here" / "lamps-2027"
    assert "../../../../../kept.yaml" in (copied / "cases" / "whole.yaml").read_text(encoding="utf-8")
    assert not read_cases(copied, load_ruleset(copied))[1]


def test_a_tailoring_is_begun_that_changes_nothing_yet(there: Path, cli: Run) -> None:
    assert cli("rules", "new", "mine", "--extends", BASE).code == 0
    fresh = load_ruleset("mine")
    assert fresh.extends == BASE and diff_rules(shipped(BASE), fresh).same and not fresh.custom
    assert cli("check", "mine").out.strip() == "没有发现错误"


def test_a_blank_one_is_whole(there: Path, cli: Run) -> None:
    """It passes every check, its cases guard every level and threshold, and it scores."""
    ran = cli("rules", "new", "our-lamps")
    assert ran.code == 0 and "checklist check" in ran.err and "checklist test" in ran.err
    assert cli("check", "our-lamps").out.strip() == "没有发现错误"
    assert cli("test", "our-lamps", "--strict", "--mutate").code == 0
    ruleset = load_ruleset("our-lamps")
    assert ruleset.id == "our-lamps" and len(ruleset.criteria) == 2
    state = "community: {id: shi, name: 试社区}\nruleset: our-lamps\nas_of: 2026-06-10\nfacts: {dirty_spots: 1}\n"
    (there / "shi.yaml").write_text(state, encoding="utf-8")
    assert "得分 39.6 ～ 79.6" in cli("assess", "shi.yaml").out
    assert cli("rules", "new", "our-lamps").code == 2


def test_nothing_is_overwritten(there: Path, cli: Run) -> None:
    assert cli("rules", "new", "mine", "--extends", BASE).code == 0
    head = there / "rules" / "mine" / "ruleset.yaml"
    head.write_text(head.read_text(encoding="utf-8") + "# 我的\n", encoding="utf-8")
    for how in ((), ("--from", BASE), ("--extends", BASE)):
        assert cli("rules", "new", "mine", *how).code == 2
    (there / "other").mkdir()
    (there / "other" / "notes.txt").write_text("", encoding="utf-8")
    assert cli("rules", "new", "other", "--extends", BASE, "-o", there).code == 2
    assert head.read_text(encoding="utf-8").endswith("# 我的\n")
    assert [p.name for p in (there / "other").iterdir()] == ["notes.txt"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "还要写 新编号"),
        (("Mine", "--from", BASE), "不能做编号"),
        (("../evil", "--from", BASE), "不能做编号"),
        (("mine", "--from", BASE, "--extends", BASE), "写一个"),
        (("mine", "--from", "civilised-city-community"), "是不是 civilized-city-community"),
        ((BASE, "--from", BASE), "已经有"),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], says: str, cli: Run, there: Path) -> None:
    ran = cli("rules", "new", *arguments)
    assert ran.code == 2 and says in ran.err and list(there.iterdir()) == []


def test_what_goes_wrong_in_between_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), new_folder(tmp_path / "x") as place:
        (place / "half.yaml").write_text("a", encoding="utf-8")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(Refusal), new_folder(tmp_path / "file"):
        pass
    with pytest.raises(Refusal), new_folder(tmp_path / "file" / "x"):
        pass
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_a_place_is_a_cell_when_it_has_one() -> None:
    assert str(Where("x.xlsx", cell="标准!E3")) == "x.xlsx!标准!E3"
