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
from tests.conftest import ROOT, Run
from tests.support.page_rules import BLOCK, PAGE, lay_out_page, of_the_page

QUOTED = [(name, text) for name, text in BLOCK.findall(PAGE) if not of_the_page(name)]
"""Parts of the rulesets in ``tests/documents``, which are checked and run as a whole."""


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The page's files in a folder of their own, which is the working folder."""
    monkeypatch.chdir(tmp_path)
    return lay_out_page(tmp_path)


def test_no_block_is_left_out() -> None:
    assert PAGE.count("```yaml") == len(BLOCK.findall(PAGE)) >= 12


@pytest.mark.parametrize(("name", "text"), QUOTED, ids=[name.removeprefix("rules/") for name, _ in QUOTED])
def test_what_the_page_quotes_stands_in_the_rules(name: str, text: str) -> None:
    assert text in (ROOT / "tests" / "documents" / name).read_text(encoding="utf-8")


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
    assert found.after.band_of_score(Fraction(84)) == "一般" and found.before.band_of_score(Fraction(84)) == "好"
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


RARE = """\
- {{id: MGT-01, title: 观感, requirement: 干净, methods: [field_inspection], points: 1, judged: {{fact: street_look}}}}
- {{id: MGT-02, title: 事故, requirement: 没有, methods: [field_inspection], points: 3,
   deduct: [{{measure: {{fact: incidents}}, points: 0.5}}], floor: 1,
   flag: {{kind: redline, opens_when: {{fact: deaths, at_least: 1}}}}}}
- {{id: MGT-03, title: 明年的, requirement: 有, methods: [materials_review], points: 2, status: {status}, met: [{{fact: has_log}}]}}
"""
COUNT = "{label: 处, type: count, unit: 处, better: lower, ask: 几处？, method: field_inspection, minutes: 5, valid_for_days: 9}"


def test_the_rare_keys_do_what_the_page_says(written: Path, cli: Run) -> None:
    """The example under 不常用的几个键, in a ruleset that is otherwise the page's."""
    demo = written / "demo"
    look = PAGE.split("# facts.yaml\n    street_look:")[1].split("    # 标准")[0]
    assert "judged: {fact: street_look}" in PAGE and "floor: 1,\n       flag: {kind: redline, opens_when" in PAGE
    with (demo / "facts.yaml").open("a", encoding="utf-8") as file:
        file.write(f"street_look:{look}incidents: {COUNT}\ndeaths: {COUNT}\n")
    (demo / "MGT.yaml").write_text(RARE.format(status="future"), encoding="utf-8")
    (demo / "cases" / "MGT.yaml").write_text(
        "- {name: 定档, given: {street_look: B}, expect: {MGT-01: {level: B}}}\n"
        "- {name: 扣到底, given: {incidents: 9, deaths: 0}, expect: {MGT-02: {points: 1, flag: clear}}}\n"
        "- {name: 碰线, given: {incidents: 1, deaths: 1}, expect: {MGT-02: {points: 2.5, flag: open}}}\n",
        encoding="utf-8",
    )
    assert cli("test", "demo").code == 0 and cli("check", "demo").code == 0
    assert [c.id for c in load_ruleset("demo").active if c.module == "MGT"] == ["MGT-01", "MGT-02"]
    (demo / "MGT.yaml").write_text(RARE.format(status="active"), encoding="utf-8")
    assert "E314" in cli("check", "demo").out
