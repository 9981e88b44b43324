"""Spending a shared budget along the hulls: the steepest steps first, or just enough to reach a floor."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from fractions import Fraction

from checklist.engine.planning.parts import Option

Hull = tuple[Option, ...]
HullStep = tuple[Fraction, int, int, int]
"""Slope, community, part, and the corner from which the step goes up."""


class Purse:
    """The money that is left and the corner of its hull at which every part of every community stands."""

    def __init__(self, hulls: Sequence[Sequence[Hull]], budget: int) -> None:
        self.hulls = hulls
        self.at = [[0] * len(parts) for parts in hulls]
        self.left = budget - sum(options[0].cost for parts in hulls for options in parts)

    def spend(self, steps: Iterable[HullStep]) -> Fraction:
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

    def lift(self, needs: Sequence[Fraction], cap: int | None = None) -> bool:
        """Take each community's steepest steps until it has won what it needs or has no more; False: no money. Who needs
        more yuan than ``cap`` for that gets none of it."""
        for i, need in enumerate(needs):
            had, left = list(self.at[i]), self.left
            self._lift_one(self.hulls[i], self.at[i], need)
            if cap is not None and left - self.left > cap:
                self.at[i], self.left = had, left
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

    def copy(self) -> Purse:
        other = Purse(self.hulls, 0)
        other.at, other.left = [list(row) for row in self.at], self.left
        return other

    def costs(self) -> list[int]:
        """What each community takes as it stands."""
        return [sum(o[n].cost for o, n in zip(p, a, strict=True)) for p, a in zip(self.hulls, self.at, strict=True)]

    def won(self) -> list[int]:
        return [sum(o[n].points for o, n in zip(p, a, strict=True)) for p, a in zip(self.hulls, self.at, strict=True)]


def _cheapest(parts: Sequence[Hull], at: Sequence[int], lack: Fraction) -> tuple[int, int, int] | None:
    """The cheapest single move up a hull that wins what is still lacking: its cost, the part, the corner."""
    moves = (
        (options[n].cost - options[now].cost, j, n)
        for j, (options, now) in enumerate(zip(parts, at, strict=True))
        for n in range(now + 1, len(options))
        if options[n].points - options[now].points >= lack
    )
    return min(moves, default=None)


def steps_of(hulls: Sequence[Sequence[Hull]]) -> list[HullStep]:
    """Every step along every hull, steepest first; steps of one hull stay in their order."""
    found = [
        (_rise(options, n), i, j, n)
        for i, community in enumerate(hulls)
        for j, options in enumerate(community)
        for n in range(len(options) - 1)
    ]
    return sorted(found, key=lambda s: (-s[0], s[1], s[2], s[3]))


def clears(hulls: Sequence[Sequence[Hull]], step: HullStep) -> bool:
    _, i, j, n = step
    now, then = hulls[i][j][n], hulls[i][j][n + 1]
    return then.value - then.points > now.value - now.points


def _rise(options: Hull, n: int) -> Fraction:
    return Fraction(options[n + 1].value - options[n].value, options[n + 1].cost - options[n].cost)
