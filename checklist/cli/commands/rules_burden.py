"""``checklist rules burden``: what rulesets ask of a community a month."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from checklist.cli.console import Exit, width_of
from checklist.cli.delivery import FORMAT_HELP, FORMS, deliver, format_of
from checklist.cli.inputs import get_ruleset
from checklist.files.loading import DEFAULT_RULESET


def run(
    rules: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[测评体系]...", help="编号或文件夹，可以写几套，看合在一起是多少；不写就是自带的那一套"
        ),
    ] = None,
    format: Annotated[str | None, typer.Option("--format", metavar="|".join(FORMS), help=FORMAT_HELP)] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="文件", help="存成文件")] = None,
    width: Annotated[int | None, typer.Option("--width", metavar="列", help="屏幕宽度")] = None,
) -> int:
    """一套测评体系一个月要社区做多少：核查的分钟、照片、材料、会议、牌子，哪些标准只凭痕迹。"""
    from checklist.engine.rules.asking import burden, together
    from checklist.reports.formats.screen import screen
    from checklist.reports.rules.burden_document import burden_document, burden_json

    form = format_of(format, output)
    width_of(width)
    rulesets = [get_ruleset(name, proved=False) for name in dict.fromkeys(rules or [DEFAULT_RULESET])]
    burdens, every = [burden(ruleset) for ruleset in rulesets], together(rulesets)
    hint = "减负的本地细则：checklist rules diff civilized-city-community burden-light"
    deliver(
        form,
        output,
        screen=lambda: screen(burden_document(burdens, every), hint),
        data=lambda: burden_json(burdens, every),
        document=lambda: burden_document(burdens, every),
        width=width,
    )
    return Exit.DONE
