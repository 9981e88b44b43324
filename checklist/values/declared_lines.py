"""The declarations that one cell of a wide table holds, a line for each: ``NBR-02：没有农贸市场（到 2027-01-01）``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from checklist.values.headings import declared_parts
from checklist.values.look_alikes import criterion_id

_LINE = re.compile(r"\s*(\S+?)\s*[:：,，\s]\s*(.*)", re.DOTALL)
_CRITERION = re.compile(r"[A-Z][A-Z0-9]*-\d{1,4}", re.ASCII)
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
        if _told(line) or not entries:
            entries.append(line)
        else:
            entries[-1] += f"\n{line}"
    for entry in entries:
        told = _told(entry)
        if told is None:
            yield DeclaredCell("", entry.strip())
            continue
        yield DeclaredCell(criterion_id(told[1]), *declared_parts(told[2]))


def _told(line: str) -> re.Match[str] | None:
    """The criterion and the reason that a line gives; None when it begins with no criterion's id."""
    told = _LINE.match(line)
    return told if told and _CRITERION.fullmatch(criterion_id(told[1])) else None
