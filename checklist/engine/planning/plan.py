"""Ruleset + State + Limits → Plan. What it promises is what the engine says of the state after its steps."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import islice

from checklist.engine.planning.diagram import Diagram, Reach, by_action, reaches
from checklist.engine.planning.greedy import choose_greedily
from checklist.engine.planning.highs import Unsolved
from checklist.engine.planning.optimum import Choice, choose
from checklist.engine.planning.program import PlanProgram, frame_of, impossible, program_of
from checklist.engine.scoring.assess import assess
from checklist.model.planning.plan import (
    HORIZONS,
    Impossible,
    LeftOut,
    Limits,
    Plan,
    Remainder,
    Stage,
    Worth,
)
from checklist.model.planning.tasks import RemainsBecause, Task, horizon_of
from checklist.model.results.assessment import Assessment, Finding, Gap
from checklist.model.rules.ruleset import IMMEDIATE_DAYS, SHORT_DAYS, Ruleset
from checklist.model.state import State

PATHS = 4096


def plan(ruleset: Ruleset, state: State, limits: Limits, *, exact: bool = True) -> Plan | Impossible:
    """The best plan within ``limits``, or why the limits contradict each other.

    ``exact`` proves the optimum with HiGHS; without it, or without the package, the documented greedy runs.
    """
    program = program_of(frame_of(ruleset, limits), state)
    contradiction = impossible(program)
    if contradiction is not None:
        return contradiction
    return finished(program, chosen(program, exact))


def chosen(program: PlanProgram, exact: bool) -> Choice:
    if exact:
        try:
            return choose(program)
        except Unsolved:
            pass
    return choose_greedily(program)


def finished(program: PlanProgram, choice: Choice) -> Plan:
    """Everything that is said about a choice."""
    before = assess(program.frame.ruleset, program.state)
    after = result(program, choice.ids)
    if (after.total.low, after.total.possible) != program.outcome(choice.ids)[:2]:
        raise ArithmeticError("the promise is not the result")
    steps = steps_of(program, choice.ids, before, after)
    return Plan(
        limits=program.frame.limits,
        before=before,
        after=after,
        steps=steps,
        stages=_stages(program, choice.ids, steps, after),
        worths=tuple(_worth(program, gap, after) for gap in before.gaps),
        remainder=remainder(program, after),
        left_out=program.left_out,
        proof=choice.proof,
        reached=choice.reached,
    )


def result(program: PlanProgram, ids: Collection[str]) -> Assessment:
    """The assessment once these actions are finished, seen from the same as-of day."""
    return assess(program.frame.ruleset, state_after(program, ids))


def state_after(program: PlanProgram, ids: Collection[str]) -> State:
    """The record once these actions have taken effect, in the fixed order."""
    state, facts = program.state, program.frame.ruleset.facts
    readings, after = dict(state.readings), state
    for action in program.frame.order.chosen(ids):
        concerned = {*action.sets, *(fact for effect in action.sets.values() for fact in effect.reads)}
        here = {fact: readings[fact] for fact in concerned if fact in readings}
        after = replace(after, readings=here).after(action.sets, facts)
        readings.update(after.readings)
    return replace(after, readings=readings)


def steps_of(program: PlanProgram, ids: frozenset[str], before: Assessment, after: Assessment) -> tuple[Task, ...]:
    """The chosen actions in the fixed order, with days and what each is worth."""
    order, limits = program.frame.order, program.frame.limits
    days, touching = order.finish(ids), by_action(program.diagrams)
    first, last = _by_criterion(before), _by_criterion(after)
    none, whole = program.outcome(()).low, program.outcome(ids).low
    steps = []
    for action in order.chosen(ids):
        alone, rest = program.closure({action.id}), _without(program, ids, action.id)
        moved = tuple(
            d.criterion
            for d in touching.get(action.id, ())
            if first[d.criterion] != last[d.criterion] and _matters(d, ids, rest, alone)
        )
        steps.append(
            Task(
                action=action,
                starts=limits.start + timedelta(days=order.start(action, days)),
                due=limits.start + timedelta(days=days[action.id]),
                horizon=horizon_of(days[action.id]),
                alone=program.outcome(alone).low - none,
                within=whole - program.outcome(rest).low,
                findings=tuple(first[id] for id in moved),
                changed=tuple(last[id] for id in moved),
                after=tuple(earlier for earlier, starts in order.before[action.id] if starts and earlier in ids),
                check_first=bool(moved) and all(first[id].outcome == "unknown" for id in moved),
                forced=action.id in limits.must,
            )
        )
    return tuple(steps)


def _by_criterion(assessment: Assessment) -> Mapping[str, Finding]:
    return {finding.criterion.id: finding for finding in assessment.findings}


def _without(program: PlanProgram, ids: frozenset[str], id: str) -> frozenset[str]:
    """The set without an action and without all that need it."""
    return frozenset(other for other in ids if id not in program.closure({other}))


def _matters(diagram: Diagram, ids: frozenset[str], rest: frozenset[str], alone: frozenset[str]) -> bool:
    return diagram.outcome(ids) != diagram.outcome(rest) or diagram.outcome(alone) != diagram.outcome(())


def _stages(program: PlanProgram, ids: frozenset[str], steps: tuple[Task, ...], after: Assessment) -> tuple[Stage, ...]:
    days = program.frame.order.finish(ids)
    until = {"immediate": IMMEDIATE_DAYS, "short": SHORT_DAYS, "long": max(days.values(), default=0)}
    stages = []
    for horizon in HORIZONS:
        of_stage = tuple(step for step in steps if step.horizon == horizon)
        if of_stage:
            done = [id for id, day in days.items() if day <= until[horizon]]
            stages.append(Stage(horizon, of_stage, after if len(done) == len(ids) else result(program, done)))
    return tuple(stages)


def _worth(program: PlanProgram, gap: Gap, after: Assessment) -> Worth:
    """What the criterion wins by one action, in the plan, and by the cheapest set that wins the most."""
    finding = gap.finding
    diagram = next(d for d in program.diagrams if d.criterion == finding.criterion.id)
    alone = max((diagram.outcome(program.closure({id})).low for id in diagram.actions), default=finding.low)
    best: tuple[int, int, int, frozenset[str]] | None = None
    for taken, _ in islice(diagram.sets(), PATHS):
        ids = program.closure(taken)
        low = diagram.outcome(ids).low
        if any(ids.issuperset(clash) for clash in program.clashes):
            continue
        rank = (low, -sum(program.cost[id] for id in ids), -len(ids))
        if best is None or rank > best[:3]:
            best = (*rank, ids)
    full, ids = (best[0], best[3]) if best else (finding.low, frozenset[str]())
    return Worth(
        gap=gap,
        alone=max(alone - finding.low, 0),
        within=after.finding(finding.criterion.id).low - finding.low,
        together=program.frame.order.chosen(ids) if full > finding.low else (),
        full=full - finding.low,
    )


def remainder(program: PlanProgram, after: Assessment) -> tuple[Remainder, ...]:
    """The gaps that are left, most points first, and why each is."""
    frame, known = program.frame, program.state.knowledge(program.frame.ruleset.facts)
    touching = {r.criterion.id: r for r in reaches(frame.ruleset, frame.order.sequence, known.values)}
    out = {item.action.id: item for item in program.left_out}
    diagrams = {d.criterion: d for d in program.diagrams}
    left = {gap.finding.criterion.id: gap.finding for gap in after.gaps}
    left |= {f.criterion.id: f for f in (*after.verdict.open_vetoes, *after.verdict.open_redlines)}
    return tuple(_remains(f, touching[id], diagrams[id], out) for id, f in left.items())


def _remains(finding: Finding, reach: Reach, diagram: Diagram, out: Mapping[str, LeftOut]) -> Remainder:
    better = [action for action in reach.actions if action.id in diagram.actions]
    if better and max(o.low for o in diagram.outcomes) > finding.low:
        return Remainder(finding, "not_chosen", tuple(better))
    reasons: tuple[tuple[RemainsBecause, tuple[str, ...]], ...] = (
        ("too_late", ("too_late", "needs_missing")),
        ("ruled_out", ("excluded", "other_owner", "unknown_only")),
    )
    for because, kinds in reasons:
        actions = tuple(a for a in reach.actions if a.id in out and out[a.id].because in kinds)
        if actions:
            return Remainder(finding, because, actions)
    return Remainder(finding, "no_help" if reach.actions else "no_action", reach.actions)
