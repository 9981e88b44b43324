"""A web page that calls itself ``.xls``: what many government systems export. Its tables as rows of cells.

Only tags and text are looked at, in one pass over the text; nothing is fetched, run or laid out.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Final

from checklist.model.refusals import Refusal
from checklist.reading.tables.extent import CellRange
from checklist.values.cells import RawCell

MAX_CHARACTERS: Final = 10_000_000
_TAG = re.compile(r"(<[^<>]*>)")
_NAME = re.compile(r"</?\s*([a-zA-Z0-9]+)")
_SPAN = re.compile(r"(row|col)span\s*=\s*[\"']?\s*(\d{1,5})", re.IGNORECASE)
_UNREAD: Final = frozenset({"script", "style", "head", "title"})
_TOO_BIG: Final = ("网页里的表格太大", "用 WPS 打开，删掉多余的，另存为 .xlsx")
_BREAKS: Final = frozenset({"br", "p", "div"})


def is_page(data: bytes) -> bool:
    """Whether the file begins as web pages do; the word in some remark makes no page of a table."""
    head = data[:4000].removeprefix(b"\xef\xbb\xbf").replace(b"\x00", b"").lstrip(b"\xff\xfe \t\r\n").lower()
    if head.startswith(b"<?xml"):
        head = head.partition(b"?>")[2].lstrip()
    return head.startswith((b"<html", b"<!doctype html", b"<table", b"<meta"))


def page_rows(
    text: str, most_rows: int, most_columns: int
) -> tuple[tuple[tuple[RawCell, ...], ...], dict[tuple[int, int], int], list[CellRange]]:
    """The rows of all tables one below the other, where cells are merged downwards (cell → row of the first), and the
    first and last of cells that are merged across.

    Raises Refusal.
    """
    if len(text) > MAX_CHARACTERS:
        raise Refusal(*_TOO_BIG)
    rows: list[tuple[RawCell, ...]] = []
    merged: dict[tuple[int, int], int] = {}
    across_of: list[CellRange] = []
    below: dict[int, tuple[int, int]] = {}  # column → rows still covered from above, row of the first
    for cells in _rows(text):
        row: list[RawCell] = []
        for words, down, across in cells:
            _covered(row, len(rows), below, merged)
            if down > 1:
                below[len(row)] = (down - 1, len(rows))
            if across > 1:
                across_of.append(((len(rows), len(row)), (len(rows), len(row) + across - 1)))
            row += [words, *[""] * (min(across, most_columns) - 1)]
            if len(row) > most_columns:
                raise Refusal(*_TOO_BIG)
        _covered(row, len(rows), below, merged)
        rows.append(tuple(row))
        if len(rows) > most_rows or len(merged) > most_rows:
            raise Refusal(*_TOO_BIG)
    return tuple(rows), merged, across_of


def _covered(
    row: list[RawCell], number: int, below: dict[int, tuple[int, int]], merged: dict[tuple[int, int], int]
) -> None:
    """Leave free what a cell above reaches into."""
    while (at := len(row)) in below and below[at][1] < number:
        left, first = below.pop(at)
        if left > 1:
            below[at] = (left - 1, first)
        merged[number, at] = first
        row.append("")


def _rows(text: str) -> Iterator[list[tuple[str, int, int]]]:
    """Each row's cells: words, rows and columns that it covers."""
    row: list[tuple[str, int, int]] | None = None
    cell: list[str] | None = None
    spans, unread = {"row": 1, "col": 1}, ""
    for token in _tokens(text):
        tag = _NAME.match(token)
        name, closing = (tag[1].lower() if tag else ""), token.startswith("</")
        if unread or (name in _UNREAD and not closing):
            unread = "" if closing and name == unread else unread or name
        elif not token.startswith("<"):
            if cell is not None:
                cell.append(" ".join(html.unescape(token).split()))
        elif name in ("td", "th", "tr", "table"):
            if cell is not None and row is not None:
                row.append(("".join(cell).strip(), max(spans["row"], 1), max(spans["col"], 1)))
                cell = None
            if name in ("tr", "table") and row:
                yield row
            if name in ("tr", "table"):
                row = [] if name == "tr" and not closing else None
            elif not closing:
                row, cell = row if row is not None else [], []
                spans = {"row": 1, "col": 1} | {kind.lower(): int(n) for kind, n in _SPAN.findall(token)}
        elif name in _BREAKS and cell:
            cell.append("\n")


def _tokens(text: str) -> Iterator[str]:
    """Tags and the text between them, comments left out."""
    first, *rest = text.split("<!--")
    for part in (first, *(piece.partition("-->")[2] for piece in rest)):
        yield from filter(None, _TAG.split(part))
    yield "</table>"  # a page that breaks off keeps what it has
