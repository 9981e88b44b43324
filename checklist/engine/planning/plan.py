"""Ruleset + State + Limits → Plan. What it promises is what the engine says of the state after its steps."""

from __future__ import annotations

from collections.abc import Collection

from checklist.engine.planning.greedy import choose_greedily
from checklist.engine.planning.highs import Unsolved
from checklist.engine.planning.optimum import Choice, choose
from checklist.engine.planning.program import PlanProgram, frame_of, impossible, program_of
from checklist.engine.planning.steps import remainder, steps_of, worths
from checklist.engine.scoring.assess import assess
from checklist.model.planning.plan import HORIZONS, Impossible, Limits, Plan, Stage
from checklist.model.planning.tasks import Task
from checklist.model.results.assessment import Assessment
from checklist.model.rules.ruleset import IMMEDIATE_DAYS, SHORT_DAYS, Ruleset
from checklist.model.state import State


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
    if program.exact and not program.loose and (after.total.low, after.total.possible) != program.promised(choice.ids):
        raise ArithmeticError("the promise is not the result")
    target = program.frame.limits.target
    steps = steps_of(program, choice.ids, before, after)
    return Plan(
        limits=program.frame.limits,
        before=before,
        after=after,
        steps=steps,
        stages=_stages(program, choice.ids, steps, after),
        worths=worths(program, before, after),
        remainder=remainder(program, choice.ids, after),
        left_out=program.left_out,
        proof=choice.proof,
        reached=choice.reached and (target is None or after.score.low >= target),
    )


def result(program: PlanProgram, ids: Collection[str]) -> Assessment:
    """The assessment once these actions are finished, seen from the same as-of day."""
    return assess(program.frame.ruleset, state_after(program, ids))


def state_after(program: PlanProgram, ids: Collection[str]) -> State:
    """The record once these deeds are done, in the fixed order."""
    return program.where.all_done(program.state, program.order.chosen(ids))


def _stages(program: PlanProgram, ids: frozenset[str], steps: tuple[Task, ...], after: Assessment) -> tuple[Stage, ...]:
    days = program.order.finish(ids)
    until = {"immediate": IMMEDIATE_DAYS, "short": SHORT_DAYS, "long": max(days.values(), default=0)}
    stages = []
    for horizon in HORIZONS:
        of_stage = tuple(step for step in steps if step.horizon == horizon)
        if of_stage:
            done = [id for id, day in days.items() if day <= until[horizon]]
            stages.append(Stage(horizon, of_stage, after if len(done) == len(ids) else result(program, done)))
    return tuple(stages)
