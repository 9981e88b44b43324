"""The cheapest actions at so many sites that make the target sure enough, and what any actions there cost at least.

What sites gain adds up, but for two things where several of a kind are drawn. What is not a mean, the worst site and the
sum over sites, is gone through case by case. The mean of each criterion is rounded: that is granted first, for a bound
from below, and then held against it, for a way that surely does.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import accumulate, product
from math import ceil
from typing import Final, NamedTuple

from checklist.engine.forecast.drawn_community import DrawnCommunity
from checklist.engine.forecast.site_actions import SiteWork
from checklist.engine.forecast.site_levels import Level, Price, SiteParts, Unadded
from checklist.engine.forecast.site_odds import Odds, Ruler
from checklist.engine.forecast.sites_drawn import chance_with
from checklist.model.rules.ruleset import Action

MOST_LOOKS: Final = 100_000
"""So many mixtures of levels are looked at."""
MOST_WORK: Final = 200_000
"""Drawings gone through, of all cases together."""


@dataclass(frozen=True, slots=True)
class Bargain:
    """Sites and what to do there; ``least`` is a price below which nothing does, None where that is not known."""

    works: tuple[SiteWork, ...]
    actions: tuple[tuple[Action, ...], ...]
    price: Price
    least: int | None = None

    @property
    def cost(self) -> int:
        return self.price.of(action for some in self.actions for action in some)


class Search:
    """The cheapest levels of some sites that let enough drawings pass: all are gone through, dear ones cut off."""

    def __init__(self, odds: Odds, levels: Sequence[Sequence[Level]], wanted: Fraction, dearest: int) -> None:
        self.odds, self.levels = odds, levels
        self.needed, self.dearest = ceil(wanted * odds.total), dearest
        self.looks = 0
        self.found: tuple[Level, ...] | None = None
        self.gains = [some[-1].gain for some in levels]
        least = [some[self._first(n)].cost for n, some in enumerate(levels)]
        self.rest = list(accumulate(reversed(least), initial=0))[::-1]
        if odds.passing(self.gains) >= self.needed:
            self._from(0, ())

    @property
    def least(self) -> int:
        """What these sites cost at least, found or not."""
        if self.looks > MOST_LOOKS:
            return self.rest[0]
        return self.dearest + 1 if self.found is None else sum(level.cost for level in self.found)

    def _first(self, n: int) -> int:
        """The first level of a site with which enough pass, the others as they are now in ``gains``."""

        def enough(level: Level) -> bool:
            self.looks += 1
            return self.odds.passing([*self.gains[:n], level.gain, *self.gains[n + 1 :]]) >= self.needed

        return min(bisect_left(self.levels[n], True, key=enough), len(self.levels[n]) - 1)

    def _from(self, n: int, chosen: tuple[Level, ...]) -> None:
        cost = sum(level.cost for level in chosen)
        if n == len(self.levels):
            self.found, self.dearest = chosen, cost - 1
            return
        last = n == len(self.levels) - 1
        top = self.gains[n]
        for level in self.levels[n][self._first(n) :]:
            if cost + level.cost + self.rest[n + 1] > self.dearest or self.looks > MOST_LOOKS:
                break
            self.gains[n] = level.gain
            self._from(n + 1, (*chosen, level))
            if last:
                break
        self.gains[n] = top


def cheapest(
    one: DrawnCommunity,
    choices: Sequence[Sequence[SiteWork]],
    target: Fraction,
    wanted: Fraction,
    bargain: Bargain,
) -> Bargain:
    """Of these choices of sites the one with the cheapest actions, as far as they are cheaper than ``bargain``."""
    parts = {id(work): SiteParts(one, work) for works in choices for work in works}
    exact = all(number == 1 for number in one.drawn.values())
    bound: int | None = None
    for granted in (True,) if exact else (True, False):
        ruler = Ruler(one, target, granted)
        levels = {at: part.levels(bargain.price, ruler.gain, bargain.cost - 1) for at, part in parts.items()}
        cases = [case for works in choices for case in _cases(works, [levels[id(work)] for work in works])]
        if None in levels.values() or len(cases) * one.drawings > MOST_WORK:
            break
        best, least = _best(ruler, cases, parts, wanted, bargain)
        bound = least if bound is None else bound
        if best is bargain or chance_with(one, best.works, target, best.actions) >= wanted:
            return replace(best, least=bound)
    return replace(bargain, least=bound)


def _best(
    ruler: Ruler, cases: Sequence[_Case], parts: Mapping[int, SiteParts], wanted: Fraction, bargain: Bargain
) -> tuple[Bargain, int]:
    """The cheapest that will do by this ruler, and what all that do cost at least."""
    best, least, most = bargain, bargain.cost, bargain.cost
    for case in cases:
        if sum(some[0].cost for some in case.levels) >= most:
            continue
        bases = [ruler.base(work, apart) for work, apart in zip(case.works, case.apart, strict=True)]
        search = Search(Odds(ruler, case.works, bases), case.levels, wanted, most - 1)
        least = min(least, search.least)
        if search.found is not None:
            ways = (parts[id(work)].inside(level.way) for work, level in zip(case.works, search.found, strict=True))
            best, most = Bargain(case.works, tuple(ways), bargain.price), sum(level.cost for level in search.found)
    return best, least


class _Case(NamedTuple):
    """Sites, what each brings apart, and how far it can be improved that way."""

    works: tuple[SiteWork, ...]
    apart: tuple[Unadded, ...]
    levels: tuple[list[Level], ...]


def _cases(works: Sequence[SiteWork], levels: Sequence[Mapping[Unadded, list[Level]] | None]) -> Iterator[_Case]:
    for some in product(*((told or {}).items() for told in levels)):
        yield _Case(tuple(works), tuple(apart for apart, _ in some), tuple(levels for _, levels in some))
