"""The declarations that one cell of a wide table holds, a line for each: ``NBR-02：没有农贸市场（到 2027-01-01）``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from checklist.values.headings import declared_parts

_LINE = re.compile(r"\s*([A-Z][A-Z0-9]*-\d{1,4})\s*[:：,，\s]\s*(.*)", re.ASCII | re.DOTALL)
WAY_OUT: Final = "写成 NBR-02：辖区里没有农贸市场，一行一条"


@dataclass(frozen=True, slots=True)
class DeclaredCell:
    """One declaration of a wide table's cell, its last day as it stands; ``criterion`` is empty when none is named."""

    criterion: str
    reason: str
    until: str = ""


def declared_lines(text: str) -> Iterator[DeclaredCell]:
    """The declarations of one cell; a line that names no criterion goes on with the one above."""
    entries: list[str] = []
    for line in text.splitlines():
        if _LINE.match(line) or not entries:
            entries.append(line)
        else:
            entries[-1] += f"\n{line}"
    for entry in entries:
        told = _LINE.match(entry)
        if told is None:
            yield DeclaredCell("", entry.strip())
            continue
        yield DeclaredCell(told[1], *declared_parts(told[2]))
