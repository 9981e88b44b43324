"""One bad ruleset for each kind of mistake, with the text that its author sees beside it.

``clean/`` is a small ruleset without any; each other folder holds the files that differ, in ``small/`` (the ruleset)
or ``local/`` (a tailoring of it).
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from checklist.reading.rules.tailoring import fingerprint
from checklist.reading.yaml.yaml_file import read_yaml
from tests.conftest import Run

FOLDER = Path(__file__).parent / "rules"
BAD = sorted(p for p in FOLDER.iterdir() if p.name != "clean" and p.is_dir())


def laid_out(place: Path, overlay: Path | None = None) -> str:
    """``rules/small`` (and ``rules/local``) in a working folder; which of them to check."""
    shutil.copytree(FOLDER / "clean", place / "rules" / "small")
    if overlay is None:
        return "rules/small"
    shutil.copytree(overlay, place / "rules", dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.txt"))
    return "rules/local" if (overlay / "local").is_dir() else "rules/small"


@pytest.mark.parametrize("overlay", BAD, ids=lambda p: p.name)
def test_the_mistake_is_told_with_its_place_and_a_way_out(
    overlay: Path, cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    target = laid_out(tmp_path, overlay)
    monkeypatch.chdir(tmp_path)
    ran = cli("check", target)
    expected = overlay / "expected.txt"
    if request.config.getoption("--golden"):
        expected.write_text(ran.out, encoding="utf-8", newline="\n")
    assert ran.out == expected.read_text(encoding="utf-8")
    code = overlay.name.split("-")[0]
    assert code in ran.out and ran.err == ""
    assert ran.code == (0 if code.startswith("W") else 3)


def test_the_ruleset_beneath_them_is_clean(cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = laid_out(tmp_path)
    monkeypatch.chdir(tmp_path)
    ran = cli("check", target)
    assert (ran.code, ran.out.strip()) == (0, "没有发现错误")


def test_a_tailoring_answers_only_for_what_it_changes(
    cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid_out(tmp_path)
    local = tmp_path / "rules" / "local"
    local.mkdir()
    head = "id: local\nextends: small\ntitle: 本地细则\nedition: 试验版\nwhy: 本地更严\n"
    (local / "ruleset.yaml").write_text(head, encoding="utf-8")
    criterion = (tmp_path / "rules" / "small" / "M.yaml").read_text(encoding="utf-8").replace("C: 2", "C: 4")
    criterion = criterion.replace("says: existence", "says: number")
    inside = "".join(f"      {line[2:]}\n" for line in criterion.splitlines())
    changes = f"replace:\n  - why: 本地放宽\n    of: {{of}}\n    criterion:\n{inside}"
    written = fingerprint(read_yaml(tmp_path / "rules" / "small" / "M.yaml").data[0])
    (local / "changes.yaml").write_text(changes.replace("{of}", written), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    ran = cli("check", "rules/local")
    assert ran.code == 0 and ran.out.count("W404") == 1 and "M-01" in ran.out and "changes.yaml:4:5" in ran.out
    cases = local / "cases"
    cases.mkdir()
    (cases / "M.yaml").write_text("- {name: 没核过, given: {}, expect: {M-01: {points: [0, 1]}}}\n", encoding="utf-8")
    assert cli("check", "rules/local").out.strip() == "没有发现错误"
