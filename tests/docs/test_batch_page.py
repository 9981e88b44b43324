"""The page on batch: its commands run, in a folder of their own, and print what stands there."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from tests.conftest import ROOT, Run

PAGE = ROOT / "docs" / "batch.md"


def test_the_commands_of_the_page_print_what_it_shows(
    cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```text\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    ran = 0
    for part in (part for block in blocks for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]):
        command, _, shown = part.partition("\n")
        result = cli(*shlex.split(command)[1:])
        assert result.code == 0, result.err
        at = 0
        for piece in re.split(r"^…\n?", shown, flags=re.MULTILINE):
            at = result.out.find(piece.strip("\n"), at)
            assert at >= 0, f"$ {command}\n--- not printed:\n{piece}\n--- printed:\n{result.out}"
        ran += 1
    assert ran == 3
