"""``checklist rules diff``: what changed from one ruleset to another."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from checklist.cli.console import Exit, width_of
from checklist.cli.delivery import BARE, FORMAT_HELP, deliver, format_of
from checklist.cli.inputs import get_ruleset


def run(
    before: Annotated[str, typer.Argument(metavar="原来的", help="测评体系的编号或文件夹")],
    after: Annotated[str, typer.Argument(metavar="后来的", help="测评体系的编号或文件夹")],
    format: Annotated[str | None, typer.Option("--format", metavar="|".join(BARE), help=FORMAT_HELP)] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="文件", help="存成文件")] = None,
    width: Annotated[int | None, typer.Option("--width", metavar="列", help="屏幕宽度")] = None,
) -> int:
    """两套测评体系差在哪里：新增、删去、收紧、放宽、分值变动。

    收紧还是放宽不看字面，按实测项所有可能的取值逐一断定。
    """
    from checklist.engine.rules.ruleset_difference import diff_rules
    from checklist.reports.rules.ruleset_difference import rules_diff_json, rules_diff_screen

    form = format_of(format, output, BARE)
    width_of(width)
    diff = diff_rules(get_ruleset(before, proved=False), get_ruleset(after, proved=False))
    deliver(form, output, screen=lambda: rules_diff_screen(diff), data=lambda: rules_diff_json(diff), width=width)
    return Exit.DONE
