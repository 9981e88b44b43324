"""What a bulletin has in its annex only, the workbook: everything by community."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checklist.model.numbers import rounded
from checklist.model.results.assessment import Assessment
from checklist.reports.assessment import report_lists as lists
from checklist.reports.bulletin.issue import Covered, Issue, who
from checklist.reports.bulletin.rectified import annexed
from checklist.reports.document.document import Block, Column, Content, Table
from checklist.reports.language.gap_phrases import problem_text, short_sites, sites_short
from checklist.reports.language.labels import FLAG


def annex(issue: Issue) -> Iterator[Block]:
    yield _shares(issue)
    yield _flags(issue)
    yield _shortfalls(issue)
    yield _gaps(issue)
    yield from annexed(issue)


def _shares(issue: Issue) -> Table:
    """Low ends by module as shares of the module's points; two ends where they differ."""
    modules = [m for m in issue.ruleset.modules if any(_share(c.assessment, m.id) for c in issue.covered)]
    columns = (Column("街道", 8), Column("社区", 10), *(Column(m.title, 5) for m in modules))
    rows = tuple((c.street, c.name, *(_share(c.assessment, m.id) for m in modules)) for c in issue.covered)
    return Table("各模块得分率（%）", columns, rows, only="sheets")


def _share(assessment: Assessment, module: str) -> str:
    tally = next(m.tally for m in assessment.modules if m.module.id == module)
    if not tally.possible:
        return ""
    low, high = rounded(tally.score.low, 0), rounded(tally.score.high, 0)
    return str(low) if low == high else f"{low} ～ {high}"


def _flags(issue: Issue) -> Table:
    """Every red line and veto that is open, community by community."""
    columns = (
        *(Column("街道", 8), Column("社区", 10), Column("类别", 6), Column("红线和否决", 14)),
        *(Column("现状", 24), Column("责任单位", 10)),
    )
    rows = [
        (
            *(c.street, c.name, FLAG[f.criterion.flag.kind] if f.criterion.flag else ""),
            f"{f.criterion.id} {f.criterion.title}",
            short_sites(f, issue.ruleset, alone=True) or lists.facts_text(c.assessment, f),
            "、".join(f.criterion.owner),
        )
        for c in issue.covered
        for f in c.flags
    ]
    return replace(lists.numbered("未清红线和一票否决", columns, rows, "没有"), only="sheets")


def _shortfalls(issue: Issue) -> Table:
    columns = (
        *(Column("测评标准", 14), Column("共性问题", 5), Column("涉及社区", 5, "number")),
        *(Column("已核社区", 5, "number"), Column("没核社区", 5, "number"), Column("街道和社区", 30)),
        *(Column("责任单位", 9), lists.points_column("失分合计", 6)),
    )
    rows: list[tuple[Content, ...]] = []
    for s in issue.comparison.shortfalls:
        where = [c for c in issue.covered if c.assessment.finding(s.criterion.id).short]
        rows.append(
            (
                f"{s.criterion.id} {s.criterion.title}",
                "是" if s.common else "",
                *(s.missing, s.decided, s.unknown, _names(where, s.criterion.id, issue)),
                "、".join(s.criterion.owner),
                lists.points(s.lost),
            )
        )
    return replace(lists.numbered("问题汇总清单", columns, rows, "没有"), only="sheets")


def _names(where: list[Covered], criterion: str, issue: Issue) -> str:
    """``湖滨街道：翠湖社区（A 区、B 区）、东湖社区；北门街道：北门社区``."""
    sites = {id(c): sites_short(c.assessment.finding(criterion)) for c in where}
    return who(where, issue, said=sites)


def _gaps(issue: Issue) -> Table:
    columns = (
        *(Column("街道", 8), Column("社区", 10), Column("测评标准", 14), Column("存在问题", 24)),
        *(Column("严重程度", 6), lists.points_column("失分"), Column("责任单位", 10), Column("整改措施", 18)),
    )
    rows: list[tuple[Content, ...]] = []
    for c in issue.covered:
        for gap in lists.serious_first(c.assessment):
            criterion = gap.finding.criterion
            rows.append(
                (
                    *(c.street, c.name, f"{criterion.id} {criterion.title}"),
                    problem_text(gap, issue.ruleset) or criterion.requirement,
                    lists.severity(gap.finding),
                    lists.points(gap.winnable),
                    "、".join(criterion.owner),
                    gap.remedies[0].action.label if gap.remedies else "",
                )
            )
    return replace(lists.numbered("各社区问题清单", columns, rows, "没有"), only="sheets")
