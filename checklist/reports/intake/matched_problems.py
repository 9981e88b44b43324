"""Problems from an inspection beside the criteria they may be about: on the screen, and as a table to confirm; and
the entries of the ledger that they became."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.console import Group, RenderableType
from rich.text import Text

from checklist.model.ledger import Defect, LedgerEntry
from checklist.model.rules.facts import Fact
from checklist.model.rules.ruleset import Criterion, Ruleset
from checklist.reports.assessment.report_lists import NUMBER
from checklist.reports.document.document import Column, Content, Table
from checklist.reports.document.prose import Prose
from checklist.reports.formats.xlsx import TableSheet
from checklist.reports.language.labels import SEVERITY

Proposals = Sequence[tuple[str, str, str]]
"""Proposals, best first: criterion id, its title, why it is proposed."""


NOT_OURS: Final = "不采用"
SHOWN: Final = 30


def proposals_screen(rows: Sequence[tuple[str, str, Proposals]]) -> RenderableType:
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


def confirmation_sheet(rows: Sequence[tuple[str, Defect, Proposals, Fact | None]]) -> TableSheet:
    """A row for each problem: its community where the list names one, what it says, proposals. 采用 and 记几 are left
    empty: nothing is adopted or counted by itself; the drop-down of 采用 has the row's own proposals."""
    defects = [defect for _, defect, *_ in rows]
    columns: list[tuple[Column, Sequence[Content]]] = [(NUMBER, range(1, len(rows) + 1))]
    if any(community for community, *_ in rows):
        columns.append((Column("社区"), [community for community, *_ in rows]))
    columns += [
        (Column("点位", 9), [d.point for d in defects]),
        (Column("问题", 20), [d.text for d in defects]),
        (Column("照片"), [d.photo for d in defects]),
        (Column("责任单位", 7), [d.owner for d in defects]),
        (Column("检查日期", 7, "date"), [d.on for d in defects]),
        (Column("检查单位", 6), [d.by for d in defects]),
    ]
    if any(d.term for d in defects):
        columns.append((Column("整改时限", 7), [d.term for d in defects]))
    for at, title in enumerate(("建议一", "建议二", "建议三")):
        proposals = [f"{told[at][0]} {told[at][1]}" if at < len(told) else None for *_, told, _ in rows]
        columns.append((Column(title, 14), proposals))
    adopted, empty = len(columns), [None] * len(rows)
    columns += [
        (Column("采用", 6), empty),
        (Column("记到实测项", 12), [fact.label if fact else None for *_, fact in rows]),
    ]
    columns.append((Column("记几", 4, "number"), empty))
    cells = tuple(zip(*(of for _, of in columns), strict=True))
    choices = {
        (row, adopted): (*(f"{id} {title}" for id, title, _ in told), NOT_OURS)
        for row, (*_, told, _) in enumerate(rows)
    }
    return TableSheet(Table("待确认", tuple(column for column, _ in columns), cells), frozen=3, choices=choices)


def entries_screen(
    entries: Sequence[LedgerEntry], asked: int, ledger: str, written: bool, ruleset: Ruleset
) -> RenderableType:
    """What goes into the ledger, or went: point and problem, criterion, who, by when."""
    head = f"{'已记进' if written else '会记进'}台账 {ledger}：{len(entries)} 条"
    known = f"，另有 {asked - len(entries)} 条台账里已经有" if asked > len(entries) else ""
    out: list[RenderableType] = [Text(""), Prose(head + known, "bold")]
    for entry in entries[:SHOWN]:
        criterion = ruleset.criterion(entry.text("对应标准"))
        told = (criterion.title, entry.text("点位"), entry.text("问题描述"))
        out.append(Prose("　".join(filter(None, told)), label=f"{criterion.id} ", indent=2))
        due = f"{entry.text('时限')} 前" if entry.text("时限") else "没有时限，请自己定"
        serious = entry.text("严重程度") if entry.text("严重程度") != SEVERITY[""] else ""
        todo = (entry.text("责任单位"), due, entry.text("整改措施"), serious, entry.text("备注"))
        out.append(Prose("；".join(filter(None, todo)), "dim", indent=4))
    if len(entries) > SHOWN:
        out.append(Text(f"  另有 {len(entries) - SHOWN} 条", style="dim"))
    return Group(*out)


def reason(criterion: Criterion, like: str, because: Sequence[str], confirmed: bool) -> str:
    """Why a criterion is proposed: what a person said before, or the words that decided and the wording they are like."""
    if confirmed:
        return f"上次您把“{like}”定为 {criterion.id}"
    told = "、".join(because)
    return told if told == like else "，".join(filter(None, (told, f"像“{like}”")))
