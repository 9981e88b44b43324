"""Blocks as Markdown."""

from __future__ import annotations

import re

from checklist.reports.document.blocks import Block, Bullets, Grid, Heading, Page, Paragraph
from checklist.reports.document.prose import clean

_SPECIAL = re.compile(r"([\\`*\[\]<>|])")
_LEADING = re.compile(r"^(\s*)([#+\-]|\d+[.)])(?=\s)")


def markdown_pages(pages: tuple[Page, ...]) -> dict[str, str]:
    """File name → text, a file for each page."""
    return {f"{page.name}.md": _page(page) for page in pages}


def markdown_text(pages: tuple[Page, ...]) -> str:
    """All pages one after another."""
    return "\n".join(_page(page, alone=True) for page in pages)


def _page(page: Page, alone: bool = False) -> str:
    return "\n".join(_block(block, alone) for block in page.blocks)


def _block(block: Block, alone: bool) -> str:
    match block:
        case Heading(depth, text, _):
            return f"{'#' * depth} {_text(text)}\n"
        case Paragraph(text, label, warn):
            head = f"**{'× ' if warn else ''}{_text(label)}**" if label else ""
            return f"{head}{'：' if head else ''}{_line(text) if not head else _text(text)}\n"
        case Bullets(items):
            return "".join(f"- {_line(item)}\n" for item in items)
        case Grid():
            return _grid(block, alone)


def _grid(grid: Grid, alone: bool) -> str:
    links = {} if alone else dict(grid.links)
    lines = [_row(grid.head), _row(("---",) * len(grid.head), plain=True)]
    for row in grid.rows:
        first = f"[{_text(row[0])}]({links[row[0]]}.md)" if row[0] in links else _text(row[0])
        lines.append(_row((first, *map(_text, row[1:])), plain=True))
    return "\n".join(lines) + "\n"


def _row(cells: tuple[str, ...], plain: bool = False) -> str:
    return f"| {' | '.join(cells if plain else map(_text, cells))} |"


def _text(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", clean(text).replace("\n", " "))


def _line(text: str) -> str:
    """Text at the start of a line must not turn into a heading or a list."""
    return _LEADING.sub(r"\1\\\2", _text(text))
