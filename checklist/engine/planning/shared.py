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
from checklist.engine.scoring.assess import tally, verdict
from checklist.engine.scoring.sites import Bench
from checklist.model.numbers import POINT, exact
from checklist.model.planning.plan import Limits
from checklist.model.planning.sharing import BudgetShare, SharedPlan
from checklist.model.results.assessment import Tally, Verdict
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import State

HUNDREDTHS = 100


@dataclass(frozen=True, slots=True)
class Division:
    """For every community the option taken in each of its parts, and a bound on the value of every division."""

    taken: tuple[tuple[int, ...], ...]
    bound: Fraction
    floor: Fraction | None


def shared_plan(
    ruleset: Ruleset,
    states: Sequence[State],
    limits: Limits,
    *,
    each: Fraction | None = None,
    lowest_first: bool = False,
) -> SharedPlan:
    """Which community gets what, for the most points won in all; red lines count 100 points, vetoes 1,000.

    ``each``: points that every community wins as far as it and the budget can. ``lowest_first``: flags apart, the
    lowest scores are lifted to a common floor as high as the budget allows, and what is left wins the most.
    ``limits.budget`` is required.
    """
    budget = limits.budget or 0
    frame = frame_of(ruleset, replace(limits, budget=None))
    programs = [program_of(frame, state) for state in states]
    grain = min(lcm(*(program.grain for program in programs)), FINEST)
    parts = [parts_of(program, grain) for program in programs]
    needs: Needs | None = None
    if lowest_first:
        needs = Needs(programs, grain, None)
    elif each is not None:
        needs = Needs(programs, grain, each)
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
    )


@dataclass(frozen=True, slots=True)
class Needs:
    """What fairness asks: ``each`` points for everyone, or (None) a common floor of the score."""

    programs: Sequence[PlanProgram]
    grain: int
    each: Fraction | None

    @property
    def most(self) -> int:
        """The highest floor that is worth trying, in hundredths."""
        return 100 * HUNDREDTHS if self.each is None else int(self.each * HUNDREDTHS)

    def points(self, hundredths: int) -> list[Fraction]:
        """What each community must win for a floor, in ``1/grain`` of a ten-thousandth of a point."""
        if self.each is not None:
            return [Fraction(hundredths * POINT * self.grain, HUNDREDTHS)] * len(self.programs)
        floor = Fraction(hundredths, HUNDREDTHS)
        return [_short_of(program, floor) * self.grain / program.grain for program in self.programs]


def _short_of(program: PlanProgram, floor: Fraction) -> Fraction:
    low, possible = program.outcome(())[:2]
    return max(Fraction(0), floor * possible / 100 - low)


def divide(parts: Sequence[tuple[PlanPart, ...]], budget: int, needs: Needs | None = None) -> Division:
    """Flags first, then floors, then the steepest steps, then the rest of the money exactly."""
    hulls = [[hull(part.options) for part in community] for community in parts]
    steps = steps_of(hulls)
    purse, floor = Purse(hulls, budget), None
    floors = [Fraction(0)] * len(parts)
    if needs is not None:
        purse.spend(step for step in steps if clears(hulls, step))
        purse, floor, floors = _lifted(purse, needs)
    price = purse.spend(steps)
    taken = [[p.options.index(hulls[i][j][purse.at[i][j]]) for j, p in enumerate(ps)] for i, ps in enumerate(parts)]
    try:
        bound, priced = best_price(parts, floors, budget, price)
    except Unsolved:
        bound, priced = at_price(parts, [Fraction(0)] * len(parts), budget, int(price * GRAIN)).bound, None
    if priced is not None and priced.value > _value(parts, taken):
        taken = [list(row) for row in priced.chosen]
    proved = refine(parts, taken, floors, budget, Fraction(int(price * GRAIN), GRAIN), bound)
    return Division(tuple(map(tuple, taken)), Fraction(_value(parts, taken)) if proved else bound, floor)


def _value(parts: Sequence[tuple[PlanPart, ...]], taken: Sequence[Sequence[int]]) -> int:
    return sum(p.options[n].value for ps, row in zip(parts, taken, strict=True) for p, n in zip(ps, row, strict=True))


def _lifted(purse: Purse, needs: Needs) -> tuple[Purse, Fraction, list[Fraction]]:
    """The highest floor that the money reaches, by halving, and what each community must therefore win."""
    everything = Purse(purse.hulls, 0)
    everything.at = [[len(options) - 1 for options in community] for community in purse.hulls]
    most = everything.won()
    low, high, best = 0, needs.most, purse
    while low < high:
        middle = -(-(low + high) // 2)
        trial = purse.copy()
        if trial.lift([min(need, Fraction(cap)) for need, cap in zip(needs.points(middle), most, strict=True)]):
            low, best = middle, trial
        else:
            high = middle - 1
    floors = [min(need, Fraction(have)) for need, have in zip(needs.points(low), best.won(), strict=True)]
    return best, Fraction(low, HUNDREDTHS), floors


def _share(program: PlanProgram, ids: frozenset[str]) -> BudgetShare:
    before, was = _judged(program, program.state)
    after, now = _judged(program, state_after(program, ids))
    deeds = program.order.chosen(ids)
    sites = {site.id: site for site in program.state.sites}
    return BudgetShare(
        community=program.state.community,
        as_of=program.state.as_of,
        before=before,
        after=after,
        flags=(_open(was), _open(now)),
        actions=tuple(deed.action for deed in deeds),
        sites=tuple(sites.get(deed.site) for deed in deeds),
        yuan=(sum(d.action.yuan[0] for d in deeds), sum(d.action.yuan[1] for d in deeds)),
    )


def _judged(program: PlanProgram, state: State) -> tuple[Tally, Verdict]:
    """The tally and verdict of a state, by the engine, without gaps."""
    ruleset = program.frame.ruleset
    findings = Bench(ruleset, state).findings()
    return tally(findings), verdict(findings)


def _open(found: Verdict) -> int:
    return len(found.open_vetoes) + len(found.open_redlines)
