"""Days, communities and rulesets as they are named on the command line."""

from __future__ import annotations

from datetime import date

import pytest

from checklist.cli.inputs import day, today
from tests.conftest import Run

TAOLI = "data/taoli/2023-04-15.yaml"


@pytest.mark.parametrize("written", ["2026年3月1日", "20260301", "2026/3/1", "2026.03.01", " 2026-3-1 "])
def test_a_day_as_people_write_it(written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHECKLIST_TODAY", written)
    assert day(written) == today() == date(2026, 3, 1)


@pytest.mark.parametrize("fixed", ["2026-13-01", "today", "明天"])
def test_a_fixed_day_that_is_none_is_wrong_usage(fixed: str, cli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHECKLIST_TODAY", fixed)
    ran = cli("assess", TAOLI)
    assert ran.code == 2 and "CHECKLIST_TODAY" in ran.err
