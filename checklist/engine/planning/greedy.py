"""Without a solver: a documented greedy and a bound on how far it may be from the optimum.

Bundles are the sets of actions on one path of one criterion's diagram, with what they need. Vetoes come first, then
red lines, then points: each round takes the bundle with the most gain for its share of the limits (or for its cost),
until nothing helps or the target is reached; at last every action that turned out useless is dropped again.

The bound shares each action's cost out among the criteria that it moves and prices the limits (Lagrangian
decomposition): then every criterion chooses for itself, and the sum is never worse than the optimum. At the best prices
this is the bound of the linear relaxation; here a fixed number of steps towards them is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from itertools import islice

from checklist.engine.planning.diagram import Diagram, SetOutcome, by_action, total
from checklist.engine.planning.optimum import ONE_VETO, Choice, cost_of, flags_of, score_of
from checklist.engine.planning.program import PlanProgram
from checklist.model.planning.plan import Proof

PATHS = 256
ROUNDS = 60
TINY = Fraction(1, 10**6)
"""Keeps free bundles comparable: among them the one with the most gain goes first."""

Bundles = Mapping[frozenset[str], tuple[Diagram, ...]]
"""Each bundle with the diagrams in which its actions make a difference."""


def choose_greedily(program: PlanProgram) -> Choice:
    """A good choice, and the distance that is known."""
    target = program.frame.limits.target
    bundles = _bundles(program)
    ids = _grow(program, bundles, program.closure(program.must), _fewer_flags, None)
    ids = _grow(program, bundles, ids, _more_points, target)
    reached = target is None or score_of(program, ids) >= target
    ids = _trimmed(program, ids, target if reached and target is not None else score_of(program, ids))
    if target is not None and reached:
        return Choice(ids, True, Proof("greedy", "cost", Fraction(cost_of(program, ids)), _least_cost(program, target)))
    return Choice(ids, target is None, Proof("greedy", "score", score_of(program, ids), _highest_score(program)))


def _bundles(program: PlanProgram) -> Bundles:
    touching = by_action(program.diagrams)
    found = {program.closure(taken) for d in program.diagrams for taken, _ in islice(d.sets(), PATHS) if taken}
    ordered = sorted(found, key=lambda ids: [deed.id for deed in program.order.chosen(ids)])
    return {ids: tuple(dict.fromkeys(d for action in ids for d in touching.get(action, ()))) for ids in ordered}


def _fewer_flags(won: SetOutcome) -> int:
    return -(won.veto * ONE_VETO + won.redline)


def _more_points(won: SetOutcome) -> int:
    return won.low if _fewer_flags(won) >= 0 else 0


def _grow(
    program: PlanProgram,
    bundles: Bundles,
    ids: frozenset[str],
    gain: Callable[[SetOutcome], int],
    target: Fraction | None,
) -> frozenset[str]:
    """Add the most rewarding bundle that fits, while there is one; a bundle's gain is tried anew when it may differ."""
    gains: dict[frozenset[str], int] = {}
    while target is None or score_of(program, ids) < target:
        ranked = []
        for place, (bundle, diagrams) in enumerate(bundles.items()):
            if bundle not in gains:
                gains[bundle] = gain(_won(diagrams, ids, ids | bundle))
            if gains[bundle] > 0:
                ranked.append((-gains[bundle] / (_weight(program, bundle - ids) + TINY), place, bundle))
        picked = next((ids | b for _, _, b in sorted(ranked, key=lambda r: r[:2]) if program.feasible(ids | b)), None)
        if picked is None:
            return ids
        changed = {d for b, diagrams in bundles.items() if b <= picked and not b <= ids for d in diagrams}
        gains = {b: g for b, g in gains.items() if changed.isdisjoint(bundles[b])}
        ids = picked
    return ids


def _won(diagrams: Iterable[Diagram], before: frozenset[str], after: frozenset[str]) -> SetOutcome:
    listed = list(diagrams)
    return SetOutcome(*(new - old for new, old in zip(total(listed, after), total(listed, before), strict=True)))


def _weight(program: PlanProgram, ids: frozenset[str]) -> Fraction:
    """The share of the limits that a bundle uses; of the cost of everything where there is no limit."""
    limits = program.frame.limits
    money = limits.budget if limits.budget is not None else sum(program.cost.values())
    weight = Fraction(cost_of(program, ids), max(money, 1))
    if program.effort_limit is not None:
        weight += Fraction(sum(program.effort[id] for id in ids), max(program.effort_limit, 1))
    return weight


def _trimmed(program: PlanProgram, ids: frozenset[str], score: Fraction) -> frozenset[str]:
    """Without every action that the score and the flags do not need, the dearest first."""
    flags = flags_of(program, ids)
    for action in sorted(program.order.chosen(ids), key=lambda d: (-program.cost[d.id], -program.effort[d.id])):
        rest = frozenset(other for other in ids if action.id not in program.closure({other}))
        if program.feasible(rest) and flags_of(program, rest) <= flags and score_of(program, rest) >= score:
            ids = rest
    return ids


def _fixed_denominator(program: PlanProgram) -> int | None:
    """Points that apply whatever is done; None when actions change them, and then no bound is known."""
    if any(len({o.possible for o in d.outcomes}) > 1 for d in program.diagrams):
        return None
    return program.outcome(()).possible or None


def _highest_score(program: PlanProgram) -> Fraction | None:
    """No set within the limits has a higher score (0–100) than this."""
    possible = _fixed_denominator(program)
    if possible is None:
        return None
    limits = program.frame.limits
    bound = Fraction(_most(program, {}, Fraction(0)))
    for amounts, limit in ((program.cost, limits.budget), (program.effort, program.effort_limit)):
        if limit is not None:
            parts = _shared_out(program, amounts)
            prices = _prices(int(bound), limit)
            bound = min(bound, *(_most(program, parts, price) + price * limit for price in prices))
    return (bound + program.loose) * 100 / possible


def _most(program: PlanProgram, parts: Mapping[tuple[Diagram, str], Fraction], price: Fraction) -> Fraction:
    """The points that all criteria win at most when each pays its part of every action at this price."""
    return sum(
        (
            max(o.low - price * sum(parts.get((d, a), 0) for a in taken) for taken, o in d.sets())
            for d in program.diagrams
        ),
        start=Fraction(0),
    )


def _least_cost(program: PlanProgram, target: Fraction) -> Fraction | None:
    """No set that reaches the target costs less than this (yuan)."""
    possible = _fixed_denominator(program)
    if possible is None:
        return None
    needed = target * possible / 100 - program.loose
    parts = _shared_out(program, program.cost)
    prices = _prices(max(int(needed), 1), sum(program.cost.values()))
    return max(Fraction(0), *((needed - _most(program, parts, price)) / price for price in prices))


def _shared_out(program: PlanProgram, amounts: Mapping[str, int]) -> dict[tuple[Diagram, str], Fraction]:
    """Each action's cost or effort in equal parts over the criteria that it moves."""
    return {
        (d, action): Fraction(amounts[action], len(diagrams))
        for action, diagrams in by_action(program.diagrams).items()
        for d in diagrams
    }


def _prices(points: int, yuan: int) -> list[Fraction]:
    """Points per yuan over a wide range, in equal ratios."""
    base = Fraction(max(points, 1), max(yuan, 1))
    return [base * Fraction(3, 2) ** n for n in range(-ROUNDS // 2, ROUNDS // 2)]
