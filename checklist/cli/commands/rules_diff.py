"""``checklist rules diff``: what changed from one ruleset to another."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from checklist.cli.console import Exit, render_text, show, usage, width_of, write_result
from checklist.cli.inputs import get_ruleset

FORMATS = ("screen", "json")


def run(
    before: Annotated[str, typer.Argument(metavar="原来的", help="测评体系的编号或文件夹")],
    after: Annotated[str, typer.Argument(metavar="后来的", help="测评体系的编号或文件夹")],
    format: Annotated[str, typer.Option("--format", metavar="screen|json", help="输出形式")] = "screen",
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="文件", help="存成文件")] = None,
    width: Annotated[int | None, typer.Option("--width", metavar="列", help="屏幕宽度")] = None,
) -> int:
    """两套测评体系差在哪里：新增、删去、收紧、放宽、分值变动。

    收紧还是放宽不看字面，按实测项所有可能的取值逐一断定。
    """
    from checklist.engine.rules.ruleset_difference import diff_rules
    from checklist.reports.rules.ruleset_difference import rules_diff_json, rules_diff_screen

    if format not in FORMATS:
        usage(f"没有 {format} 这种形式", f"可以写：{'、'.join(FORMATS)}")
    width_of(width)
    diff = diff_rules(get_ruleset(before), get_ruleset(after))
    if format == "json":
        write_result(rules_diff_json(diff), output)
    elif output is None:
        show(rules_diff_screen(diff), width)
    else:
        write_result(render_text(rules_diff_screen(diff), width), output)
    return Exit.DONE
