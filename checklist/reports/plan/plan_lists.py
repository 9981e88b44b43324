"""A plan as a document: what it promises, and the four lists."""

from __future__ import annotations

from dataclasses import replace

from checklist.model.planning.plan import Plan
from checklist.reports.assessment.dossier import Dossier
from checklist.reports.assessment.task_lists import days_list, owners_list, problems_list, tasks_table
from checklist.reports.document.document import Column, Content, Document, Table
from checklist.reports.document.tidied import tidied
from checklist.reports.language.action_phrases import yuan_text
from checklist.reports.language.community_profile import community_name
from checklist.reports.language.names import ruleset_name


def plan_document(plan: Plan, only: str | None = None) -> Document:
    """方案概况, 问题清单, 责任清单, 时限清单, 任务分解表: a table each; or ``only`` one of the lists by its title."""
    if only is not None:
        return tidied(Document("整改方案", (plan_list(plan, only),), day=plan.limits.start))
    *lists, tasks = _lists(plan)
    return tidied(Document("整改方案", (_overview(plan), *lists, replace(tasks, main=True)), day=plan.limits.start))


def plan_list(plan: Plan, title: str) -> Table:
    """One of the lists by its title."""
    return next(table for table in _lists(plan) if table.title == title)


def _lists(plan: Plan) -> tuple[Table, ...]:
    dossier = Dossier(plan.before, plan.tasks)
    first = problems_list(dossier, plan.worths)
    return first, owners_list(dossier), days_list(dossier), tasks_table(dossier, changes=True)


def _overview(plan: Plan) -> Table:
    before, tasks, ruleset = plan.before, plan.tasks, plan.before.ruleset
    rows: tuple[tuple[str, Content], ...] = (
        ("社区", community_name(before)),
        ("测评体系", ruleset_name(ruleset)),
        ("现状日期", before.as_of),
        ("方案起始", plan.limits.start),
        ("现在得分", before.score),
        ("做完得分", plan.after.score),
        ("任务数", len(tasks.steps)),
        ("费用", yuan_text(tasks.yuan)),
        ("工日", tasks.effort_days),
        ("说明", ruleset.disclaimer),
    )
    return Table("方案概况", (Column("项目", 10), Column("内容", 40)), rows)
