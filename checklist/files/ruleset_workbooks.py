"""The roof's way from a ruleset's folder to a workbook and back; whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from checklist.files.loading import locate
from checklist.files.shipped import shown_rules
from checklist.files.writing import new_folder
from checklist.model.problems import FilesHaveProblems, Problem, Where
from checklist.model.refusals import Refusal
from checklist.model.rules.ruleset import Ruleset
from checklist.model.rules.sheet_columns import RuleFileContent
from checklist.reading.rules.cases import read_cases
from checklist.reading.rules.ruleset_folder import HEAD, read_ruleset
from checklist.reading.rules.workbook.ruleset_workbook import RuleFiles, read_ruleset_workbook
from checklist.reading.yaml.comments import written
from checklist.reading.yaml.yaml_file import read_yaml
from checklist.reports.rules.rule_file_text import file_lines

CHANGES = "changes.yaml"
NO_STATE = "E331"
"""A case's state file is looked for beside the finished folder, not beside the one being put together."""


def rule_files(folder: Path) -> dict[str, RuleFileContent]:
    """Every rule file of a ruleset folder, the head first, modules in its order."""
    head = read_yaml(folder / HEAD)
    modules = [module["id"] for module in head.data.get("modules", [])]
    names = [HEAD, CHANGES, *(f"{module}.yaml" for module in modules)]
    for kind in ("facts", "actions", "cases"):
        names += [f"{kind}.yaml", *(f"{kind}/{module}.yaml" for module in modules)]
        names += sorted(f"{kind}/{path.name}" for path in (folder / kind).glob("*.yaml"))
    names.append("sources.yaml")
    there = [name for name in dict.fromkeys(names) if (folder / name).is_file()]
    return {name: written(read_yaml(folder / name), listed=name == CHANGES) for name in there}


def stop_at_wrong_cases(folder: Path, ruleset: Ruleset) -> None:
    """Raises FilesHaveProblems: what is no case has no place in a row of a sheet."""
    _stop_at_mistakes(p for p in read_cases(folder, ruleset, shown_rules(folder))[1] if p.code != NO_STATE)


@dataclass(frozen=True, slots=True)
class Imported:
    """What a workbook became: advice about it, and how many files were written."""

    id: str
    advice: tuple[Problem, ...]
    files: int


def import_workbook(workbook: Path, target: Path) -> Imported:
    """The ruleset in a workbook as a new folder ``target``.

    Raises FilesHaveProblems with every mistake, each at its sheet and cell; Refusal when the folder is taken.
    """
    found = read_ruleset_workbook(workbook)
    if not found.id and not any(not p.is_advice for p in found.problems):
        found.problems.append(Problem(Where(str(workbook), cell="体系"), "E202", "“体系”表里缺少“编号”", "补上这一行"))
    _stop_at_mistakes(found.problems)
    if target.resolve().name != found.id:
        says = f"工作簿里的编号是 {found.id}，文件夹名是 {target.resolve().name}"
        raise Refusal(says, f"写成 -o {target.parent / found.id}，或改工作簿里的编号")
    with new_folder(target) as place:
        lines = dict(_write(found, place))
        cells = _Cells(workbook, place, lines)
        problems = [cells.moved(p) for p in cells.once(_problems(place))]
        _stop_at_mistakes([*found.problems, *problems])
    return Imported(found.id, tuple(p for p in (*found.problems, *problems) if p.is_advice), len(lines))


def _stop_at_mistakes(problems: Iterable[Problem]) -> None:
    listed = list(problems)
    if any(not p.is_advice for p in listed):
        raise FilesHaveProblems(listed)


def _write(found: RuleFiles, place: Path) -> Iterator[tuple[str, list[str]]]:
    """Writes every file; yields its name and the cell that each line comes from."""
    for name, file in found.files.items():
        lines = list(file_lines(file.entries, file.notes)) or [("[]", "")]
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(f"{text}\n" for text, _ in lines), encoding="utf-8", newline="\n")
        yield name, [cell for text, cell in lines for _ in text.split("\n")]


def _problems(place: Path) -> Iterator[Problem]:
    ruleset, problems = read_ruleset(place, locate)
    yield from problems
    if ruleset is not None:
        yield from (p for p in read_cases(place, ruleset, str(place))[1] if p.code != NO_STATE)


@dataclass(frozen=True, slots=True)
class _Cells:
    """From lines of the files in ``place`` back to the cells of the workbook that they were made from."""

    workbook: Path
    place: Path
    lines: Mapping[str, list[str]]

    def cell(self, name: str, line: int) -> str:
        """The cell of a line; the nearest one above when it has none of its own."""
        above = self.lines.get(name, [])[: max(line, 1)]
        return next((cell for cell in reversed(above) if cell), "")

    def moved(self, problem: Problem) -> Problem:
        """The same mistake at its cell, also where its words name another line."""
        cell = self.cell(self.name(problem.where.file), problem.where.line)
        return Problem(
            Where(str(self.workbook), cell=cell), problem.code, self.words(problem.says), self.words(problem.hint)
        )

    def words(self, text: str) -> str:
        lines = re.escape(str(self.place)) + r"[/\\](\S+) 第 (\d+) 行"
        text = re.sub(lines, lambda m: f"{self.cell(self.name(m[1]), int(m[2]))} ", text)
        return text.replace(str(self.place), self.workbook.name)

    def name(self, file: str) -> str:
        """The path inside the folder, as ``lines`` has it."""
        return Path(file.removeprefix(str(self.place)).lstrip("/\\")).as_posix()

    def once(self, problems: Iterable[Problem]) -> Iterator[Problem]:
        """A value that is neither a number nor a percentage is one mistake, not two."""
        seen: set[tuple[str, int]] = set()
        for problem in problems:
            at = (problem.where.file, problem.where.line)
            if problem.code == "E201":
                seen.add(at)
            if problem.code != "E206" or at not in seen:
                yield problem
