"""Shipped rules have one name wherever they are installed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from checklist.files.shipped import opened_rules, shipped, shown_rules
from tests.conftest import Run

RULES = shipped("rules")
BASE = "civilized-city-community"


@pytest.mark.parametrize(
    "arguments",
    [
        ["assess", "RECORD", "--format", "json"],
        ["explain", "FAC-01", "RECORD"],
        ["explain", "ENV-01", "RECORD", "--rules", "strict-local"],
        ["rules", "show", "FAC-01"],
    ],
)
def test_the_same_bytes_in_every_folder(
    arguments: list[str], cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = tmp_path / "taoli.yaml"
    shutil.copy("data/taoli/2023-04-15.yaml", record)
    asked = [str(record) if word == "RECORD" else word for word in arguments]
    here = cli(*asked)
    monkeypatch.chdir(tmp_path)
    there = cli(*asked)
    assert here.code == there.code == 0 and here.out == there.out
    assert str(RULES) not in there.out


def test_the_file_is_found_again_by_the_name_that_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert shown_rules(RULES / BASE) == f"rules/{BASE}"
    assert opened_rules(f"rules/{BASE}/FAC.yaml") == RULES / BASE / "FAC.yaml"
    assert opened_rules("elsewhere/FAC.yaml") == Path("elsewhere/FAC.yaml")


def test_rules_of_ones_own_keep_their_path(cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of the same name in the working folder is another ruleset: the shipped one is then named in full."""
    own = tmp_path / "rules" / BASE
    shutil.copytree(RULES / BASE, own)
    monkeypatch.chdir(tmp_path)
    assert f"规则文件：rules/{BASE}/" in cli("rules", "show", "FAC-01").out.replace("\n", "")
    assert shown_rules(own) == str(own) and shown_rules(RULES / BASE) == str(RULES / BASE)
