"""下一步要求: who is to do what; everyone who is meant is named."""

from __future__ import annotations

from collections.abc import Iterator

from checklist.model.numbers import percent_text, points_text
from checklist.reports.bulletin.bulletin_tables import lead_of
from checklist.reports.bulletin.issue import Covered, Issue, all_but, who
from checklist.reports.bulletin.rectified import by_unit
from checklist.reports.document.document import Text

FEW = 2


def demands(issue: Issue) -> Iterator[Text]:
    for n, (lead, text) in enumerate(_said(issue), 1):
        yield Text(text, lead=f"{n}. {lead}。")


def _said(issue: Issue) -> Iterator[tuple[str, str]]:
    flagged = [c for c in issue.covered if c.flags]
    if flagged:
        yield "立即解除红线和一票否决", f"{who(flagged, issue)}。各有几项见得分表，是哪几项见附表。"
    yield from _to_check(issue)
    units: dict[str, list[str]] = {}
    for shortfall in issue.comparison.shortfalls:
        if shortfall.common:
            units.setdefault(lead_of(shortfall.criterion.owner), []).append(shortfall.criterion.title)
    if units:
        said = "；".join(
            f"{unit} {len(names)} 项（{'、'.join(names[:FEW])}{'等' if len(names) > FEW else ''}）"
            for unit, names in sorted(units.items(), key=lambda pair: -len(pair[1]))
        )
        yield "按牵头单位整改共性问题", f"{said}。"
    late = {unit: one.late for unit, one in by_unit(issue).items() if one.late}
    if late:
        said = "、".join(f"{unit} {n} 个" for unit, n in sorted(late.items(), key=lambda pair: -pair[1]))
        yield "限期了结超期的问题", f"{said}。"
    lost = points_text(sum(gap.winnable for c in issue.covered for gap in c.assessment.gaps))
    if any(c.assessment.gaps for c in issue.covered):
        yield "逐项整改、逐项销号", f"各社区按附表里的问题清单整改，全部差距共失 {lost} 分，销号后复查。"


def _to_check(issue: Issue) -> Iterator[tuple[str, str]]:
    """Who is barely checked, whose red lines are not, whose record could not be read."""
    bar = percent_text(issue.comparison.min_coverage)
    told = []
    if issue.apart:
        told.append(f"核查率不到 {bar} 的：{who(issue.apart, issue)}")
    waiting = [c for c in issue.covered if c.undecided]
    if waiting:
        told.append(f"红线和否决没有核完的：{all_but(waiting, issue)}")
    if told:
        yield "先把没有核实的核清", f"{'。'.join(told)}。核实后再报。"
    faults = [c for c in issue.covered if _faulty(c, issue)]
    if faults or issue.nobodys:
        wrong = f"记录读不进来或者写错的：{who(faults, issue)}。" if faults else ""
        yield "重报记录", wrong + (f"读不进来、没有列入的：{issue.lost}。" if issue.nobodys else "")


def _faulty(covered: Covered, issue: Issue) -> bool:
    faults = issue.standings[covered.assessment.state.community.id].faults
    return bool(faults.unread or faults.mistakes)
