"""Whole screens as users see them, at 80 and 120 columns and on a GBK console."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from rich.cells import cell_len

from tests.conftest import ROOT, TODAY, Run

TAOLI = "data/taoli/2023-04-15.yaml"
SCREENS = {
    "assess-taoli": ("assess", TAOLI),
    "assess-before": ("assess", "data/taoli/2022-04-30.yaml", "--top", "3"),
    "assess-weak": ("assess", "data/beimen", "--top", "5"),
    "assess-good": ("assess", "data/cuihu", "--all"),
    "assess-module": ("assess", TAOLI, "--module", "env", "--all"),
    "assess-list": ("assess", "data"),
    "explain-office": ("explain", "FAC-01", TAOLI),
    "explain-unknown": ("explain", "VAL-03", TAOLI),
    "explain-group": ("explain", "FIR-07", "data/beimen"),
    "explain-flag": ("explain", "INF-03", "data/beimen"),
    "rules-show": ("rules", "show", "INF-05"),
}


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", SCREENS)
def test_screen(name: str, width: int, cli: Run, golden: Callable[[str, str], None]) -> None:
    ran = cli(*SCREENS[name], "--width", str(width))
    assert max(cell_len(line) for line in ran.out.splitlines()) <= width
    golden(f"{name}-{width}.txt", ran.out)


def gbk(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    """The program with a Chinese Windows console's encoding, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-X", "utf8=0", "-m", "checklist", *arguments],
        cwd=ROOT,
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "gbk", "CHECKLIST_TODAY": TODAY},
        check=False,
    )


@pytest.mark.parametrize("name", ["assess-taoli", "assess-weak", "explain-group", "assess-list"])
def test_a_gbk_console_loses_no_character(name: str, golden: Callable[[str, str], None]) -> None:
    ran = gbk(*SCREENS[name], "--width", "80")
    text = ran.stdout.decode("gbk").replace("\r\n", "\n")
    assert ran.returncode == 0 and "?" not in text.replace("? ", "")
    assert text == (ROOT / "tests" / "golden" / f"{name}-80.txt").read_text(encoding="utf-8")


def test_help_and_errors_on_a_gbk_console() -> None:
    assert "给社区打分" in gbk("assess", "--help").stdout.decode("gbk")
    ran = gbk("check", "tests/bad/states/E204-unknown-fact.yaml")
    assert ran.returncode == 3 and "没有这个实测项" in ran.stdout.decode("gbk")
