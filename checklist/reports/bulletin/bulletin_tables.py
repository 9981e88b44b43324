"""The tables of a bulletin, and what the communities' own ledgers say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import Final, TypeAlias

from checklist.model.ledger import Ledger, LedgerEntry, tally
from checklist.model.numbers import percent_text, rounded
from checklist.model.results.assessment import Assessment
from checklist.model.results.comparison import Comparison
from checklist.model.results.shortfalls import Shortfall
from checklist.reports.assessment import report_lists as lists
from checklist.reports.assessment.dossier import Dossier
from checklist.reports.comparison.ranking_rows import undivided_text
from checklist.reports.document.document import Block, Column, Content, Table, Text, day_text
from checklist.reports.language.community_profile import community_name
from checklist.reports.language.gap_phrases import sites_short
from checklist.reports.language.phrases import band_text, score_text
from checklist.reports.language.ranking import range_text

LEDGER: Final = ("issues_total", "issues_closed", "issues_overdue")
NO_STREET: Final = "未注明街道"


def standing_table(assessments: Sequence[Assessment], ranking: Comparison | None) -> Table:
    """With ``ranking`` in its order, each with every place that is still possible; who takes no part stands last."""
    parted = ranking is not None and bool(ranking.parted)
    columns = (
        *((Column("名次", 6),) if ranking else ()),
        *((Column("点位", 6),) if parted else ()),
        *(Column("社区", 12), Column("街道", 9), Column("得分", 9), Column("等次", 9)),
        *(Column("核查率（%）", 6, "number", 1), Column("差距", 5, "number"), Column("未清红线", 6, "number")),
    )
    if ranking is None:
        return Table("得分", columns, tuple(_standing(a) for a in assessments))
    by_id = {a.state.community.id: a for a in assessments}
    told = [(item.standing, range_text(item.rank)) for item in ranking.ranked]
    told += [(item.standing, "不排") for item in ranking.apart]
    rows = (
        (place, *([undivided_text(one, ranking)] if parted else []), *_standing(by_id[one.community.id]))
        for one, place in told
    )
    return Table("得分和名次", columns, tuple(rows))


def _standing(assessment: Assessment) -> tuple[Content, ...]:
    return (
        community_name(assessment),
        assessment.state.community.street,
        score_text(assessment.score),
        band_text(assessment.bands),
        assessment.coverage * 100,
        len(assessment.gaps),
        len(assessment.verdict.open_vetoes) + len(assessment.verdict.open_redlines),
    )


def shortfall_table(
    shortfalls: Sequence[Shortfall], assessments: Sequence[Assessment], title: str = "问题汇总清单"
) -> Table:
    columns = (
        *(lists.NUMBER, Column("测评标准", 14), Column("涉及社区", 5, "number"), Column("已核实社区", 6, "number")),
        *(Column("街道和社区", 18), Column("责任单位", 9), Column("失分合计", 6, "number", 2)),
    )
    where: dict[str, list[Assessment]] = {}
    for assessment in assessments:
        for gap in assessment.gaps:
            where.setdefault(gap.finding.criterion.id, []).append(assessment)
    rows = tuple(
        (
            n,
            f"{s.criterion.id} {s.criterion.title}",
            s.missing,
            s.decided,
            _places(where[s.criterion.id], s.criterion.id),
            "、".join(s.criterion.owner),
            lists.points(s.lost),
        )
        for n, s in enumerate(shortfalls, 1)
    )
    return Table(title, columns, rows, "没有")


def _places(assessments: Sequence[Assessment], criterion: str) -> str:
    """``湖滨街道：翠湖社区（A 区、B 区）、东湖社区；北门街道：北门社区``."""
    return "；".join(
        (f"{street}：" if street != NO_STREET else "")
        + "、".join(a.state.community.name + sites_short(a.finding(criterion)) for a in group)
        for street, group in by_street(assessments).items()
    )


def by_street(assessments: Sequence[Assessment]) -> dict[str, list[Assessment]]:
    found: dict[str, list[Assessment]] = {}
    for a in assessments:
        found.setdefault(a.state.community.street or NO_STREET, []).append(a)
    return found


def rectified(dossiers: Sequence[Dossier], ledger: Ledger | None, day: date) -> Iterator[Block]:
    """How many problems were registered, closed, overdue; what changed since an earlier record."""
    counted = _by_ledger(ledger, day) if ledger is not None else _by_record(dossiers)
    columns = (
        *(Column("社区", 12), Column("台账登记", 6, "number"), Column("已销号", 6, "number")),
        *(Column("销号率（%）", 6, "number", 1), Column("超期未整改", 6, "number")),
    )
    if counted:
        found, done = sum(c[0] for c in counted.values()), sum(c[1] for c in counted.values())
        aside = sum(c[3] for c in counted.values())
        share = f"，销号率 {percent_text(Fraction(done, found - aside))}" if found > aside else ""
        share += f"；另 {aside} 个已声明不适用，不算销号，也不算进销号率" if aside else ""
        source = f"按整改台账，到{day_text(day)}，" if ledger is not None else "按各社区的记录，"
        yield Text(f"{source}{len(counted)} 个社区共登记问题 {found} 个，已销号 {done} 个{share}。")
        rows = tuple(
            (n, c[0], c[1], Fraction(c[1] * 100, c[0] - c[3]) if c[0] > c[3] else None, c[2])
            for n, c in counted.items()
        )
        yield Table("台账销号情况", columns, rows)
    silent = [n for n in map(_name, dossiers) if n not in counted]
    if silent:
        yield Text(f"{'、'.join(silent)}没有台账记录，整改情况不明。")
    for dossier in dossiers:
        if dossier.earlier is not None:
            yield Text(
                f"{_name(dossier)}由 {score_text(dossier.earlier.score)} 分（{day_text(dossier.earlier.as_of)}）"
                f"变为 {score_text(dossier.assessment.score)} 分。"
            )


def _name(dossier: Dossier) -> str:
    return community_name(dossier.assessment)


Counted: TypeAlias = tuple[int, int, int | None, int]
"""Registered, closed, overdue (None: not recorded), said not to apply."""


def _by_ledger(ledger: Ledger, day: date) -> dict[str, Counted]:
    """The ledger's own records by community, as they stand on a day."""
    found: dict[str, list[LedgerEntry]] = {}
    for record in ledger.sound:
        found.setdefault(record.text("社区") or "未注明社区", []).append(record)
    told = {name: tally(records, day) for name, records in found.items()}
    return {name: (t.total, t.closed, t.counts.get("overdue", 0), t.claimed) for name, t in told.items()}


