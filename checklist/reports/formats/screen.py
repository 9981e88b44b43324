"""A document on the terminal: text that wraps as Chinese does, tables that never lose a character."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Table as Grid
from rich.text import Text as Line

from checklist.reports.document.document import (
    Block,
    Bullets,
    Column,
    Content,
    Document,
    Heading,
    Table,
    Text,
    cell_text,
)
from checklist.reports.document.prose import Pieces, Prose, clean, on_one_line
from checklist.reports.document.tidied import tidied_table

NARROWEST: Final = 8
"""The fewest cells for a column of text; where they do not fit, each row becomes lines of its own."""


def screen(document: Document, hint: str = "") -> RenderableType:
    """Headings are bold, notes dim; charts are left out. ``hint`` is the next command to try."""
    end = [Line(hint, style="dim")] if hint else []
    return Group(Line(on_one_line(document.title), style="bold"), *_parts(document.parts), *end)


def _parts(parts: Sequence[Block]) -> Iterator[RenderableType]:
    for part in parts:
        match part:
            case Heading(text):
                yield Line()
                yield Line(on_one_line(text), style="bold")
            case Text(text, command=True):
                yield Line(on_one_line(text), no_wrap=True, overflow="ignore")
            case Text(text, lead):
                yield Prose(text, "red" if part.warn else "dim" if part.note else "", label=lead)
            case Bullets(items):
                yield from (Prose(item, label="· ", indent=2) for item in items)
            case Table() if part.only != "sheets":
                yield from table_lines(part)


def table_screen(table: Table) -> RenderableType:
    """One table by itself, with how many rows it has."""
    return Group(*table_lines(tidied_table(replace(table, title=f"{table.title}（{len(table.rows)} 行）"))))


def table_lines(table: Table) -> Iterator[RenderableType]:
    """``empty`` where there is no row."""
    shown = table.on("pages")
    if shown.title:
        yield Line(on_one_line(shown.title), style="bold")
    yield FoldingRows(shown) if shown.rows else Line(f"{shown.empty}。", style="dim")


class FoldingRows:
    """A table with its numbers at the right; a terminal too narrow for it gets each row as lines under its first cells."""

    def __init__(self, table: Table) -> None:
        self.columns = table.columns
        self.rows = [tuple(map(_text, table.columns, row)) for row in table.rows]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if sum(map(self._least, range(len(self.columns)))) <= options.max_width:
            yield self._grid()
            return
        heads = max(1, next((n for n, column in enumerate(self.columns) if not _folds(column)), 1))
        for row in self.rows:
            yield Prose(" ".join(filter(None, row[:heads])), "bold")
            told = zip(self.columns[heads:], row[heads:], strict=True)
            yield Pieces((f"{column.title} {text}" for column, text in told if text), indent=2, hang=0)

    def _least(self, n: int) -> int:
        texts = [self.columns[n].title, *(row[n] for row in self.rows)]
        widest = max(cell_len(line) for text in texts for line in text.split("\n")) + 2
        return min(widest, NARROWEST + 2) if _folds(self.columns[n]) else widest

    def _grid(self) -> Grid:
        grid = Grid(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
        for column in self.columns:
            folds = _folds(column)
            grid.add_column(Line(clean(column.title)), justify="left" if folds else "right", no_wrap=not folds)
        for row in self.rows:
            cells = zip(self.columns, row, strict=True)
            grid.add_row(*(Prose(text) if _folds(column) else Line(text) for column, text in cells))
        return grid


def _folds(column: Column) -> bool:
    return column.kind in ("text", "link", "choice")


def _text(column: Column, cell: Content) -> str:
    return clean(cell_text(column, cell))
