"""Problems from an inspection beside the criteria they may be about: on the screen, and as a table to confirm; and
the entries of the ledger that they became."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rich.console import Group, RenderableType
from rich.text import Text

from checklist.model.ledger import Defect, LedgerEntry
from checklist.model.rules.facts import Fact
from checklist.reports.document.prose import Prose
from checklist.reports.formats.table_file import Cell
from checklist.reports.language.labels import SEVERITY

Told = Sequence[tuple[str, str, str]]
"""Proposals, best first: criterion id, its title, the keywords found."""


NOT_OURS: Final = "不采用"
SHOWN: Final = 30


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


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The table to confirm: ``lists`` are the drop-downs, by row (from 0, below the headings) and column."""

    head: list[str]
    rows: list[list[Cell]]
    widths: list[float]
    lists: dict[tuple[int, int], tuple[str, ...]]


def confirmation_table(rows: Sequence[tuple[str, Defect, Told, Fact | None]]) -> Confirmation:
    """A row for each problem: its community where the list names one, what it says, proposals. 采用 and 记几 are left
    empty: nothing is adopted or counted by itself."""
    columns: list[tuple[str, float, list[Cell]]] = [("序号", 6, list(range(1, len(rows) + 1)))]
    if any(community for community, *_ in rows):
        columns.append(("社区", 14, [community for community, *_ in rows]))
    defects = [defect for _, defect, *_ in rows]
    columns += [
        ("点位", 16, [d.point for d in defects]),
        ("问题", 34, [d.text for d in defects]),
        ("照片", 14, [d.photo for d in defects]),
        ("责任单位", 12, [d.owner for d in defects]),
        ("检查日期", 11, [d.on for d in defects]),
        ("检查单位", 10, [d.by for d in defects]),
    ]
    if any(d.term for d in defects):
        columns.append(("整改时限", 12, [d.term for d in defects]))
    for at, title in enumerate(("建议一", "建议二", "建议三")):
        columns.append(
            (title, 23, [f"{told[at][0]} {told[at][1]}" if at < len(told) else None for *_, told, _ in rows])
        )
    adopted = len(columns)
    columns.append(("采用", 10, [None] * len(rows)))
    facts = [fact for *_, fact in rows]
    columns.append(("记到实测项", 20, [fact.label if fact else None for fact in facts]))
    columns.append(("记几", 7, [None] * len(rows)))
    lists = {(row, adopted): (*(id for id, *_ in told), NOT_OURS) for row, (*_, told, _) in enumerate(rows)}
    cells = [list(row) for row in zip(*(of for _, _, of in columns), strict=True)]
    return Confirmation([title for title, *_ in columns], cells, [width for _, width, _ in columns], lists)


def entries_screen(entries: Sequence[LedgerEntry], asked: int, ledger: str, written: bool) -> RenderableType:
    """What goes into the ledger, or went: point and problem, criterion, who, by when."""
    head = f"{'已记进' if written else '会记进'}台账 {ledger}：{len(entries)} 条"
    known = f"，另有 {asked - len(entries)} 条台账里已经有" if asked > len(entries) else ""
    out: list[RenderableType] = [Text(""), Prose(head + known, "bold")]
    for entry in entries[:SHOWN]:
        point = f"{entry.text('点位')}　" if entry.text("点位") else ""
        out.append(Prose(f"{point}{entry.text('问题描述')}", label=f"{entry.text('对应标准')} ", indent=2))
        due = f"{entry.text('时限')} 前" if entry.text("时限") else "没有时限，请自己定"
        serious = entry.text("严重程度") if entry.text("严重程度") != SEVERITY[""] else ""
        told = (entry.text("责任单位"), due, entry.text("整改措施"), serious, entry.text("备注"))
        out.append(Prose("；".join(filter(None, told)), "dim", indent=4))
    if len(entries) > SHOWN:
        out.append(Text(f"  另有 {len(entries) - SHOWN} 条", style="dim"))
    return Group(*out)
