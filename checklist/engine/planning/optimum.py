"""The best set of actions, goal by goal, each proved before the next is looked at.

1. fewest open vetoes, then fewest open red lines, whatever points they carry;
2. with a target: the score's low end reaches it, or comes as near as the limits allow;
3. with a target the least cost, without one the highest score; then the least cost;
4. ties: least person-days, then fewest actions, then the ruleset's order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from checklist.engine.planning.diagram import SetOutcome
from checklist.engine.planning.highs import Solution, SolverRow, WholeLine
from checklist.engine.planning.milp import Model
from checklist.engine.planning.program import PlanProgram
from checklist.model.planning.plan import Proof

ONE_VETO = 1000
MANY = 1000
"""Of so many deeds, at many sites alike, the solver's own choice among equals stands: the same one every time."""
LOW, POSSIBLE, VETO, REDLINE = range(len(SetOutcome._fields))


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen actions, whether the target is reached (True without one), and the proof."""

    ids: frozenset[str]
    reached: bool
    proof: Proof


@dataclass(frozen=True, slots=True)
class Goals:
    """A model with the goals settled so far, as rows for the solver and as exact checks."""

    model: Model
    rows: tuple[SolverRow, ...] = ()
    checks: tuple[Callable[[frozenset[str]], bool], ...] = ()

    def minimise(self, line: WholeLine) -> Solution | None:
        return self.model.minimise(line, self.rows, lambda ids: all(check(ids) for check in self.checks))

    def keep(self, row: SolverRow, check: Callable[[frozenset[str]], bool]) -> Goals:
        return Goals(self.model, (*self.rows, row), (*self.checks, check))

    def at_most(self, line: WholeLine, value: Callable[[frozenset[str]], int], most: int) -> Goals:
        return self.keep(SolverRow(line, most), lambda ids: value(ids) <= most)


def choose(program: PlanProgram) -> Choice:
    """The optimum. The actions that must be chosen have been found to fit (``impossible``). Errors: ``Unsolved``."""
    goals = flags_first(Model(program))
    target = program.frame.limits.target
    if target is not None:
        ids = safely(program, target, lambda score: _reaching(goals, score))
        if ids is not None:
            cost = Fraction(cost_of(program, ids))
            least = _least(reach(goals, target - _above(program, ids, program.loose))) if program.loose else cost
            return Choice(ids, True, Proof("highs", "cost", cost, least))
    score = score_of(program, highest(goals))
    found = _cheapest(reach(goals, score), goals.model.of(program.cost), program)
    won = program.outcome(found).low
    bound = score + _above(program, found, min(program.loose, program.most - won))
    return Choice(found, target is None, Proof("highs", "score", score, bound))


def _least(goals: Goals) -> Fraction:
    program = goals.model.program
    return Fraction(cost_of(program, _found(goals.minimise(goals.model.of(program.cost))).ids))


def _reaching(goals: Goals, score: Fraction) -> frozenset[str] | None:
    cost, program = goals.model.of(goals.model.program.cost), goals.model.program
    reaching = reach(goals, score)
    cheapest = reaching.minimise(cost)
    if cheapest is None:
        return None
    least = cost_of(program, cheapest.ids)
    return _ties(reaching.at_most(cost, lambda s: cost_of(program, s), least))


def safely(
    program: PlanProgram, target: Fraction, ask: Callable[[Fraction], frozenset[str] | None]
) -> frozenset[str] | None:
    """The best set that reaches a target by the unrounded sum; where rounding each criterion's mean takes it back, the
    best that reaches so much more that no rounding can."""
    ids = ask(target)
    if ids is None or program.grain == 1:
        return ids
    low, possible = program.promised(ids)
    if low * 100 >= target * possible:
        return ids
    more = ask(target + roundings(program, ids))
    return ids if more is None else more


def roundings(program: PlanProgram, ids: frozenset[str]) -> Fraction:
    """By how much a score falls at most when the mean of every criterion is rounded."""
    return _above(program, ids, program.grain * len({d.criterion for d in program.diagrams}) // 2)


def _above(program: PlanProgram, ids: frozenset[str], units: int) -> Fraction:
    """What so many units more would add to a score."""
    possible = program.outcome(ids).possible
    return Fraction(units * 100, possible) if possible else Fraction(0)


def flags_first(model: Model) -> Goals:
    """Settle vetoes and red lines."""
    flags = model.quantity[VETO].scaled(ONE_VETO).plus(model.quantity[REDLINE], 1)
    goals = Goals(model)
    if not flags.terms:
        return goals
    best = goals.minimise(flags)
    if best is None:
        raise ValueError("the actions that must be chosen do not fit the limits")
    fewest = flags_of(model.program, best.ids)
    return goals.at_most(flags, lambda ids: flags_of(model.program, ids), fewest)


def highest(goals: Goals) -> frozenset[str]:
    """The set with the highest low end of the score, a ratio: Dinkelbach's rule turns it into linear questions."""
    program, quantity = goals.model.program, goals.model.quantity
    if not quantity[POSSIBLE].terms:
        return _found(goals.minimise(quantity[LOW].scaled(-1))).ids
    ids = _found(goals.minimise(WholeLine())).ids
    while True:
        low, possible = program.outcome(ids)[:2]
        better = quantity[POSSIBLE].scaled(low).plus(quantity[LOW], -possible)
        found = _found(goals.minimise(better)).ids
        if score_of(program, found) <= score_of(program, ids):
            return ids
        ids = found


def reach(goals: Goals, score: Fraction) -> Goals:
    """Keep only sets whose low end is at least ``score`` (0–100)."""
    quantity, program = goals.model.quantity, goals.model.program
    line = quantity[POSSIBLE].scaled(score.numerator).plus(quantity[LOW], -100 * score.denominator)
    return goals.keep(SolverRow(line, 0), lambda ids: score_of(program, ids) >= score)


def _cheapest(goals: Goals, cost: WholeLine, program: PlanProgram) -> frozenset[str]:
    least = cost_of(program, _found(goals.minimise(cost)).ids)
    return _ties(goals.at_most(cost, lambda ids: cost_of(program, ids), least))


def _ties(goals: Goals) -> frozenset[str]:
    """Least person-days and fewest actions; then the earliest in the fixed order."""
    model, program = goals.model, goals.model.program
    many = len(program.deeds) + 1

    def weight(ids: frozenset[str]) -> int:
        return sum(program.effort[id] * many + 1 for id in ids)

    line = model.of({id: effort * many + 1 for id, effort in program.effort.items()})
    found = _found(goals.minimise(line)).ids
    if len(program.deeds) > MANY:
        return found
    least = weight(found)
    goals = goals.at_most(line, weight, least)
    return _found(goals.minimise(model.of({deed.id: n for n, deed in enumerate(program.deeds)}))).ids


def _found(answer: Solution | None) -> Solution:
    if answer is None:
        raise ArithmeticError("a set that was found before has become infeasible")
    return answer


def cost_of(program: PlanProgram, ids: frozenset[str]) -> int:
    return sum(program.cost[id] for id in ids)


def flags_of(program: PlanProgram, ids: frozenset[str]) -> int:
    outcome = program.outcome(ids)
    return outcome.veto * ONE_VETO + outcome.redline


def score_of(program: PlanProgram, ids: frozenset[str]) -> Fraction:
    low, possible = program.outcome(ids)[:2]
    return Fraction(low * 100, possible) if possible else Fraction(0)
