"""督查通报: many communities for the district office. A few pages to sign, and a workbook with everything else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Final

from checklist.model.numbers import percent_text, rounded
from checklist.reports.bulletin.annex import annex
from checklist.reports.bulletin.bulletin_tables import (
    common_table,
    flags_table,
    mean_low,
    moved,
    printed,
    standing_table,
    streets_table,
)
from checklist.reports.bulletin.demands import demands
from checklist.reports.bulletin.issue import Issue, published, who
from checklist.reports.bulletin.rectified import rectified
from checklist.reports.document.document import Block, Document, Text, day_text
from checklist.reports.document.numbering import first_level, second_level
from checklist.reports.document.tidied import tidied
from checklist.reports.language.labels import CUSTOM

COMMON: Final = 8
FRONT: Final = 10


def bulletin(issue: Issue, *, name_all: bool = False) -> Document:
    """Red lines and vetoes that 纪委 or 公安 lead are told without names unless ``name_all``. Without ``issuer`` the space
    is left for the office's own signature."""
    issue = issue if name_all else published(issue)
    changes = len(issue.ruleset.changes)
    custom = (f"本通报用的测评体系是{CUSTOM}的，改动了 {changes} 处。",) if issue.ruleset.custom else ()
    return tidied(
        Document(
            title="社区创城督查情况通报",
            subtitle=f"（{day_text(issue.day)}）",
            parts=(*map(_on_paper, _body(issue)), *annex(issue)),
            signed=issue.issuer,
            day=issue.day,
            notes=(issue.ruleset.disclaimer, *custom),
        )
    )


def _on_paper(block: Block) -> Block:
    """The annex has tables and no prose."""
    return replace(block, only="pages") if isinstance(block, Text) else block


def _body(issue: Issue) -> Iterator[Block]:
    yield first_level(1, "督查情况")
    yield from _situation(issue)
    yield first_level(2, "存在的主要问题")
    yield second_level(1, "红线和一票否决")
    yield from _flags(issue)
    yield second_level(2, "共性问题")
    yield from _common(issue)
    yield first_level(3, "整改情况")
    yield from _mended(issue)
    yield from rectified(issue)
    yield first_level(4, "下一步要求")
    yield from demands(issue)
    scores = standing_table(issue)
    yield Text(
        f"附表（工作簿）：{scores.title}、各模块得分率、未清红线、问题汇总清单、各社区问题清单、销号情况。", note=True
    )


def _situation(issue: Issue) -> Iterator[Block]:
    assessments = [c.assessment for c in issue.covered]
    days = sorted(standing.recorded for standing in issue.standings.values())
    when = day_text(days[0]) if days[0] == days[-1] else f"{day_text(days[0])}至{day_text(days[-1])}"
    streets = {a.state.community.street for a in assessments} - {""}
    where = f"，涉及 {len(streets)} 个街道（镇）" if streets else ""
    coverage = sum((a.coverage for a in assessments), Fraction(0)) / len(assessments)
    flagged = sum(bool(c.flags) for c in issue.covered)
    yield Text(
        f"本次通报 {len(assessments)} 个社区{where}，按《{issue.ruleset.title}》（{issue.ruleset.edition}）自查，"
        f"记录日期为{when}。平均核查率 {percent_text(coverage)}，查明差距 {sum(len(a.gaps) for a in assessments)} 项，"
        f"另有 {sum(a.total.outcomes['unknown'] for a in assessments)} 项没有核实；"
        f"平均保底分 {rounded(mean_low(a.score for a in assessments))} 分，{flagged} 个社区有红线或一票否决没有解除。"
    )
    order = "，名次按它排" if issue.ranked else ""
    yield Text(f"保底分是已经核实、确定得到的分{order}。没有核实的项不算得分，少报不占便宜。")
    yield from _doubts(issue)
    yield streets_table(issue)
    yield from _ranking(issue)
    yield from printed(standing_table(issue))


