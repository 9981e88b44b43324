"""The tables of a bulletin, and what the communities' own ledgers say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from ..model.assessment import Assessment
from ..model.numbers import percent_text, rounded
from . import lists
from .dossier import Dossier
from .paper import Block, Cell, Column, Table, Text, day_text
from .profile import community_name
from .standing import Shared, ranks
from .wording import band_text, score_text

LEDGER: Final = ("issues_total", "issues_closed", "issues_overdue")
NO_STREET: Final = "未注明街道"


def standing_table(assessments: Sequence[Assessment], ranked: bool) -> Table:
    columns = (
        *((Column("名次", 6),) if ranked else ()),
        *(Column("社区", 12), Column("街道", 9), Column("得分", 9), Column("等次", 9)),
        *(Column("核查率（%）", 6, "number", 1), Column("差距", 5, "number"), Column("未清红线", 6, "number")),
    )
    rows: list[tuple[Cell, ...]] = []
    places = ranks(assessments)
    order = list(range(len(assessments)))
    if ranked:
        order.sort(key=lambda n: (places[n].best, places[n].worst))
    for n in order:
        a = assessments[n]
        opened = len(a.verdict.open_vetoes) + len(a.verdict.open_redlines)
        rows.append(
            (
                *((str(places[n]),) if ranked else ()),
                community_name(a),
                a.state.community.street,
                score_text(a.score),
                band_text(a.bands),
                a.coverage * 100,
                len(a.gaps),
                opened,
            )
        )
    return Table("得分和名次" if ranked else "得分", columns, tuple(rows))


def shared_table(shared: Sequence[Shared], title: str = "问题汇总清单") -> Table:
    columns = (
        *(lists.NUMBER, Column("测评标准", 14), Column("涉及社区", 5, "number"), Column("已核实社区", 6, "number")),
        *(Column("街道和社区", 18), Column("责任单位", 9), Column("失分合计", 6, "number", 2)),
    )
    rows = tuple(
        (
            n,
            f"{s.criterion.id} {s.criterion.title}",
            len(s.where),
            s.judged,
            _places([a for a, _ in s.where]),
            "、".join(s.criterion.owner),
            lists.points(s.lost),
        )
        for n, s in enumerate(shared, 1)
    )
    return Table(title, columns, rows, "没有")


def _places(assessments: Sequence[Assessment]) -> str:
    """``湖滨街道：翠湖社区、东湖社区；北门街道：北门社区``."""
    return "；".join(
        (f"{street}：" if street != NO_STREET else "") + "、".join(a.state.community.name for a in group)
        for street, group in by_street(assessments).items()
    )


def by_street(assessments: Sequence[Assessment]) -> dict[str, list[Assessment]]:
    found: dict[str, list[Assessment]] = {}
    for a in assessments:
        found.setdefault(a.state.community.street or NO_STREET, []).append(a)
    return found


def rectified(dossiers: Sequence[Dossier]) -> Iterator[Block]:
    """What the communities' own ledgers say, as they recorded it, and the change since an earlier record."""
    rows: list[tuple[Cell, ...]] = []
    silent, found, done = [], 0, 0
    for dossier in dossiers:
        a = dossier.assessment
        values = a.state.knowledge(a.ruleset.facts).values
        total, closed, overdue = (values.get(name) for name in LEDGER)
        if not isinstance(total, int) or not isinstance(closed, int):
            silent.append(community_name(a))
            continue
        found, done = found + total, done + closed
        rate = Fraction(closed * 100, total) if total else None
        rows.append((community_name(a), total, closed, rate, overdue if isinstance(overdue, int) else None))
    columns = (
        *(Column("社区", 12), Column("台账登记", 6, "number"), Column("已销号", 6, "number")),
        *(Column("销号率（%）", 6, "number", 1), Column("超期未整改", 6, "number")),
    )
    if rows:
        share = f"，销号率 {percent_text(Fraction(done, found))}" if found else ""
        yield Text(f"{len(rows)} 个社区记录了台账，共登记问题 {found} 个，已销号 {done} 个{share}。")
        yield Table("台账销号情况", columns, tuple(rows))
    if silent:
        yield Text(f"{'、'.join(silent)}没有台账记录，整改情况不明。")
    for dossier in dossiers:
        if dossier.earlier is not None:
            yield Text(
                f"{community_name(dossier.assessment)}由 {score_text(dossier.earlier.score)} 分（{day_text(dossier.earlier.as_of)}）"
                f"变为 {score_text(dossier.assessment.score)} 分。"
            )


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
