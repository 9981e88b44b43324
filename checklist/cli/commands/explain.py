"""``checklist explain``: why one criterion came out as it did."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from checklist.cli.console import Exit, show, usage
from checklist.cli.inputs import day, example_state, get_criterion, one_state


def run(
    criterion: Annotated[str, typer.Argument(metavar="标准编号", help="如 FAC-01")],
    state: Annotated[
        Path | None, typer.Argument(metavar="现状记录", help="现状记录文件或社区文件夹；不写用自带示例")
    ] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="日期", help="按哪一天看；可写 today")] = None,
    rules: Annotated[str | None, typer.Option("--rules", metavar="编号或文件夹", help="换一套测评体系来评")] = None,
    everything: Annotated[bool, typer.Option("--all", help="点位多的，全部列出")] = False,
    width: Annotated[int | None, typer.Option("--width", metavar="列", help="屏幕宽度")] = None,
) -> int:
    """看懂某一条为什么是这个结论：每一档的条件、记录在哪一行、依据什么、怎么改最省力。"""
    from checklist.engine.scoring.assess import assess
    from checklist.engine.scoring.explain import explain
    from checklist.reports.assessment.explanation_screen import explanation_screen
    from checklist.reports.language.site_phrases import WORST

    if state is not None and not state.exists() and Path(criterion).exists():
        usage("两个参数写反了", f"先写标准，再写现状记录：checklist explain {state} {criterion}")
    item, loaded = one_state(state or example_state(), rules)
    wanted = get_criterion(item.ruleset, criterion)
    assessment = assess(item.ruleset, item.state, as_of=day(as_of))
    top = None if everything else WORST
    show(explanation_screen(assessment, explain(assessment, wanted.id), item.file, top), width)
    return Exit.PROBLEMS if loaded.problems else Exit.DONE


COMMANDS = {"explain": run}
