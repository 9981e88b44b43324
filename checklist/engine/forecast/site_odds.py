"""How far drawings are below the target, by which of some sites are in them."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from math import lcm

from checklist.engine.forecast.drawn_community import DrawnCommunity
from checklist.engine.forecast.site_actions import SiteWork
from checklist.engine.forecast.site_levels import Gained, Unadded
from checklist.engine.forecast.site_marks import Marks, SiteMarks
from checklist.engine.forecast.sites_drawn import drawn_with


@dataclass(frozen=True, slots=True)
class Ruler:
    """Measures marks by how far they are above the target; ``granted`` says for or against whom a mean is rounded."""

    one: DrawnCommunity
    target: Fraction
    granted: bool

    @property
    def parts(self) -> int:
        """Into how many parts a mean may cut the smallest unit of points, of which a ten-thousandth has ``grain``."""
        return lcm(*(n for drawn in self.one.drawn.values() for n in range(1, drawn + 1)))

    def above(self, marks: Marks) -> int:
        target, grain = self.target, self.one.bench.grain
        points = marks.low * grain * 100 * target.denominator - target.numerator * marks.possible * grain
        return int(points) * self.parts

    def base(self, work: SiteWork, apart: Unadded) -> SiteMarks:
        """The site as it is in all that adds up."""
        least = len(work.now.least)
        return (
            work.now._replace(least=tuple(n for n in apart[:least] if not isinstance(n, float)), sums=apart[least:])
            if apart
            else work.now
        )

    def gain(self, work: SiteWork, then: SiteMarks) -> Gained | None:
        drawn, now = self.one.drawn[work.kind], work.now
        if drawn == 1:
            return Gained(self.above(work.sheet.made(then)) - self.above(work.sheet.made(now)), ())
        if then.sites != now.sites:
            return None
        total = 0
        for n, (before, after) in enumerate(zip(now.lows, then.lows, strict=True)):
            if before != after:
                total += self._of_mean(int((after - before) * self.one.bench.grain), drawn, self._without(work.kind, n))
        return Gained(total * 100 * self.target.denominator, (*then.least, *then.sums))

    def _without(self, kind: str, n: int) -> int:
        """At how many sites a mean does not apply."""
        return sum(count for site, count in self.one.sites[kind].items() if not site.sites[n])

    def _of_mean(self, won: int, drawn: int, without: int) -> int:
        """What the rounded mean of a criterion gains, at most or at least, once one site of it has ``won`` so many units."""
        few = max(drawn - without, 1)
        share = few if (won > 0) == self.granted else drawn
        whole = all(won % number == 0 for number in range(few, drawn + 1))
        rounded = 0 if whole else self.parts * (drawn - 1) // drawn
        return won * (self.parts // share) + (rounded if self.granted else -rounded)


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
