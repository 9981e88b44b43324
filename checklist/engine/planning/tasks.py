"""Tasks where nobody has made a plan: each gap's best remedy, dated from the record's day."""

from __future__ import annotations

from datetime import timedelta

from checklist.model.planning.tasks import Task, Tasks, horizon_of, in_order
from checklist.model.results.assessment import Assessment, Finding
from checklist.model.rules.ruleset import Action


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
    steps = (
        Task(
            action=action,
            starts=start + timedelta(days=begin),
            due=start + timedelta(days=begin + action.lead_days),
            horizon=horizon_of(begin + action.lead_days),
            findings=tuple(findings),
            alone=points,
            within=points,
        )
        for action, begin, findings, points in found.values()
    )
    return Tasks(in_order(steps), start)
