"""One bad ruleset for each kind of mistake, with the text that its author sees beside it.

``clean/`` is a small ruleset without any; each other folder holds the files that differ, in ``small/`` (the ruleset)
or ``local/`` (a tailoring of it).
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

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
