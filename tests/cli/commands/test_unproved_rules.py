"""A ruleset that contradicts itself: nothing is scored by it, and everything that helps to mend it works."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from checklist import load_ruleset
from checklist.engine.analysis import check
from checklist.files.loading import find_ruleset, load_states
from checklist.model.problems import FilesHaveProblems
from tests.conftest import Run
from tests.support.page_rules import lay_out_page

STATE = "community: {id: shi, name: 试社区}\nruleset: demo\nas_of: 2026-06-10\nfacts: {lamps_installed: 20, lamps_lit: 17}\n"


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The page's ruleset with one threshold out of order (E401), and a record."""
    monkeypatch.chdir(tmp_path)
    folder = lay_out_page(tmp_path) / "demo"
    sound = (folder / "LAM.yaml").read_text(encoding="utf-8")
    (folder / "LAM.yaml").write_text(sound.replace("A: 0, B: 1, C: 2", "A: 2, B: 1, C: 0"), encoding="utf-8")
    (tmp_path / "shi.yaml").write_text(STATE, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "command",
    [
        ("assess", "shi.yaml"),
        ("assess", "shi.yaml", "--rules", "demo"),
        ("assess", "shi.yaml", "--rules", "demo-strict"),
        ("explain", "LAM-01", "shi.yaml"),
        ("next", "shi.yaml"),
        ("plan", "shi.yaml"),
        ("compare", "shi.yaml"),
        ("compare", "shi.yaml", "--reassess", "demo"),
        ("trend", "shi.yaml"),
        ("report", "shi.yaml", "--to", "md"),
        ("batch", "shi.yaml", "-o", "out.csv", "--rules", "demo"),
        ("init", "新社区", "--rules", "demo"),
    ],
    ids=" ".join,
)
def test_nothing_is_scored_by_it(command: tuple[str, ...], demo: Path, cli: Run) -> None:
    ran = cli(*command)
    assert (ran.code, ran.out) == (3, "")
    assert "E401" in ran.err and ("LAM.yaml" in ran.err or "demo-strict" in command)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (("check", "demo"), 3),
        (("test", "demo"), 1),
        (("rules", "show", "LAM-02", "--rules", "demo"), 0),
        (("rules", "book", "--rules", "demo"), 0),
        (("rules", "diff", "demo", "demo-strict"), 0),
        (("rules", "burden", "demo"), 0),
        (("rules", "sources", "--rules", "demo"), 0),
        (("rules", "export", "--rules", "demo", "-o", "demo.xlsx"), 0),
        (("rules", "new", "demo-2027", "--from", "demo"), 0),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_helps_to_mend_it_works(command: tuple[str, ...], code: int, demo: Path, cli: Run) -> None:
    assert cli(*command).code == code


def test_the_python_door_says_what_is_wrong(demo: Path) -> None:
    with pytest.raises(FilesHaveProblems) as refused:
        load_ruleset("demo")
    assert {p.code for p in refused.value.problems} == {"E401"}
    loaded = load_states(["shi.yaml"])
    assert not loaded.states and {p.code for p in loaded.problems} == {"E401"}


@pytest.fixture
def proofs(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The rulesets that were proved, in turn."""
    made, flaws = list[str](), check.flaws
    monkeypatch.setattr(check, "flaws", lambda ruleset: (made.append(ruleset.id), flaws(ruleset))[1])
    yield made


def test_it_is_proved_once_for_what_its_files_hold(tmp_path: Path, demo: Path, proofs: list[str]) -> None:
    cache, strict = tmp_path / "cache", tmp_path / "rules" / "demo-strict"
    assert find_ruleset("demo-strict", cache=cache)[0] is None and find_ruleset("demo", proved=False, cache=cache)[0]
    assert proofs == ["demo-strict"] and not list(cache.glob("demo-*"))
    text = (demo / "LAM.yaml").read_text(encoding="utf-8")
    (demo / "LAM.yaml").write_text(text.replace("A: 2, B: 1, C: 0", "A: 0, B: 1, C: 2"), encoding="utf-8")
    for _ in range(3):
        assert find_ruleset("demo-strict", cache=cache)[0]
    assert proofs == ["demo-strict"] * 2
    (strict / "sources.yaml").write_text("X02: {title: 新的一份, tag: L, trust: high, year: 2026}\n", encoding="utf-8")
    assert find_ruleset("demo-strict", cache=cache)[0] and proofs == ["demo-strict"] * 3


def test_the_shipped_ones_are_not_proved_at_every_start(proofs: list[str]) -> None:
    assert load_ruleset("complete-community") and find_ruleset("office-300-600")[0] and not proofs
