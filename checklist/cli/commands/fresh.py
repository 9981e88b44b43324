"""``checklist fresh``: what has gone stale, and what will within a week."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from checklist.cli.console import Exit, show
from checklist.cli.inputs import day, get_states, today
from checklist.model.expiry import SOON_DAYS


def run(
    states: Annotated[list[Path], typer.Argument(metavar="现状记录...", help="现状记录文件，或装着它们的文件夹")],
    days: Annotated[int, typer.Option("--days", metavar="天", min=0, max=36500, help="往后看几天")] = SOON_DAYS,
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="日期", help="按哪一天看；不写就是今天")] = None,
    rules: Annotated[str | None, typer.Option("--rules", metavar="编号或文件夹", help="换一套测评体系")] = None,
    width: Annotated[int | None, typer.Option("--width", metavar="列", help="屏幕宽度")] = None,
) -> int:
    """记录会过期：列出已经过期的和一周内要过期的，按地点排好，好安排重新核。"""
    from checklist.reports.assessment.freshness import freshness_screen

    loaded = get_states(states, rules)
    when = day(as_of) or today()
    for item in loaded.states:
        found = item.state.on_day(when).expiring(item.ruleset.facts, days)
        show(freshness_screen(item.ruleset, item.state, found, when, when + timedelta(days=days), item.file), width)
    return Exit.PROBLEMS if loaded.problems else Exit.DONE


COMMANDS = {"fresh": run}
