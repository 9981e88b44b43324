"""``checklist test``: the cases beside a ruleset, and how well they hold it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checklist.cli.console import Exit, show_problems, tell, usage, width_of
from checklist.cli.delivery import BARE, deliver, format_of
from checklist.files.loading import find_ruleset, locate, near_ruleset, ruleset_folders
from checklist.files.shipped import shown_rules
from checklist.reading.rules.cases import read_cases

if TYPE_CHECKING:
    from checklist.reports.rules.trial_screen import Trial


def run(
    targets: Annotated[
        list[str] | None,
        typer.Argument(metavar="[规则]...", help="测评体系的编号或文件夹；不写就跑手头所有的"),
    ] = None,
    mutate: Annotated[
        bool, typer.Option("--mutate", help="把每条门槛挪一步、每个选项增减一个，看用例发现不发现")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="有一档或一条门槛没有用例守着，也算没过")] = False,
    format: Annotated[str | None, typer.Option("--format", metavar="|".join(BARE), help="输出形式")] = None,
    width: Annotated[int | None, typer.Option("--width", metavar="列", help="屏幕宽度")] = None,
) -> int:
    """跑规则旁边的用例：没通过的说明应为什么、实为什么、为什么，并列出没有用例守着的档次和门槛。

    退出码：0 都通过，1 有用例没通过（或 --mutate 有漏掉的改动），3 规则或用例文件有错，5 没有用例。
    """
    form = format_of(format, None, BARE)
    from checklist.reports.rules.trial_screen import trials_json, trials_screen

    width_of(width)
    done: list[Trial] = []
    broken = False
    for folder in [_folder(target) for target in targets] if targets else list(ruleset_folders().values()):
        trial = _trial(folder, mutate)
        broken = broken or trial is None
        done += [trial] if trial else []
    deliver(form, None, screen=lambda: trials_screen(done), data=lambda: trials_json(done), width=width)
    return _code(done, broken, strict)


def _code(done: list[Trial], broken: bool, strict: bool) -> Exit:
    if broken:
        return Exit.PROBLEMS
    if not any(trial.cases for trial in done):
        tell("没有用例。在规则文件夹的 cases/ 里写")
        return Exit.NOTHING
    failed = any(trial.failures or trial.survey.survivors or (strict and trial.survey.untouched) for trial in done)
    return Exit.GATE if failed else Exit.DONE


def _folder(target: str) -> Path:
    folder = locate(target)
    if folder is None:
        usage(f"没有这个测评体系 {target}", near_ruleset(target))
    return folder


def _trial(folder: Path, mutate: bool) -> Trial | None:
    """None when the rules or the cases have mistakes, which then stand on stderr."""
    from checklist.engine.rules.case_coverage import survey
    from checklist.engine.rules.trial import failures
    from checklist.reports.rules.trial_screen import Trial

    ruleset, problems = find_ruleset(folder, proved=False)
    cases, case_problems = read_cases(folder, ruleset, shown_rules(folder)) if ruleset else ((), ())
    wrong = [p for p in (*problems, *case_problems) if not p.is_advice]
    show_problems(wrong)
    if ruleset is None or wrong:
        return None
    failed = tuple(failures(ruleset, cases))
    return Trial(ruleset, len(cases), failed, survey(ruleset, cases, mutate=mutate), mutate)


COMMANDS = {"test": run}
