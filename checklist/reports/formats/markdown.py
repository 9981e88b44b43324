"""A document as Markdown. Text from records is escaped, so that it is read and never rendered as markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from checklist.reports.document.document import (
    Block,
    Bullets,
    Column,
    Content,
    Document,
    Heading,
    Jump,
    Table,
    Text,
    cell_text,
    one_line,
)

_SPECIAL: Final = re.compile(r"([\\`*{}\[\]<>#|~$&!^@]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))")
"""An underscore inside a word is only an underscore."""
_START: Final = re.compile(r"^(\s*)(?=[-+=:])|^(\s*\d+)(?=[.)](?:\s|$))")
"""What begins a list or an underline; a number is told from one by the mark after it."""
_LINK: Final = re.compile(r"(?i)\b(https?|ftp|javascript|data|mailto):|\bwww\.")
FRONT: Final = "README"


def render(document: Document) -> bytes:
    return ("\n\n".join(_document(document)) + "\n").encode("utf-8")


def pages(document: Document) -> dict[str, bytes]:
    """File name → text: what stands before the first chapter in ``README.md``, each chapter (a heading of level 1 with
    an anchor) in a file named by its anchor. Jumps lead from file to file."""
    found: dict[str, list[str]] = {FRONT: [f"# {escaped(document.title)}"]}
    name, up = FRONT, 0
    for part in document.parts:
        if isinstance(part, Heading) and part.level == 1 and part.anchor:
            name, up = part.anchor, 1
            found[name] = []
        shown = replace(part, level=part.level - up) if isinstance(part, Heading) else part
        found[name] += _part(shown, apart=True)
    return {f"{name}.md": ("\n\n".join(parts) + "\n").encode("utf-8") for name, parts in found.items()}


def _document(document: Document) -> Iterator[str]:
    yield f"# {escaped(document.title)}"
    if document.subtitle:
        yield escaped(document.subtitle)
    for part in document.parts:
        yield from _part(part)
    if document.signature:
        yield "  \n".join(map(escaped, document.signature))
    for n, attachment in enumerate(document.attachments, 1):
        yield f"## 附件 {n} {escaped(attachment.title)}"
        for part in attachment.parts:
            yield from _part(part)
    for note in document.notes:
        yield f"> 说明：{escaped(note)}"


def _part(part: Block, *, apart: bool = False) -> Iterator[str]:
    match part:
        case Heading(text, level):
            yield f"{'#' * (level + 1)} {escaped(text)}"
        case Text(text, lead):
            yield f"{_lead(lead, part.warn)}{escaped(text)}" if lead else _begun(text)
        case Bullets(items):
            yield "\n".join(f"- {_begun(item)}" for item in items)
        case Table():
            yield from _table(part, apart=apart)


def _lead(lead: str, warn: bool) -> str:
    """In bold; a colon stays outside, for a bold end after a mark is no end to Markdown."""
    name, colon = (lead[:-1], "：") if lead.endswith("：") else (lead, " ")
    return f"**{'× ' if warn else ''}{escaped(name)}**{colon}"


def _table(table: Table, *, apart: bool) -> Iterator[str]:
    if table.only == "sheets":
        return
    table = table.on("pages")
    if not table.rows:
        yield f"{escaped(table.title)}：{table.empty}。" if table.title else f"{table.empty}。"
        return
    if table.title:
        yield f"**{escaped(table.title)}**"
    lines = [_line(escaped(column.title) for column in table.columns)]
    lines.append(_line("---:" if c.kind in ("number", "share") else "---" for c in table.columns))
    for row in table.rows:
        lines.append(_line(_cell(c, cell, apart) for c, cell in zip(table.columns, row, strict=True)))
    yield "\n".join(lines)


def _cell(column: Column, cell: Content, apart: bool) -> str:
    text = escaped(cell_text(column, cell))
    return f"[{text}]({cell.to}.md)" if apart and isinstance(cell, Jump) else text


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _begun(text: str) -> str:
    """Text at the start of a line must not turn into a list or a heading."""
    return _START.sub(r"\g<0>\\", escaped(text))


def escaped(text: str) -> str:
    """On one line, every mark that Markdown reads with a backslash before it, links broken."""
    return _LINK.sub(
        lambda m: m[0].replace(":", "\\:").replace(".", "\\."), _SPECIAL.sub(r"\\\1", one_line(text, 4000))
    )
