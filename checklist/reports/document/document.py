"""A paper (公文): what every written report is before it becomes Word, a web page or Markdown.

Text, headings and tables in reading order, nothing about looks. Builders make one from recorded facts; formats
render it. Every string that a format sees has passed ``tidy``: no control characters, no direction marks, no
surrogates, no single remark that fills a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Final, Literal, TypeAlias

from checklist.model.numbers import number_text, rounded
from checklist.reports.document.prose import clean

Cell: TypeAlias = str | int | Fraction | date | None
LONGEST: Final = 600
LONGEST_TITLE: Final = 60
CUT: Final = "……（全文见现状记录）"
_ODD: Final = re.compile("[\x0b\x0c\x85\u061c\u2028\u2029\ufeff\ufffe\uffff]|[\U000e0000-\U000e007f]")


@dataclass(frozen=True, slots=True)
class Heading:
    """``level`` 1 to 3: 一、（一）1. The number is part of the text."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph. ``lead`` is said first and stands out (1. or 立行立改：)."""

    text: str
    lead: str = ""
    note: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """``width`` is relative, in Chinese characters; ``decimals`` are for numbers."""

    title: str
    width: int
    kind: Literal["text", "number", "date"] = "text"
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str = "没有"


Block: TypeAlias = Heading | Text | Table


@dataclass(frozen=True, slots=True)
class Attachment:
    """附件: its own page, wide tables lying down."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """``kind`` names the file (自查报告); ``stem`` is what comes before it, ``day`` what comes after."""

    title: str
    subtitle: str
    blocks: tuple[Block, ...]
    attachments: tuple[Attachment, ...]
    signed: str
    day: date
    kind: str
    stem: str
    notes: tuple[str, ...] = ()


def cell_text(column: Column, cell: Cell) -> str:
    """A cell as it is printed: 2026-03-01, numbers half-up with the column's decimals, nothing for None."""
    match cell:
        case None:
            return ""
        case str():
            return cell
        case date():
            return cell.isoformat()
    return str(rounded(cell, column.decimals)) if column.decimals else number_text(cell)


def day_text(day: date) -> str:
    """``2026年3月1日``, as papers write it."""
    return f"{day.year}年{day.month}月{day.day}日"


def tidy(text: str, longest: int = LONGEST) -> str:
    """Text from a file made harmless and short enough to read."""
    plain = _ODD.sub("", clean(text))
    return plain if len(plain) <= longest else plain[:longest] + CUT


def one_line(text: str, longest: int = LONGEST) -> str:
    return tidy(" ".join(text.split()), longest)


def tidied(paper: Document) -> Document:
    """The paper with every string made harmless; the last thing that a builder does."""
    return replace(
        paper,
        title=one_line(paper.title, LONGEST_TITLE),
        subtitle=one_line(paper.subtitle, LONGEST_TITLE),
        signed=one_line(paper.signed, LONGEST_TITLE),
        stem=one_line(paper.stem, LONGEST_TITLE),
        blocks=_blocks(paper.blocks),
        attachments=tuple(Attachment(one_line(a.title), _blocks(a.blocks)) for a in paper.attachments),
        notes=tuple(map(one_line, paper.notes)),
    )


def _blocks(blocks: Iterable[Block]) -> tuple[Block, ...]:
    return tuple(map(_block, blocks))


def _block(block: Block) -> Block:
    match block:
        case Heading(text, level):
            return Heading(one_line(text), level)
        case Text(text, lead, note):
            return Text(tidy(text, LONGEST * 6), one_line(lead), note)
        case Table(title, columns, rows, empty):
            return Table(one_line(title), columns, tuple(map(_row, rows)), empty)


def _row(row: Sequence[Cell]) -> tuple[Cell, ...]:
    return tuple(tidy(cell) if isinstance(cell, str) else cell for cell in row)


_DIGITS: Final = "零一二三四五六七八九十"


def chinese(number: int) -> str:
    """1 to 99 as headings count: ``十七``."""
    tens, ones = divmod(number, 10)
    if number <= 10:
        return _DIGITS[number]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def first_level(number: int, text: str) -> Heading:
    return Heading(f"{chinese(number)}、{text}", 1)


def second_level(number: int, text: str) -> Heading:
    return Heading(f"（{chinese(number)}）{text}", 2)
