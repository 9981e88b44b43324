"""``checklist rules sources``: the documents that a ruleset rests on, and which of them to look up next."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from checklist.cli.console import Exit, width_of
from checklist.cli.delivery import FORMAT_HELP, FORMS, deliver, format_of
from checklist.cli.inputs import get_ruleset, today
from checklist.files.loading import DEFAULT_RULESET


def run(
    rules: Annotated[str, typer.Option("--rules", metavar="编号或文件夹", help="哪一套测评体系")] = DEFAULT_RULESET,
    due: Annotated[bool, typer.Option("--due", help="只列接下来该查的：已被替代、过期、该再核的在前")] = False,
    format: Annotated[str | None, typer.Option("--format", metavar="|".join(FORMS), help=FORMAT_HELP)] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="文件", help="存成文件")] = None,
    width: Annotated[int | None, typer.Option("--width", metavar="列", help="屏幕宽度")] = None,
) -> int:
    """每个依据哪年发布、哪天核对过、什么时候该再核，有几条标准的数字靠它。"""
    from checklist.reports.formats.screen import screen
    from checklist.reports.rules.source_lines import sources_document, sources_json

    form = format_of(format, output)
    width_of(width)
    ruleset, day = get_ruleset(rules, proved=False), today()
    deliver(
        form,
        output,
        screen=lambda: screen(
            sources_document(ruleset, day, due), "" if due else "只看该查的：checklist rules sources --due"
        ),
        data=lambda: sources_json(ruleset, day, due),
        document=lambda: sources_document(ruleset, day, due),
        width=width,
    )
    return Exit.DONE
