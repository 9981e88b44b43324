"""Problems from an inspection beside the criteria they may be about: on the screen, and as a table to confirm."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rich.console import Group, RenderableType
from rich.text import Text

from ..model.facts import Fact
from .prose import Prose
from .tablefile import Cell

Told = Sequence[tuple[str, str, str]]
"""Proposals, best first: criterion id, its title, the keywords found."""


def proposals_screen(rows: Sequence[tuple[str, str, Told]]) -> RenderableType:
    out: list[RenderableType] = []
    for number, (text, point, told) in enumerate(rows, 1):
        out.append(Prose(f"{point}　{text}" if point else text, "bold", label=f"{number}. "))
        for id, title, because in told:
            out.append(Prose(f"{title}{f'（{because}）' if because else ''}", label=f"{id} ", indent=3))
        if not told:
            out.append(Prose("没有像的标准，请自己找：checklist rules show", indent=3))
    matched = sum(bool(told) for *_, told in rows)
    out.append(Text(f"共 {len(rows)} 个问题，{matched} 个有建议；建议都要人确认"))
    return Group(*out)


def confirmation_table(
    rows: Sequence[tuple[tuple[str, str, str, str, date | None, str], Told, Fact | None]],
) -> tuple[list[str], list[list[Cell]]]:
    """Headings and rows; 采用 is left empty: nothing is adopted by itself."""
    head = ["序号", "点位", "问题", "照片", "责任单位", "检查日期", "检查单位", "建议一", "建议二", "建议三"]
    head += ["采用", "记到实测项", "记几"]
    cells: list[list[Cell]] = []
    for number, ((point, text, photo, owner, on, by), told, fact) in enumerate(rows, 1):
        row: list[Cell] = [number, point, text, photo, owner, on, by]
        row += [f"{id} {title}" for id, title, _ in told] + [None] * (3 - len(told))
        cells.append([*row, None, f"{fact.id} {fact.label}" if fact else None, 1 if fact else None])
    return head, cells
