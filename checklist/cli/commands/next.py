"""``checklist next``: what to check first, as a walk."""

from __future__ import annotations

import difflib
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer

from checklist.cli.console import Exit, usage
from checklist.cli.delivery import BARE, FORMAT_HELP, deliver, format_of
from checklist.cli.inputs import example_state, one_state
from checklist.engine.walk.next_checks import next_checks
from checklist.model.numbers import POINT
from checklist.model.results.walk import EVEN, Prior
from checklist.model.rules.ruleset import Ruleset


def run(
    state: Annotated[Path | None, typer.Argument(metavar="现状记录", help="现状记录文件；不写用自带示例")] = None,
    minutes: Annotated[int, typer.Option("--minutes", metavar="分钟", min=1, help="一共有多少时间")] = 120,
    prior: Annotated[
        list[str] | None,
        typer.Option("--prior", metavar="概率", help="没核的项估计达到最好的可能，如 0.7；单独一项写 实测项=0.9"),
    ] = None,
    flag_worth: Annotated[
        float, typer.Option("--flag-worth", metavar="分", min=0, help="定下一项否决或红线按几分计")
    ] = 1.0,
    rules: Annotated[str | None, typer.Option("--rules", metavar="编号或文件夹", help="换一套测评体系")] = None,
    format: Annotated[str | None, typer.Option("--format", metavar="|".join(BARE), help=FORMAT_HELP)] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="文件", help="存成文件")] = None,
    width: Annotated[int | None, typer.Option("--width", metavar="列", help="屏幕宽度")] = None,
) -> int:
    """先核什么：在给定时间里让得分区间变窄最多的核查路线，按方法和地点分组。"""
    form = format_of(format, output, BARE)
    item, loaded = one_state(state or example_state(), rules)
    walk = next_checks(item.ruleset, item.state, minutes, _prior(prior or [], flag_worth, item.ruleset))
    from checklist.reports.assessment.walk_screen import walk_json, walk_screen

    deliver(form, output, screen=lambda: walk_screen(walk, item.file), data=lambda: walk_json(walk), width=width)
    return Exit.PROBLEMS if loaded.problems else Exit.DONE


def _prior(texts: list[str], flag_worth: float, ruleset: Ruleset) -> Prior:
    good, facts = EVEN, {}
    for text in texts:
        name, _, value = text.rpartition("=")
        chance = _chance(value)
        if not name:
            good = chance
        elif name in ruleset.facts:
            facts[name] = chance
        else:
            near = difflib.get_close_matches(name, ruleset.facts, n=1)
            usage(f"--prior：没有 {name} 这个实测项", f"是不是 {near[0]}？" if near else "看 checklist rules show")
    return Prior(good, facts, int(Fraction(str(flag_worth)) * POINT))


def _chance(text: str) -> Fraction:
    try:
        number = Fraction(Decimal(text.removesuffix("%"))) / (100 if text.endswith("%") else 1)
    except (InvalidOperation, ValueError, OverflowError):
        usage(f"--prior：概率 {text} 看不懂", "写成 0.7 或 70%")
    if not 0 <= number <= 1:
        usage(f"--prior：概率要在 0 到 1 之间：{text}")
    return number


COMMANDS = {"next": run}
