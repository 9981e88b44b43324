"""A shared budget at a price: what every community would choose, and so how good any division can be at most.

At a price of the budget each community chooses for itself the most of value − price·cost among what keeps its floor.
The sum of these, plus price·budget, is at least the value of every division that keeps the budget and the floors
(Lagrangian duality), whatever the price. Prices are whole multiples of 1/GRAIN ten-thousandths of a point per yuan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from checklist.engine.planning.highs import SolverRow, WholeLine, solve_binaries
from checklist.engine.planning.parts import PlanPart

GRAIN = 1 << 20
PRICES = 12

Chosen = tuple[int, ...]
"""The option of each part of one community, by index."""


@dataclass(frozen=True, slots=True)
class Priced:
    """Every community's choice at one price, what it costs and is worth in all, and the bound."""

    chosen: tuple[Chosen, ...]
    cost: int
    value: int
    bound: Fraction


def at_price(parts: Sequence[tuple[PlanPart, ...]], floors: Sequence[Fraction], budget: int, grain: int) -> Priced:
    """Errors: ``Unsolved`` where a floor binds and the package is missing."""
    chosen = tuple(_choice(community, floor, grain) for community, floor in zip(parts, floors, strict=True))
    cost = value = 0
    for community, row in zip(parts, chosen, strict=True):
        for part, n in zip(community, row, strict=True):
            cost += part.options[n].cost
            value += part.options[n].value
    return Priced(chosen, cost, value, value + Fraction(grain * (budget - cost), GRAIN))


def _choice(community: tuple[PlanPart, ...], floor: Fraction, grain: int) -> Chosen:
    free, points = [], 0
    for part in community:
        best = max(
            range(len(part.options)),
            key=lambda n, o=part.options: (o[n].value * GRAIN - grain * o[n].cost, o[n].points, -n),  # type: ignore[misc]
        )
        free.append(best)
        points += part.options[best].points
    return tuple(free) if floor <= 0 or points >= floor else _on_the_floor(community, floor, grain)


def _on_the_floor(community: tuple[PlanPart, ...], floor: Fraction, grain: int) -> Chosen:
    """The exact choice where the floor binds."""
    columns: list[tuple[int, int]] = []
    gain, points = WholeLine(), WholeLine()
    rows = []
    for j, part in enumerate(community):
        one = WholeLine()
        for n, option in enumerate(part.options):
            one.add(len(columns), 1)
            gain.add(len(columns), grain * option.cost - option.value * GRAIN)
            points.add(len(columns), -option.points)
            columns.append((j, n))
        rows.append(SolverRow(one, 1, equal=True))
    found = solve_binaries(len(columns), gain, [*rows, SolverRow(points, -ceil(floor))])
    if found is None:
        raise ArithmeticError("a floor that was reached before has become unreachable")
    chosen = [0] * len(community)
    for column in found:
        j, n = columns[column]
        chosen[j] = n
    return tuple(chosen)


def best_price(
    parts: Sequence[tuple[PlanPart, ...]], floors: Sequence[Fraction], budget: int, price: Fraction
) -> tuple[Fraction, Priced | None]:
    """The least bound found around a price, and the best choice met that keeps the budget."""
    grain = int(price * GRAIN)
    first = at_price(parts, floors, budget, grain)
    best, kept = first.bound, first if first.cost <= budget else None
    if not any(floors):
        return best, kept
    low, high = (grain, max(grain, 1) * 64) if first.cost > budget else (0, grain)
    for _ in range(PRICES):
        middle = (low + high) // 2
        here = at_price(parts, floors, budget, middle)
        best = min(best, here.bound)
        if here.cost <= budget and (kept is None or here.value > kept.value):
            kept = here
        low, high = (middle, high) if here.cost > budget else (low, middle)
        if high - low <= 1:
            break
    return best, kept
