"""Several processes give what one process gives, in the same order, whatever the rulesets and mistakes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from checklist.cli.many_processes import FileTask, Judged, judge_files
from checklist.cli.progress import track
from checklist.files.loading import state_files
from checklist.reports.comparison.comparison_json import comparisons_json


def text(judged: Judged) -> str:
    from checklist.engine.comparing.compare import apart_by_basis, compare

    return comparisons_json(compare(part) for part in apart_by_basis(judged.standings).values())


@pytest.mark.slow
@pytest.mark.parametrize("reassess", [None, "civilized-city-community"])
def test_two_processes_are_one(city_folder: Path, tmp_path: Path, reassess: str | None) -> None:
    broken = tmp_path / "坏.yaml"
    broken.write_text("community: {id: x\n", encoding="utf-8")
    files = [*state_files(city_folder / "city"), broken, *state_files(Path("data"))] * 3
    task = FileTask(date(2026, 11, 24), reassess, date(2026, 11, 1), True, tmp_path / "cache")
    one, two = judge_files(files, task, 1), judge_files(files, task, 2)
    assert [s.file for s in one.standings] == [s.file for s in two.standings]
    assert one.problems == two.problems and len(one.problems) == 3
    assert len({id(s.ruleset) for s in two.standings}) == 1
    assert text(one) == text(two)


def test_the_bar_counts_and_gives_everything(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = iter(range(0, 2000, 11))
    monkeypatch.setattr("checklist.cli.progress.time.monotonic", lambda: next(seconds))
    assert list(track("abcde", "读", 10, 2)) == list("abcde")
    lines = capsys.readouterr().err.splitlines()
    assert lines[-1].endswith("10/10") and any("4/10" in line for line in lines)


def test_quick_work_shows_no_bar(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(track([1, 2], "读", 2)) == [1, 2]
    assert capsys.readouterr().err == ""
