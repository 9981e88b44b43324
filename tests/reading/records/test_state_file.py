"""A record gone wrong: every mistake at its place, with the way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from checklist.model.rules.ruleset import Ruleset
from tests.conftest import Run

HEAD = "community: {id: x, name: 测试社区}\nruleset: civilized-city-community\nas_of: 2026-03-01\n"


def told(cli: Run, folder: Path, text: str) -> str:
    """All that ``check`` says of a record with this text after its head, without the line breaks."""
    (folder / "a.yaml").write_text(text, encoding="utf-8")
    ran = cli("check", folder / "a.yaml", "--width", "200")
    assert ran.code == 3, ran
    return ran.out.replace("\n", "")


@pytest.mark.parametrize(
    ("fact", "says"),
    [
        ("社区办公服务用房面积: 60", "是不是 office_area_m2（社区办公服务用房面积）？"),
        ("办公服务用房: 60", "是不是 office_area_m2（社区办公服务用房面积）？"),
        ("社区办公服务用房的面积: 60", "是不是 office_area_m2（社区办公服务用房面积）？"),
        ("ofice_area_m2: 60", "是不是 office_area_m2（社区办公服务用房面积）？"),
        ("office_area_m2: 60 平方米", "去掉单位、逗号、引号"),
        ('office_area_m2: "60"', "去掉单位、逗号、引号"),
        ("households: 1,200", "去掉单位、逗号、引号"),
        ("households: 很多", "现在是“很多”"),
        ("households: [1, 2]", "现在是一个列表"),
        ("households: {}", "括号里什么也没有写"),
        ("households: {unknown: }", "unknown 后面没有写原因"),
    ],
)
def test_a_fact_gone_wrong_shows_the_way_out(fact: str, says: str, cli: Run, tmp_path: Path) -> None:
    assert says in told(cli, tmp_path, f"{HEAD}facts:\n  {fact}\n")


def test_words_of_yes_and_no_are_led_to_true_and_false(cli: Run, tmp_path: Path, ruleset: Ruleset) -> None:
    fact = next(f for f in ruleset.facts.values() if f.type == "bool")
    out = told(cli, tmp_path, f"{HEAD}facts:\n  {fact.id}: 是\n")
    assert "只能写 true 或 false" in out and "是写 true，否写 false" in out and "应填是" not in out


@pytest.mark.parametrize(
    ("head", "usable"),
    [
        (HEAD.replace("id: x, ", ""), False),
        (HEAD.replace("2026-03-01", "三月"), False),
        (HEAD + "not_applicable:\n  NBR-02: 没有市场\n", True),
        (HEAD + "not_applicable: 无\n", True),
    ],
)
def test_a_mistake_at_the_top_does_not_hide_those_below(head: str, usable: bool, cli: Run, tmp_path: Path) -> None:
    out = told(cli, tmp_path, head + "facts:\n  ofice_area_m2: 60\n  households: 很多\n  office_area_m2: 60\n")
    assert "E204" in out and "E211" in out and "共 3 处错误" in out
    ran = cli("assess", tmp_path / "a.yaml")
    assert ran.code == 3 and ("FAC-01" in ran.out) is usable


def test_a_reason_alone_is_shown_how_to_be_written(cli: Run, tmp_path: Path) -> None:
    out = told(cli, tmp_path, HEAD + "not_applicable:\n  NBR-02: 没有市场\n")
    assert "写成 NBR-02: {reason: 没有市场}" in out
