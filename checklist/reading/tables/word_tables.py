"""Tables of a Word file as rows of cells: the text that stands in the document, without what was struck out.

Read from the document's own XML, which knows rows in content controls and cells merged downwards; the archive has been
looked into before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element

from checklist.reading.tables.extent import CellRange, TooBig

_STRUCK: Final = frozenset({"del", "moveFrom", "Fallback", "pPr", "rPr", "tcPr", "instrText"})
_WRAPPERS: Final = frozenset({"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"})
_PICTURES: Final = frozenset({"drawing", "pict", "object"})
PICTURE: Final = "（图在原件里）"
"""What stands for a cell that holds a picture and no words: the picture itself stays in the document."""


@dataclass(frozen=True, slots=True)
class WordTable:
    """``above`` are the lines of the document since the table before; ``merged`` and ``ranges`` as in a ``Sheet``."""

    rows: tuple[tuple[str, ...], ...]
    above: tuple[str, ...]
    merged: dict[tuple[int, int], int]
    ranges: tuple[CellRange, ...]


def word_tables(document: Element, most_rows: int, most_columns: int) -> Iterator[WordTable]:
    """Every table that stands in the text itself, from ``word/document.xml``. Raises TooBig."""
    body = next((child for child in document if _tag(child) == "body"), document)
    above: list[str] = []
    left = most_rows
    for child in _children(body):
        if _tag(child) == "p" and (line := _text(child)):
            above += line.split("\n")
        elif _tag(child) == "tbl":
            table = _table(child, tuple(above), left, most_columns)
            left -= len(table.rows)
            yield table
            above = []


def _table(table: Element, above: tuple[str, ...], most_rows: int, most_columns: int) -> WordTable:
    rows: list[tuple[str, ...]] = []
    merged: dict[tuple[int, int], int] = {}
    ranges: list[CellRange] = []
    for row in (child for child in _children(table) if _tag(child) == "tr"):
        texts: list[str] = [""] * _number(row, "gridBefore", 0, most_columns)
        for cell in (child for child in _children(row) if _tag(child) == "tc"):
            at, here = len(texts), len(rows)
            wide = _number(cell, "gridSpan", 1, most_columns)
            if (
                (joined := _property(cell, "vMerge")) is not None
                and joined.get(_key(joined, "val")) != "restart"
                and here
            ):
                merged[here, at] = merged.get((here - 1, at), here - 1)
                texts.append("")
            else:
                texts.append(_text(cell))
            texts += [""] * (wide - 1)
            if wide > 1:
                ranges.append(((here, at), (here, at + wide - 1)))
            if len(texts) > most_columns:
                raise TooBig(f"表格太大（{len(texts)} 列）")
        rows.append(tuple(texts))
        if len(rows) > most_rows:
            raise TooBig(f"表格太大（{len(rows)} 行）")
    return WordTable(tuple(rows), above, merged, tuple(ranges))


def _children(parent: Element) -> Iterator[Element]:
    """What a part of the document holds, whatever it is wrapped in."""
    waiting = list(reversed(parent))
    while waiting:
        child = waiting.pop()
        if _tag(child) in _WRAPPERS:
            waiting += reversed(child)
        else:
            yield child


def _text(part: Element) -> str:
    """The words of a paragraph or a cell, a line for each paragraph."""
    pieces: list[str] = []
    pictures, waiting = False, list(reversed(part))
    while waiting:
        child = waiting.pop()
        match _tag(child):
            case tag if tag in _STRUCK:
                continue
            case "t":
                pieces.append(child.text or "")
            case "tab":
                pieces.append("\t")
            case "br" | "cr":
                pieces.append("\n")
            case "p" if pieces:
                pieces.append("\n")
            case tag if tag in _PICTURES:
                pictures = True
        waiting += reversed(child)
    lines = (line.strip() for line in "".join(pieces).split("\n"))
    return "\n".join(filter(None, lines)) or (PICTURE if pictures and _tag(part) == "tc" else "")


def _property(part: Element, name: str) -> Element | None:
    held = (child for child in part if _tag(child) in ("tcPr", "trPr"))
    return next((found for properties in held for found in properties if _tag(found) == name), None)


def _number(part: Element, name: str, default: int, most: int) -> int:
    found = _property(part, name)
    told = found.get(_key(found, "val"), "") if found is not None else ""
    return min(int(told), most + 1) if told.isascii() and told.isdecimal() and len(told) < 10 else default


def _key(element: Element, name: str) -> str:
    """An attribute's name with the namespace that its element has."""
    return element.tag[: element.tag.rfind("}") + 1] + name


def _tag(element: Element) -> str:
    return str(element.tag).rsplit("}", 1)[-1]
