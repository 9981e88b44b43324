"""The cheapest actions at so many sites that make the target sure enough, and what any actions there cost at least.

What sites gain adds up, but for two things where several of a kind are drawn. What is not a mean, the worst site and the
sum over sites, is gone through case by case. The mean of each criterion is rounded: that is granted first, for a bound
from below, and then held against it, for a way that surely does.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import accumulate, product
from math import ceil, lcm
from typing import Final, NamedTuple

from checklist.engine.forecast.drawn_community import DrawnCommunity
from checklist.engine.forecast.site_actions import SiteWork
from checklist.engine.forecast.site_levels import Apart, Gained, Level, Price, SiteParts
from checklist.engine.forecast.site_marks import Marks, SiteMarks
from checklist.engine.forecast.sites_drawn import chance_with, drawn_with
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


@dataclass(frozen=True, slots=True)
class Ruler:
    """Measures marks by how far they are above the target; ``granted`` says for or against whom a mean is rounded."""

    one: DrawnCommunity
    target: Fraction
    granted: bool

    @property
    def unit(self) -> int:
        return lcm(*(n for drawn in self.one.drawn.values() for n in range(1, drawn + 1)))

    def above(self, marks: Marks) -> int:
        target = self.target
        return (marks.low * 100 * target.denominator - target.numerator * marks.possible) * self.unit

    def base(self, work: SiteWork, apart: Apart) -> SiteMarks:
        """The site as it is in all that adds up."""
        least = len(work.now.least)
        return work.now._replace(least=tuple(map(int, apart[:least])), sums=apart[least:]) if apart else work.now

    def gain(self, work: SiteWork, then: SiteMarks) -> Gained | None:
        drawn, now = self.one.drawn[work.kind], work.now
        if drawn == 1:
            return Gained(self.above(work.sheet.made(then)) - self.above(work.sheet.made(now)), ())
        if then.sites != now.sites:
            return None
        total = 0
        for n, (before, after) in enumerate(zip(now.lows, then.lows, strict=True)):
            if before != after:
                total += self._of_mean(after - before, drawn, self._without(work.kind, n))
        return Gained(total * 100 * self.target.denominator, (*then.least, *then.sums))

    def _without(self, kind: str, n: int) -> int:
        """At how many sites a mean does not apply."""
        return sum(count for site, count in self.one.sites[kind].items() if not site.sites[n])

    def _of_mean(self, won: int, drawn: int, without: int) -> int:
        """What the rounded mean of a criterion gains, at most or at least, once one site of it has ``won`` so much."""
        few = max(drawn - without, 1)
        share = few if (won > 0) == self.granted else drawn
        whole = all(won % number == 0 for number in range(few, drawn + 1))
        rounded = 0 if whole else self.unit * (drawn - 1) // drawn
        return won * (self.unit // share) + (rounded if self.granted else -rounded)


class Odds:
    """Drawings by which of some sites are in them; each passes once these have gained what it lacks."""

    def __init__(self, ruler: Ruler, works: Sequence[SiteWork], bases: Sequence[SiteMarks]) -> None:
        one = ruler.one
        found: Counter[tuple[int, int]] = Counter({(0, ruler.above(one.fixed)): 1})
        for kind in one.sheets:
            more: Counter[tuple[int, int]] = Counter()
            for part in drawn_with(one, kind, works, [(base,) for base in bases]):
                above = ruler.above(part.marks)
                for (inside, value), weight in found.items():
                    more[inside | part.inside, value + above] += weight * part.weight
            found = more
        lacking: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        for (inside, value), weight in found.items():
            lacking[inside].append((-value, weight))
        self.total = sum(found.values())
        self.sets = [
            (
                [n for n in range(len(works)) if inside >> n & 1],
                [lacks for lacks, _ in sorted(some)],
                list(accumulate((weight for _, weight in sorted(some)), initial=0)),
            )
            for inside, some in lacking.items()
        ]

    def passing(self, gains: Sequence[int]) -> int:
        """How many drawings pass once each site has gained so much."""
        return sum(up_to[bisect_right(lacks, sum(gains[n] for n in inside))] for inside, lacks, up_to in self.sets)


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
    price, dearest = bargain.price, bargain.cost
    parts = {id(work): SiteParts(one, work) for works in choices for work in works}
    exact = all(number == 1 for number in one.drawn.values())
    bound: int | None = None
    for granted in (True,) if exact else (True, False):
        ruler = Ruler(one, target, granted)
        levels = {at: part.levels(price, ruler.gain, dearest - 1) for at, part in parts.items()}
        cases = [case for works in choices for case in _cases(works, [levels[id(work)] for work in works])]
        if None in levels.values() or len(cases) * one.drawings > MOST_WORK:
            return replace(bargain, least=bound)
        best, least, most = bargain, dearest, dearest
        for case in cases:
            if sum(some[0].cost for some in case.levels) >= most:
                continue
            bases = [ruler.base(work, apart) for work, apart in zip(case.works, case.apart, strict=True)]
            search = Search(Odds(ruler, case.works, bases), case.levels, wanted, most - 1)
            least = min(least, search.least)
            if search.found is not None:
                ways = (parts[id(w)].inside(level.way) for w, level in zip(case.works, search.found, strict=True))
                best, most = Bargain(case.works, tuple(ways), price), sum(level.cost for level in search.found)
        bound = least if bound is None else bound
        if best is bargain or chance_with(one, best.works, target, best.actions) >= wanted:
            return replace(best, least=bound)
    return replace(bargain, least=bound)


class _Case(NamedTuple):
    """Sites, what each brings apart, and how far it can be improved that way."""

    works: tuple[SiteWork, ...]
    apart: tuple[Apart, ...]
    levels: tuple[list[Level], ...]


def _cases(works: Sequence[SiteWork], levels: Sequence[Mapping[Apart, list[Level]] | None]) -> Iterator[_Case]:
    for some in product(*((told or {}).items() for told in levels)):
        yield _Case(tuple(works), tuple(apart for apart, _ in some), tuple(levels for _, levels in some))
