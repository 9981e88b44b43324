"""一页看懂: the short paper behind the long picture for a chat group."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from checklist.model.numbers import percent_text, points_text
from checklist.model.results.assessment import Assessment
from checklist.reports.assessment import report_lists as lists
from checklist.reports.assessment.dossier import Dossier
from checklist.reports.assessment.soon import soon_text
from checklist.reports.document.document import Bars, Block, Document, Heading, Text, day_text
from checklist.reports.document.tidied import tidied
from checklist.reports.language.action_phrases import places_text, unproved_text
from checklist.reports.language.community_profile import community_name
from checklist.reports.language.gap_phrases import problem_text
from checklist.reports.language.labels import FLAG, OUTCOME, VERDICT
from checklist.reports.language.phrases import band_text, extra_text, score_text
from checklist.reports.language.site_phrases import flag_text

TOP: Final = 10


def brief(dossier: Dossier) -> Document:
    assessment = dossier.assessment
    name = community_name(assessment)
    return tidied(
        Document(
            title=f"{name}创城自查",
            subtitle=day_text(assessment.as_of),
            parts=tuple(_body(dossier)),
            signed=name,
            day=assessment.as_of,
            notes=(assessment.ruleset.disclaimer,),
        )
    )


def _body(dossier: Dossier) -> Iterator[Block]:
    assessment = dossier.assessment
    total = assessment.total
    yield Text(f"{score_text(assessment.score)} / 100", lead="得分")
    yield Text(f"{band_text(assessment.bands)}，核查率 {percent_text(assessment.coverage)}", lead="等次")
    for extra in assessment.extras:
        yield Text(extra_text(extra))
    yield Text("、".join(f"{OUTCOME[o]} {n}" for o, n in total.outcomes.items() if n), lead="结论")
    yield Text(_verdict(assessment), lead="红线")
    yield Bars("各模块得分率", tuple((m.module.title, m.tally.score) for m in assessment.modules if m.tally.possible))
    yield from _gaps(dossier)
    yield from _tasks(dossier)
    yield from _unknown(assessment)


def _verdict(assessment: Assessment) -> str:
    verdict = assessment.verdict
    opened = (*verdict.open_vetoes, *verdict.open_redlines)
    said = "；".join(f"{FLAG[f.criterion.flag.kind]} {flag_text(f)}" for f in opened if f.criterion.flag)
    return VERDICT[verdict.kind] + (f"：{said}" if said else "")


def _gaps(dossier: Dossier) -> Iterator[Block]:
    assessment = dossier.assessment
    gaps = lists.serious_first(assessment)
    if not gaps:
        return
    lost = points_text(sum(gap.winnable for gap in gaps))
    yield Heading(f"差距 {len(gaps)} 项，失 {lost} 分", 1)
    for gap in gaps[:TOP]:
        flag = f"【{lists.severity(gap.finding)}】" if gap.finding.flag == "open" else ""
        now = problem_text(gap, assessment.ruleset)
        yield Text(f"{flag}{now}（失 {points_text(gap.winnable)} 分）", lead=gap.finding.criterion.title)
    if len(gaps) > TOP:
        yield Text(f"另有 {len(gaps) - TOP} 项。", note=True)


def _tasks(dossier: Dossier) -> Iterator[Block]:
    steps = dossier.tasks.steps
    if steps:
        yield Heading(f"整改任务 {len(steps)} 项", 1)
        for task in steps[:TOP]:
            yield Text(f"{'、'.join(task.action.owner)}，{day_text(task.due)}前", lead=places_text([task]))
        if len(steps) > TOP:
            yield Text(f"另有 {len(steps) - TOP} 项。", note=True)
        if said := unproved_text(dossier.tasks):
            yield Text(said, note=True)


def _unknown(assessment: Assessment) -> Iterator[Block]:
    if assessment.to_check:
        facts = assessment.ruleset.facts
        first = "、".join(facts[check.fact].label for check in assessment.to_check[:TOP])
        yield Heading(f"没有核实的实测项 {len(assessment.to_check)} 个", 1)
        yield Text(f"先核：{first}。")
    if coming := soon_text(assessment.ruleset, assessment.state):
        yield Text(f"{coming}。")
