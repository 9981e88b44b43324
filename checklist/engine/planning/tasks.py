"""Tasks where nobody has made a plan: each gap's best remedy, dated from the record's day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from math import floor

from checklist.engine.planning.deeds import Whereabouts
from checklist.engine.scoring.sites import Bench
from checklist.model.planning.tasks import Task, Tasks, horizon_of, in_order, task_id
from checklist.model.results.assessment import Assessment, Finding, Gap, Remedy
from checklist.model.rules.ruleset import Action
from checklist.model.state import Site


@dataclass(slots=True)
class _Wanted:
    action: Action
    site: Site | None
    begin: int = 0
    findings: list[Finding] = field(default_factory=list)
    points: Fraction = Fraction(0)


def tasks_of_gaps(assessment: Assessment) -> Tasks:
    """The first remedy of every gap, each action once, at sites at each that falls short; days count from the record's
    day, one action after another where they only help together."""
    bench = Bench(assessment.ruleset, assessment.state)
    where = Whereabouts(assessment.ruleset, bench)
    found: dict[str, _Wanted] = {}
    for gap in assessment.gaps:
        for remedy in gap.remedies[:1]:
            begin = 0
            steps = (remedy.action, *remedy.also)
            short = list(_short(bench, gap, steps))
            for action in steps:
                at_sites = not action.once and any(where.kind(fact) for fact in action.sets)
                for site, finding, points in short if at_sites and short else _whole(gap, remedy):
                    id = task_id(action.id, site.id if site else "")
                    wanted = found.setdefault(id, _Wanted(action, site))
                    wanted.begin = max(begin, wanted.begin)
                    wanted.findings.append(finding)
                    wanted.points += points
                begin += action.lead_days
    start = assessment.as_of
    tasks = (
        Task(
            action=wanted.action,
            starts=start + timedelta(days=wanted.begin),
            due=start + timedelta(days=wanted.begin + wanted.action.lead_days),
            horizon=horizon_of(wanted.begin + wanted.action.lead_days),
            findings=tuple(wanted.findings),
            alone=floor(wanted.points + Fraction(1, 2)),
            within=floor(wanted.points + Fraction(1, 2)),
            site=wanted.site,
        )
        for wanted in found.values()
    )
    return Tasks(in_order(tasks), start)


def _whole(gap: Gap, remedy: Remedy) -> list[tuple[Site | None, Finding, Fraction]]:
    return [(None, gap.finding, Fraction(remedy.points))]


def _short(bench: Bench, gap: Gap, steps: Sequence[Action]) -> Iterator[tuple[Site | None, Finding, Fraction]]:
    """The listed sites that fall short, each with its part of what the steps win there."""
    if not gap.finding.sites:
        return
    counted = sum(at.count for at in gap.finding.applicable)
    after = {id(at.site): at.finding for at in bench.finding(gap.finding.criterion, steps).sites if at.site}
    for at in gap.finding.applicable:
        if at.site and at.finding.short:
            yield at.site, at.finding, Fraction(after[id(at.site)].low - at.finding.low, counted)
