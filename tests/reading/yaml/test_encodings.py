"""Records and rules that Notepad saved: the same content, and a note of what was assumed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from checklist.files.loading import load_state
from checklist.model.problems import FilesHaveProblems
from checklist.reading.yaml.yaml_file import read_yaml
from tests.conftest import Run
from tests.support.places import ROOT

TAOLI = ROOT / "data" / "taoli" / "2023-04-15.yaml"
SAVED = {"ansi": "gbk", "unicode": "utf-16", "unicode-be": "utf-16-be", "utf-8-mark": "utf-8-sig"}


def saved(text: str, how: str) -> bytes:
    """As Notepad writes it, with its line ends and its mark."""
    mark = "\ufeff" if how == "unicode-be" else ""
    return (mark + text.replace("\n", "\r\n")).encode(SAVED[how])


@pytest.mark.parametrize("how", SAVED)
def test_a_record_is_the_same_however_it_was_saved(how: str, cli: Run, tmp_path: Path) -> None:
    path = tmp_path / "2023-04-15.yaml"
    path.write_bytes(saved(TAOLI.read_text(encoding="utf-8"), how))
    ran = cli("assess", path, "--format", "json")
    assert ran.code == 0 and ("W101" in ran.err) is (how != "utf-8-mark")
    findings = json.loads(ran.out.replace(str(path), "data/taoli/2023-04-15.yaml"))["assessments"][0]["findings"]
    assert (
        findings
        == json.loads(cli("assess", TAOLI.relative_to(ROOT), "--format", "json").out)["assessments"][0]["findings"]
    )


@pytest.mark.parametrize("how", SAVED)
def test_a_ruleset_is_the_same_however_it_was_saved(
    how: str, cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "complete-community"
    shutil.copytree(ROOT / "rules" / "complete-community", folder)
    (folder / "cases" / "whole.yaml").unlink()  # names records beside the rules
    for path in folder.rglob("*.yaml"):
        path.write_bytes(saved(path.read_text(encoding="utf-8"), how))
    ran = cli("check", folder)
    assert (ran.code, "W101" in ran.out) == (0, how != "utf-8-mark")
    assert cli("test", folder).code == 0
    monkeypatch.chdir(tmp_path)
    assert cli("rules", "new", "new-one", "--from", folder).code == 0
    assert cli("check", Path("rules") / "new-one").code == 0


@pytest.mark.slow
def test_a_record_in_gbk_is_carried_on_without_loss(cli: Run, tmp_path: Path) -> None:
    folder = tmp_path / "桃李"
    folder.mkdir()
    record = folder / "2023-04-15.yaml"
    record.write_bytes(saved(TAOLI.read_text(encoding="utf-8"), "ansi"))
    (tmp_path / "填.csv").write_text("编号,实测值\ncoordination_meetings_last_30d,2\n", encoding="utf-8")
    assert cli("import", tmp_path / "填.csv", "--into", folder, "--on", "2023-04-15", "--write").code == 0
    (newest,) = [path for path in folder.glob("20*.yaml") if path != record]
    assert record.read_bytes() == saved(TAOLI.read_text(encoding="utf-8"), "ansi")
    before, after = load_state(record).readings, load_state(newest).readings
    changed = {
        name for name in after if (before[name].value, before[name].note) != (after[name].value, after[name].note)
    }
    assert before.keys() == after.keys() and changed == {"coordination_meetings_last_30d"}


@pytest.mark.slow
def test_utf_8_with_a_spoilt_byte_is_never_read_as_other_words(tmp_path: Path) -> None:
    whole = TAOLI.read_bytes()
    at = whole.index("社区".encode(), 900)
    for spoilt in (whole[: at + 1], whole[: at + 2], whole[:at] + whole[at + 1 :], whole[:at] + b"\xff" + whole[at:]):
        path = tmp_path / "a.yaml"
        path.write_bytes(spoilt)
        with pytest.raises(FilesHaveProblems) as refused:
            load_state(path)
        line = spoilt.count(b"\n", 0, at) + 1
        assert [p.code for p in refused.value.problems] == ["E102"] and f"第 {line} 行" in refused.value.problems[
            0
        ].says


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(bytes(range(128, 256)) * 4 + b"\xff")
    assert [p.code for p in read_yaml(tmp_path / "a.yaml").problems] == ["E102"]


HEAD = "community: {id: jia, name: 甲社区, street: 相山街道}\nruleset: complete-community\n"
LEDGER = "- 编号: 旧-1\n  问题描述: 井盖松动\n  时限: 2026年12月1日\n"


@pytest.mark.parametrize("how", SAVED)
def test_a_community_and_its_ledger_are_read_and_said_however_they_were_saved(
    how: str, cli: Run, tmp_path: Path
) -> None:
    (folder := tmp_path / "甲").mkdir()
    (folder / "community.yaml").write_bytes(saved(HEAD, how))
    ledger = tmp_path / "台账.yaml"
    ledger.write_bytes(saved(LEDGER, how))
    (tmp_path / "填.csv").write_text("实测项,实测值\n户数,2130\n", encoding="utf-8")
    for command in (
        ("check", folder),
        ("check", folder / "community.yaml"),
        ("form", folder, "-o", tmp_path / "表.xlsx", "--force"),
        ("import", tmp_path / "填.csv", "--into", folder, "--on", "2026-11-20", "--write"),
        ("evidence", "list", folder),
        ("ledger", ledger),
        ("ledger", ledger, folder / "2026-11-24.yaml"),
    ):
        ran = cli(*command)
        assert ran.code in (0, 5) and ("W101" in ran.out + ran.err) is (how != "utf-8-mark"), (command, ran)
    assert "井盖松动" in ledger.read_text(encoding="utf-8")


def test_mistakes_in_a_communitys_head_are_told_by_check(cli: Run, tmp_path: Path) -> None:
    (folder := tmp_path / "甲").mkdir()
    head = folder / "community.yaml"
    head.write_text("community: {id: jia}\nruleset: complete-community\n", encoding="utf-8")
    for target in (head, folder, tmp_path):
        ran = cli("check", target)
        assert ran.code == 3 and "community.yaml:1:1" in ran.out and "缺少 name" in ran.out and "as_of" not in ran.out
    head.write_text(HEAD, encoding="utf-8")
    assert "没有发现错误" in cli("check", head).out
