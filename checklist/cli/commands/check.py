"""``checklist check``: every mistake in rule and state files, all in one run."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from checklist.cli.console import Exit, show, tell, usage, width_of, write_result
from checklist.cli.inputs import cache_folder, today
from checklist.engine.analysis.check import analyse
from checklist.files.loading import find_ruleset, load_states, locate, ruleset_folders
from checklist.files.picking import pick
from checklist.files.shipped import HEAD, opened_rules, shown_rules
from checklist.model.problems import Problem, in_order
from checklist.model.refusals import Refusal
from checklist.reading.rules.cases import read_cases
from checklist.reading.yaml.yaml_file import read_yaml

FORMATS = ("screen", "json")


def run(
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[规则或现状记录]...", help="测评体系的编号或文件夹、现状记录文件或文件夹；不写就查自带的规则"
        ),
    ] = None,
    format: Annotated[str, typer.Option("--format", metavar="screen|json", help="json 供编辑器使用")] = "screen",
    width: Annotated[int | None, typer.Option("--width", metavar="列", help="屏幕宽度")] = None,
) -> int:
    """检查规则和现状记录写错没有：所有错误一次列全，带行号、原文和改法。"""
    if format not in FORMATS:
        usage(f"没有 {format} 这种形式", f"可以写：{'、'.join(FORMATS)}")
    width_of(width)
    looked = [problems_in(target) for target in (targets or list(ruleset_folders()))]
    problems = in_order(p for found in looked for p in found or ())
    nothing = all(found is None for found in looked)
    if format == "json":
        from checklist.reports.intake.mistakes import problems_json

        write_result(problems_json(problems), None)
    elif not nothing:
        from checklist.reports.intake.mistakes import problems_screen

        show(problems_screen(problems), width)
    if nothing:
        return Exit.NOTHING
    return Exit.PROBLEMS if any(not p.is_advice for p in problems) else Exit.DONE


def problems_in(target: str) -> list[Problem] | None:
    """Everything wrong with one target: a ruleset by id or folder, otherwise state files. None: nothing to check."""
    folder = locate(target)
    if folder is not None:
        return ruleset_problems(folder)
    path = Path(target)
    if not pick(path)[0].exists():
        raise Refusal(f"没有 {target} 这个文件、文件夹或测评体系", "用 checklist rules 看有哪些测评体系", Exit.PROBLEMS)
    if path.is_dir() and any((child / HEAD).is_file() for child in path.iterdir() if child.is_dir()):
        return [p for child in sorted(path.iterdir()) if (child / HEAD).is_file() for p in ruleset_problems(child)]
    from checklist.keeping.folder import HEAD as COMMUNITY  # not for who checks rules: a start must be quick
    from checklist.keeping.folder import community_heads, read_head

    heads = [path] if path.name == COMMUNITY and path.is_file() else community_heads(path)
    said = [problem for head in heads for problem in read_head(head)[1]]
    if heads == [path]:
        return said
    loaded = load_states([path], today=today(), cache=cache_folder(), every_day=True)
    if not loaded.states and not loaded.problems and not said:
        tell(f"{target} 里没有现状记录，也没有规则\n文件夹里只看 .yaml、.yml；别的表格写明文件名来查")
        return None
    return [*said, *loaded.problems, *loaded.advice]


def ruleset_problems(folder: Path) -> list[Problem]:
    """Mistakes in the files of a ruleset and, when it can be used, in its cases and in what it says."""
    with everything_kept():
        return _ruleset_problems(folder)


@contextmanager
def everything_kept() -> Iterator[None]:
    """Reading makes hundreds of thousands of objects that all stay: looking for garbage among them takes longer than
    reading them."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _ruleset_problems(folder: Path) -> list[Problem]:
    ruleset, problems = find_ruleset(folder, proved=False)
    if ruleset is None:
        return list(problems)
    cases, case_problems = read_cases(folder, ruleset, shown_rules(folder))
    found = analyse(ruleset, None if case_problems else cases, today())
    return [*problems, *case_problems, *with_lines(found)]


def with_lines(problems: Iterable[Problem]) -> Iterator[Problem]:
    """The line of each problem as it stands in its file, for the screen."""
    lines: dict[str, list[str]] = {}
    for problem in problems:
        file = problem.where.file
        if file not in lines:
            lines[file] = read_yaml(opened_rules(file)).lines
        found = lines.get(file, [])[problem.where.line - 1 : problem.where.line] if problem.where.line else []
        yield (
            replace(problem, excerpt=found[0], length=word_length(found[0], problem.where.column)) if found else problem
        )


def word_length(line: str, column: int) -> int:
    """How much to underline: the word that stands there, or the dash of a list and what follows it."""
    rest = line[column - 1 :]
    word = re.match(r"(- )?[^\s,{}\[\]#]+( [^\s:,{}\[\]#]+)?", rest)
    return len(word.group()) if word else 1


COMMANDS = {"check": run}
