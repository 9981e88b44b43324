"""Mistakes in files, as the offending line with a mark under it, or as JSON for editors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.text import Text

from checklist.model.problems import Problem
from checklist.reports.document.prose import Prose, clean, on_one_line
from checklist.reports.formats.json_parts import contract
from checklist.values.look_alikes import spelled
from checklist.values.visible import without_passwords

MAX_EXCERPT = 100
LONG_PLACE = 60


def problems_screen(problems: Iterable[Problem]) -> RenderableType:
    """Each mistake with its place, the line as it stands, and the way out."""
    listed = list(problems)
    return Group(*(line for problem in listed for line in _problem(problem)), Text(summary(listed)))


def summary(problems: Iterable[Problem]) -> str:
    listed = list(problems)
    advice = sum(p.is_advice for p in listed)
    parts = [f"{len(listed) - advice} 处错误"] if len(listed) > advice else []
    parts += [f"{advice} 条提醒"] if advice else []
    return f"共 {'，'.join(parts)}" if parts else "没有发现错误"


def _problem(problem: Problem) -> Iterator[RenderableType]:
    style = "yellow" if problem.is_advice else "red"
    where, says = without_passwords(clean(str(problem.where))), f"{problem.code} {on_one_line(spelled(problem.says))}"
    if cell_len(where) <= LONG_PLACE:
        yield Prose(f"{where}  {says}", style)
    else:  # a path must stay whole, to be clicked or copied
        yield Text(where, style=style, no_wrap=True, overflow="ignore")
        yield Prose(says, style, indent=2)
    if problem.excerpt and problem.where.line:
        yield from _excerpt(problem)
    elif problem.hint:
        yield Prose(problem.hint, "dim", indent=4)


def _excerpt(problem: Problem) -> Iterator[RenderableType]:
    """The line, cut to what is near the mistake, and a mark under the word itself."""
    number = str(problem.where.line).rjust(5)
    start = max(0, problem.where.column - 1 - MAX_EXCERPT // 2)
    line = problem.excerpt[start : start + MAX_EXCERPT]
    before = line[: problem.where.column - 1 - start]
    yield Text(f"{number} │ {clean(line)}", no_wrap=True, overflow="crop")
    length = max(1, cell_len(problem.excerpt[problem.where.column - 1 :][: problem.length]))
    mark = " " * cell_len(clean(before)) + "^" * min(length, 40)
    yield (
        Prose(problem.hint, label=f"{' ' * len(number)} │ {mark} ")
        if problem.hint
        else Text(f"{' ' * len(number)} │ {mark}")
    )


def problems_json(problems: Iterable[Problem]) -> str:
    """One object for each mistake: file, line, column, cell, code, severity, says, hint."""
    return contract(
        {
            "problems": [
                {
                    "file": p.where.file,
                    "line": p.where.line,
                    "column": p.where.column,
                    "cell": p.where.cell,
                    "code": p.code,
                    "severity": "advice" if p.is_advice else "error",
                    "says": p.says,
                    "hint": p.hint,
                }
                for p in problems
            ],
        }
    )
