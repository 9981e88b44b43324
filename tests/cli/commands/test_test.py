"""``checklist test``: failures as a rule author reads them, what no case holds, mutants, exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bad.test_rules import laid_out
from tests.conftest import Run

WRONG = """- name: 一处没做完，应到 B
  given: {todo: 2}
  expect: {M-01: {level: B, points: 0.66}}
- name: 全做完了也不给档
  given: {todo: 0, done: false}
  expect: {M-01: {level: none}, K-01: {outcome: met}}
"""
THOROUGH = """- name: 零处，得 A
  given: {todo: 0, done: true}
  expect: {M-01: {level: A, points: 1}, K-01: {level: A, points: 1}}
- name: 一处，到 B
  given: {todo: 1, done: false}
  expect: {M-01: {level: B, points: 0.66}, K-01: {level: none}}
- name: 两处，到 C
  given: {todo: 2}
  expect: {M-01: {level: C, points: 0.33}}
- name: 三处，不得分
  given: {todo: 3}
  expect: {M-01: {level: none}}
"""


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / laid_out(tmp_path)
    monkeypatch.chdir(tmp_path)
    return folder


def test_failures_say_what_was_expected_what_came_and_why(
    cli: Run, small: Path, golden: Callable[[str, str], None]
) -> None:
    (small / "cases" / "wrong.yaml").write_text(WRONG, encoding="utf-8")
    ran = cli("test", "rules/small")
    assert (ran.code, ran.err) == (1, "")
    golden("test-failures-80.txt", ran.out)


def test_what_no_case_holds_and_mutants_that_live(cli: Run, small: Path, golden: Callable[[str, str], None]) -> None:
    ran = cli("test", "rules/small", "--mutate")
    assert ran.code == 1
    golden("test-mutate-80.txt", ran.out)


def test_a_full_set_of_cases_lets_no_mutant_live(cli: Run, small: Path) -> None:
    (small / "cases" / "all.yaml").write_text(THOROUGH, encoding="utf-8")
    ran = cli("test", "rules/small", "--mutate", "--strict", "--width", "160")
    assert ran.code == 0 and "漏掉 0 处" in ran.out and "每一档、每条门槛都有用例" in ran.out


def test_a_mutant_that_only_a_failing_case_would_notice_lives(cli: Run, small: Path) -> None:
    (small / "cases" / "all.yaml").write_text(THOROUGH.replace("level: C", "level: B"), encoding="utf-8")
    found = json.loads(cli("test", "rules/small", "--mutate", "--format", "json").out)["rulesets"][0]
    assert [f["criterion"] for f in found["failures"]] == ["M-01"]
    assert any("C 档" in s["says"] for s in found["survivors"])


def test_thin_cases_fail_only_when_asked(cli: Run, small: Path) -> None:
    assert cli("test", "rules/small").code == 0
    assert cli("test", "rules/small", "--strict").code == 1


def test_without_cases_or_with_broken_rules(cli: Run, small: Path) -> None:
    (small / "cases" / "all.yaml").unlink()
    assert cli("test", "rules/small").code == 5
    (small / "facts.yaml").write_text("done: {label: 甲}\n", encoding="utf-8")
    ran = cli("test", "rules/small")
    assert ran.code == 3 and "E202" in ran.err
    assert cli("test", "rules/smal").code == 2


@pytest.mark.slow
def test_shipped_rules_leave_nothing_untouched_and_no_mutant_alive(cli: Run) -> None:
    ran = cli("test", "--mutate", "--strict", "--format", "json")
    assert ran.code == 0
    rulesets = json.loads(ran.out)["rulesets"]
    for found in rulesets:
        assert found["failures"] == found["untouched"] == found["survivors"] == []
        made, equal = found["mutants"]["made"], found["mutants"]["equal"]
        assert found["cases"] and (made > equal or not made)
    # only a tailoring that changes no criterion of its own has nothing to mutate
    assert [found["ruleset"] for found in rulesets if not found["mutants"]["made"]] in ([], ["core-only"])
