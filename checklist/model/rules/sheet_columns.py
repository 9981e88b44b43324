"""What a workbook of rules is made of: its sheets and columns, and what stands in a file or a cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from checklist.model.noun import noun

CellKind: TypeAlias = Literal["text", "lines", "yaml"]
Key: TypeAlias = str | int


@noun
class SheetColumn:
    """``key`` is the key in the file, dotted for a key inside a key; ``choices`` are offered as a drop-down list.
    ``words`` are the Chinese words that stand in the cells for those of the file; both are read.
    """

    heading: str
    key: str
    kind: CellKind = "text"
    width: int = 14
    needed: bool = False
    choices: tuple[str, ...] = ()
    help: str = ""
    words: Mapping[str, str] = field(default_factory=dict)

    def in_chinese(self, written: str) -> str:
        return self.words.get(written, written)

    def in_file(self, cell: str) -> str:
        """The word of the file for what stands in a cell."""
        return next((word for word, chinese in self.words.items() if chinese == cell.strip()), cell)


@noun
class RuleSheet:
    """``columns`` in the order they are written; rows without the first needed column are mistakes."""

    name: str
    columns: tuple[SheetColumn, ...]

    @property
    def key(self) -> SheetColumn:
        return next(column for column in self.columns if column.needed)


@dataclass(frozen=True, slots=True)
class RuleFileContent:
    """The content of one rule file, and the comments of its entries by key or number."""

    data: Any
    notes: Mapping[Key, str] = field(default_factory=dict)


@noun
class Placed:
    """A value and the cell that it comes from, such as ``标准!E7``."""

    value: Any
    cell: str
