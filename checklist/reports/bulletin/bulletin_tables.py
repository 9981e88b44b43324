"""The tables that a bulletin prints: streets, ranking, red lines, common problems."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Final

from checklist.model.results.assessment import Score
from checklist.model.results.shortfalls import Shortfall
from checklist.reports.assessment import report_lists as lists
from checklist.reports.bulletin.issue import Covered, Issue, streets_of, who
from checklist.reports.comparison.ranking_rows import undivided_text
from checklist.reports.document.document import Column, Content, Table
from checklist.reports.language.labels import FLAG
from checklist.reports.language.phrases import band_text, score_text
from checklist.reports.language.ranking import faults_text, range_text

PRINTED: Final = 80
"""Rows of a ranking that paper has room for; of a longer one the first and the last ``ENDS`` are printed."""
ENDS: Final = 20
NAMED: Final = 3
"""So many communities are named in a cell."""


def mean_low(scores: Iterable[Score]) -> Fraction:
    found = [score.low for score in scores]
    return sum(found, Fraction(0)) / len(found)


def moved(covered: Iterable[Covered]) -> Fraction | None:
    """By how much the mean sure score of those that have an earlier record changed; None where none has."""
    pairs = [(c.headway.before.score, c.assessment.score) for c in covered if c.headway]
    return mean_low(now for _, now in pairs) - mean_low(was for was, _ in pairs) if pairs else None


def streets_table(issue: Issue) -> Table:
    """Each street over all its communities, ranked or not, the highest sure mean first; the whole at the end."""
    columns = (
        *(Column("街道", 10), Column("社区", 6, "number"), Column("平均保底分", 8, "number", 1)),
        *(Column("比上次", 7, "number", 1, signed=True), Column("平均核查率", 8, "share")),
        *(Column("差距", 7, "number"), Column("补上", 6, "number"), Column("新查出", 6, "number")),
        *(Column("没核实", 7, "number"), Column("有红线的社区", 7, "number")),
        *((Column("不排名次的社区", 7, "number"),) if issue.ranked else ()),
    )
    groups = sorted(issue.streets.items(), key=lambda pair: -mean_low(c.assessment.score for c in pair[1]))
    rows = [_street(name, some, issue) for name, some in groups]
    return Table("各街道情况", columns, (*rows, _street("合计", issue.covered, issue)))


def _street(name: str, some: Sequence[Covered], issue: Issue) -> tuple[Content, ...]:
    headways = [c.headway for c in some if c.headway]
    return (
        name,
        len(some),
        mean_low(c.assessment.score for c in some),
        moved(some),
        sum((c.assessment.coverage for c in some), Fraction(0)) / len(some),
        sum(len(c.assessment.gaps) for c in some),
        sum(p.closed for p in headways) if headways else None,
        sum(p.found for p in headways) if headways else None,
        sum(c.assessment.total.outcomes["unknown"] for c in some),
        sum(bool(c.flags) for c in some),
        *((sum(c in issue.apart for c in some),) if issue.ranked else ()),
    )


def standing_table(issue: Issue) -> Table:
    """In the order of the ranking, each with every place that is still possible; who takes no part stands last. Without
    places where the issue tells none."""
    comparison, by_id = issue.comparison, {c.assessment.state.community.id: c for c in issue.covered}
    places = [(item.standing, range_text(item.rank)) for item in comparison.ranked]
    places += [(item.standing, "不排") for item in comparison.apart]
    if not issue.ranked:
        places = [(issue.standings[id], "") for id in by_id]
    parted = bool(comparison.parted)
    columns = (
        *((Column("名次", 9),) if issue.ranked else ()),
        *(Column("社区", 14), Column("街道", 10)),
        *((Column("点位", 9),) if parted else ()),
        *(Column("得分", 13), Column("比上次", 8, "number", 1, signed=True), Column("等次", 10, only="sheets")),
        *(Column("核查率", 8, "share"), Column("没核实", 6, "number"), Column("差距", 6, "number")),
        *(Column("未清红线", 6, "number"), Column("待核红线", 6, "number")),
        *(Column("记录日期", 7, "date", only="sheets"), Column("记录", 16, only="sheets")),
    )
    rows = []
    for standing, place in places:
        one, faults = by_id[standing.community.id], faults_text(standing.faults, standing.recorded)
        rows.append(
            (
                *((place,) if issue.ranked else ()),
                f"{one.name}（记录有误）" if faults else one.name,
                one.assessment.state.community.street,
                *((undivided_text(standing, comparison),) if parted else ()),
                score_text(one.assessment.score).replace(" ", ""),
                moved([one]),
                band_text(one.assessment.bands),
                one.assessment.coverage,
                one.assessment.total.outcomes["unknown"],
                len(one.assessment.gaps),
                len(one.flags),
                one.undecided,
                standing.recorded,
                faults,
            )
        )
    return Table("得分和名次" if issue.ranked else "得分", columns, tuple(rows), main=True)


def printed(table: Table) -> list[Table]:
    """As paper and sheets have it: whole where it is short, else the two ends on paper and the whole in the annex."""
    if len(table.rows) <= PRINTED:
        return [table]
    first = Table(f"{table.title}（前 {ENDS} 行）", table.columns, table.rows[:ENDS], only="pages")
    last = Table(f"{table.title}（后 {ENDS} 行）", table.columns, table.rows[-ENDS:], only="pages")
    return [first, last, Table(table.title, table.columns, table.rows, only="sheets", main=True)]


def flags_table(issue: Issue) -> Table:
    """Every red line and veto that somebody has open, where the most have it first."""
    columns = (
        *(Column("标准", 28), Column("类别", 10), Column("未清", 6, "number"), Column("待核", 6, "number")),
        *(Column("牵头单位", 11), Column("未清的社区", 27)),
    )
    found = []
    for criterion in (c for c in issue.ruleset.active if c.flag):
        judged = [(c, f) for c in issue.covered for f in c.assessment.findings if f.criterion == criterion]
        opened = [c for c, f in judged if f.flag == "open"]
        if opened:
            found.append((criterion, opened, sum(f.flag == "undecided" for _, f in judged)))
    rows = tuple(
        (
            f"{criterion.id} {criterion.title}",
            FLAG[criterion.flag.kind] if criterion.flag else "",
            *(len(opened), waiting, lead_of(criterion.owner), places(opened, issue)),
        )
        for criterion, opened, waiting in sorted(found, key=lambda one: -len(one[1]))
    )
    return Table("没有解除的红线和一票否决", columns, rows)


def lead_of(owner: Sequence[str]) -> str:
    return owner[0] if owner else "未写明"


def places(some: Sequence[Covered], issue: Issue) -> str:
    """By name while they are few; of more the names stand in the annex."""
    if len(some) <= NAMED:
        return who(some, issue)
    return f"{len(streets_of(some))} 个街道，见附表"


def common_table(shortfalls: Sequence[Shortfall], issue: Issue) -> Table:
    columns = (
        *(lists.NUMBER, Column("共性问题", 20), Column("涉及社区", 5, "number"), Column("已核社区", 5, "number")),
        *(Column("没核社区", 5, "number"), Column("牵头单位", 8), lists.points_column("失分合计", 6)),
    )
    rows = tuple(
        (
            n,
            f"{s.criterion.id} {s.criterion.title}",
            *(s.missing, s.decided, s.unknown),
            lead_of(s.criterion.owner),
            lists.points(s.lost),
        )
        for n, s in enumerate(shortfalls, 1)
    )
    return Table("失分最多的共性问题", columns, rows, "没有")
