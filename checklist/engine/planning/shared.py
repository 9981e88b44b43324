"""One budget over many communities: the price of the budget decides, and says how good the division is.

Every part of every community has a short list of options (``parts``). Along the hulls of these lists the linear
relaxation is solved exactly by taking the steepest steps first; the slope of the step that no longer fits is the
budget's price (a Lagrangian multiplier), and the relaxation's value bounds every division. The money that is left over
goes, by a small exact program, to the parts whose steps lie closest to that price.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm

from checklist.engine.planning.bounds import GRAIN, at_price, best_price
from checklist.engine.planning.criterion_diagrams import FINEST
from checklist.engine.planning.highs import Unsolved
from checklist.engine.planning.knapsack import refine
from checklist.engine.planning.parts import PlanPart, hull, parts_of
from checklist.engine.planning.plan import state_after
from checklist.engine.planning.program import PlanProgram, frame_of, program_of
from checklist.engine.planning.purse import Purse, clears, steps_of
from checklist.engine.planning.steps import steps_of as tasks_of
from checklist.engine.scoring.assess import assess
from checklist.model.numbers import exact
from checklist.model.planning.plan import Limits
from checklist.model.planning.sharing import BudgetShare, FloorPrice, SharedPlan
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import State

HUNDREDTHS = 100


@dataclass(frozen=True, slots=True)
class Division:
    """For every community the option taken in each of its parts, and a bound on the value of every division. ``paid``
    is what each community's floor takes (yuan), ``over`` who has none because it would take more than the cap."""

    taken: tuple[tuple[int, ...], ...]
    bound: Fraction
    floor: Fraction | None
    paid: tuple[int, ...] = ()
    over: tuple[int, ...] = ()


def shared_plan(
    ruleset: Ruleset,
    states: Sequence[State],
    limits: Limits,
    *,
    each: Fraction | None = None,
    lowest_first: bool = False,
    cap: int | None = None,
) -> SharedPlan:
    """Which community gets what, for the most points won in all; red lines count 100 points, vetoes 1,000.

    ``each``: by how much every community's score rises as far as it and the budget can. ``lowest_first``: flags apart,
    the lowest scores are lifted to a common floor as high as the budget allows, and what is left wins the most.
    ``cap``: yuan that one community's floor may take at most; whose floor takes more has none.
    ``limits.budget`` is required.
    """
    budget = limits.budget or 0
    frame = frame_of(ruleset, replace(limits, budget=None))
    programs = [program_of(frame, state) for state in states]
    grain = min(lcm(*(program.grain for program in programs)), FINEST)
    parts = [parts_of(program, grain) for program in programs]
    needs: Needs | None = None
    if lowest_first or each is not None:
        needs = Needs(programs, grain, None if lowest_first else each, cap)
    division = divide(parts, budget, needs)
    chosen = [
        frozenset(id for part, n in zip(p, taken, strict=True) for id in part.options[n].ids)
        for p, taken in zip(parts, division.taken, strict=True)
    ]
    return SharedPlan(
        limits=limits,
        shares=tuple(_share(program, ids) for program, ids in zip(programs, chosen, strict=True)),
        value=exact(Fraction(_value(parts, division.taken), grain)),
        bound=division.bound / grain + sum(Fraction(program.loose, program.grain) for program in programs),
        each=division.floor if each is not None else None,
        asked=each,
        floor=division.floor if lowest_first else None,
        price=_price(parts, budget, needs, division) if needs is not None else None,
        cap=cap,
    )


@dataclass(frozen=True, slots=True)
class Needs:
    """What fairness asks: a rise of ``each`` for everyone, or (None) a common floor of the score, no higher than ``limit``
    hundredths. ``spared`` is asked for nothing."""

    programs: Sequence[PlanProgram]
    grain: int
    each: Fraction | None
    cap: int | None = None
    spared: int | None = None
    limit: int = 100 * HUNDREDTHS

    @property
    def most(self) -> int:
        """The highest floor that is worth trying, in hundredths."""
        return self.limit if self.each is None else min(int(self.each * HUNDREDTHS), self.limit)

    def points(self, hundredths: int) -> list[Fraction]:
        """What each community must win for a floor, in ``1/grain`` of a ten-thousandth of a point."""
        floor, needed = Fraction(hundredths, HUNDREDTHS), []
        for n, program in enumerate(self.programs):
            low, possible = program.outcome(())[:2]
            wanted = floor * possible / 100 - (low if self.each is None else 0)
            needed.append(Fraction(0) if n == self.spared else max(Fraction(0), wanted) * self.grain / program.grain)
        return needed


