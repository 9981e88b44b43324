"""The three lists and the task table of a plan, as rows of text: 问题清单 · 责任清单 · 时限清单 · 任务分解表.

Columns are those that practitioners use; the first unit named is the lead (牵头单位).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from checklist.model.numbers import number_text, points_text, rounded
from checklist.model.planning.plan import Plan, PlanStep
from checklist.model.results.assessment import Finding
from checklist.reports.document.prose import clean
from checklist.reports.language.community_profile import community_name
from checklist.reports.language.labels import HORIZON, METHOD, PLAN_LISTS, REMAINS, SEVERITY
from checklist.reports.language.names import ruleset_name
from checklist.reports.language.phrases import levels_text, recorded_text, step_text, yuan_text


@dataclass(frozen=True, slots=True)
class PlanList:
    """One list: ``widths`` are for a spreadsheet, in characters."""

    title: str
    columns: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]


def plan_list(plan: Plan, name: str) -> PlanList:
    """One of the lists by its key in ``PLAN_LISTS``."""
    return LISTS[name](plan)


def problems_list(plan: Plan) -> PlanList:
    """Every gap, red lines and vetoes first: what is wrong, what it costs, what the plan does about it."""
    values = plan.before.state.knowledge(plan.before.ruleset.facts).values
    facts = plan.before.ruleset.facts
    modules = {m.id: m.title for m in plan.before.ruleset.modules}
    reasons = {r.finding.criterion.id: REMAINS[r.because] for r in plan.remainder}
    rows = []
    for worth in sorted(plan.worths, key=lambda w: severity_rank(w.gap.finding)):
        finding, gap = worth.gap.finding, worth.gap
        criterion = finding.criterion
        rows.append(
            (
                modules[criterion.module],
                criterion.id,
                criterion.title,
                recorded_text(gap, facts, values) or "见规则",
                severity(finding),
                levels_text(finding.worst, finding.best),
                points_text(gap.winnable),
                "；".join(f"到 {s.level} 档：{step_text(s, facts, values)}" for s in gap.steps[-1:]),
                points_text(worth.alone),
                points_text(worth.within),
                "；".join(a.label for a in worth.together) if len(worth.together) > 1 else "",
                reasons.get(criterion.id, "方案内解决"),
            )
        )
    columns = (
        *("测评类别", "标准编号", "测评项目", "存在问题", "严重程度", "现档次", "失分", "整改要求"),
        *("单项措施得分", "方案内得分", "要一起做的", "结果"),
    )
    return _numbered("problems", columns, (14, 10, 22, 36, 10, 12, 8, 36, 12, 12, 36, 26), rows)


def owners_list(plan: Plan) -> PlanList:
    """Who answers for what, grouped by lead unit in the order of their first due day."""
    first = list(dict.fromkeys(step.action.owner[0] for step in by_due(plan.steps)))
    rows = [
        (
            step.action.owner[0],
            "、".join(step.action.owner[1:]),
            "",
            step.action.label,
            moved_ids(step),
            step.due.isoformat(),
            yuan_text(step.action.yuan),
            number_text(step.action.effort_days),
        )
        for step in sorted(by_due(plan.steps), key=lambda s: first.index(s.action.owner[0]))
    ]
    columns = ("责任单位", "配合单位", "责任人", "整改任务", "对应标准", "完成时间", "费用", "工日")
    return _numbered("owners", columns, (14, 16, 10, 44, 18, 12, 20, 8), rows)


def days_list(plan: Plan) -> PlanList:
    """By due day: what is finished when, what it waits for."""
    labels = {step.action.id: step.action.label for step in plan.steps}
    rows = [
        (
            HORIZON[step.horizon],
            step.starts.isoformat(),
            step.due.isoformat(),
            step.action.label,
            "、".join(step.action.owner),
            "；".join(labels[id] for id in step.after),
            points_text(step.within),
            "先核实，可能不用做" if step.check_first else "",
        )
        for step in by_due(plan.steps)
    ]
    columns = ("时限类别", "开始时间", "完成时间", "整改任务", "责任单位", "要先做完", "得分", "备注")
    return _numbered("days", columns, (10, 12, 12, 44, 20, 30, 8, 20), rows)


def tasks_list(plan: Plan) -> PlanList:
    """The task table: every criterion that a step moves, in the ruleset's order."""
    modules = {m.id: m.title for m in plan.before.ruleset.modules}
    place = {f.criterion.id: n for n, f in enumerate(plan.before.findings)}
    pairs = [(place[move.before.criterion.id], step, move) for step in by_due(plan.steps) for move in step.moves]
    rows = [
        (
            modules[move.before.criterion.module],
            f"{move.before.criterion.id} {move.before.criterion.title}",
            move.before.criterion.requirement,
            "、".join(METHOD[m] for m in move.before.criterion.methods),
            step.action.label,
            level_change(move.before, move.after),
            "、".join(step.action.owner),
            "",
            step.due.isoformat(),
        )
        for _, step, move in sorted(pairs, key=lambda pair: pair[0])
    ]
    columns = (
        *("测评类别", "测评项目", "测评内容", "测评方法", "整改措施", "档次变化"),
        *("责任单位", "责任人", "完成时间"),
    )
    return _numbered("tasks", columns, (14, 26, 36, 16, 40, 18, 18, 10, 12), rows)


