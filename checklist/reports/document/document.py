"""A document: what every written result is before it becomes Word, a web page, a sheet, Markdown or a screen.

Headings, text, tables and charts in reading order, nothing about looks. Builders make one from recorded facts, a
format renders it. Every string that a format sees has passed ``tidied``: no control characters, no direction marks, no
surrogates, no single remark that fills a page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Final, Literal, TypeAlias

from checklist.model.numbers import number_text, percent_text, rounded
from checklist.model.results.assessment import Score
from checklist.reports.document.prose import clean
from checklist.reports.language.phrases import score_text

GOOD, FAIR = 90, 60
"""From which percent of the points a shaded score is green, and from which yellow."""

UPRIGHT: Final = 50
"""Chinese characters that a table on an upright page has room for."""

Medium: TypeAlias = Literal["pages", "sheets"]

LONGEST: Final = 600
LONGEST_TITLE: Final = 60
CUT: Final = "……（全文见现状记录）"
_ODD: Final = re.compile("[\x0b\x0c\x85\u061c\u2028\u2029\ufeff\ufffe\uffff]|[\U000e0000-\U000e007f]")


@dataclass(frozen=True, slots=True)
class Heading:
    """``level`` 1 to 3: 一、（一）1. The number is part of the text. ``anchor`` names the place for links."""

    text: str
    level: int = 1
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph. ``lead`` is said first and stands out (1. or 立行立改：); a ``note`` is small print; ``warn`` marks
    red lines and vetoes; a ``command`` is to be typed as it stands, and is not broken; ``only`` as for a column."""

    text: str
    lead: str = ""
    note: bool = False
    warn: bool = False
    command: bool = False
    only: Medium | None = None


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Jump:
    """A cell that leads to a heading's anchor."""

    text: str
    to: str


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A small JPEG in a cell; what cannot show one writes its name."""

    name: str
    data: bytes


Content: TypeAlias = str | int | Fraction | date | Score | Jump | Thumbnail | None
"""What stands in a cell; None is an empty cell."""


@dataclass(frozen=True, slots=True)
class Column:
    """``width`` is relative, in Chinese characters.

    ``number`` has ``decimals`` (0: as short as it can be written) and may be ``signed`` (+1.20); ``share`` is a part of
    one, written in percent, likewise; ``score`` is an interval of 0 to 100; ``link`` is a ``Jump``; ``choice`` is text, one of
    ``choices`` in a form. ``heat`` shades numbers and scores from none to all; such a score is written as the whole
    percent that is sure, ``45?`` while more is possible. ``only`` leaves a column to pages (html, Word, PDF, Markdown,
    screen), or to sheets (xlsx, csv).
    """

    title: str
    width: int = 8
    kind: Literal["text", "number", "date", "share", "score", "link", "choice"] = "text"
    decimals: int = 0
    signed: bool = False
    heat: bool = False
    choices: tuple[str, ...] = ()
    only: Medium | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """``only`` as for a column. ``title`` names its sheet; without one the heading above does. The ``main`` tables are
    what CSV holds; where none is, the first."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Content, ...], ...]
    empty: str = "没有"
    only: Medium | None = None
    main: bool = False

    def on(self, where: Medium) -> Table:
        """The table with the columns that belong there."""
        kept = [n for n, column in enumerate(self.columns) if column.only in (None, where)]
        rows = tuple(tuple(row[n] for n in kept) for row in self.rows)
        return replace(self, columns=tuple(self.columns[n] for n in kept), rows=rows)


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart: a bar for each name, what is sure and what is possible. The document says the same in words or in a
    table; formats that cannot draw leave charts out."""

    title: str
    rows: tuple[tuple[str, Score], ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """A chart: the score interval from day to day."""

    title: str
    points: tuple[tuple[date, Score], ...]


Block: TypeAlias = Heading | Text | Bullets | Table | Bars | Curve


@dataclass(frozen=True, slots=True)
class Attachment:
    """附件: its own page, wide tables lying down."""

    title: str
    parts: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """``name`` names its file, without ending. ``signed`` stands under a paper with its ``day``: "" leaves room for an
    office's own, None signs nothing. ``notes`` end it."""

    title: str
    parts: tuple[Block, ...]
    subtitle: str = ""
    attachments: tuple[Attachment, ...] = ()
    signed: str | None = None
    day: date | None = None
    notes: tuple[str, ...] = ()
    name: str = ""

    @property
    def main_tables(self) -> tuple[Table, ...]:
        tables = [part for part in self.parts if isinstance(part, Table) and part.only != "pages"]
        return tuple(table for table in tables if table.main) or tuple(tables[:1])

    @property
    def lying(self) -> bool:
        """Whether paper lies down: for tables that an upright page squeezes, in what is not a letter to be signed."""
        tables = (part.on("pages") for part in self.parts if isinstance(part, Table) and part.only != "sheets")
        return self.signed is None and any(sum(c.width for c in table.columns) > UPRIGHT for table in tables)

    @property
    def signature(self) -> tuple[str, ...]:
        """The lines under the text: who, and which day."""
        return () if self.signed is None else (self.signed, day_text(self.day) if self.day else "")


def cell_text(column: Column, cell: Content) -> str:
    """A cell as it is printed: 2026-03-01, numbers half-up with the column's decimals, nothing for None."""
    match cell:
        case None:
            return "-" if column.heat else ""
        case str():
            return cell
        case Jump(text, _) | Thumbnail(text, _):
            return text
        case date():
            return cell.isoformat()
        case Score():
            return sure_text(cell) if column.heat else score_text(cell, column.decimals or 1).replace(" ", "")
    if column.kind == "share":
        text = f"{rounded(cell * 100, column.decimals)}%" if column.decimals else percent_text(cell)
    else:
        text = str(rounded(cell, column.decimals)) if column.decimals else number_text(cell)
    return f"+{text}" if column.signed and _above_nothing(column, cell) else text


def _above_nothing(column: Column, cell: int | Fraction) -> bool:
    """As printed: +0.00 is never written."""
    return rounded(cell * (100 if column.kind == "share" else 1), column.decimals or 2) > 0


def sure_text(score: Score) -> str:
    """The percent that is sure, whole: ``96``, ``45?`` while more is possible; 100 only when nothing is lost."""
    return f"{sure_percent(score.low)}{'' if score.known else '?'}"


def sure_percent(share: Fraction) -> int:
    """Of 0 to 100, whole, half-up, but 100 only when nothing is lost."""
    return min(int(rounded(share, 0)), 99) if share < 100 else 100


def day_text(day: date) -> str:
    """``2026年3月1日``, as papers write it."""
    return f"{day.year}年{day.month}月{day.day}日"


def tidy(text: str, longest: int = LONGEST) -> str:
    """Text from a file made harmless and short enough to read."""
    plain = _ODD.sub("", clean(text))
    return plain if len(plain) <= longest else plain[:longest] + CUT


def one_line(text: str, longest: int = LONGEST) -> str:
    return tidy(" ".join(text.split()), longest)
