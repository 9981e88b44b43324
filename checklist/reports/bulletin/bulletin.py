"""督查通报: many communities for the district office: situation, scores, shared problems, rectification, demands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from checklist.model.ledger import Ledger
from checklist.model.numbers import percent_text, points_text, rounded
from checklist.model.planning.tasks import alike
from checklist.model.results.assessment import Assessment, Finding
from checklist.model.results.comparison import Comparison
from checklist.model.results.shortfalls import Shortfall
from checklist.reports.assessment import report_lists as lists
from checklist.reports.assessment.dossier import Dossier
from checklist.reports.bulletin.bulletin_tables import by_street, matrix, rectified, shortfall_table, standing_table
from checklist.reports.document.document import (
    Attachment,
    Block,
    Document,
    Text,
    day_text,
)
from checklist.reports.document.numbering import first_level, second_level
from checklist.reports.document.tidied import tidied
from checklist.reports.language.action_phrases import places_text
from checklist.reports.language.community_profile import community_name
from checklist.reports.language.gap_phrases import recorded_text, short_sites
from checklist.reports.language.labels import CUSTOM, FLAG

COMMON: Final = 10
FEW: Final = 5


def bulletin(
    dossiers: Sequence[Dossier],
    comparison: Comparison,
    day: date,
    *,
    issuer: str = "",
    ranked: bool = True,
    ledger: Ledger | None = None,
) -> Document:
    """All judged by one ruleset, and ``comparison`` of them. ``issuer`` signs; without one the space is left for the
    office's own. With ``ranked`` False no place is told.

    ``ledger`` is the office's own, by which rectification is counted on ``day``; without it the communities' recorded
    ledger numbers are told.
    """
    assessments = [d.assessment for d in dossiers]
    ruleset = assessments[0].ruleset
    custom = (f"本通报用的测评体系是{CUSTOM}的，改动了 {len(ruleset.changes)} 处。",) if ruleset.custom else ()
    return tidied(
        Document(
            title="社区创城督查情况通报",
            subtitle=f"（{day_text(day)}）",
            parts=tuple(_body(dossiers, comparison, ranked, ledger, day)),
            attachments=(
                Attachment("各社区各模块得分", (matrix(assessments),)),
                Attachment("问题汇总清单", (shortfall_table(comparison.shortfalls, assessments),)),
            ),
            signed=issuer,
            day=day,
            notes=(ruleset.disclaimer, *custom),
        )
    )


def _body(
    dossiers: Sequence[Dossier], comparison: Comparison, ranked: bool, ledger: Ledger | None, day: date
) -> Iterator[Block]:
    assessments = [d.assessment for d in dossiers]
    common = [shortfall for shortfall in comparison.shortfalls if shortfall.common]
    yield first_level(1, "督查情况")
    yield from _situation(assessments, comparison if ranked else None)
    yield first_level(2, "存在的主要问题")
    yield second_level(1, "红线和一票否决")
    yield from _flags(assessments)
    yield second_level(2, "共性问题")
    yield from _common(common, assessments)
    yield second_level(3, "各街道、各社区主要问题")
    yield from _by_street(assessments)
    yield first_level(3, "整改情况")
    yield from rectified(dossiers, ledger, day)
    yield first_level(4, "下一步要求")
    yield from _demands(dossiers, common)


def _situation(assessments: Sequence[Assessment], ranking: Comparison | None) -> Iterator[Block]:
    streets = {a.state.community.street for a in assessments if a.state.community.street}
    days = sorted(a.as_of for a in assessments)
    when = day_text(days[0]) if days[0] == days[-1] else f"{day_text(days[0])}至{day_text(days[-1])}"
    ruleset = assessments[0].ruleset
    where = f"，涉及 {len(streets)} 个街道（镇）" if streets else ""
    gaps = sum(len(a.gaps) for a in assessments)
    yield Text(
        f"本次通报 {len(assessments)} 个社区{where}，按《{ruleset.title}》（{ruleset.edition}）自查，记录日期为{when}。"
        f"共查出差距 {gaps} 项，{_low_high(assessments)}。"
    )
    unknown = [a for a in assessments if not a.score.known]
    if unknown:
        yield Text(
            f"{len(unknown)} 个社区有没核实的项，得分是区间"
            + ("，名次也是区间：两个区间有重叠的，分不出先后。" if ranking else "，区间有重叠的分不出先后。")
        )
    if ranking and ranking.apart:
        yield Text(f"{len(ranking.apart)} 个社区核查率不到 {percent_text(ranking.min_coverage)}，不排名次。")
    yield standing_table(assessments, ranking)


def _low_high(assessments: Sequence[Assessment]) -> str:
    low, high = min(a.score.low for a in assessments), max(a.score.high for a in assessments)
    flagged = sum(a.verdict.kind in ("veto", "redline") for a in assessments)
    return f"得分在 {rounded(low)} 至 {rounded(high)} 分之间，{flagged} 个社区有红线或一票否决没有解除"


def _flags(assessments: Sequence[Assessment]) -> Iterator[Block]:
    number = 0
    for a in assessments:
        opened = (*a.verdict.open_vetoes, *a.verdict.open_redlines)
        if opened:
            number += 1
            said = "；".join(
                f"{FLAG[f.criterion.flag.kind]}“{f.criterion.title}”，{_open_at(a, f)}"
                for f in opened
                if f.criterion.flag
            )
            yield Text(f"{said}。", lead=f"{number}. {community_name(a)}：")
    waiting = [a for a in assessments if a.verdict.undecided_vetoes or a.verdict.undecided_redlines]
    if not number:
        yield Text("已核实的标准中没有触发一票否决，也没有未清的红线。")
    if waiting:
        names = "、".join(map(community_name, waiting[: FEW * 2]))
        more = f"等 {len(waiting)} 个社区" if len(waiting) > FEW * 2 else ""
        yield Text(f"{names}{more}的红线和否决项还没有核完，情况不明。")


def _open_at(assessment: Assessment, finding: Finding) -> str:
    """At which sites it is open, told once; of the community what was recorded."""
    return short_sites(finding, assessment.ruleset, alone=True) or lists.facts_text(assessment, finding, FEW)


def _common(common: Sequence[Shortfall], assessments: Sequence[Assessment]) -> Iterator[Block]:
    if not common:
        yield Text("没有哪个问题是核过的社区里一半以上都有的。")
        return
    yield Text(f"核过的社区里一半以上都有的问题 {len(common)} 项，失分最多的如下，全部问题见附件 2。")
    yield shortfall_table(common[:COMMON], assessments, title="")


def _by_street(assessments: Sequence[Assessment]) -> Iterator[Block]:
    for n, (street, group) in enumerate(by_street(assessments).items(), 1):
        said = "".join(_worst(a) for a in group)
        yield Text(said, lead=f"{n}. {street}。")


def _worst(assessment: Assessment) -> str:
    gaps = lists.serious_first(assessment)[:FEW]
    said = "；".join(
        f"{g.finding.criterion.title}（{recorded_text(g, assessment.ruleset) or '见清单'}，责任单位：{'、'.join(g.finding.criterion.owner)}）"
        for g in gaps
    )
    more = f"等 {len(assessment.gaps)} 项" if len(assessment.gaps) > len(gaps) else ""
    return f"{community_name(assessment)}：{said or '已核实的标准中没有查出差距'}{more}。"


def _demands(dossiers: Sequence[Dossier], common: Sequence[Shortfall]) -> Iterator[Block]:
    for n, (lead, text) in enumerate(_demand_texts(dossiers, common), 1):
        yield Text(text, lead=f"{n}. {lead}。")


def _demand_texts(dossiers: Sequence[Dossier], common: Sequence[Shortfall]) -> Iterator[tuple[str, str]]:
    assessments = [d.assessment for d in dossiers]
    flagged = [(d, [t for t in d.tasks.steps if t.clears_flag]) for d in dossiers]
    urgent = [f"{community_name(d.assessment)}：{'；'.join(map(places_text, alike(ts)))}" for d, ts in flagged if ts]
    if urgent:
        yield "立即解除红线", f"{'。'.join(urgent)}。"
    units: dict[str, list[str]] = {}
    for item in common:
        if item.criterion.owner:
            units.setdefault(item.criterion.owner[0], []).append(item.criterion.title)
    if units:
        ordered = sorted(units.items(), key=lambda pair: -len(pair[1]))[: FEW * 2]
        said = "；".join(
            f"{unit}牵头 {len(names)} 项（{'、'.join(names[:3])}{'等' if len(names) > 3 else ''}）"
            for unit, names in ordered
        )
        yield "按责任单位整改共性问题", f"{said}。"
    waiting = [a for a in assessments if a.total.outcomes["unknown"]]
    if waiting:
        said = "、".join(f"{community_name(a)} {a.total.outcomes['unknown']} 项" for a in waiting[: FEW * 2])
        yield "补齐没有核实的项", f"{said}，核实后再报。"
    lost = points_text(sum(gap.winnable for a in assessments for gap in a.gaps))
    if any(a.gaps for a in assessments):
        yield "逐项整改、逐项销号", f"各社区按问题清单、责任清单、时限清单整改，全部差距共失 {lost} 分，销号后复查。"
