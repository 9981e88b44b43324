"""问题清单, 责任清单, 时限清单, 任务分解表: the same for a report and for a plan, wherever they are written.

Columns are those that practitioners use; the first unit named is the lead (牵头单位).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from checklist.model.numbers import points_text
from checklist.model.planning.plan import Worth
from checklist.model.planning.tasks import Task, alike
from checklist.model.results.assessment import Finding, Gap
from checklist.reports.assessment.dossier import Dossier
from checklist.reports.assessment.report_lists import (
    module_titles,
    numbered,
    points,
    points_column,
    serious_first,
    severity,
)
from checklist.reports.document.document import Column, Content, Table
from checklist.reports.language.action_phrases import lead_text, places_text, yuan_text
from checklist.reports.language.gap_phrases import problem_text, way_up_text
from checklist.reports.language.labels import HORIZON, METHOD, REMAINS
from checklist.reports.language.phrases import levels_text


def problems_list(dossier: Dossier, worths: Sequence[Worth] | None = None) -> Table:
    """Every gap, what it lacks, what the tasks do about it; with a plan's ``worths`` also what each gap is worth."""
    assessment = dossier.assessment
    ruleset = assessment.ruleset
    titles = module_titles(assessment)
    columns = [
        *(Column("测评类别", 10), Column("标准编号", 8), Column("测评项目", 10), Column("存在问题", 18)),
        *(Column("严重程度", 6), Column("现档次", 7), points_column("失分"), Column("整改要求", 18)),
        *(Column("责任单位", 9), Column("整改措施", 18)),
    ]
    if worths is not None:
        columns += [points_column("单项措施得分", 6), points_column("方案内得分", 6)]
        columns += [Column("要一起做的", 18), Column("结果", 12)]
    worth_of = {worth.gap.finding.criterion.id: worth for worth in worths or ()}
    rows: list[tuple[Content, ...]] = []
    for gap in serious_first(assessment):
        criterion = gap.finding.criterion
        tasks = dossier.tasks.for_criterion(criterion.id)
        lead = tasks[0].action.owner if tasks else criterion.owner
        what = "；".join(map(places_text, alike(tasks)))
        rows.append(
            (
                titles[criterion.module],
                criterion.id,
                criterion.title,
                problem_text(gap, ruleset) or criterion.requirement,
                severity(gap.finding),
                levels_text(gap.finding.worst, gap.finding.best),
                points(gap.winnable),
                "；".join(f"到 {s.level} 档：{way_up_text(gap, s, ruleset)}" for s in gap.steps[-1:]),
                "、".join(lead),
                what or _remains(dossier, gap, "本轮没有安排措施"),
                *(_worth(dossier, worth_of[criterion.id]) if worths is not None else ()),
            )
        )
    return numbered("问题清单", columns, rows, "没有查出差距")


def _remains(dossier: Dossier, gap: Gap, otherwise: str) -> str:
    because = dossier.tasks.remains.get(gap.finding.criterion.id)
    return REMAINS[because] if because else otherwise


def _worth(dossier: Dossier, worth: Worth) -> tuple[Content, ...]:
    together = "；".join(action.label for action in worth.together) if len(worth.together) > 1 else ""
    return points(worth.alone), points(worth.within), together, _remains(dossier, worth.gap, "方案内解决")


def owners_list(dossier: Dossier) -> Table:
    """Who answers for what, grouped by lead unit in the order of their first task."""
    first = list(dict.fromkeys(task.lead for task in dossier.tasks.steps))
    columns = (
        *(Column("责任单位", 7), Column("配合单位", 9), Column("责任人", 6), Column("整改任务", 26)),
        *(Column("对应标准", 12), Column("完成时间", 9, "date"), Column("费用", 10), Column("工日", 5, "number")),
    )
    rows = [
        (
            task.lead,
            "、".join(task.action.owner[1:]),
            "",
            places_text([task]),
            ids_text(task),
            task.due,
            yuan_text(task.action.yuan),
            Fraction(task.action.effort_days),
        )
        for task in sorted(dossier.tasks.steps, key=lambda t: first.index(t.lead))
    ]
    return numbered("责任清单", columns, rows)


def days_list(dossier: Dossier) -> Table:
    """What is finished when, and what it waits for; by due day."""
    labels = {task.id: places_text([task]) for task in dossier.tasks.steps}
    columns = (
        *(Column("时限类别", 6), Column("开始时间", 9, "date"), Column("完成时间", 9, "date")),
        *(Column("需要", 5), Column("整改任务", 26), Column("责任单位", 9), Column("要先做完", 12)),
        *(points_column("得分"), Column("备注", 9)),
    )
    rows = [
        (
            HORIZON[task.horizon],
            task.starts,
            task.due,
            lead_text(task.action.lead_days),
            labels[task.id],
            "、".join(task.action.owner),
            "；".join(labels.get(id, id) for id in task.after),
            points(task.within),
            "先核实，可能不用做" if task.check_first else "",
        )
        for task in sorted(dossier.tasks.steps, key=lambda t: (t.due, t.starts))
    ]
    return numbered("时限清单", columns, rows)


def tasks_table(dossier: Dossier, *, changes: bool = False) -> Table:
    """Every criterion that a task moves, in the ruleset's order; ``changes`` says from which level to which."""
    titles = module_titles(dossier.assessment)
    place = {f.criterion.id: n for n, f in enumerate(dossier.assessment.findings)}
    pairs = [(task, n) for task in dossier.tasks.steps for n in range(len(task.findings))]
    columns = (
        *(Column("测评类别", 10), Column("测评项目", 12), Column("测评内容", 20), Column("测评方法", 9)),
        *(Column("整改措施", 22), Column("责任单位", 9), Column("责任人", 6), Column("完成时间", 9, "date")),
        *((Column("档次变化", 9),) if changes else ()),
    )
    rows: list[tuple[Content, ...]] = []
    for task, n in sorted(pairs, key=lambda pair: place[pair[0].findings[pair[1]].criterion.id]):
        criterion = task.findings[n].criterion
        rows.append(
            (
                titles[criterion.module],
                f"{criterion.id} {criterion.title}",
                criterion.requirement,
                "、".join(METHOD[m] for m in criterion.methods),
                places_text([task]),
                "、".join(task.action.owner),
                "",
                task.due,
                *((level_change(task.findings[n], task.changed[n]),) if changes else ()),
            )
        )
    return numbered("任务分解表", columns, rows)


def ids_text(task: Task) -> str:
    return "、".join(finding.criterion.id for finding in task.findings)


def level_change(before: Finding, after: Finding) -> str:
    """``无档 → B 档``; points where a criterion deducts, applicability where that is what changed."""
    if before.outcome == "not_applicable" or after.outcome == "not_applicable":
        return "不适用" if after.outcome == "not_applicable" else f"适用，{levels_text(after.worst, after.best)}"
    old, new = levels_text(before.worst, before.best), levels_text(after.worst, after.best)
    if old == new:
        return f"{points_text(before.low)} → {points_text(after.low)} 分"
    return f"{old} → {new}"
