"""Which files of a folder are records."""

from __future__ import annotations

from pathlib import Path

import pytest

from checklist import FilesHaveProblems, load_state
from checklist.files.loading import state_files
from tests.conftest import Run

HEAD = "community: {id: x, name: 测试社区}\nruleset: civilized-city-community\nas_of: 2026-03-01\n"
AREA = HEAD + "facts:\n  office_area_m2: 60\n"


def test_two_records_of_one_day_are_told_and_not_dropped_in_silence(cli: Run, tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(AREA, encoding="utf-8")
    for command in ("assess", "check"):
        ran = cli(command, tmp_path)
        assert ran.code == 3 and "E332" in ran.out + ran.err
        unwrapped = "".join((ran.out + ran.err).split())
        assert "a.yaml" in unwrapped and "b.yaml" in unwrapped


@pytest.mark.parametrize("name", ["a.yml", "A.YAML", "里/a.Yml"])
def test_every_usual_ending_is_found_in_a_folder(name: str, cli: Run, tmp_path: Path) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(AREA, encoding="utf-8")
    assert cli("assess", tmp_path).code == 0


def test_what_is_no_state_is_passed_over(cli: Run, tmp_path: Path) -> None:
    for name in ("a.yaml", "rules/ruleset.yaml", "rules/facts/ENV.yaml", ".旧/b.yaml", "LEDGER.yml", "community.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(AREA, encoding="utf-8")
    assert state_files(tmp_path) == [tmp_path / "a.yaml"]
    assert state_files(tmp_path / "rules") == []


def test_a_folder_that_may_not_be_opened_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str) -> None:  # the tests may run as root, whom no folder refuses
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr("os.scandir", refuse)
    assert state_files(tmp_path) == [tmp_path]


def test_a_folder_without_states_is_a_problem_for_callers_too(tmp_path: Path) -> None:
    with pytest.raises(FilesHaveProblems, match="没有现状记录"):
        load_state(tmp_path)