def _doubts(issue: Issue) -> Iterator[Text]:
    """Records that are not what was sent."""
    faults = [(c, issue.standings[c.assessment.state.community.id].faults) for c in issue.covered]
    older = [c for c, fault in faults if fault.unread]
    wrong = [c for c, fault in faults if fault.mistakes and not fault.unread]
    if older:
        yield Text(f"{len(older)} 个社区最近的记录读不进来，用的是以前的记录：{who(older, issue)}。")
    if wrong:
        yield Text(f"{len(wrong)} 个社区的记录有写错的地方，写错的按没核实算：{who(wrong, issue)}。")
    if issue.nobodys:
        yield Text(f"另有 {len(issue.nobodys)} 份记录读不进来，没有列入：{issue.lost}。")


def _ranking(issue: Issue) -> Iterator[Text]:
    """Only what holds whatever the unverified items come to is said of anyone by name."""
    ranked, by_id = issue.comparison.ranked, {c.assessment.state.community.id: c for c in issue.covered}
    if issue.ranked and ranked:
        last = len(ranked) - FRONT
        front = [by_id[r.standing.community.id] for r in ranked if r.rank.worst <= FRONT]
        rear = [by_id[r.standing.community.id] for r in ranked if r.rank.best > last]
        if front and last > 0:
            yield Text(f"没核实的不论结果如何，一定在前 {FRONT} 名的：{who(front, issue)}。")
        if rear and last > 0:
            yield Text(f"没核实的不论结果如何，一定在后 {FRONT} 名的：{who(rear, issue)}。")
        yield Text("名次写的是没核实的项核完以后可能落在的名次；范围有重叠的，分不出先后。")
    if issue.ranked and issue.comparison.apart:
        bar = percent_text(issue.comparison.min_coverage)
        yield Text(f"{len(issue.comparison.apart)} 个社区核查率不到 {bar}，不排名次，列在表后。")


def _flags(issue: Issue) -> Iterator[Block]:
    flagged = [c for c in issue.covered if c.flags]
    if flagged:
        count = sum(len(c.flags) for c in flagged)
        yield Text(f"{len(flagged)} 个社区共有 {count} 项红线和一票否决没有解除。")
    else:
        yield Text("已核实的标准中没有触发一票否决，也没有未清的红线。")
    waiting = [c for c in issue.covered if c.undecided]
    if waiting:
        count = sum(c.undecided for c in waiting)
        yield Text(f"{len(waiting)} 个社区还有 {count} 项红线和否决没有核完，情况不明，不能算没有。")
    if issue.withheld.criteria:
        leads = "、".join(dict.fromkeys(c.owner[0] for c in issue.withheld.criteria))
        yield Text(
            f"另有{leads}牵头的 {len(issue.withheld.criteria)} 条红线和否决，涉及 {issue.withheld.communities} 个社区，"
            "不在通报里点名，也没有算进上面和表里的红线数。"
        )
    if flagged:
        yield flags_table(issue)


def _common(issue: Issue) -> Iterator[Block]:
    common = [s for s in issue.comparison.shortfalls if s.common]
    if not common:
        yield Text("没有哪个问题是核过的社区里一半以上都有的。")
        return
    first = f"失分最多的 {COMMON} 项如下，" if len(common) > COMMON else ""
    yield Text(f"核过的社区里一半以上都有的问题 {len(common)} 项，{first}全部问题和社区名单见附表。")
    yield common_table(common[:COMMON], issue)


def _mended(issue: Issue) -> Iterator[Text]:
    """What became of the gaps since the earlier records. What is not told any more is not mended."""
    pairs = [(c, c.headway) for c in issue.covered if c.headway]
    if not pairs:
        return
    days = sorted({p.before.as_of for _, p in pairs})
    when = day_text(days[0]) if len(days) == 1 else "各社区上一次记录"
    some = f"（{len(pairs)} 个社区两次都有记录）" if len(pairs) < len(issue.covered) else ""
    change = moved(c for c, _ in pairs) or Fraction(0)
    lost = sum(p.silent for _, p in pairs)
    silent = f"；上次的差距有 {lost} 项这次没有核实或者报了不适用，不算整改" if lost else ""
    word = "提高" if change >= 0 else "下降"
    yield Text(
        f"与{when}相比{some}，平均保底分{word} {rounded(abs(change))} 分，"
        f"补上差距 {sum(p.closed for _, p in pairs)} 项，新查出 {sum(p.found for _, p in pairs)} 项{silent}。"
    )
