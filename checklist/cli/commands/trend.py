"""``checklist trend``: one community over all its dated records."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checklist.cli.console import Exit, usage
from checklist.cli.delivery import FORMAT_HELP, FORMS, deliver, format_of
from checklist.cli.inputs import get_states

if TYPE_CHECKING:
    from checklist.files.loading import LoadedState


def run(
    community: Annotated[list[Path], typer.Argument(metavar="社区文件夹", help="装着这个社区历次现状记录的文件夹")],
    reassess: Annotated[
        str | None, typer.Option("--reassess", metavar="编号或文件夹", help="历次都按这一套测评体系重评")
    ] = None,
    sampling: Annotated[bool, typer.Option("--sampling", help="问卷按抽样区间（95% 置信）计分")] = False,
    top: Annotated[int, typer.Option("--top", metavar="N", min=1, help="列出前几条差距")] = 12,
    everything: Annotated[bool, typer.Option("--all", help="全部列出")] = False,
    format: Annotated[str | None, typer.Option("--format", metavar="|".join(FORMS), help=FORMAT_HELP)] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="文件", help="存成文件")] = None,
    width: Annotated[int | None, typer.Option("--width", metavar="列", help="屏幕宽度")] = None,
) -> int:
    """一个社区历次得分区间的变化、差距的增减、拖了多久、反弹率。"""
    from checklist.engine.comparing.trend import trend
    from checklist.engine.scoring.assess import assess
    from checklist.reports.changes.trend_document import trend_document
    from checklist.reports.changes.trend_json import trend_json
    from checklist.reports.changes.trend_screen import trend_screen

    form = format_of(format, output)
    loaded = get_states(community, reassess, every_day=True)
    _one_line(loaded.states)
    result = trend([assess(item.ruleset, item.state, sampling=sampling) for item in loaded.states])
    deliver(
        form,
        output,
        screen=lambda: trend_screen(result, None if everything else top),
        data=lambda: trend_json(result),
        document=lambda: trend_document(result),
        width=width,
    )
    return Exit.PROBLEMS if loaded.problems else Exit.DONE


def _one_line(states: list[LoadedState]) -> None:
    """One community, one record a day, one ruleset or one edition after the other; anything else is no line."""
    from checklist.engine.comparing.trend import follows

    names = {item.state.community.id: item.state.community.name for item in states}
    if len(names) > 1:
        usage(f"这里有 {len(names)} 个社区，这个命令一次看一个", "社区之间比，用 checklist compare")
    ordered = sorted(states, key=lambda item: item.state.as_of)
    rules = dict.fromkeys(item.ruleset.id for item in ordered)
    if len(rules) > 1 and not all(follows(one.ruleset, other.ruleset) for one, other in pairwise(ordered)):
        usage(f"历次记录用的测评体系不同：{'、'.join(rules)}", f"加 --reassess {list(rules)[-1]}，都按同一套评")
    days: dict[object, str] = {}
    for item in states:
        if item.state.as_of in days:
            usage(f"{days[item.state.as_of]} 和 {item.file} 是同一天的记录", "留一份")
        days[item.state.as_of] = item.file


COMMANDS = {"trend": run}
