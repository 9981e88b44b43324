"""A comparison as a document: the ranking, who takes no part, groups, the module matrix, what most of them miss."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from checklist.model.numbers import POINT
from checklist.model.results.assessment import Score
from checklist.model.results.comparison import Comparison, Section
from checklist.model.results.shortfalls import CommonProblem
from checklist.reports.comparison.ranking_columns import ranking_table
from checklist.reports.comparison.ranking_rows import (
    APART_NOTE,
    UNDIVIDED,
    UNDIVIDED_NOTE,
    apart_remark,
    days_text,
    scored,
    title_text,
)
from checklist.reports.document.document import (
    Block,
    Bullets,
    Column,
    Content,
    Document,
    Heading,
    Table,
    Text,
)
from checklist.reports.document.tidied import tidied
from checklist.reports.language.action_phrases import action_text
from checklist.reports.language.names import named, ruleset_name
from checklist.reports.language.ranking import RANK_NOTE

COMMON: Final = (
    Column("标准", 6),
    Column("名称", 14),
    Column("要求", 24, only="pages"),
    *(Column(title, 5, "number") for title in ("核过的社区", "没得满分", "没核")),
    Column("一共丢分", 5, "number", 2),
    Column("一起做的措施", 30),
    Column("见效社区", 5, "number"),
    Column("一共挽回", 5, "number", 2),
)


def comparison_document(comparisons: Sequence[Comparison]) -> Document:
    """One ranking for each ruleset, one after another."""
    last = max(comparison.days[1] for comparison in comparisons)
    if len(comparisons) == 1:
        (one,) = comparisons
        return tidied(Document(_title(one), tuple(_parts(one, 1)), day=last))
    parts = (part for c in comparisons for part in (Heading(_title(c)), *_parts(c, 2)))
    return tidied(Document("社区比较", tuple(parts), day=last))


def _title(comparison: Comparison) -> str:
    return f"社区比较：按{title_text(comparison)}"


def _parts(comparison: Comparison, level: int) -> Iterator[Block]:
    yield Text(f"{ruleset_name(comparison.ruleset)}　{days_text(comparison)}")
    yield Text(comparison.ruleset.disclaimer, note=True)
    yield Heading("排名", level)
    yield Text(RANK_NOTE + UNDIVIDED_NOTE * bool(comparison.parted), note=True)
    yield ranking_table(comparison, comparison.entries, only="sheets", main=True)
    yield ranking_table(comparison, comparison.ranked, empty="没有社区能参加排名", only="pages")
    if comparison.apart:
        yield Heading("未参加排名", level)
        yield Bullets(tuple(f"{named(a.standing.community)}：{apart_remark(a, comparison)}" for a in comparison.apart))
    for kind, sections in (("类别", comparison.groups), ("街道", comparison.streets)):
        if len(sections) > 1:
            yield Heading(f"按{kind}", level)
            if any(section.apart for section in sections):
                yield Text(APART_NOTE, note=True)
            yield _sections(kind, sections)
    if comparison.ranked:
        yield Heading("模块得分率", level)
        yield Text("已得分占适用分的百分比；? 表示还有没核实的，会更高；- 表示没有适用的标准。", note=True)
        yield Text("、".join(f"{m.id} {m.title}" for m in scored(comparison)), note=True)
        yield _matrix(comparison)
    if comparison.common:
        yield Heading("举一反三：多数社区都没得满分的标准", level)
        yield Table("举一反三", COMMON, tuple(map(_common, comparison.common)))


def _sections(kind: str, sections: Sequence[Section]) -> Table:
    numbers = (Column(title, 5, "number", 1) for title in ("最低", "最高"))
    columns = (Column(kind, 10), Column("社区", 4, "number"), Column("平均得分", 8, "score"), *numbers)
    rows: list[tuple[Content, ...]] = [(s.name, s.count, Score(s.low, s.high), s.lowest, s.highest) for s in sections]
    for title, counts in (("未参加排名", [s.apart for s in sections]), (UNDIVIDED, [s.undivided for s in sections])):
        if any(counts):
            columns += (Column(title, 5, "number"),)
            rows = [(*row, count) for row, count in zip(rows, counts, strict=True)]
    return Table("", columns, tuple(rows), only="pages")


def _matrix(comparison: Comparison) -> Table:
    modules = scored(comparison)
    heads = (Column(m.id, 3, "score", heat=True) for m in modules)
    rows = []
    for item in comparison.ranked:
        tallies = (item.standing.tally(m.id) for m in modules)
        shares = (tally.score if tally.possible else None for tally in tallies)
        rows.append((item.rank.place, named(item.standing.community), *shares))
    return Table("", (Column("名次", 3, "number"), Column("社区", 10), *heads), tuple(rows), only="pages")


def _common(common: CommonProblem) -> tuple[Content, ...]:
    shortfall, criterion = common.shortfall, common.shortfall.criterion
    return (
        *(criterion.id, criterion.title, criterion.requirement),
        *(shortfall.decided, shortfall.missing, shortfall.unknown, Fraction(shortfall.lost, POINT)),
        action_text(common.action) if common.action else "要几条措施一起做",
        common.helped,
        Fraction(common.won, POINT),
    )
