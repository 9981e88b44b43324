"""One budget over many communities: the price of the budget decides, and says how good the division is.

Every part of every community has a short list of options (``parts``). Along the hulls of these lists the linear
relaxation is solved exactly by taking the steepest steps first; the slope of the step that no longer fits is the
budget's price (a Lagrangian multiplier), and the relaxation's value bounds every division. The money that is left over
goes, by a small exact program, to the parts whose steps lie closest to that price.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ...model.assessment import Tally, Verdict
from ...model.numbers import POINT
from ...model.plan import Limits, Share, SharedPlan
from ...model.ruleset import Ruleset
from ...model.state import State
from ..assess import tally, verdict
from ..judge import judge
from .bounds import GRAIN, at_price, best_price
from .diagram import reaches
from .knapsack import refine
from .milp import NoSolver
from .parts import REDLINE_WORTH, Option, Part, hull, parts_of
from .plan import state_after
from .program import Program, frame_of, program_of

HUNDREDTHS = 100

Hull = tuple[Option, ...]


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
    found = reaches(ruleset, frame.order.sequence)
    programs = [program_of(frame, state, found) for state in states]
    parts = [parts_of(program) for program in programs]
    needs: Needs | None = None
    if lowest_first:
        needs = Needs(programs, None)
    elif each is not None:
        needs = Needs(programs, each)
    division = divide(parts, budget, needs)
    chosen = [
        frozenset(id for part, n in zip(p, taken, strict=True) for id in part.options[n].ids)
        for p, taken in zip(parts, division.taken, strict=True)
    ]
    return SharedPlan(
        limits=limits,
        shares=tuple(_share(program, ids) for program, ids in zip(programs, chosen, strict=True)),
        value=_value(parts, division.taken),
        bound=division.bound,
        each=division.floor if each is not None else None,
        asked=each,
        floor=division.floor if lowest_first else None,
    )


@dataclass(frozen=True, slots=True)
class Needs:
    """What fairness asks: ``each`` points for everyone, or (None) a common floor of the score."""

    programs: Sequence[Program]
    each: Fraction | None

    @property
    def most(self) -> int:
        """The highest floor that is worth trying, in hundredths."""
        return 100 * HUNDREDTHS if self.each is None else int(self.each * HUNDREDTHS)

    def points(self, hundredths: int) -> list[Fraction]:
        """Ten-thousandths of a point that each community must win for a floor."""
        if self.each is not None:
            return [Fraction(hundredths * POINT, HUNDREDTHS)] * len(self.programs)
        return [_short_of(program, Fraction(hundredths, HUNDREDTHS)) for program in self.programs]


def _short_of(program: Program, floor: Fraction) -> Fraction:
    low, possible = program.outcome(())[:2]
    return max(Fraction(0), floor * possible / 100 - low)


class _Purse:
    """The money that is left and the corner of its hull at which every part of every community stands."""

    def __init__(self, hulls: Sequence[Sequence[Hull]], budget: int) -> None:
        self.hulls = hulls
        self.at = [[0] * len(parts) for parts in hulls]
        self.left = budget - sum(options[0].cost for parts in hulls for options in parts)

    def spend(self, steps: Iterable[tuple[Fraction, int, int, int]]) -> Fraction:
        """Take every step that can be paid, in this order; the slope of the first that cannot."""
        price = Fraction(0)
        for slope, i, j, n in steps:
            if self.at[i][j] != n:
                continue
            cost = self.hulls[i][j][n + 1].cost - self.hulls[i][j][n].cost
            if cost <= self.left:
                self.at[i][j], self.left = n + 1, self.left - cost
            elif not price:
                price = slope
        return price

    def lift(self, needs: Sequence[Fraction]) -> bool:
        """Take each community's steepest steps until it has won what it needs or has no more; False: no money."""
        for i, need in enumerate(needs):
            self._lift_one(self.hulls[i], self.at[i], need)
            if self.left < 0:
                return False
        return True

    def _lift_one(self, parts: Sequence[Hull], at: list[int], need: Fraction) -> None:
        won = sum(options[n].points for options, n in zip(parts, at, strict=True))
        queue = [
            (-_rise(options, n), j)
            for j, (options, n) in enumerate(zip(parts, at, strict=True))
            if n + 1 < len(options)
        ]
        heapq.heapify(queue)
        while queue and won < need:
            _, j = heapq.heappop(queue)
            finish = _cheapest(parts, at, need - won)
            now, then = parts[j][at[j]], parts[j][at[j] + 1]
            if finish is not None and finish[0] <= then.cost - now.cost:
                cost, j, n = finish
                self.left, at[j] = self.left - cost, n
                return
            won, self.left, at[j] = won + then.points - now.points, self.left - then.cost + now.cost, at[j] + 1
            if at[j] + 1 < len(parts[j]):
                heapq.heappush(queue, (-_rise(parts[j], at[j]), j))

    def copy(self) -> _Purse:
        other = _Purse(self.hulls, 0)
        other.at, other.left = [list(row) for row in self.at], self.left
        return other

    def won(self) -> list[int]:
        return [sum(o[n].points for o, n in zip(p, a, strict=True)) for p, a in zip(self.hulls, self.at, strict=True)]


