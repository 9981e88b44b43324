"""A document with every string made harmless: the last thing that a builder does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from checklist.reports.document.document import (
    LONGEST,
    LONGEST_TITLE,
    Attachment,
    Bars,
    Block,
    Bullets,
    Content,
    Document,
    Heading,
    Jump,
    Table,
    Text,
    Thumbnail,
    one_line,
    tidy,
)


def tidied(document: Document, longest: int = LONGEST) -> Document:
    """The document with every string made harmless and at most ``longest``; the last thing that a builder does."""
    return replace(
        document,
        title=one_line(document.title, LONGEST_TITLE),
        subtitle=one_line(document.subtitle, LONGEST_TITLE),
        signed=None if document.signed is None else one_line(document.signed, LONGEST_TITLE),
        parts=_parts(document.parts, longest),
        attachments=tuple(Attachment(one_line(a.title), _parts(a.parts, longest)) for a in document.attachments),
        notes=tuple(map(one_line, document.notes)),
    )


def _parts(parts: Iterable[Block], longest: int) -> tuple[Block, ...]:
    return tuple(_part(part, longest) for part in parts)


def _part(part: Block, longest: int) -> Block:
    match part:
        case Heading(text):
            return replace(part, text=one_line(text))
        case Text(text, lead):
            return replace(part, text=tidy(text, longest * 6), lead=one_line(lead))
        case Bullets(items):
            return Bullets(tuple(one_line(item, longest * 6) for item in items))
        case Table():
            return tidied_table(part, longest)
        case Bars(title, rows):
            return Bars(one_line(title), tuple((one_line(name), score) for name, score in rows))
    return replace(part, title=one_line(part.title))


def tidied_table(table: Table, longest: int = LONGEST) -> Table:
    heads = tuple(replace(column, title=one_line(column.title)) for column in table.columns)
    rows = tuple(tuple(_cell(cell, longest) for cell in row) for row in table.rows)
    return replace(table, title=one_line(table.title), columns=heads, rows=rows)


def _cell(cell: Content, longest: int) -> Content:
    match cell:
        case str():
            return tidy(cell, longest)
        case Jump(text, to):
            return Jump(one_line(text), to)
        case Thumbnail(name):
            return replace(cell, name=one_line(name))
    return cell
