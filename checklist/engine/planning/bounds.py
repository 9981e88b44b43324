"""How good a shared budget's division can be at most: Lagrangian bounds in whole numbers.

For any price of the budget and any extra worth of each community's points,

    price·budget + Σ parts max(value + extra·points − price·cost) − Σ communities extra·floor

is at least the value of every division that keeps the budget and the floors. The prices are only steered by search;
whatever they are, the bound holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from .parts import Part

GRAIN = 1 << 20
"""Prices are whole multiples of 1/GRAIN ten-thousandth of a point per yuan, extras of 1/1024."""

FINE = 1024
PRICES, EXTRAS = 12, 16


def best_bound(parts: Sequence[tuple[Part, ...]], floors: Sequence[Fraction], budget: int, price: Fraction) -> Fraction:
    """The least bound found around ``price``, which is the best one where there are no floors."""
    grains = [int(price * GRAIN)] if price else [0]
    listed = [[[(o.value, o.points, o.cost) for o in part.options] for part in community] for community in parts]
    best, spent = _bound(listed, floors, budget, grains[0])
    if not any(floors) or not price:
        return best
    low, high = (grains[0], grains[0] * 64) if spent > budget else (0, grains[0])
    for _ in range(PRICES):
        middle = (low + high) // 2
        value, spent = _bound(listed, floors, budget, middle)
        best = min(best, value)
        low, high = (middle, high) if spent > budget else (low, middle)
    return best


Listed = list[list[tuple[int, int, int]]]


def _bound(listed: Sequence[Listed], floors: Sequence[Fraction], budget: int, grain: int) -> tuple[Fraction, int]:
    """The bound at one price, and the money that the communities would then spend."""
    total, spent = Fraction(grain * budget, GRAIN), 0
    for community, floor in zip(listed, floors, strict=True):
        value, cost = _community(community, floor, grain)
        total, spent = total + value, spent + cost
    return total, spent


def _community(parts: Listed, floor: Fraction, grain: int) -> tuple[Fraction, int]:
    """One community's best at this price, its floor at the best extra found; and its cost there."""
    value, points, cost = _best(parts, grain, 0)
    best, found = Fraction(value, GRAIN * FINE), cost
    if points >= floor:
        return best, found
    low, high = 0, FINE
    while points < floor and high < FINE << 12:
        high *= 2
        value, points, cost = _best(parts, grain, high)
    for _ in range(EXTRAS):
        middle = (low + high) // 2
        value, points, cost = _best(parts, grain, middle)
        bound = Fraction(value, GRAIN * FINE) - Fraction(middle, FINE) * floor
        if bound < best:
            best, found = bound, cost
        low, high = (middle, high) if points < floor else (low, middle)
    return best, found


def _best(parts: Listed, grain: int, extra: int) -> tuple[int, int, int]:
    """The most in units of 1/(GRAIN·FINE), and the points and cost there."""
    total = won = spent = 0
    for options in parts:
        most, of, at = max(
            ((value * FINE + extra * points) * GRAIN - grain * FINE * cost, points, -cost)
            for value, points, cost in options
        )
        total, won, spent = total + most, won + of, spent - at
    return total, won, spent
