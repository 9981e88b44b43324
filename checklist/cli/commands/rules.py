"""``checklist rules``: which rulesets there are, and one criterion as the rulebook prints it."""

from __future__ import annotations

from typing import Annotated

import typer

from checklist.cli.commands import rules_book as rulebook
from checklist.cli.commands import rules_burden as ruleburden
from checklist.cli.commands import rules_diff as rulesdiff
from checklist.cli.commands import rules_new as rulenew
from checklist.cli.commands import rules_sheets as rulesheets
from checklist.cli.commands import rules_sources as rulesources
from checklist.cli.console import Exit, show, show_problems
from checklist.cli.inputs import cache_folder, get_criterion, get_ruleset
from checklist.files.loading import DEFAULT_RULESET, find_ruleset, ruleset_folders
from checklist.model.rules.ruleset import Ruleset
from checklist.reading.rules.cases import read_cases

RulesOption = Annotated[str, typer.Option("--rules", metavar="编号或文件夹", help="哪一套测评体系")]


def listing(
    context: typer.Context, width: Annotated[int | None, typer.Option("--width", metavar="列", help="屏幕宽度")] = None
) -> int:
    """看有哪些测评体系：标准、实测项、措施、用例各多少，总分多少；rules show 看某一条全文。"""
    if context.invoked_subcommand is not None:
        return Exit.DONE
    from checklist.reports.rules.criterion_page import rulesets_screen

    listed: list[tuple[Ruleset, int]] = []
    broken = False
    for folder in ruleset_folders().values():
        ruleset, problems = find_ruleset(folder, cache=cache_folder(), proved=False)
        show_problems(problems)
        if ruleset is None:
            broken = True
            continue
        listed.append((ruleset, len(read_cases(folder, ruleset)[0])))
    show(rulesets_screen(listed), width)
    return Exit.PROBLEMS if broken else Exit.DONE


def show_one(
    criterion: Annotated[str | None, typer.Argument(metavar="标准编号", help="如 FAC-01；不写就列出全部标准")] = None,
    rules: RulesOption = DEFAULT_RULESET,
    width: Annotated[int | None, typer.Option("--width", metavar="列", help="屏幕宽度")] = None,
) -> int:
    """某一条标准的全文：要求、分档、怎么核、佐证、措施、依据。"""
    from checklist.reports.rules.criterion_page import criteria_screen, criterion_screen

    ruleset = get_ruleset(rules, proved=False)
    if criterion is None:
        show(criteria_screen(ruleset), width)
    else:
        show(criterion_screen(get_criterion(ruleset, criterion), ruleset), width)
    return Exit.DONE


COMMANDS = {
    "": listing,
    "show": show_one,
    "book": rulebook.run,
    "diff": rulesdiff.run,
    "new": rulenew.run,
    "sources": rulesources.run,
    "burden": ruleburden.run,
    "export": rulesheets.run_export,
    "import": rulesheets.run_import,
}
