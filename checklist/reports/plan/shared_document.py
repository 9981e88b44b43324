"""A shared budget as a workbook that can be handed on: tasks, purchases, communities, units, and the lists of a plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from checklist.model.numbers import rounded
from checklist.model.planning.sharing import BudgetShare, SharedPlan
from checklist.model.planning.tasks import Task, yuan_of
from checklist.model.results.comparison import RecordFaults
from checklist.model.rules.ruleset import Action
from checklist.model.state import Community
from checklist.reports.assessment.dossier import Dossier
from checklist.reports.assessment.report_lists import numbered, points, points_column
from checklist.reports.assessment.task_lists import days_list, ids_text, owners_list, problems_list, tasks_table
from checklist.reports.document.document import Block, Column, Content, Document, Table, Text
from checklist.reports.document.tidied import tidied
from checklist.reports.language.action_phrases import yuan_text
from checklist.reports.language.names import named
from checklist.reports.language.ranking import faults_text
from checklist.reports.plan.shared_phrases import floor_lines, headline, proof_line, spent_line

PLACE = (Column("街道", 7), Column("社区", 9))


@dataclass(frozen=True, slots=True)
class Purchase:
    """One measure wherever it is done."""

    action: Action
    communities: tuple[Community, ...]
    tasks: tuple[Task, ...]

    @property
    def yuan(self) -> tuple[int, int]:
        return self.action.yuan[0] * len(self.tasks), self.action.yuan[1] * len(self.tasks)


def shared_document(
    found: SharedPlan, only: str | None, faults: Mapping[str, RecordFaults], follow_up: Mapping[str, str]
) -> Document:
    """任务表, 采购汇总, 各社区, 责任单位: a table each; or ``only`` one of a plan's lists over all communities."""
    day = found.limits.start
    if only is not None:
        return tidied(Document("整改任务", (shared_list(found, only),), day=day))
    said = [headline(found), spent_line(found), *floor_lines(found), proof_line(found)]
    notes: list[Block] = [Text(f"{line}。" if not line.endswith("。") else line) for line in said]
    tables = (_tasks(found), _purchases(found), _communities(found, faults, follow_up), _units(found))
    return tidied(Document("一笔预算分给多个社区", (*notes, *tables), day=day))


def shared_list(found: SharedPlan, title: str) -> Table:
    """One of the lists of a plan by its title, all communities one below the other."""
    made = []
    for share in found.shares:
        dossier = Dossier(share.before, share.tasks)
        table = next(t for t in _lists(dossier) if t.title == title)
        made.append((share, table))
    rows = [(*_place(share), *row[1:]) for share, table in made for row in table.rows]
    return replace(numbered(title, (*PLACE, *made[0][1].columns[1:]), rows), main=True)


def _lists(dossier: Dossier) -> Iterable[Table]:
    yield problems_list(dossier)
    yield owners_list(dossier)
    yield days_list(dossier)
    yield tasks_table(dossier, changes=True)


def _place(share: BudgetShare) -> tuple[str, str]:
    return share.community.street, named(share.community)


def _tasks(found: SharedPlan) -> Table:
    """Community × measure × unit × due × cost."""
    columns = (
        *PLACE,
        *(Column("点位", 8), Column("整改措施", 22), Column("对应标准", 12), Column("牵头单位", 8)),
        *(Column("配合单位", 9), Column("责任人", 6), Column("开始时间", 8, "date"), Column("时限", 8, "date")),
        *(Column("费用下限", 6, "number"), Column("费用上限", 6, "number"), Column("工日", 5, "number")),
        *(points_column("得分"), Column("备注", 10)),
    )
    rows: list[tuple[Content, ...]] = []
    for share in found.shares:
        for task in share.tasks.steps:
            note = "解除红线" if task.clears_flag else "先核实，可能不用做" if task.check_first else ""
            rows.append(
                (
                    *_place(share),
                    task.site.name if task.site else "",
                    *(task.action.label, ids_text(task), task.lead, "、".join(task.action.owner[1:]), ""),
                    *(task.starts, task.due, *task.action.yuan, Fraction(task.action.effort_days)),
                    *(points(task.within), note),
                )
            )
    return replace(numbered("任务表", columns, rows, "这笔钱什么也做不了"), main=True)


def purchases(found: SharedPlan) -> list[Purchase]:
    """What costs money, the dearest first."""
    tasks: dict[str, list[tuple[Community, Task]]] = {}
    for share in found.shares:
        for task in share.steps:
            if task.action.yuan[1]:
                tasks.setdefault(task.action.id, []).append((share.community, task))
    made = [
        Purchase(some[0][1].action, tuple(dict.fromkeys(c for c, _ in some)), tuple(task for _, task in some))
        for some in tasks.values()
    ]
    return sorted(made, key=lambda p: (-p.yuan[1], -len(p.communities), p.action.id))


def _purchases(found: SharedPlan) -> Table:
    columns = (
        *(Column("整改措施", 24), Column("社区", 4, "number"), Column("处数", 4, "number")),
        *(Column("单项费用", 10), Column("合计下限", 7, "number"), Column("合计上限", 7, "number")),
        *(Column("最早时限", 8, "date"), Column("最晚时限", 8, "date"), Column("牵头单位", 8), Column("哪些社区", 30)),
    )
    rows = [
        (
            *(p.action.label, len(p.communities), len(p.tasks), yuan_text(p.action.yuan), *p.yuan),
            *(min(t.due for t in p.tasks), max(t.due for t in p.tasks), p.tasks[0].lead),
            "、".join(map(named, p.communities)),
        )
        for p in purchases(found)
    ]
    return numbered("采购汇总", columns, rows)


def rise_text(share: BudgetShare) -> str:
    """By how much the sure score rises, as the two printed scores have it."""
    return f"+{rounded(share.after.score.low) - rounded(share.before.score.low)}"


def _communities(found: SharedPlan, faults: Mapping[str, RecordFaults], follow_up: Mapping[str, str]) -> Table:
    columns = (
        *PLACE,
        *(Column("现在得分", 8, "score"), Column("做完得分", 8, "score"), Column("保底分多得", 6, "number", 2)),
        *(Column("项数", 4, "number"), Column("现在未清红线", 6, "number"), Column("做完未清红线", 6, "number")),
        *(Column("费用下限", 7, "number"), Column("费用上限", 7, "number"), Column("记录", 14)),
        Column("单看这个社区", 26),
    )
    rows = [
        (
            *(*_place(s), s.before.score, s.after.score, s.rise, len(s.steps), *s.flags, *s.yuan),
            faults_text(faults[s.community.id], s.before.as_of) if s.community.id in faults else "",
            follow_up.get(s.community.id, ""),
        )
        for s in found.shares
    ]
    return numbered("各社区", columns, rows)


def _units(found: SharedPlan) -> Table:
    """What each lead unit has to do, the one with most tasks first."""
    by_unit: dict[str, list[Task]] = {}
    for share in found.shares:
        for task in share.steps:
            by_unit.setdefault(task.lead, []).append(task)
    columns = (
        *(Column("牵头单位", 10), Column("任务", 5, "number"), Column("费用下限", 7, "number")),
        *(Column("费用上限", 7, "number"), Column("工日", 6, "number"), Column("最晚时限", 8, "date")),
    )
    rows: list[tuple[Content, ...]] = []
    for unit, tasks in sorted(by_unit.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        low, high = yuan_of(tasks)
        days = sum((Fraction(task.action.effort_days) for task in tasks), Fraction(0))
        rows.append((unit, len(tasks), low, high, days, max(task.due for task in tasks)))
    return numbered("责任单位汇总", columns, rows)