def _by_record(dossiers: Sequence[Dossier]) -> dict[str, Counted]:
    """The numbers that each community recorded of its own ledger."""
    found: dict[str, Counted] = {}
    for dossier in dossiers:
        values = dossier.assessment.state.knowledge(dossier.assessment.ruleset.facts).values
        total, closed, overdue = (values.get(name) for name in LEDGER)
        if isinstance(total, int) and isinstance(closed, int):
            found[_name(dossier)] = (total, closed, overdue if isinstance(overdue, int) else None, 0)
    return found


def matrix(assessments: Sequence[Assessment]) -> Table:
    """Low ends by module as shares of the module's points; two ends where they differ."""
    modules = [m for m in assessments[0].ruleset.modules if any(_share(a, m.id) for a in assessments)]
    columns = (Column("社区", 10), *(Column(m.title, 5) for m in modules))
    rows = tuple((community_name(a), *(_share(a, m.id) for m in modules)) for a in assessments)
    return Table("各模块得分率（%）", columns, rows)


def _share(assessment: Assessment, module: str) -> str:
    tally = next(m.tally for m in assessment.modules if m.module.id == module)
    if not tally.possible:
        return ""
    low, high = rounded(tally.score.low, 0), rounded(tally.score.high, 0)
    return str(low) if low == high else f"{low} ～ {high}"
