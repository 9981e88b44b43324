"""The fewest actions that reach a score, the next best sets, or the proof that none reaches it in time."""

from __future__ import annotations

from fractions import Fraction

from checklist.engine.planning.milp import Model
from checklist.engine.planning.optimum import Goals, cost_of, flags_first, highest, reach, roundings, score_of
from checklist.engine.planning.plan import result
from checklist.engine.planning.program import frame_of, impossible, program_of
from checklist.engine.planning.steps import remainder, steps_of
from checklist.engine.scoring.assess import assess
from checklist.model.planning.plan import Counterfactual, Impossible, Limits, Proof, Way
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import State

WAYS = 3


def counterfactual(ruleset: Ruleset, state: State, limits: Limits) -> Counterfactual | Impossible:
    """Up to three sets, fewest actions first, then cheapest; flags are cleared as far as they can be.

    A set that only adds to an earlier one is not another way. Errors: ``Unsolved``; ``limits.target`` must be set.
    """
    if limits.target is None:
        raise ValueError("a counterfactual needs a target")
    program = program_of(frame_of(ruleset, limits), state)
    contradiction = impossible(program)
    if contradiction is not None:
        return contradiction
    before = assess(ruleset, state)
    model = Model(program)
    goals = flags_first(model)
    top = highest(goals)
    best = result(program, top)
    found = _reaching(goals, limits.target) if score_of(program, top) >= limits.target else []
    ways = []
    for ids in found:
        after = result(program, ids)
        steps = steps_of(program, ids, before, after)
        ways.append(Way(steps, after))
    if ways:
        size = Fraction(len(ways[0].steps))
        proof = Proof("highs", "actions", size, size)
    else:
        proof = Proof("highs", "score", best.score.low, best.score.low)
    return Counterfactual(
        target=limits.target,
        before=before,
        ways=tuple(ways),
        best=best,
        binding=remainder(program, top, best),
        left_out=program.left_out,
        proof=proof,
    )


def _reaching(goals: Goals, target: Fraction) -> list[frozenset[str]]:
    """The sets whose score the engine says reaches the target: a mean of sites may be rounded below it."""
    found = _fewest(reach(goals, target))
    program = goals.model.program
    promises = (program.promised(ids) for ids in found)
    if all(low * 100 >= target * possible for low, possible in promises):
        return found
    return _fewest(reach(goals, target + roundings(program, found[0])))


def _fewest(goals: Goals) -> list[frozenset[str]]:
    """The best set, then the best that does not contain it, and so on; among equally few the cheapest."""
    model = goals.model
    program = model.program
    count, cost = model.of(dict.fromkeys(program.cost, 1)), model.of(program.cost)
    found: list[frozenset[str]] = []
    while len(found) < WAYS:
        fewest = goals.minimise(count)
        if fewest is None:
            break
        cheapest = goals.at_most(count, len, len(fewest.ids)).minimise(cost)
        ids = cheapest.ids if cheapest is not None else fewest.ids
        ids = _first(goals, ids)
        found.append(ids)
        if not ids:
            break
        goals = goals.keep(model.none_of(ids), lambda other, ids=ids: not other >= ids)  # type: ignore[misc]
    return found


def _first(goals: Goals, ids: frozenset[str]) -> frozenset[str]:
    """Of the sets as small and as cheap as this one, the first in the fixed order."""
    model, program = goals.model, goals.model.program
    count, cost = model.of(dict.fromkeys(program.cost, 1)), model.of(program.cost)
    least = cost_of(program, ids)
    goals = goals.at_most(count, len, len(ids)).at_most(cost, lambda other: cost_of(program, other), least)
    answer = goals.minimise(model.of({deed.id: n for n, deed in enumerate(program.deeds)}))
    return ids if answer is None else answer.ids