LISTS: Final[dict[str, Callable[[Plan], PlanList]]] = {
    "problems": problems_list,
    "owners": owners_list,
    "days": days_list,
    "tasks": tasks_list,
}


def _numbered(name: str, columns: Sequence[str], widths: Sequence[int], rows: Sequence[Sequence[str]]) -> PlanList:
    numbered = tuple((str(n), *map(clean, row)) for n, row in enumerate(rows, 1))
    return PlanList(PLAN_LISTS[name], ("序号", *columns), (6, *widths), numbered)


def by_due(steps: Sequence[PlanStep]) -> list[PlanStep]:
    """Earliest due day first; on one day those that clear a flag, then those that win most."""
    return sorted(steps, key=lambda s: (s.due, not clears_flag(s), -max(s.within, s.alone)))


def clears_flag(step: PlanStep) -> bool:
    return any(move.before.flag == "open" and move.after.flag != "open" for move in step.moves)


def severity(finding: Finding) -> str:
    flag = finding.criterion.flag
    return SEVERITY[flag.kind if flag and finding.flag == "open" else ""]


def severity_rank(finding: Finding) -> int:
    return list(SEVERITY.values()).index(severity(finding))


def moved_ids(step: PlanStep) -> str:
    return "、".join(move.before.criterion.id for move in step.moves)


def level_change(before: Finding, after: Finding) -> str:
    """``无档 → B 档``; points where a criterion deducts, applicability where that is what changed."""
    if before.outcome == "not_applicable" or after.outcome == "not_applicable":
        return "不适用" if after.outcome == "not_applicable" else f"适用，{levels_text(after.worst, after.best)}"
    old, new = levels_text(before.worst, before.best), levels_text(after.worst, after.best)
    if old == new:
        return f"{points_text(before.low)} → {points_text(after.low)} 分"
    return f"{old} → {new}"


def summary_rows(plan: Plan) -> list[tuple[str, str]]:
    """The head of a spreadsheet: whose plan, what it promises, what it costs."""
    before, after = plan.before, plan.after
    return [
        ("社区", community_name(before)),
        ("测评体系", ruleset_name(before.ruleset)),
        ("现状日期", before.as_of.isoformat()),
        ("方案起始", plan.limits.start.isoformat()),
        ("现在得分", f"{rounded(before.score.low)} ～ {rounded(before.score.high)}"),
        ("做完得分", f"{rounded(after.score.low)} ～ {rounded(after.score.high)}"),
        ("任务数", str(len(plan.steps))),
        ("费用", yuan_text(plan.yuan)),
        ("工日", number_text(plan.effort_days)),
        ("说明", before.ruleset.disclaimer),
    ]