def _price(parts: Sequence[tuple[PlanPart, ...]], budget: int, needs: Needs, division: Division) -> FloorPrice:
    """What the floor takes from the whole, and what its dearest community alone takes."""
    dearest = max(range(len(parts)), key=lambda i: division.paid[i])
    named = [program.state.community for program in needs.programs]
    reached = int((division.floor or Fraction(0)) * HUNDREDTHS)
    without = divide(parts, budget, replace(needs, spared=dearest, limit=reached))

    def won(taken: Sequence[Sequence[int]]) -> int:
        rows = zip(parts, taken, strict=True)
        points = sum(p.options[n].points for ps, row in rows for p, n in zip(ps, row, strict=True))
        return points // needs.grain

    return FloorPrice(
        free=won(divide(parts, budget).taken),
        bottleneck=named[dearest] if division.paid[dearest] else None,
        yuan=division.paid[dearest],
        spared=won(without.taken),
        over=tuple(named[i] for i in division.over),
    )


def divide(parts: Sequence[tuple[PlanPart, ...]], budget: int, needs: Needs | None = None) -> Division:
    """Flags first, then floors, then the steepest steps, then the rest of the money exactly."""
    hulls = [[hull(part.options) for part in community] for community in parts]
    steps = steps_of(hulls)
    purse, lifted = Purse(hulls, budget), None
    floors = [Fraction(0)] * len(parts)
    if needs is not None:
        purse.spend(step for step in steps if clears(hulls, step))
        lifted = _lifted(purse, needs)
        purse, floors = lifted.purse, list(lifted.won)
    price = purse.spend(steps)
    taken = [[p.options.index(hulls[i][j][purse.at[i][j]]) for j, p in enumerate(ps)] for i, ps in enumerate(parts)]
    try:
        bound, priced = best_price(parts, floors, budget, price)
    except Unsolved:
        bound, priced = at_price(parts, [Fraction(0)] * len(parts), budget, int(price * GRAIN)).bound, None
    if priced is not None and priced.value > _value(parts, taken):
        taken = [list(row) for row in priced.chosen]
    proved = refine(parts, taken, floors, budget, Fraction(int(price * GRAIN), GRAIN), bound)
    bound = Fraction(_value(parts, taken)) if proved else bound
    chosen = tuple(map(tuple, taken))
    return Division(chosen, bound, lifted.floor, lifted.paid, lifted.over) if lifted else Division(chosen, bound, None)


def _value(parts: Sequence[tuple[PlanPart, ...]], taken: Sequence[Sequence[int]]) -> int:
    return sum(p.options[n].value for ps, row in zip(parts, taken, strict=True) for p, n in zip(ps, row, strict=True))


@dataclass(frozen=True, slots=True)
class Lifted:
    """The purse after the highest floor that the money reaches; what each community must win for it, what that takes."""

    purse: Purse
    floor: Fraction
    won: tuple[Fraction, ...]
    paid: tuple[int, ...]
    over: tuple[int, ...]


def _lifted(purse: Purse, needs: Needs) -> Lifted:
    """By halving; with a cap a higher floor may be the cheaper one, so what was asked for is tried first."""
    everything = Purse(purse.hulls, 0)
    everything.at = [[len(options) - 1 for options in community] for community in purse.hulls]
    most = everything.won()

    def reached(floor: int) -> Purse | None:
        trial = purse.copy()
        wanted = [min(need, Fraction(cap)) for need, cap in zip(needs.points(floor), most, strict=True)]
        return trial if trial.lift(wanted, needs.cap) else None

    low, high, best = 0, needs.most, reached(0) or purse
    if needs.cap is not None and (whole := reached(high)):
        low, best = high, whole
    while low < high:
        middle = -(-(low + high) // 2)
        if trial := reached(middle):
            low, best = middle, trial
        else:
            high = middle - 1
    wanted, have = needs.points(low), best.won()
    paid = tuple(now - was for now, was in zip(best.costs(), purse.costs(), strict=True))
    short = (i for i, (need, won) in enumerate(zip(wanted, have, strict=True)) if won < min(need, Fraction(most[i])))
    floors = tuple(min(need, Fraction(won)) for need, won in zip(wanted, have, strict=True))
    return Lifted(best, Fraction(low, HUNDREDTHS), floors, paid, tuple(short))


def _share(program: PlanProgram, ids: frozenset[str]) -> BudgetShare:
    before = assess(program.frame.ruleset, program.state)
    after = assess(program.frame.ruleset, state_after(program, ids))
    return BudgetShare(before, after, tasks_of(program, ids, before, after), program.frame.limits)
