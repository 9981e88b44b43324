"""A command line gone wrong is told in Chinese."""

from __future__ import annotations

import re

import pytest

from tests.conftest import Run

TAOLI = "data/taoli/2023-04-15.yaml"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--top", "many"), "要填整数，如 80（最小 0）"),
        (("--fail-under", "八十"), "要填数字，如 80"),
        (("--quiet=1",), "--quiet 后面不写值"),
        (("--hlep",), "是不是 --help？"),
        (("--fail-on", ","), "没有写情形"),
        (("--as-of", "26-03-01"), "年份写四位"),
        (("--as-of", "2026年2月30日"), "不存在"),
    ],
)
def test_a_command_line_gone_wrong_is_told_in_chinese(arguments: tuple[str, ...], says: str, cli: Run) -> None:
    ran = cli("assess", TAOLI, *arguments)
    assert ran.code == 2 and says in ran.err
    assert not re.search(r"Invalid|not a valid|Got |Option ", ran.err)


def test_too_many_words_are_told_in_chinese(cli: Run) -> None:
    ran = cli("explain", "FAC-01", TAOLI, "多")
    assert ran.code == 2 and "多写了 多" in ran.err and "unexpected" not in ran.err
    assert "是不是 --help？" in cli("--hlep").err


def test_explain_says_when_its_two_arguments_are_swapped(cli: Run) -> None:
    ran = cli("explain", "data/hechi", "ORD-05")
    assert ran.code == 2 and "两个参数写反了" in ran.err and "checklist explain ORD-05 data/hechi" in ran.err
    assert "没有 ORD-05 这个文件" in cli("explain", "FAC-01", "ORD-05").err
