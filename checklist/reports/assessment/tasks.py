"""Tasks (整改任务): what is to be done, by whom, by when. From a plan when there is one, else from each gap's best remedy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from checklist.model.planning.plan import Plan, horizon_of
from checklist.model.results.assessment import Assessment, Finding
from checklist.model.rules.ruleset import Action, Horizon
from checklist.reports.language.labels import REMAINS

HOME: Final = frozenset(
    {"社区", "社区党组织", "居委会", "物业", "网格员", "楼长", "志愿者", "业委会", "业主", "商户", "社工"}
)
"""Units that answer to the community itself; a task led by any other needs coordination from above."""


@dataclass(frozen=True, slots=True)
class Task:
    """``points`` in ten-thousandths at the low end: what is lost without it."""

    action: Action
    starts: date
    due: date
    horizon: Horizon
    findings: tuple[Finding, ...]
    points: int
    check_first: bool = False
    after: tuple[str, ...] = ()

    @property
    def lead(self) -> str:
        """牵头单位: the first unit that is named."""
        return self.action.owner[0] if self.action.owner else "社区"

    @property
    def others(self) -> tuple[str, ...]:
        return self.action.owner[1:]

    @property
    def at_home(self) -> bool:
        return self.lead in HOME

    @property
    def clears_flag(self) -> bool:
        return any(finding.flag == "open" for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Tasks:
    """``after`` is the assessment once all are done, where an engine has computed it; ``remains`` says of each
    criterion that still falls short why; ``missed`` is the target that could not be reached."""

    steps: tuple[Task, ...]
    start: date
    after: Assessment | None = None
    remains: Mapping[str, str] = field(default_factory=dict)
    missed: Fraction | None = None

    @property
    def yuan(self) -> tuple[int, int]:
        return sum(t.action.yuan[0] for t in self.steps), sum(t.action.yuan[1] for t in self.steps)

    def of(self, horizon: Horizon) -> tuple[Task, ...]:
        return tuple(task for task in self.steps if task.horizon == horizon)

    def for_criterion(self, id: str) -> tuple[Task, ...]:
        return tuple(task for task in self.steps if any(f.criterion.id == id for f in task.findings))


def tasks_of_gaps(assessment: Assessment) -> Tasks:
    """The first remedy of every gap, each action once; days count from the record's day, one action after another
    where they only help together."""
    found: dict[str, tuple[Action, int, list[Finding], int]] = {}
    for gap in assessment.gaps:
        for remedy in gap.remedies[:1]:
            begin = 0
            for action in (remedy.action, *remedy.also):
                _, latest, findings, points = found.get(action.id, (action, 0, [], 0))
                found[action.id] = (action, max(begin, latest), [*findings, gap.finding], points + remedy.points)
                begin += action.lead_days
    start = assessment.as_of
    steps = [
        Task(
            action=action,
            starts=start + timedelta(days=begin),
            due=start + timedelta(days=begin + action.lead_days),
            horizon=horizon_of(begin + action.lead_days),
            findings=tuple(findings),
            points=points,
        )
        for action, begin, findings, points in found.values()
    ]
    return Tasks(in_order(steps), start)


def tasks_of_plan(plan: Plan) -> Tasks:
    """The plan's steps as it dated them, and what it leads to."""
    steps = [
        Task(
            action=step.action,
            starts=step.starts,
            due=step.due,
            horizon=step.horizon,
            findings=tuple(move.before for move in step.moves),
            points=step.within,
            check_first=step.check_first,
            after=step.after,
        )
        for step in plan.steps
    ]
    return Tasks(
        steps=in_order(steps),
        start=plan.limits.start,
        after=plan.after,
        remains={item.finding.criterion.id: REMAINS[item.because] for item in plan.remainder},
        missed=None if plan.reached else plan.limits.target,
    )


def in_order(steps: Iterable[Task]) -> tuple[Task, ...]:
    """Red lines first, then by due day, then by what they win."""
    return tuple(sorted(steps, key=lambda t: (not t.clears_flag, t.due, -t.points)))
