"""Narrow terminals and hostile names: nothing is cut off, nothing breaks a line it should not."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.table import Table

from checklist import Ruleset, assess, explain
from checklist.cli.console import render_text
from checklist.engine.comparing.compare import stand
from checklist.model.results.assessment import ModuleResult, Tally
from checklist.model.rules.ruleset import Module
from checklist.model.state import Community, NotApplicable
from checklist.reports.assessment.assessment_screen import View, assessment_screen
from checklist.reports.assessment.explanation_screen import explanation_screen
from checklist.reports.assessment.list_screen import list_screen
from checklist.reports.assessment.module_table import modules_table
from checklist.reports.document.prose import Pieces, Prose, clean, on_one_line
from checklist.reports.language.community_profile import community_name
from checklist.reports.language.names import named
from tests.conftest import Run
from tests.support.strategies import DAY, state_of

# Joining marks take the cell of another character; what is tested here is the text that stands by itself.
LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Mn", "Me", "Mc", "Cn", "Co"))
WORDS = st.text(st.sampled_from("社区（示例）、。：FAC-01～ 9.5%\n") | LETTERS, max_size=60)
WIDTHS = st.integers(4, 20)
HOSTILE = "桃李\r\n社区\x1b[31m\t\u2028红\u202e\x85\x00"


def drawn(renderable: RenderableType, width: int) -> str:
    stream = StringIO()
    Console(file=stream, width=width, color_system=None, markup=False, highlight=False).print(renderable)
    return stream.getvalue()


def solid(text: str) -> str:
    return "".join(clean(text).split())


@given(WORDS, WORDS, st.integers(0, 12), WIDTHS)
def test_prose_never_loses_a_character(text: str, label: str, indent: int, width: int) -> None:
    label = on_one_line(label)
    shown = drawn(Prose(text, label=label, indent=indent), width)
    assert solid(shown) == solid(label + text)
    assert max(map(cell_len, shown.split("\n"))) <= width


@given(WORDS, WIDTHS)
def test_prose_in_a_table_cell_never_loses_a_character(text: str, width: int) -> None:
    table = Table(box=None, padding=0, show_header=False)
    table.add_row(Prose(text, label="× "))
    assert solid(drawn(table, width)) == solid(f"× {text}")


@pytest.mark.slow
@given(st.lists(WORDS.map(on_one_line).filter(bool), min_size=1, max_size=6), st.integers(0, 6), WIDTHS)
def test_pieces_never_lose_a_character(pieces: list[str], indent: int, width: int) -> None:
    shown = drawn(Pieces(pieces, indent=indent), width)
    assert solid(shown) == solid("".join(pieces))
    assert max(map(cell_len, shown.split("\n"))) <= width


def counted(points: int) -> Tally:
    outcomes = {"met": 120, "partly": 7, "unmet": 31, "unknown": 4, "not_applicable": 0}
    return Tally(points // 3, points // 2, points, points // 4, outcomes)  # type: ignore[arg-type]


@pytest.mark.parametrize("width", [40, 60, 77, 80, 120])
def test_the_modules_are_whole_at_any_width(width: int) -> None:
    title = "一个名字特别长特别长的模块、长得一行放不下"
    results = [ModuleResult(Module("ENV", "环境卫生", 1), counted(130_000))]
    results.append(ModuleResult(Module("LONGNAME", title, 1), counted(99_999_990_000)))
    shown = drawn(modules_table(results), width)
    assert max(map(cell_len, shown.split("\n"))) <= width and "…" not in shown
    assert title in solid(shown) and "4.3～6.5/13.0" in shown and "3333333.0～4999999.5/9999999.0" in solid(shown)
    assert re.findall(r"\b(120|7|31|4)\b", shown.replace("4.3", "")) == ["120", "7", "31", "4"] * 2


def result_lines(out: str) -> list[str]:
    """All but the commands to copy, which are never wrapped."""
    return [line for line in out.split("\n") if "：checklist " not in line]


@pytest.mark.many
@pytest.mark.parametrize("width", ["40", "60"])
@pytest.mark.parametrize("arguments", [("assess", "data/beimen", "--all"), ("assess", "data"), ("rules",)])
def test_a_narrow_screen_loses_nothing(arguments: tuple[str, ...], width: str, cli: Run) -> None:
    narrow, wide = (result_lines(cli(*arguments, "--width", cells).out) for cells in (width, "160"))
    assert max(map(cell_len, narrow)) <= int(width)
    text = solid("".join(narrow))
    assert "…" not in text
    words = set(re.findall(r"[A-Z]{3}-\d\d|\d+\.\d+|\d+%|[\u4e00-\u9fff]+（[\u4e00-\u9fff]+）", "\n".join(wide)))
    assert words and not [word for word in words if word not in text]


def test_an_ended_declaration_is_told_and_its_criterion_judged(ruleset: Ruleset) -> None:
    ended = NotApplicable("NBR-02", "门前没有商铺", DAY - timedelta(days=1))
    still = NotApplicable("NBR-03", "门前没有路", DAY)
    gone = NotApplicable("OLD-99", "没有这条", DAY - timedelta(days=9))
    declared = {d.criterion: d for d in (ended, still, gone)}
    result = assess(ruleset, replace(state_of(ruleset, {}), not_applicable=declared))
    assert result.finding("NBR-02").outcome == "unknown" and result.finding("NBR-03").outcome == "not_applicable"
    shown = render_text(assessment_screen(result, View()), 120)
    assert f"不适用声明已到期 1 条：NBR-02（{ended.until} 到期）" in shown
    told = render_text(explanation_screen(result, explain(result, "NBR-02"), "data"), 120)
    assert f"不适用声明：{ended.until} 到期" in told and "门前没有商铺" in told
    assert "不适用声明" not in render_text(explanation_screen(result, explain(result, "NBR-03"), "data"), 120)


def test_nothing_is_said_of_declarations_that_hold(ruleset: Ruleset) -> None:
    state = replace(state_of(ruleset, {}), not_applicable={"NBR-02": NotApplicable("NBR-02", "没有", date(2030, 1, 1))})
    assert "到期" not in render_text(assessment_screen(assess(ruleset, state), View()), 80)


def test_a_hostile_name_stays_on_its_line(ruleset: Ruleset) -> None:
    state = replace(state_of(ruleset, {}), community=Community("x", HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE))
    result = assess(ruleset, state)
    name = "桃李 社区[31m 红"
    screens: list[Callable[[], str]] = [
        lambda: render_text(assessment_screen(result, View()), 160),
        lambda: render_text(list_screen([result], ["x"]), 160),
        lambda: render_text(explanation_screen(result, explain(result, "NBR-02"), "x"), 160),
        lambda: named(stand(ruleset, state).community),
        lambda: community_name(result),
    ]
    for screen in screens:
        shown = screen()
        assert name in shown and not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e]", shown)
