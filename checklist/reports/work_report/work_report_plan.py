"""The second half of a work report: 整改方案, 需要上级协调的事项, 下一步打算."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from checklist.model.numbers import number_text, points_text
from checklist.model.planning.tasks import Task, alike
from checklist.model.rules.ruleset import Horizon
from checklist.reports.assessment.dossier import Dossier
from checklist.reports.assessment.report_lists import points
from checklist.reports.assessment.task_lists import ids_text
from checklist.reports.document.document import Block, Column, Table, Text, day_text
from checklist.reports.document.numbering import second_level
from checklist.reports.language.action_phrases import lead_text, places_text, unproved_text, yuan_text
from checklist.reports.language.labels import HORIZON, UNKNOWN
from checklist.reports.language.phrases import score_text

IN_BODY: Final = 10
FEW: Final = 6
ORDER: Final[tuple[Horizon, ...]] = ("immediate", "short", "long")
SPAN: Final = {"immediate": "3 天内", "short": "30 天内", "long": "30 天以上"}
MONTH: Final = 30


def plan_blocks(dossier: Dossier) -> Iterator[Block]:
    tasks = dossier.tasks
    if not tasks.steps:
        yield Text("没有查出要整改的差距，本轮没有安排整改任务。")
        return
    counts = "、".join(f"{HORIZON[h]}（{SPAN[h]}）{len(tasks.of(h))} 项" for h in ORDER if tasks.of(h))
    yield Text(
        f"共安排整改任务 {len(tasks.steps)} 项，从{day_text(tasks.start)}算起，其中{counts}。"
        f"估计费用 {yuan_text(tasks.yuan)}，用工 {number_text(tasks.effort_days)} 工日。{_promise(dossier)}"
    )
    for n, horizon in enumerate((h for h in ORDER if tasks.of(h)), 1):
        yield second_level(n, f"{HORIZON[horizon]}（{SPAN[horizon]}）")
        yield from _stage(tasks.of(horizon))


def _promise(dossier: Dossier) -> str:
    after = dossier.tasks.after
    if after is None:
        return "表中得分是每项单独做时能多得的分，合起来不能简单相加。"
    missed = dossier.tasks.missed
    short = f"目标 {number_text(missed)} 分在这些条件下达不到，这是能得最高分的安排。" if missed is not None else ""
    return (
        f"全部完成后，按同一标准重新计算，得分由 {score_text(dossier.assessment.score)} 分变为 {score_text(after.score)} 分。"
        f"表中得分是少了这一项会少得的分。{short}{unproved_text(dossier.tasks)}"
    )


def _stage(steps: tuple[Task, ...]) -> Iterator[Block]:
    columns = (
        *(Column("序号", 4, "number"), Column("整改措施", 18), Column("对应问题", 7), Column("责任单位", 8)),
        *(Column("完成时间", 9, "date"), Column("得分", 5, "number", 2)),
    )
    shown = steps[:IN_BODY]
    rows = tuple(
        (n, places_text([t]), ids_text(t), "、".join(t.action.owner), t.due, points(t.within))
        for n, t in enumerate(shown, 1)
    )
    yield Table("", columns, rows)
    if len(steps) > len(shown):
        yield Text(f"其余 {len(steps) - len(shown)} 项见附件 2、附件 3。")


def help_blocks(dossier: Dossier) -> Iterator[Block]:
    """Tasks led by units above or beside the community, grouped by unit."""
    away: dict[str, list[Task]] = {}
    for task in dossier.tasks.steps:
        if not task.at_home:
            away.setdefault(task.lead, []).append(task)
    if not away:
        yield Text("本轮整改任务都由社区和物业牵头，没有需要上级协调的事项。")
        return
    total = sum(map(len, away.values()))
    yield Text(f"有 {total} 项任务社区牵不了头，恳请协调以下单位牵头办理。")
    for n, (unit, tasks) in enumerate(sorted(away.items(), key=lambda item: -len(item[1])), 1):
        said = "；".join(f"{places_text([t])}（{ids_text(t)}，{lead_text(t.action.lead_days)}）" for t in tasks[:FEW])
        more = f"等 {len(tasks)} 项" if len(tasks) > FEW else ""
        yield Text(f"{said}{more}。", lead=f"{n}. {unit}（{len(tasks)} 项）：")


def next_blocks(dossier: Dossier) -> Iterator[Block]:
    for n, (lead, text) in enumerate(_next(dossier), 1):
        yield Text(text, lead=f"{n}. {lead}。")


def _next(dossier: Dossier) -> Iterator[tuple[str, str]]:
    assessment, tasks = dossier.assessment, dossier.tasks
    flags = [t for t in tasks.steps if t.clears_flag]
    if flags:
        yield "先清红线", f"{_labels(flags)}，{day_text(max(t.due for t in flags))}前完成。"
    waiting = (*assessment.verdict.undecided_vetoes, *assessment.verdict.undecided_redlines)
    if waiting:
        yield "核完红线和否决项", f"{'；'.join(f.criterion.title for f in waiting)}，共 {len(waiting)} 项，逐项核实。"
    if assessment.to_check:
        facts = assessment.ruleset.facts
        first = "、".join(facts[c.fact].label for c in assessment.to_check[:FEW])
        yield "补齐没核实的项", f"还有 {len(assessment.to_check)} 个实测项没有核实，先核{first}，见附件 4。"
    for horizon, word in (("immediate", "抓好立行立改"), ("short", "推进限期整改"), ("long", "持续推进长期任务")):
        steps = [t for t in tasks.steps if t.horizon == horizon and not t.clears_flag]
        if steps:
            wins = points_text(max(t.within for t in steps))
            last = day_text(max(t.due for t in steps))
            yield word, f"{_labels(steps)}，{last}前完成，其中最多的一项可多得 {wins} 分。"
    yield from _stale(dossier)
    if not (flags or waiting or assessment.to_check or tasks.steps):
        yield "保持现状", "各项标准都已达标，按期复查，防止反弹。"


def _labels(steps: list[Task]) -> str:
    groups = alike(steps)
    shown = "；".join(map(places_text, groups[:FEW]))
    return shown + (f"等 {len(steps)} 项" if len(groups) > FEW else "")


def _stale(dossier: Dossier) -> Iterator[tuple[str, str]]:
    """Readings that are out of date, or soon will be."""
    assessment = dossier.assessment
    facts, state = assessment.ruleset.facts, assessment.state
    old = [e.label for e in state.expired(facts)]
    week = [e.label for e in state.soon(facts)]
    month = [e.label for e in state.soon(facts, MONTH)]
    if old:
        yield UNKNOWN["stale"], f"{'、'.join(old[:FEW])}等 {len(old)} 项的记录过了有效期，要重新核实。"
    if week:
        yield "一周内复核", f"{'、'.join(week[:FEW])}等 {len(week)} 项的记录一周内到期，见附件 5。"
    if month:
        yield "按期复核", f"{'、'.join(month[:FEW])}等 {len(month)} 项的记录 {MONTH} 天内到期，到期前复核。"
