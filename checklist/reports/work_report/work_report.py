"""创城工作汇报: the community's report in the genre's own order, each sentence from recorded facts and findings.

基本情况 · 工作开展情况及成效 · 测评得分与存在问题 · 整改方案 · 需要上级协调的事项 · 下一步打算 · 附件：三张清单
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from checklist.model.numbers import percent_text, points_text
from checklist.model.results.assessment import Assessment
from checklist.reports.assessment import report_lists as lists
from checklist.reports.assessment.dossier import Dossier
from checklist.reports.assessment.freshness import soon_table
from checklist.reports.assessment.task_lists import days_list, owners_list, problems_list
from checklist.reports.document.document import (
    Attachment,
    Block,
    Document,
    Text,
    day_text,
)
from checklist.reports.document.numbering import first_level, second_level
from checklist.reports.document.tidied import tidied
from checklist.reports.language.community_profile import PROFILE, community_name, profile
from checklist.reports.language.gap_phrases import problem_text, way_up_text
from checklist.reports.language.labels import CUSTOM, FLAG, OUTCOME, VERDICT
from checklist.reports.language.phrases import band_text, levels_text, points_range, score_text, value_text
from checklist.reports.language.site_phrases import flag_text
from checklist.reports.work_report.work_report_plan import help_blocks, next_blocks, plan_blocks
from checklist.reports.work_report.work_report_progress import progress_blocks

IN_BODY: Final = 12
TO_CHECK: Final = 60
"""How many unknown facts a paper lists; the workbook has them all."""


def work_report(dossier: Dossier) -> Document:
    assessment = dossier.assessment
    name = community_name(assessment)
    lists_of = (
        problems_list(dossier),
        owners_list(dossier),
        days_list(dossier),
        lists.unknown_list(assessment, TO_CHECK),
        *filter(lambda table: table.rows, (soon_table(assessment),)),
    )
    return tidied(
        Document(
            title=f"{name}创城工作汇报",
            subtitle=f"（{day_text(assessment.as_of)}自查）",
            parts=tuple(_body(dossier)),
            attachments=tuple(Attachment(table.title, (table,)) for table in lists_of),
            signed=name,
            day=assessment.as_of,
            notes=_notes(assessment),
        )
    )


def _notes(assessment: Assessment) -> tuple[str, ...]:
    ruleset = assessment.ruleset
    custom = (f"本报告用的测评体系是{CUSTOM}的：在原文上改动了 {len(ruleset.changes)} 处。",) if ruleset.custom else ()
    return (ruleset.disclaimer, *custom)


def _body(dossier: Dossier) -> Iterator[Block]:
    assessment = dossier.assessment
    yield from _basics(assessment)
    yield first_level(2, "工作开展情况及成效")
    yield from progress_blocks(assessment, dossier.earlier)
    yield first_level(3, "测评得分与存在问题")
    yield from _result(assessment)
    yield from _problems(assessment)
    yield from _unknown(assessment)
    yield first_level(4, "整改方案")
    yield from plan_blocks(dossier)
    yield first_level(5, "需要上级协调的事项")
    yield from help_blocks(dossier)
    yield first_level(6, "下一步打算")
    yield from next_blocks(dossier)


def _basics(assessment: Assessment) -> Iterator[Block]:
    yield first_level(1, "基本情况")
    state, facts = assessment.state, assessment.ruleset.facts
    community = state.community
    place = "".join((community.city, community.district, community.street))
    kind = f"，类型为{community.group}" if community.group else ""
    where = f"{community_name(assessment)}属{place}{kind}。" if place else f"{community_name(assessment)}{kind}。"
    values = profile(assessment)
    known = [n for n in PROFILE if n in values]
    unknown = [facts[n].label for n in PROFILE if n in facts and n not in values]
    said = "，".join(f"{facts[n].label} {value_text(facts[n], values[n])}" for n in known)
    told = f"{said}。" if said else "户数、人口等基本数据没有记录。"
    missing = f"{'、'.join(unknown)}没有核实。" if unknown and said else ""
    yield Text(where + told + missing + _sites(assessment))
    yield Text(_method(assessment))


def _sites(assessment: Assessment) -> str:
    """``小区 4 个，列出 3 个：A 区、B 区、C 区。``; nothing for a community that is its own one site."""
    state, said = assessment.state, []
    for kind in assessment.ruleset.site_kinds.values():
        listed, total = state.sites_of(kind.id), state.totals.get(kind.id)
        if listed:
            count = total.count if total else len(listed)
            some = f"，列出 {len(listed)} 个" if count > len(listed) else ""
            more = "等" if len(listed) > IN_BODY else ""
            said.append(f"{kind.label} {count} 个{some}：{'、'.join(site.name for site in listed[:IN_BODY])}{more}。")
    return "".join(said)


def _method(assessment: Assessment) -> str:
    ruleset, state = assessment.ruleset, assessment.state
    recorded = [r for (_, n), r in state.slots.items() if n in ruleset.facts and r.value is not None]
    title = f"《{ruleset.title}》（{ruleset.edition}）"
    text = f"本次对照{title}的 {len(assessment.findings)} 条测评标准自查，"
    if not recorded:
        return f"{text}还没有记录任何实测项。"
    first, last = min(r.on for r in recorded), max(r.on for r in recorded)
    days = day_text(last) if first == last else f"{day_text(first)}至{day_text(last)}"
    text += f"共记录实测项 {len({r.fact for r in recorded})} 个，记录日期为{days}，按分值计核查率 {percent_text(assessment.coverage)}。"
    return text + "没有核实的不算达标，也不算不达标，得分因此用区间表示。" * (not assessment.score.known)


def _result(assessment: Assessment) -> Iterator[Block]:
    yield second_level(1, "测评得分")
    total = assessment.total
    band = (
        f"等次为{band_text(assessment.bands)}"
        if len(set(assessment.bands)) == 1
        else f"等次在{band_text(assessment.bands)}之间，还定不下来"
    )
    counts = "、".join(f"{OUTCOME[o]} {n} 项" for o, n in total.outcomes.items() if n)
    yield Text(f"满分 100 分，自查得分 {score_text(assessment.score)} 分，{band}。{counts}。")
    yield Text(_verdict(assessment))
    yield lists.modules_table(assessment)
    excluded = [f for f in assessment.findings if f.outcome == "not_applicable"]
    if excluded:
        said = "；".join(
            f"{f.criterion.id} {f.criterion.title}（{f.reason or '实测项表明不适用'}）" for f in excluded[:IN_BODY]
        )
        more = f"等 {len(excluded)} 项" if len(excluded) > IN_BODY else ""
        yield Text(f"{said}{more}，不适用于本社区，不计分。")


def _verdict(assessment: Assessment) -> str:
    verdict = assessment.verdict
    opened = (*verdict.open_vetoes, *verdict.open_redlines)
    waiting = (*verdict.undecided_vetoes, *verdict.undecided_redlines)
    said = [f"{VERDICT[verdict.kind]}。"]
    if opened:
        said.append(
            "；".join(
                f"{FLAG[f.criterion.flag.kind]} {f.criterion.id} {flag_text(f)}" for f in opened if f.criterion.flag
            )
            + "。"
        )
    if waiting:
        said.append(f"还有 {len(waiting)} 项没有核实：{'；'.join(f.criterion.title for f in waiting)}。")
    return "".join(said)


def _problems(assessment: Assessment) -> Iterator[Block]:
    yield second_level(2, "存在问题")
    gaps = lists.serious_first(assessment)
    if not gaps:
        yield Text(
            "已核实的标准中没有查出差距。" if assessment.total.decided else "还没有核实过任何一条标准，问题不明。"
        )
        return
    lost = sum(gap.winnable for gap in gaps)
    shown = gaps[:IN_BODY]
    where = f"影响较大的 {len(shown)} 项如下，全部见附件 1" if len(gaps) > len(shown) else "逐项如下"
    yield Text(f"已核实的标准中查出差距 {len(gaps)} 项，共失 {points_text(lost)} 分，{where}。")
    ruleset = assessment.ruleset
    for n, gap in enumerate(shown, 1):
        criterion = gap.finding.criterion
        flag = f"{lists.severity(gap.finding)}，" if gap.finding.flag == "open" else ""
        need = f"距 {gap.steps[-1].level} 档：{way_up_text(gap, gap.steps[-1], ruleset)}。" if gap.steps else ""
        yield Text(
            f"要求{criterion.requirement}。现状：{problem_text(gap, ruleset) or '见附件'}，"
            f"{flag}{OUTCOME[gap.finding.outcome]}（{levels_text(gap.finding.worst, gap.finding.best)}），"
            f"得 {points_range(gap.finding.low, gap.finding.high)} 分，满分 {points_text(criterion.points)} 分。{need}",
            lead=f"{n}. {criterion.title}（{criterion.id}）。",
        )


def _unknown(assessment: Assessment) -> Iterator[Block]:
    yield second_level(3, "尚未核实的情况")
    unknown = [f for f in assessment.findings if f.outcome == "unknown"]
    if not unknown:
        yield Text("全部标准都已核实。")
        return
    width = sum(f.high - f.low for f in unknown)
    minutes = sum(check.minutes for check in assessment.to_check)
    where = f"最该先核的 {TO_CHECK} 个见附件 4" if len(assessment.to_check) > TO_CHECK else "见附件 4"
    yield Text(
        f"还有 {len(unknown)} 条标准没有核实清楚，牵动 {points_text(width)} 分；要补 {len(assessment.to_check)} 个实测项，"
        f"估计共需 {minutes} 分钟，{where}。这部分情况不明，本报告不作判断。"
    )
