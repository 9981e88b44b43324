"""The ledger as a spreadsheet, and on the terminal with what is overdue or came back first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import Final

from rich.console import Group, RenderableType
from rich.text import Text

from checklist.model.ledger import DATES, Ledger, LedgerEntry, tally
from checklist.model.results.assessment import Assessment, Gap
from checklist.reports.assessment.report_lists import NUMBER
from checklist.reports.document.document import Column, Content, Document, Table
from checklist.reports.document.prose import Prose, clean
from checklist.reports.formats.screen import table_screen
from checklist.reports.language.gap_phrases import problem_text
from checklist.reports.language.labels import LEDGER_STATUS, LEDGER_STYLE, LEDGER_WORDS

_WIDE: Final = {"问题描述": 22, "现状": 22, "整改措施": 22, "经过": 24, "备注": 18, "测评项目": 13}
UNDATED: Final = "没定时限"
_TYPED: Final = (
    *(Column(name, 7, "date") for name in DATES),
    Column("状态", 7, "choice", choices=tuple(LEDGER_STATUS.values())),
    Column("反弹次数", 5, "number"),
)


def describe(assessment: Assessment, gap: Gap) -> str:
    """A gap's present state in words."""
    return problem_text(gap, assessment.ruleset) or gap.finding.criterion.title


def ledger_document(ledger: Ledger, day: date, by: str | None = None) -> Document:
    """One table, as of a day: days are days where people wrote one, how often it came back is a number. Another with the
    sums ``by`` a column."""
    typed = {column.title: column for column in _TYPED}
    columns = (NUMBER, *(typed.get(name) or Column(name, _WIDE.get(name, 7)) for name in ledger.columns))
    rows = ((n, *(_cell(record, column) for column in columns[1:])) for n, record in enumerate(ledger.records, 1))
    tables = [Table("整改台账", columns, tuple(rows), "还没有记录")]
    tables += [ledger_sums([r for r in ledger.records if not r.faulty], day, by)] if by else []
    return Document("整改台账", tuple(tables), day=day)


def _cell(record: LedgerEntry, column: Column) -> Content:
    text = clean(record.cells.get(column.title, "")) or (UNDATED if column.title == "时限" and _undated(record) else "")
    if column.kind == "number" and (digits := text.strip()).isascii() and digits.isdecimal():
        return int(digits)
    return (record.day(column.title) if column.kind == "date" else None) or text


def ledger_screen(
    records: Sequence[LedgerEntry],
    today: date,
    top: int | None,
    file: str,
    *,
    by: str | None = None,
    every: bool = False,
) -> RenderableType:
    """Counts, then the open records in the order given (``every``: the others too), or sums ``by`` a column."""
    counts = tally(records, today).counts
    listed = [r for r in records if every or r.open]
    back, undated = [r for r in listed if r.open and r.day("反弹时间")], [r for r in listed if _undated(r)]
    lines: list[RenderableType] = [
        Text(f"整改台账  {today}  共 {len(records)} 条", style="bold"),
        Prose("  ".join(f"{LEDGER_STATUS[s]} {counts[s]}" for s in LEDGER_STATUS if s in counts) or "还没有记录"),
    ]
    if back:
        lines.append(Prose(f"反弹 {len(back)} 条", "bold red"))
    if undated:
        lines.append(Prose(f"没定时限 {len(undated)} 条", "yellow"))
    lines.append(Text())
    if by is not None:
        return Group(*lines, table_screen(ledger_sums(records, today, by)))
    shown = listed if top is None else listed[:top]
    for record in shown:
        lines += _record(record, today)
    if len(listed) > len(shown):
        rest = len(listed) - len(shown)
        lines.append(Text(f"另有 {rest} 条{'' if every else '没销号'}，加 --all 全部列出", style="dim"))
    lines.append(Text(f"改完填好 {file} 里的提交时间，复核后再更新：checklist ledger {file} 新的现状记录", style="dim"))
    return Group(*lines)


def ledger_sums(records: Sequence[LedgerEntry], today: date, by: str) -> Table:
    """How many stand where, by a column, most open first; what several units share counts with the lead."""
    groups: dict[str, list[LedgerEntry]] = {}
    for record in records:
        name = next(iter(record.units), "") if by == "责任单位" else record.text(by)
        groups.setdefault(name or f"没写{by}", []).append(record)
    order = sorted(groups, key=lambda name: (-sum(record.open for record in groups[name]), name))
    rows = ((name, *_sums(groups[name], today)) for name in order)
    titles = ("登记", "没销号", "超期", "红线超期", "反弹", "待核验", "没定时限", "已销号", "不适用")
    columns = (*(Column(title, 5, "number") for title in titles), Column("销号率", 5, "share"))
    return Table(f"按{by}合计", (Column(by, 10), *columns), (*rows, ("合计", *_sums(records, today))), main=True)


def _sums(records: Sequence[LedgerEntry], today: date) -> tuple[int | Fraction | None, ...]:
    told, left = tally(records, today), [record for record in records if record.open]
    late = [record for record in left if record.late(today)]
    grave = sum(record.text("严重程度") in (LEDGER_WORDS["veto"], LEDGER_WORDS["redline"]) for record in late)
    back, undated = sum(record.day("反弹时间") is not None for record in left), sum(map(_undated, left))
    waiting = sum(record.waiting for record in left)
    return told.total, len(left), len(late), grave, back, waiting, undated, told.closed, told.claimed, told.rate


def _undated(record: LedgerEntry) -> bool:
    return record.open and not record.text("时限")


def _record(record: LedgerEntry, today: date) -> Iterable[RenderableType]:
    status = record.status(today)
    due = record.day("时限")
    late = f"，超期 {(today - due).days} 天" if due is not None and due < today else f"，{due} 到期" if due else ""
    late = late or f"，{record.text('时限') or UNDATED}"
    late = late if record.open else ""
    back = f"，第 {record.text('反弹次数') or 1} 次反弹" if record.day("反弹时间") else ""
    own = record.text("状态")
    word = own if own and own not in LEDGER_STATUS.values() else LEDGER_STATUS[status]
    severity = record.text("严重程度")
    head = f"{record.text('对应标准')} {record.text('测评项目') or record.text('问题描述')}"
    yield Prose(f"{head}{late}{back}", LEDGER_STYLE[status], label=f"【{clean(word)}】")
    by = record.text("来源")
    spotted = by not in ("", LEDGER_WORDS["source"])
    details = [
        " ".join(filter(None, (f"{by}查出", record.text("点位"), record.text("问题描述")))) if spotted else "",
        " ".join(filter(None, (record.text("社区"), record.text("点位") if not spotted else ""))),
        severity if severity not in ("", "一般") else "",
        record.text("现状"),
        record.text("责任单位") + (f" {record.text('责任人')}" if record.text("责任人") else ""),
        record.text("整改措施"),
        f"备注：{record.text('备注')}" if record.text("备注") else "",
    ]
    yield Prose("；".join(part for part in details if part.strip()), "dim", indent=4)
