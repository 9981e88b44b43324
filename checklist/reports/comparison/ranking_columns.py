"""The columns of a ranking, once for every form: a page, a sheet, CSV and JSON; the screen names those that it has room
for (``comparison_screen.SHOWN``). A new column is a line here, with a ``key`` when JSON is to have it too."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, TypeAlias

from checklist.model.noun import noun
from checklist.model.results.assessment import Tally
from checklist.model.results.comparison import SOUND, Apart, Comparison, Ranked
from checklist.model.rules.ruleset import Module
from checklist.reports.comparison.ranking_rows import (
    apart_text,
    flags_text,
    modules_text,
    scored,
    undivided_text,
)
from checklist.reports.document.document import Column, Content, Table
from checklist.reports.language.labels import VERDICT
from checklist.reports.language.names import named, ruleset_name
from checklist.reports.language.phrases import band_text
from checklist.reports.language.ranking import faults_text, range_text

Compared: TypeAlias = Ranked | Apart


@noun
class RankingColumn:
    """``cell`` says what stands in it for one community. ``data`` is the same under ``key`` in JSON.
    Only a comparison that ``wanted`` holds of has it."""

    column: Column
    cell: Callable[[Compared, Comparison], Content]
    key: str = ""
    data: Callable[[Compared, Comparison], Any] | None = None
    wanted: Callable[[Comparison], bool] = lambda _: True


def tally_of(entry: Compared, comparison: Comparison) -> Tally:
    """What the ranking goes by: one module, or the whole."""
    return entry.standing.tally(comparison.module.id if comparison.module else None)


def _ranked(cell: Callable[[Ranked], Content]) -> Callable[[Compared, Comparison], Content]:
    """Nothing for those that take no part."""
    return lambda entry, _: cell(entry) if isinstance(entry, Ranked) else None


def _peer(entry: Ranked) -> str:
    return f"{entry.peer.place}（{range_text(entry.peer)}）" if entry.peer else ""


COLUMNS: Final = (
    RankingColumn(Column("测评体系", 20, only="sheets"), lambda e, c: ruleset_name(c.ruleset)),
    RankingColumn(Column("名次", 4, "number"), _ranked(lambda e: e.rank.place)),
    RankingColumn(Column("名次范围", 6), _ranked(lambda e: range_text(e.rank))),
    RankingColumn(
        Column("点位", 6),
        lambda e, c: undivided_text(e.standing, c),
        "undivided",
        lambda e, c: sorted(c.parted - e.standing.kinds),
        lambda c: bool(c.parted),
    ),
    RankingColumn(Column("同类名次", 6, only="pages"), _ranked(_peer)),
    RankingColumn(Column("同类名次", 5, "number", only="sheets"), _ranked(lambda e: e.peer.place if e.peer else None)),
    RankingColumn(Column("同类名次范围", 7, only="sheets"), _ranked(lambda e: range_text(e.peer) if e.peer else None)),
    RankingColumn(Column("社区编号", 8, only="sheets"), lambda e, c: e.standing.community.id),
    RankingColumn(Column("社区", 12), lambda e, c: named(e.standing.community)),
    RankingColumn(Column("街道", 8), lambda e, c: e.standing.community.street),
    RankingColumn(Column("类别", 6), lambda e, c: e.standing.community.group),
    RankingColumn(Column("记录日期", 7, "date"), lambda e, c: e.standing.as_of),
    RankingColumn(Column("得分", 8, "score", only="pages"), lambda e, c: tally_of(e, c).score),
    RankingColumn(Column("保底分", 5, "number", 2, only="sheets"), lambda e, c: tally_of(e, c).score.low),
    RankingColumn(Column("最高可能分", 6, "number", 2, only="sheets"), lambda e, c: tally_of(e, c).score.high),
    RankingColumn(Column("等次", 6), lambda e, c: band_text(e.standing.bands)),
    RankingColumn(Column("核查率", 5, "share", only="pages"), lambda e, c: tally_of(e, c).coverage),
    RankingColumn(Column("核查率", 5, "number", 2, only="sheets"), lambda e, c: tally_of(e, c).coverage * 100),
    RankingColumn(Column("没核实", 5, "number"), lambda e, c: tally_of(e, c).outcomes["unknown"]),
    RankingColumn(Column("红线与否决", 12), lambda e, c: flags_text(e.standing)),
    RankingColumn(Column("结论", 10, only="sheets"), lambda e, c: VERDICT[e.standing.verdict]),
    RankingColumn(Column("强项", 14), _ranked(lambda e: modules_text(e.strong, "low"))),
    RankingColumn(Column("弱项", 14), _ranked(lambda e: modules_text(e.weak, "high"))),
    RankingColumn(
        Column("记录", 12),
        lambda e, c: faults_text(e.standing.faults, e.standing.recorded),
        "faults",
        lambda e, c: {"unread": e.standing.faults.unread, "mistakes": e.standing.faults.mistakes},
        lambda c: any(e.standing.faults != SOUND for e in c.entries),
    ),
    RankingColumn(
        Column("未参加排名的原因", 12, only="sheets"),
        lambda e, c: apart_text(e, c) if isinstance(e, Apart) else None,
    ),
)


def columns_of(comparison: Comparison) -> list[RankingColumn]:
    """Those that it wants."""
    return [shown for shown in COLUMNS if shown.wanted(comparison)]


def ranking_table(comparison: Comparison, entries: Iterable[Compared], **how: Any) -> Table:
    """The fixed columns, then in sheets two for each module with points; ``how`` are the table's own settings."""
    modules = scored(comparison)
    heads = tuple(
        Column(f"{m.id} {m.title} {end}", 5, "number", 2, heat=True, only="sheets") for m in modules for end in "低高"
    )
    columns = columns_of(comparison)
    rows = tuple((*(shown.cell(entry, comparison) for shown in columns), *_shares(entry, modules)) for entry in entries)
    return Table("", (*(shown.column for shown in columns), *heads), rows, **how)


def _shares(entry: Compared, modules: Iterable[Module]) -> Iterable[Content]:
    for module in modules:
        tally = entry.standing.tally(module.id)
        yield from (tally.score.low, tally.score.high) if tally.possible else (None, None)


def column_data(entry: Compared, comparison: Comparison) -> dict[str, Any]:
    """What JSON has of the columns that carry a key."""
    return {shown.key: shown.data(entry, comparison) for shown in columns_of(comparison) if shown.data}
