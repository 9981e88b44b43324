"""Streams: widths, pipes, closed and full outputs, encodings."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Run

TAOLI = "data/taoli/2023-04-15.yaml"


def shell(command: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    script = command.replace("CHECKLIST", f"{sys.executable} -m checklist")
    return subprocess.run(["bash", "-c", script], capture_output=True, env={**os.environ, **environment}, check=False)


@pytest.mark.parametrize("columns", ["¹", "", "９" * 30, "-1", "x"])
def test_a_strange_terminal_width_is_ignored(columns: str, cli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert cli("assess", TAOLI).code == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("where", [">/dev/full", ">&-"])
def test_a_result_that_cannot_be_written_is_no_bug_of_ours(where: str) -> None:
    for options in ("", " --format json"):
        ran = shell(f"CHECKLIST assess {TAOLI}{options} {where}")
        assert ran.returncode == 2 and "结果写不出去" in ran.stderr.decode() and b"Exception" not in ran.stderr
    assert shell(f"CHECKLIST assess {TAOLI} --quiet {where}").returncode == 0
    assert shell("CHECKLIST >&- 2>&-").returncode == 2


def test_a_reader_that_leaves_changes_nothing() -> None:
    ran = shell(f"CHECKLIST assess {TAOLI} --format json --all --fail-under 97 | head -c 1; echo ${{PIPESTATUS[0]}}")
    assert ran.stdout == b"{1\n" and b"Exception" not in ran.stderr
    ran = shell(f"CHECKLIST assess {TAOLI} --all | true; echo ${{PIPESTATUS[0]}}")
    assert ran.stdout == b"0\n" and b"Exception" not in ran.stderr


def test_json_is_utf8_whatever_the_console() -> None:
    plain = shell(f"CHECKLIST assess {TAOLI} --format json", PYTHONIOENCODING="ascii").stdout
    assert "桃李" in plain.decode("utf-8") and b"?" not in plain
    assert json.loads(plain) == json.loads(shell(f"CHECKLIST assess {TAOLI} --format json").stdout)