def divide(parts: Sequence[tuple[Part, ...]], budget: int, needs: Needs | None = None) -> Division:
    """Flags first, then floors, then the steepest steps, then the rest of the money exactly."""
    hulls = [[hull(part.options) for part in community] for community in parts]
    steps = _steps(hulls)
    purse, floor = _Purse(hulls, budget), None
    floors = [Fraction(0)] * len(parts)
    if needs is not None:
        purse.spend(step for step in steps if _clears(hulls, step))
        purse, floor, floors = _lifted(purse, needs)
    price = purse.spend(steps)
    taken = [[p.options.index(hulls[i][j][purse.at[i][j]]) for j, p in enumerate(ps)] for i, ps in enumerate(parts)]
    try:
        bound, priced = best_price(parts, floors, budget, price)
    except NoSolver:
        bound, priced = at_price(parts, [Fraction(0)] * len(parts), budget, int(price * GRAIN)).bound, None
    if priced is not None and priced.value > _value(parts, taken):
        taken = [list(row) for row in priced.chosen]
    proved = refine(parts, taken, floors, budget, Fraction(int(price * GRAIN), GRAIN), bound)
    return Division(tuple(map(tuple, taken)), Fraction(_value(parts, taken)) if proved else bound, floor)


def _value(parts: Sequence[tuple[Part, ...]], taken: Sequence[Sequence[int]]) -> int:
    return sum(p.options[n].value for ps, row in zip(parts, taken, strict=True) for p, n in zip(ps, row, strict=True))


def _lifted(purse: _Purse, needs: Needs) -> tuple[_Purse, Fraction, list[Fraction]]:
    """The highest floor that the money reaches, by halving, and what each community must therefore win."""
    everything = _Purse(purse.hulls, 0)
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


def _cheapest(parts: Sequence[Hull], at: Sequence[int], lack: Fraction) -> tuple[int, int, int] | None:
    """The cheapest single move up a hull that wins what is still lacking: its cost, the part, the corner."""
    moves = (
        (options[n].cost - options[now].cost, j, n)
        for j, (options, now) in enumerate(zip(parts, at, strict=True))
        for n in range(now + 1, len(options))
        if options[n].points - options[now].points >= lack
    )
    return min(moves, default=None)


def _steps(hulls: Sequence[Sequence[Hull]]) -> list[tuple[Fraction, int, int, int]]:
    """Every step along every hull, steepest first; steps of one hull stay in their order."""
    found = [
        (_rise(options, n), i, j, n)
        for i, community in enumerate(hulls)
        for j, options in enumerate(community)
        for n in range(len(options) - 1)
    ]
    return sorted(found, key=lambda s: (-s[0], s[1], s[2], s[3]))


def _clears(hulls: Sequence[Sequence[Hull]], step: tuple[Fraction, int, int, int]) -> bool:
    _, i, j, n = step
    now, then = hulls[i][j][n], hulls[i][j][n + 1]
    return then.value - now.value >= REDLINE_WORTH - (now.points - then.points)


def _rise(options: Hull, n: int) -> Fraction:
    return Fraction(options[n + 1].value - options[n].value, options[n + 1].cost - options[n].cost)


def _share(program: Program, ids: frozenset[str]) -> Share:
    before, was = _judged(program, program.state)
    after, now = _judged(program, state_after(program, ids))
    actions = program.frame.order.chosen(ids)
    return Share(
        community=program.state.community,
        as_of=program.state.as_of,
        before=before,
        after=after,
        flags=(_open(was), _open(now)),
        actions=actions,
        yuan=(sum(a.yuan[0] for a in actions), sum(a.yuan[1] for a in actions)),
    )


def _judged(program: Program, state: State) -> tuple[Tally, Verdict]:
    """The tally and verdict of a state, by the engine, without gaps."""
    ruleset = program.frame.ruleset
    known = state.knowledge(ruleset.facts)
    findings = [judge(ruleset, c, state, known) for c in ruleset.criteria if c.status == "active"]
    return tally(findings), verdict(findings)


def _open(found: Verdict) -> int:
    return len(found.open_vetoes) + len(found.open_redlines)
