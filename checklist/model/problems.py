"""A mistake in a file: where it stands, what is wrong and the way out. Mistakes are values, never exceptions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import field
from typing import NamedTuple

from checklist.model.noun import noun

ADVICE = "W"
"""Codes that start with this letter are advice; every other code is a mistake."""


_CELL = re.compile(r"(?:(.*)!)?([A-Z]{1,3})([0-9]{1,7})", re.DOTALL)


class Where(NamedTuple):
    """A place in a file. ``line`` and ``column`` count from 1; 0 means the file as a whole.

    ``cell`` names a spreadsheet cell such as ``填报表!D17`` and then stands for line and column.
    """

    file: str = ""
    line: int = 0
    column: int = 0
    cell: str = ""

    def __str__(self) -> str:
        if self.cell:
            return f"{self.file}!{self.cell}" if self.file else self.cell
        if not self.line:
            return self.file
        return f"{self.file}:{self.line}:{self.column}"


NOWHERE = Where()


@noun
class Problem:
    """One mistake: ``code`` (all stand in ``problem_codes``), ``says`` and a ``hint``.

    ``excerpt`` is the offending line as it stands in the file, ``length`` how many characters to underline.
    """

    where: Where
    code: str
    says: str
    hint: str = ""
    excerpt: str = field(default="", compare=False)
    length: int = field(default=1, compare=False)

    @property
    def is_advice(self) -> bool:
        return self.code.startswith(ADVICE)


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Sorted by place, each mistake once."""
    unique = {(p.where, p.code, p.says): p for p in problems}
    return tuple(unique[key] for key in sorted(unique, key=lambda key: (_place(key[0]), *key)))


def _place(where: Where) -> tuple[str, int, int, str, int, int]:
    """As one reads: a sheet row by row, B2 before A10, Z1 before AA1."""
    cell = _CELL.fullmatch(where.cell)
    sheet, column, row = (cell[1] or "", len(cell[2]), int(cell[3])) if cell else ("", 0, 0)
    return (where.file, where.line, where.column, sheet, row, column)


class FilesHaveProblems(Exception):
    """Raised by the Python API when a ruleset or state cannot be used; carries every problem found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = in_order(problems)
        super().__init__("\n".join(f"{p.where}  {p.code} {p.says}" for p in self.problems))
