"""Chinese prose in a terminal: Rich breaks on spaces only, so lines are broken here (避头尾)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.segment import Segment
from rich.style import Style

from checklist.values.visible import clean as clean
from checklist.values.visible import on_one_line as on_one_line

ROOM = 8
"""The fewest cells for text beside its label."""
NO_START = frozenset("、。，．：；？！）》」』】〕”’…％%),.:;?!～")
NO_END = frozenset("（《「『【〔“‘([")
_TOKEN = re.compile(
    r"[0-9][0-9,.]* (?:平方米|百分点|小时|分钟|万元|公里|[\u4e00-\u9fff])|[A-Za-z0-9_.\-/:%+]+|\s+|.", re.DOTALL
)
"""What is never broken: a number with its unit, a word or number, blanks; every other character stands alone."""


def wrap(text: str, width: int, hang: int = 0) -> list[str]:
    """Break at any Chinese character, but never begin a line with 、 or end it with （.

    Lines after the first are ``hang`` cells narrower. No line is wider than ``width``; nothing but spaces at a break
    is lost.
    """
    lines: list[str] = []
    for paragraph in clean(text).split("\n"):
        line, used, room = "", 0, max(width - (hang if lines else 0), 2)
        for token in _TOKEN.findall(paragraph):
            size = cell_len(token)
            if used + size > room:
                carry, line = _carry(line, token, room)
                if line:
                    lines.append(line.rstrip())
                    room = max(width - hang, 2)
                line = carry
                if token.isspace() and not line:
                    used = 0
                    continue
                while cell_len(line + token) > room:
                    head, token = _split(line + token, room)
                    lines.append(head)
                    room, line = max(width - hang, 2), ""
                used, size = cell_len(line), cell_len(token)
            line += token
            used += size
        lines.append(line.rstrip())
    return lines


def _carry(line: str, token: str, room: int) -> tuple[str, str]:
    """What goes down to the next line with ``token``, and what stays, so that no line begins or ends badly."""
    down, kept = "", line
    while kept and ((down + token)[0] in NO_START or kept[-1] in NO_END):
        last = _TOKEN.findall(kept)[-1]
        down, kept = last + down, kept[: -len(last)]
    if kept.strip() and cell_len(down + token) <= room:
        return down, kept
    return "", line


def _split(text: str, room: int) -> tuple[str, str]:
    """The part of a word that fits, and the rest."""
    size = 0
    for i, char in enumerate(text):
        size += cell_len(char)
        if size > room and i:
            return text[:i], text[i:]
    return text, ""


class Prose:
    """A paragraph that wraps as Chinese does, with a label before it and a hanging indent under it.

    Where the label leaves no room beside it, label and text run on as one paragraph: no line is wider than the space
    there is, so that no table cell cuts a character off.
    """

    def __init__(self, text: str, style: str = "", *, label: str = "", label_style: str = "", indent: int = 0) -> None:
        self.text, self.style, self.indent = text, style, indent
        self.label, self.label_style = clean(label), label_style

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        style, label_style = console.get_style(self.style or "none"), console.get_style(self.label_style or "none")
        hang = self.indent + cell_len(self.label)
        width = options.max_width
        if width - hang < max(ROOM, width // 4):
            for line in wrap(f"{self.label}{self.text}", width):
                yield Segment(line, style)
                yield Segment.line()
            return
        head = " " * self.indent + self.label
        for line in wrap(self.text, width - hang):
            yield Segment(head, label_style)
            yield Segment(line, style)
            yield Segment.line()
            head = " " * hang

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        widest = max((cell_len(line) for line in clean(self.text).split("\n")), default=0)
        widest += self.indent + cell_len(self.label)
        return Measurement(min(8, options.max_width), min(options.max_width, max(widest, 1)))


class Pieces:
    """Short texts side by side, two spaces between; a line ends between two of them wherever each fits a line."""

    def __init__(self, pieces: Iterable[str], style: str = "", *, indent: int = 0, hang: int = 2) -> None:
        self.pieces, self.style, self.indent, self.hang = [on_one_line(piece) for piece in pieces], style, indent, hang

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        style, width = console.get_style(self.style or "none"), options.max_width
        indent, hung = (self.indent, self.indent + self.hang) if width >= self.indent + self.hang + ROOM else (0, 0)
        line = ""
        for piece in self.pieces:
            if line and indent + cell_len(line) + 2 + cell_len(piece) <= width:
                line += f"  {piece}"
                continue
            if line:
                yield from _line(" " * indent + line, style)
                indent = hung
            *whole, line = wrap(piece, width - hung) if indent + cell_len(piece) > width else [piece]
            for part in whole:
                yield from _line(" " * indent + part, style)
                indent = hung
        yield from _line(" " * indent + line, style)


def _line(text: str, style: Style) -> Iterator[Segment]:
    yield Segment(text, style)
    yield Segment.line()
