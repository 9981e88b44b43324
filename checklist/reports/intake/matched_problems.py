"""Problems from an inspection beside the criteria they may be about: on the screen, and as a table to confirm; and
the entries of the ledger that they became."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
from checklist.values.headings import JOIN, WHOLE

NOT_OURS: Final = "不采用"
SHOWN: Final = 30
_LONGEST_DROP_DOWN: Final = 255


@dataclass(frozen=True, slots=True)
class ProposedDefect:
    """One problem and the criteria it may be about, best first, each with why it is proposed. ``whole`` is the line
    of the list that it is a part of, else empty; ``note`` and ``more`` what the list says of it in columns of its own."""

    defect: Defect
    proposals: Sequence[tuple[Criterion, str]]
    fact: Fact | None = None
    community: str = ""
    whole: str = ""
    note: str = ""
    more: Mapping[str, str] = field(default_factory=dict)
    measures: Sequence[str] = ()

    @property
    def undated(self) -> bool:
        return bool(self.defect.term) and self.defect.due is None and not self.defect.lasting


def proposals_screen(rows: Sequence[ProposedDefect]) -> RenderableType:
    out: list[RenderableType] = []
    for number, row in enumerate(rows, 1):
        defect = row.defect
        if row.whole and not _goes_on(rows, number - 1):
            parts = sum(one.whole == row.whole for one in rows)
            out.append(Prose(f"清单里的这一条拆成 {parts} 行，拆错了在“采用”里写“{JOIN}”：{row.whole}", "dim"))
        out.append(Prose("　".join(filter(None, (defect.point, defect.text))), "bold", label=f"{number}. "))
        for criterion, why in row.proposals:
            out.append(Prose(f"{criterion.title}{f'（{why}）' if why else ''}", label=f"{criterion.id} ", indent=3))
        if not row.proposals:
            out.append(Prose("没有像的标准，请自己找：checklist rules show", indent=3))
        if defect.term:
            day = defect.due or ("不定日子" if defect.lasting else "定不下来，请填“整改时限”")
            out.append(Prose(f"时限“{defect.term}”：{day}", "dim", indent=3))
    matched = sum(bool(row.proposals) for row in rows)
    out.append(Text(f"共 {len(rows)} 个问题，{matched} 个有建议；建议都要人确认"))
    if undated := [str(number) for number, row in enumerate(rows, 1) if row.undated]:
        out.append(Prose(f"{len(undated)} 个的时限定不下来，要人填日期：第 {'、'.join(undated)} 行"))
    if untold := sum(not row.defect.term for row in rows):
        out.append(Prose(f"{untold} 个没写时限：记进台账时按规则里措施的天数定，备注里会写明"))
    return Group(*out)


def _goes_on(rows: Sequence[ProposedDefect], at: int) -> bool:
    """Whether a row is a further part of the line that the row above is a part of."""
    return at > 0 and bool(rows[at].whole) and rows[at].whole == rows[at - 1].whole


def confirmation_sheet(rows: Sequence[ProposedDefect]) -> TableSheet:
    """A row for each problem: its community where the list names one, what it says, proposals. 采用 and 记几 are left
    empty: nothing is adopted or counted by itself; the drop-down of 采用 has the row's own proposals. Behind them stands
    whatever else the list says."""
    defects = [row.defect for row in rows]
    columns: list[tuple[Column, Sequence[Content]]] = [(NUMBER, range(1, len(rows) + 1))]
    if any(row.community for row in rows):
        columns.append((Column("社区"), [row.community for row in rows]))
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
        columns.append((Column(title, 14), [_named(row)[at] if at < len(row.proposals) else None for row in rows]))
    adopted, empty = len(columns), [None] * len(rows)
    columns += [
        (Column("采用", 6), empty),
        (Column("记到实测项", 12), [row.fact.label if row.fact else None for row in rows]),
        (Column("记几", 4, "number"), empty),
        (Column("整改措施", 12), [d.measure for d in defects]),
    ]
    behind = (
        ("责任人", [d.person for d in defects]),
        ("备注", [row.note for row in rows]),
        *((name, [row.more.get(name, "") for row in rows]) for name in dict.fromkeys(n for r in rows for n in r.more)),
        (WHOLE, [row.whole for row in rows]),
    )
    columns += [(Column(title, 10), texts) for title, texts in behind if any(texts)]
    cells = tuple(zip(*(of for _, of in columns), strict=True))
    joins = [(JOIN,) if _goes_on(rows, at) else () for at in range(len(rows))]
    choices: dict[tuple[int, int], Sequence[str]] = {
        (at, adopted): (*_named(row), *joins[at], NOT_OURS) for at, row in enumerate(rows)
    }
    choices |= {(at, adopted + 3): row.measures for at, row in enumerate(rows) if _fits(row.measures)}
    return TableSheet(Table("待确认", tuple(column for column, _ in columns), cells), frozen=3, choices=choices)


def _named(row: ProposedDefect) -> list[str]:
    return [f"{criterion.id} {criterion.title}" for criterion, _ in row.proposals]


def _fits(choices: Sequence[str]) -> bool:
    """Whether a spreadsheet takes a drop-down of these."""
    return bool(choices) and len(",".join(choices)) <= _LONGEST_DROP_DOWN


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
        due = f"{entry.text('时限')} 前" if entry.day("时限") else entry.text("时限") or "没有时限，请自己定"
        serious = entry.text("严重程度") if entry.text("严重程度") != SEVERITY[""] else ""
        todo = (entry.text("责任单位"), due, entry.text("整改措施"), serious, entry.text("备注"))
        out.append(Prose("；".join(filter(None, todo)), "dim", indent=4))
    if len(entries) > SHOWN:
        out.append(Text(f"  另有 {len(entries) - SHOWN} 条", style="dim"))
    lacking = [(column, sum(not entry.text(column) for entry in entries)) for column in ("时限", "整改措施")]
    if asked_for := "，".join(f"{count} 条没有{column}" for column, count in lacking if count):
        out.append(Prose(f"{asked_for}：请在台账里填上"))
    return Group(*out)


def reason(criterion: Criterion, like: str, because: Sequence[str], confirmed: bool) -> str:
    """Why a criterion is proposed: what a person said before, or the words that decided and the wording they are like."""
    if confirmed:
        return f"上次您把“{like}”定为 {criterion.id}"
    told = "、".join(because)
    return told if told == like else "，".join(filter(None, (told, f"像“{like}”")))
