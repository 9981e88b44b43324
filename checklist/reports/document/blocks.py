"""A document as blocks: what it says, before anyone decides whether it becomes Markdown or HTML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Heading:
    """``depth`` 1 is the document; ``anchor`` names the place for links."""

    depth: int
    text: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``label`` is set in bold before the text; ``warn`` marks red lines and vetoes."""

    text: str
    label: str = ""
    warn: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. ``links`` gives the target page or anchor of a row's first cell, by its text."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    links: tuple[tuple[str, str], ...] = ()


Block: TypeAlias = Heading | Paragraph | Bullets | Grid


@dataclass(frozen=True, slots=True)
class Page:
    """``name`` is the file name without its ending."""

    name: str
    title: str
    blocks: tuple[Block, ...]
