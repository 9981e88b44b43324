"""The Python API: what is public is importable, documented and does what the commands do."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import checklist
from checklist import FilesHaveProblems, Ruleset, assess, assessments_json, load_ruleset, load_state, load_states
from tests.conftest import ROOT, Run


@pytest.mark.parametrize("name", checklist.__all__)
def test_public_names_are_there_and_documented(name: str) -> None:
    thing = getattr(checklist, name)
    assert name == "__version__" or inspect.getdoc(thing)


def test_unknown_names_are_refused() -> None:
    with pytest.raises(AttributeError):
        checklist.guess  # noqa: B018


def test_importing_costs_no_heavy_library() -> None:
    code = "import sys, checklist; print([m for m in ('yaml', 'pydantic', 'rich', 'typer') if m in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_the_api_gives_what_the_command_gives(cli: Run, ruleset: Ruleset) -> None:
    result = assess(ruleset, load_state("data/taoli/2023-04-15.yaml", ruleset))
    ran = cli("assess", "data/taoli/2023-04-15.yaml", "--format", "json")
    ours, theirs = (json.loads(text)["assessments"][0] for text in (assessments_json([result]), ran.out))
    assert (ours["score"], ours["findings"][0]["outcome"]) == (theirs["score"], theirs["findings"][0]["outcome"])


def test_mistakes_are_raised_with_their_places(tmp_path: Path, ruleset: Ruleset) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("community: 甲\n", encoding="utf-8")
    with pytest.raises(FilesHaveProblems) as raised:
        load_state(path, ruleset)
    assert {p.code for p in raised.value.problems} >= {"E201", "E202"}
    assert len(load_states([path], ruleset=ruleset).problems) == len(raised.value.problems)


def test_a_missing_ruleset() -> None:
    with pytest.raises(FileNotFoundError):
        load_ruleset("no-such-ruleset")


def test_as_of_looks_from_another_day(ruleset: Ruleset) -> None:
    state = load_state("data/cuihu/2026-10-15.yaml", ruleset)
    later = assess(ruleset, state, as_of=date(2030, 1, 1))
    assert later.as_of == date(2030, 1, 1) and later.coverage < assess(ruleset, state).coverage


@pytest.mark.slow
def test_compiled_rules_are_the_rules(tmp_path: Path) -> None:
    folder = ROOT / "rules" / "civilized-city-community"
    first, second = load_ruleset(folder, cache=tmp_path), load_ruleset(folder, cache=tmp_path)
    assert first == second == load_ruleset(folder) and len(list(tmp_path.iterdir())) == 1


@pytest.mark.slow
@pytest.mark.parametrize("harm", ["truncate", "flip", "code"])
def test_a_damaged_or_hostile_compiled_form_is_never_trusted(harm: str, tmp_path: Path) -> None:
    import hashlib
    import pickle

    folder = ROOT / "rules" / "civilized-city-community"
    expected = load_ruleset(folder, cache=tmp_path)
    kept = next(tmp_path.iterdir())
    data = kept.read_bytes()
    if harm == "code":
        payload = pickle.dumps(print)
        data = hashlib.sha256(payload).digest() + payload
    elif harm == "truncate":
        data = data[:-9]
    else:
        data = data[:99] + bytes([data[99] ^ 1]) + data[100:]
    kept.write_bytes(data)
    assert load_ruleset(folder, cache=tmp_path) == expected


def test_a_changed_rule_file_is_read_again(tmp_path: Path) -> None:
    import shutil

    folder = tmp_path / "civilized-city-community"
    shutil.copytree(ROOT / "rules" / "civilized-city-community", folder)
    before = load_ruleset(folder, cache=tmp_path / "cache")
    file = folder / "FAC.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("A: 300", "A: 301"), encoding="utf-8")
    after = load_ruleset(folder, cache=tmp_path / "cache")
    assert before.criterion("FAC-01") != after.criterion("FAC-01")
