"""Gaps (差距): what blocks each higher level, by how much, and which declared actions remove it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from checklist.engine.scoring.alternatives import Alternative, undominated
from checklist.engine.scoring.judge import judge
from checklist.engine.scoring.remedies import remedies
from checklist.engine.scoring.sites import Bench, SiteView, done
from checklist.model.numbers import Bound, Number, ceiling, floor
from checklist.model.results.assessment import Finding, Gap, Obstacle, Remedy, SiteFinding, Step
from checklist.model.rules.conditions import AtLeastOf, Condition, Limit, NoneOf
from checklist.model.rules.facts import Knowledge, Value
from checklist.model.rules.measures import FactValue, Missing, Ratio, Share, Sum
from checklist.model.rules.ruleset import Action, Criterion, Ruleset
from checklist.model.rules.scales import Deduct, settled
from checklist.model.sites import RecordedDefect
from checklist.model.state import State


def gap_of(bench: Bench, finding: Finding) -> Gap | None:
    """The gap of a finding that surely falls short of full marks or has an open flag; None for any other."""
    if not finding.short:
        return None
    at, view = bench.worst(finding)
    return Gap(
        finding=finding,
        winnable=finding.possible - finding.high,
        steps=ways_up(bench, finding, at, view),
        remedies=bench_remedies(bench, finding),
        known=view.known,
        at=at,
        defects=open_in(view.state, finding.criterion),
    )


def bench_remedies(bench: Bench, finding: Finding) -> tuple[Remedy, ...]:
    """The remedies of a finding of the whole community."""
    grounds = [view.known for view in bench.grounds(finding.criterion)]
    return remedies(bench.ruleset, finding, lambda actions: bench.finding(finding.criterion, actions), grounds)


def site_gaps(bench: Bench, finding: Finding) -> dict[str, Gap]:
    """The gap of every listed site that falls short, by its id, each told as that of a community."""
    alike: dict[int, Gap] = {}
    gaps: dict[str, Gap] = {}
    criterion, ruleset = finding.criterion, bench.ruleset
    for view, at in zip(bench.views_of(criterion.per) if finding.sites else (), finding.sites, strict=True):
        here = at.finding
        if at.site is None or not here.short:
            continue
        if id(here) not in alike:

            def attempt(actions: Sequence[Action], view: SiteView = view) -> Finding:
                return judge(ruleset, criterion, view.state, done(actions, view.known))

            steps, tried = steps_up(ruleset, here, view.known), remedies(ruleset, here, attempt, [view.known])
            alike[id(here)] = Gap(here, here.possible - here.high, steps, tried, view.known)
        gaps[at.site.id] = replace(alike[id(here)], known=view.known, defects=open_in(view.state, criterion))
    return gaps


def open_in(state: State, criterion: Criterion) -> tuple[RecordedDefect, ...]:
    """What is open of what a criterion counts, as recorded in one place."""
    named = (defect for fact in criterion.facts for defect in state.defects.get(fact, ()))
    return tuple(defect for defect in named if defect.open_on(state.as_of))


def ways_up(bench: Bench, finding: Finding, at: SiteFinding | None, view: SiteView) -> tuple[Step, ...]:
    """The levels above the one that is sure; of sites those of the worst one (``Bench.worst`` tells which), with what its
    rise adds to them all."""
    if at is None:
        return steps_up(bench.ruleset, finding, view.known)
    steps = steps_up(bench.ruleset, at.finding, view.known)
    return tuple(replace(step, points=bench.risen(finding, at, step.points) - finding.low) for step in steps)


def steps_up(ruleset: Ruleset, finding: Finding, known: Knowledge) -> tuple[Step, ...]:
    """The levels above the one that is sure, nearest first, with what blocks each and the points it adds."""
    scale, criterion = finding.criterion.scale, finding.criterion
    if isinstance(scale, Deduct):
        wanted = [settled(scale, part, criterion.points) for part in scale.deductions]
        blocks = tuple(dict.fromkeys(block for one in wanted for block in blocks_of(one, known)[1]))
        return (Step(next(iter(ruleset.levels)), criterion.points - finding.low, len(blocks), blocks),)
    steps = []
    for rung in scale.rungs:
        if rung.level == finding.worst:
            break
        choose, blocks = blocks_of(rung.condition, known)
        points = ruleset.level_points(criterion, rung.level) - finding.low
        steps.append(Step(rung.level, points, choose, blocks))
    return tuple(reversed(steps))


def blocks_of(condition: Condition, known: Knowledge) -> Alternative:
    """The leaf conditions that do not surely hold, and how many of them must be removed."""
    if condition.holds(known):
        return 0, ()
    if isinstance(condition, NoneOf):
        wrong = tuple(part for part in condition.of if part.holds(known) is not False)
        return len(wrong), tuple(Obstacle(NoneOf((part,), condition.ours)) for part in wrong)
    if not isinstance(condition, AtLeastOf):
        return 1, (_block(condition, known),)
    open_parts = [blocks_of(part, known) for part in condition.of if not part.holds(known)]
    needed = condition.needed - (len(condition.of) - len(open_parts))
    if needed == 1:
        open_parts = undominated(open_parts)
    if needed < len(open_parts) and any(len(blocks) > 1 for _, blocks in open_parts):
        open_parts = sorted(open_parts, key=lambda part: part[0])[:needed]
    blocks = tuple(dict.fromkeys(block for _, part in open_parts for block in part))
    alternatives = needed < len(open_parts)
    return needed if alternatives else min(len(blocks), sum(choose for choose, _ in open_parts)), blocks


def _block(condition: Condition, known: Knowledge) -> Obstacle:
    if not isinstance(condition, Limit):
        return Obstacle(condition)
    now = condition.measure.span(known)
    target = _target(condition, known)
    short: Number | None = None
    if target is not None and isinstance(target[1], int | Fraction):
        fact = known.span(target[0])
        short = _difference(fact.low, target[1]) if fact.known else None
    elif now.known:
        short = _difference(now.low, condition.limit)
    return Obstacle(condition, condition.measure, now, short, target)


def _difference(now: Bound, limit: Number) -> Number | None:
    return None if isinstance(now, float) else max(limit - now, now - limit)


def _target(condition: Limit, known: Knowledge) -> tuple[str, Value] | None:
    """The least value of one fact that satisfies the limit while every other fact stays as it is."""
    measure, limit, rising = condition.measure, condition.limit, condition.kind == "at_least"
    match measure:
        case FactValue(fact):
            return fact, _whole(known, fact, limit, rising)
        case Sum(of):
            return _sum_target(of, limit, known) if not rising else None
        case Share(of, to):
            return _part_target(of, to, limit, rising, known)
        case Ratio(of, to, per) if known.declared[to].better and not known.declared[of].better and limit:
            return _part_target(to, of, Fraction(per) / limit, not rising, known)
        case Ratio(of, to, per):
            return _part_target(of, to, Fraction(limit) / per, rising, known)
        case Missing(required, present) if known.declared[required].type != "set":
            base = known.span(required).low
            if known.span(required).known and not isinstance(base, float):
                return present, max(0, base - limit)
    return None


def _sum_target(of: tuple[str, ...], limit: Number, known: Knowledge) -> tuple[str, Value] | None:
    """Only where a single part is above zero is it clear which one to lower."""
    spans = {fact: known.span(fact) for fact in of}
    above = [fact for fact, span in spans.items() if span.high != 0]
    return (above[0], limit) if len(above) == 1 and spans[above[0]].known else None


def _part_target(part: str, whole: str, share: Number, rising: bool, known: Knowledge) -> tuple[str, Value] | None:
    base = known.span(whole)
    if not base.known or isinstance(base.low, float):
        return None
    return part, _whole(known, part, share * base.low, rising)


def _whole(known: Knowledge, fact: str, value: Number, rising: bool) -> Number:
    """Counts are whole: rounded towards the side that satisfies the limit."""
    if known.declared[fact].type != "count":
        return value
    return ceiling(value) if rising else floor(value)
