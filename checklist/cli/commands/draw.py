"""``checklist draw``: a mock inspection, drawn as inspectors draw."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checklist.cli.console import Exit
from checklist.cli.delivery import FORMAT_HELP, FORMS, deliver, format_of
from checklist.cli.drawing_options import BY_STREET, COMMUNITIES, DRAW, drawing_of, one_ruleset
from checklist.cli.inputs import day, get_states

if TYPE_CHECKING:
    from collections.abc import Mapping

    from checklist.files.loading import LoadedState
    from checklist.model.results.forecast import MockInspection


def run(
    states: Annotated[list[Path], typer.Argument(metavar="现状记录...", help="现状记录文件，或装着它们的文件夹")],
    seed: Annotated[int, typer.Option("--seed", metavar="数", help="种子：同一个数抽出来的总是一样，换个数再抽一次")],
    draw: DRAW = None,
    communities: COMMUNITIES = None,
    by: BY_STREET = None,
    risk: Annotated[bool, typer.Option("--risk", help="丢分多的、没去过的容易抽中；不写就机会均等")] = False,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="日期", help="按检查那天看（记录会过期）；可写 today")
    ] = None,
    rules: Annotated[str | None, typer.Option("--rules", metavar="编号或文件夹", help="换一套测评体系来评")] = None,
    format: Annotated[str | None, typer.Option("--format", metavar="|".join(FORMS), help=FORMAT_HELP)] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="文件", help="路线存成文件")] = None,
    forms: Annotated[
        Path | None, typer.Option("--forms", metavar="文件夹", help="抽到的社区各存一份只有这几处的填报表")
    ] = None,
    width: Annotated[int | None, typer.Option("--width", metavar="列", help="屏幕宽度")] = None,
) -> int:
    """模拟检查：照检查组的样子抽社区、抽点位，出路线，和只填这几处的填报表、手机填报的命令。

    看完写成一份现状记录，用 checklist calibrate 和自查对一对，只比抽到的点位。
    """
    from checklist.engine.forecast.draw import draw_inspection
    from checklist.reports.forecast.route_document import route_document, route_json
    from checklist.reports.formats.screen import screen

    form = format_of(format, output)
    when = day(as_of)
    loaded = get_states(states, rules)
    ruleset = one_ruleset(loaded.states)
    seen = [item.state.on_day(when) if when else item.state for item in loaded.states]
    drawn = draw_inspection(ruleset, seen, drawing_of(ruleset, seen, draw, communities, by), seed, by_risk=risk)
    files = {item.state.community.id: _place(item) for item in loaded.states}
    if forms is not None:
        _write_forms(drawn, files, forms, rules)
    deliver(
        form,
        output,
        screen=lambda: screen(route_document(drawn, files), f"换一种抽法：--seed {seed + 1}"),
        data=lambda: route_json(drawn),
        document=lambda: route_document(drawn, files),
        width=width,
    )
    return Exit.PROBLEMS if loaded.problems else Exit.DONE


def _write_forms(drawn: MockInspection, files: Mapping[str, str], folder: Path, rules: str | None) -> None:
    """One Excel form a community, of what was drawn there and is listed."""
    from checklist.cli.commands.form import run as write_form
    from checklist.cli.papers import make_folder

    make_folder(folder)
    for visit in drawn.visits:
        names = [one.site.name for one in visit.sites if one.site]
        if names or not visit.sites:
            write_form(Path(files[visit.community.id]), folder / f"{visit.community.id}.xlsx", names, rules=rules)


def _place(item: LoadedState) -> str:
    """The community's folder, or the record where it has none."""
    from checklist.keeping.folder import HEAD

    folder = Path(item.file).parent
    return str(folder if (folder / HEAD).exists() else item.file)


COMMANDS = {"draw": run}
