"""Without a solver: a documented greedy and a bound on how far it may be from the optimum.

Bundles are the sets of actions on one path of one criterion's diagram, with what they need. Vetoes come first, then
red lines, then points: each round takes the bundle with the most gain for its share of the limits (or for its cost),
until nothing helps or the target is reached; at last every action that turned out useless is dropped again.

The bound shares each action's cost out among the criteria that it moves and prices the limits (Lagrangian
decomposition): then every criterion chooses for itself, and the sum is never worse than the optimum. At the best prices
this is the bound of the linear relaxation; here a fixed number of steps towards them is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from itertools import islice

from ...model.plan import Proof
from .diagram import Diagram, by_action
from .optimum import ONE_VETO, Choice, cost_of, flags_of, score_of
from .program import Program

PATHS = 256
ROUNDS = 60

Gain = Callable[[frozenset[str]], int]


def choose_greedily(program: Program) -> Choice:
    """A good choice, and the distance that is known."""
    target = program.frame.limits.target
    bundles = _bundles(program)
    ids = _grow(program, bundles, program.closure(program.must), lambda s: -flags_of(program, s), None)
    ids = _grow(program, bundles, ids, lambda s: program.outcome(s).low, target)
    reached = target is None or score_of(program, ids) >= target
    ids = _trimmed(program, ids, target if reached and target is not None else score_of(program, ids))
    if target is not None and reached:
        return Choice(ids, True, Proof("greedy", "cost", Fraction(cost_of(program, ids)), _least_cost(program, target)))
    return Choice(ids, target is None, Proof("greedy", "score", score_of(program, ids), _highest_score(program)))


def _bundles(program: Program) -> tuple[frozenset[str], ...]:
    found = {program.closure(taken): None for d in program.diagrams for taken, _ in islice(d.sets(), PATHS) if taken}
    return tuple(found)


def _grow(
    program: Program, bundles: Iterable[frozenset[str]], ids: frozenset[str], gain: Gain, target: Fraction | None
) -> frozenset[str]:
    """Add bundles while one of them helps; never open a flag on the way."""
    while target is None or score_of(program, ids) < target:
        now, flags = gain(ids), flags_of(program, ids)
        best: tuple[Fraction, int] | None = None
        picked: frozenset[str] | None = None
        for bundle in bundles:
            if bundle <= ids:
                continue
            wider = ids | bundle
            won = gain(wider) - now
            if won <= 0 or not program.feasible(wider) or flags_of(program, wider) > flags:
                continue
            rank = (won / (_weight(program, wider - ids) + Fraction(1, 10**6)), won)
            if best is None or rank > best:
                best, picked = rank, wider
        if picked is None:
            return ids
        ids = picked
    return ids


def _weight(program: Program, ids: frozenset[str]) -> Fraction:
    """The share of the limits that a bundle uses; of the cost of everything where there is no limit."""
    limits = program.frame.limits
    money = limits.budget if limits.budget is not None else sum(program.cost.values())
    weight = Fraction(cost_of(program, ids), max(money, 1))
    if program.effort_limit is not None:
        weight += Fraction(sum(program.effort[id] for id in ids), max(program.effort_limit, 1))
    return weight


def _trimmed(program: Program, ids: frozenset[str], score: Fraction) -> frozenset[str]:
    """Without every action that the score and the flags do not need, the dearest first."""
    flags = flags_of(program, ids)
    for action in sorted(program.frame.order.chosen(ids), key=lambda a: (-program.cost[a.id], -program.effort[a.id])):
        rest = frozenset(other for other in ids if action.id not in program.closure({other}))
        if program.feasible(rest) and flags_of(program, rest) <= flags and score_of(program, rest) >= score:
            ids = rest
    return ids


def _fixed_denominator(program: Program) -> int | None:
    """Points that apply whatever is done; None when actions change them, and then no bound is known."""
    if any(len({o.possible for o in d.outcomes}) > 1 for d in program.diagrams):
        return None
    return program.outcome(()).possible or None


def _highest_score(program: Program) -> Fraction | None:
    """No set within the limits has a higher score (0–100) than this."""
    possible = _fixed_denominator(program)
    if possible is None:
        return None
    limits = program.frame.limits
    priced = _shared_out(program, program.cost)
    best = sum(max((o.low for _, o in islice(d.sets(), PATHS)), default=0) for d in program.diagrams)
    bound = Fraction(best)
    if limits.budget is not None:
        for price in _prices(best, limits.budget):
            most = sum(
                max(o.low - price * sum(priced[d.criterion, a] for a in taken) for taken, o in d.sets())
                for d in program.diagrams
            )
            bound = min(bound, most + price * limits.budget)
    return bound * 100 / possible


def _least_cost(program: Program, target: Fraction) -> Fraction | None:
    """No set that reaches the target costs less than this (yuan)."""
    possible = _fixed_denominator(program)
    if possible is None:
        return None
    needed = target * possible / 100
    priced = _shared_out(program, program.cost)
    bound = Fraction(0)
    total = sum(program.cost.values()) or 1
    for price in (1 / p for p in _prices(int(needed) or 1, total)):
        least = sum(
            min(sum(priced[d.criterion, a] for a in taken) - price * o.low for taken, o in d.sets())
            for d in program.diagrams
        )
        bound = max(bound, least + price * needed)
    return bound


def _shared_out(program: Program, cost: object) -> dict[tuple[str, str], Fraction]:
    """Each action's cost in equal parts over the criteria that it moves."""
    touching = by_action(program.diagrams)
    return {
        (d.criterion, action): Fraction(program.cost[action], len(diagrams))
        for action, diagrams in touching.items()
        for d in diagrams
    }


def _prices(points: int, yuan: int) -> list[Fraction]:
    """Points per yuan over a wide range, in equal ratios."""
    base = Fraction(max(points, 1), max(yuan, 1))
    return [base * Fraction(3, 2) ** n for n in range(-ROUNDS // 2, ROUNDS // 2)]


def is_known(diagram: Diagram) -> bool:
    return ONE_VETO > 0 and diagram.root < 0
