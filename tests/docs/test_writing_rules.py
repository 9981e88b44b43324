"""Every piece of YAML in docs/writing-rules.md, put together as the page says, is a ruleset without mistakes."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest

from checklist import load_ruleset
from checklist.engine.rules.ruleset_difference import diff_rules
from checklist.engine.rules.trial import run
from checklist.reading.rules.cases import read_cases
from tests.conftest import Run
from tests.support.page_rules import BLOCK, PAGE, lay_out_page


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The page's files in a folder of their own, which is the working folder."""
    monkeypatch.chdir(tmp_path)
    return lay_out_page(tmp_path)


def test_no_block_is_left_out() -> None:
    assert PAGE.count("```yaml") == len(BLOCK.findall(PAGE)) >= 12


@pytest.mark.parametrize("name", ["demo", "demo-strict"])
def test_the_page_makes_a_ruleset_without_mistakes(name: str, written: Path, cli: Run) -> None:
    ran = cli("check", name)
    assert (ran.code, ran.out.strip()) == (0, "没有发现错误")
    ruleset = load_ruleset(name)
    cases, problems = read_cases(written / name, ruleset)
    assert cases and not problems and list(run(ruleset, cases)) == []


def test_the_tailoring_does_what_the_page_says(written: Path) -> None:
    found = diff_rules(load_ruleset("demo"), load_ruleset("demo-strict"))
    assert [(c.after.id, c.direction, c.why, c.points_moved) for c in found.changed] == [
        ("LAM-01", "tightened", "街道约定亮灯率 98%", 0),
        ("LAM-02", "same", "暗角改由物业和街道一起管，分值降一点", -5_000),
    ]
    assert found.after.band(Fraction(84)) == "一般" and found.before.band(Fraction(84)) == "好"
    assert [c.id for c in found.dropped] == ["MGT-03"]


def test_the_commands_of_the_page_work(written: Path, cli: Run) -> None:
    commands = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]
    assert len(commands) == 6
    for command in commands:
        assert cli(*command.split()[1:]).code == 0, command
    assert load_ruleset("demo-2027").edition == "2026 年版"
    assert (written.parent / "手册" / "demo.html").is_file()


def test_every_type_scale_and_effect_is_on_the_page() -> None:
    from checklist.reading.rules.criterion_shapes import MeasureShape
    from checklist.reading.rules.ruleset_shapes import EffectShape
    from checklist.reading.rules.scales import SCALES

    for word in (*SCALES, *EffectShape.model_fields, *MeasureShape.model_fields):
        assert f"{word}:" in PAGE, word
    for word in ("bool", "count", "number", "ratio", "choice", "set", "date"):
        assert f"| `{word}` |" in PAGE
