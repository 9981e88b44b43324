"""How far the cells of one sheet reach, and the two ways in which a table is refused before it is opened."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import TypeAlias

from checklist.model.refusals import Refusal

CellRange: TypeAlias = tuple[tuple[int, int], tuple[int, int]]
"""The first and the last cell of those that are merged: row and column, from 0."""


class TooBig(Refusal):
    """The file would unpack to more than a form ever holds, or hides something that a form never has."""


class NotReadable(Refusal):
    """Not what a spreadsheet program writes: the native reader, which a wrong place can abort, must not see it."""

    def __init__(self, says: str = "不是能读的表格文件，或者已经损坏") -> None:
        super().__init__(says)


@dataclass(frozen=True, slots=True)
class Inside:
    """What a workbook says of itself that the native reader does not tell: by sheet the cells whose formula has no
    result (of an .xlsx; row and column from 0), and whether it counts its days from 1904."""

    failed: Mapping[str, Set[tuple[int, int]]] = field(default_factory=dict)
    from_1904: bool = False


class Extent:
    """The native reader holds a sheet as one dense block from its first to its last cell: these are its limits."""

    def __init__(self, rows: int, columns: int, cells: int) -> None:
        self.rows, self.columns, self.cells = rows, columns, cells
        self.height = self.width = self.count = 0

    def reach(self, row: int, column: int, count: int = 1) -> None:
        """There are ``count`` more cells, up to this row and column (from 1). Raises TooBig."""
        self.height, self.width = max(self.height, row), max(self.width, column)
        self.count += count
        if self.height > self.rows or self.width > self.columns:
            raise TooBig(f"表格太大（到第 {self.height} 行第 {self.width} 列）")
        if self.count > self.cells or self.height * self.width > self.cells * 4:
            raise TooBig("表格太大（格子太多）")
