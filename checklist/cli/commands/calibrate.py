"""``checklist calibrate``: self-assessments against an inspector's or a third party's scores."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checklist.cli.console import Exit, show_problems, usage
from checklist.cli.delivery import FORMAT_HELP, FORMS, deliver, format_of
from checklist.cli.inputs import get_states, must_exist
from checklist.model.refusals import Refusal

if TYPE_CHECKING:
    from checklist.model.problems import Problem
    from checklist.model.results.calibration import Inspected
    from checklist.model.rules.ruleset import Ruleset


def run(
    states: Annotated[list[Path], typer.Argument(metavar="自查记录...", help="自查的现状记录文件，或装着它们的文件夹")],
    against: Annotated[
        list[Path],
        typer.Option("--against", metavar="检查结果", help="检查打分表，或检查人填的表、现状记录；可写多次"),
    ],
    days: Annotated[int, typer.Option("--days", metavar="N", min=0, help="两边日期最多差几天")] = 0,
    rules: Annotated[str | None, typer.Option("--rules", metavar="编号或文件夹", help="换一套测评体系来评")] = None,
    top: Annotated[int, typer.Option("--top", metavar="N", min=1, help="列出前几条偏松的标准")] = 12,
    everything: Annotated[bool, typer.Option("--all", help="全部列出")] = False,
    format: Annotated[str | None, typer.Option("--format", metavar="|".join(FORMS), help=FORMAT_HELP)] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="文件", help="存成文件")] = None,
    width: Annotated[int | None, typer.Option("--width", metavar="列", help="屏幕宽度")] = None,
) -> int:
    """自查和检查对一对：同一社区、同一天，各条标准一致不一致、自查偏松还是偏严。

    打分表第一行是列名：社区、日期、标准、档次（或得分）；别的列不读，检查人是谁也不读。不给人排名。
    """
    from checklist.engine.comparing.calibration import calibrate
    from checklist.engine.scoring.assess import assess
    from checklist.reports.calibration.calibration_document import calibration_document
    from checklist.reports.calibration.calibration_json import calibration_json
    from checklist.reports.formats.screen import screen

    form = format_of(format, output)
    loaded = get_states(states, rules, every_day=True)
    rulesets = {item.ruleset.id: item.ruleset for item in loaded.states}
    if len(rulesets) > 1:
        usage(f"自查记录用的测评体系不同：{'、'.join(rulesets)}", "加 --rules，都按同一套评")
    ruleset = next(iter(rulesets.values()))
    inspected, problems = _inspected(against, ruleset)
    show_problems(problems)
    result = calibrate(ruleset, [assess(ruleset, item.state) for item in loaded.states], inspected, days=days)
    if result is None:
        code = Exit.PROBLEMS if problems else Exit.NOTHING
        raise Refusal("没有一条对得上", "要同一个社区、同一天；日期差几天的加 --days 3，社区写编号或全名", code)
    hint = f"看一条怎么评的：checklist rules show {result.criteria[0].id}" if result.criteria else ""
    deliver(
        form,
        output,
        screen=lambda: screen(calibration_document(result, rosiest=None if everything else top), hint),
        data=lambda: calibration_json(result),
        document=lambda: calibration_document(result),
        width=width,
    )
    return Exit.PROBLEMS if not all(p.is_advice for p in problems) or loaded.problems else Exit.DONE


def _inspected(paths: list[Path], ruleset: Ruleset) -> tuple[list[Inspected], list[Problem]]:
    """Score sheets as they are; records are judged by the same rules first."""
    from checklist.engine.comparing.calibration import inspection_of
    from checklist.engine.scoring.assess import assess
    from checklist.model.problems import FilesHaveProblems
    from checklist.reading.lists.inspections import is_score_sheet, read_inspections
    from checklist.reading.tables.spreadsheet import BOOKS, TEXTS, read_sheets

    found: list[Inspected] = []
    problems: list[Problem] = []
    must_exist(paths)
    for path in paths:
        try:
            sheets = read_sheets(path) if path.suffix.lower() in BOOKS | TEXTS else ()
        except FilesHaveProblems as refused:
            problems += refused.problems
            continue
        if is_score_sheet(sheets):
            items, wrong = read_inspections(path, sheets, ruleset)
            found += items
            problems += wrong
        else:
            loaded = get_states([path], ruleset.id, every_day=True)
            found += [i for item in loaded.states for i in inspection_of(assess(ruleset, item.state))]
            problems += loaded.problems
    return found, problems


COMMANDS = {"calibrate": run}
