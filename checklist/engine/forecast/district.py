"""Communities drawn out of a district, or out of each of its streets, and sites within: the law of their mean score.

Scores are rounded to a step, down for the low end and up for the high end, so that the truth lies between; the laws of
those drawn are convolved, with floats that are never subtracted, whose relative error stays below ``SLACK``. A coarser
step is taken where the finest would take too long.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, TypeAlias

import numpy as np

from checklist.engine.forecast.drawings import Law
from checklist.engine.forecast.outlook import TAILS, clean_chance
from checklist.engine.forecast.site_marks import Marks
from checklist.model.numbers import Number
from checklist.model.results.forecast import Outlook

STEPS: Final = tuple(Fraction(1, 10**n) for n in (4, 3, 2, 1))
MOST_WORK, MOST_CELLS = 4_000_000_000, 50_000_000
SLACK: Final = Fraction(1, 10**9)

StepLaw: TypeAlias = Mapping[int, float]
"""The law of one community's score, in steps."""


@dataclass(frozen=True, slots=True)
class Stratum:
    """``drawn`` out of these communities are inspected, each as likely as any other."""

    laws: tuple[Law, ...]
    drawn: int

    def without(self, place: int) -> Stratum:
        return Stratum((*self.laws[:place], *self.laws[place + 1 :]), self.drawn - 1)


@dataclass(frozen=True, slots=True)
class SumLaw:
    """The law of the sum of ``count`` scores: ``chances[n]`` is that of ``first + n`` steps."""

    chances: Any
    first: int
    step: Fraction
    count: int

    def at_least(self, total: Fraction) -> float:
        """The chance that the sum is ``total`` or more; nothing is 0 and all is 1 exactly."""
        at = min(max(math.ceil(total / self.step) - self.first, 0), len(self.chances))
        above = float(self.chances[at:].sum())
        below = float(self.chances[:at].sum())
        return 1.0 if not below else above


def sum_laws(strata: Sequence[Stratum], times: int = 1) -> tuple[SumLaw, SumLaw]:
    """At the low and the high end, as fine as ``MOST_WORK`` allows when it is done ``times`` over."""
    for step in STEPS:
        low, high = (_cells(strata, end, step) for end in (0, 1))
        if step == STEPS[-1] or max(_work(low), _work(high)) * times <= MOST_WORK:
            break
    return _convolved(low, step), _convolved(high, step)


def _cells(strata: Sequence[Stratum], end: int, step: Fraction) -> list[tuple[list[StepLaw], int]]:
    found: list[tuple[list[StepLaw], int]] = []
    for stratum in strata:
        laws: list[StepLaw] = []
        for law in stratum.laws:
            cells: defaultdict[int, int] = defaultdict(int)
            for marks, weight in law.items():
                steps = marks.ends[end] / step
                cells[math.ceil(steps) if end else math.floor(steps)] += weight
            total = sum(cells.values())
            laws.append({cell: weight / total for cell, weight in cells.items()})
        found.append((laws, stratum.drawn))
    return found


def _span(strata: Iterable[tuple[list[StepLaw], int]]) -> tuple[int, int]:
    cells = [cell for laws, _ in strata for law in laws for cell in law]
    return min(cells), max(cells)


def _work(strata: list[tuple[list[StepLaw], int]]) -> float:
    least, most = _span(strata)
    length = (most - least) * sum(drawn for _, drawn in strata) + 1
    if length * (max(drawn for _, drawn in strata) + 1) > MOST_CELLS:
        return math.inf
    return sum(length * drawn * len(law) / 2 for laws, drawn in strata for law in laws)


def _convolved(strata: list[tuple[list[StepLaw], int]], step: Fraction) -> SumLaw:
    least, most = _span(strata)
    count = sum(drawn for _, drawn in strata)
    chances = np.ones(1)
    for laws, drawn in strata:
        chances = _drawn(chances, laws, drawn, least, most - least)
    return SumLaw(chances, least * count, step, count)


def _drawn(start: Any, laws: Sequence[StepLaw], drawn: int, least: int, width: int) -> Any:
    """``start`` and the sum of ``drawn`` of ``laws``: one after another, each is drawn with the chance that so many are
    still missing of so many that are left."""
    sums = [np.zeros(len(start) + width * number) for number in range(drawn + 1)]
    sums[0][:] = start
    for place, law in enumerate(laws):
        for number in reversed(range(min(drawn, place + 1))):
            taken = (drawn - number) / (len(laws) - place)
            if taken > 1:
                continue
            for cell, weight in law.items():
                at = cell - least
                sums[number + 1][at : at + len(sums[number])] += taken * weight * sums[number]
            sums[number] *= 1 - taken
    return sums[drawn]


def district_outlooks(strata: Sequence[Stratum], target: Fraction) -> tuple[Outlook, Outlook, Fraction]:
    """Both ends of the law of the mean score, and by how much a score may have been rounded. Means are exact."""
    low, high = sum_laws(strata)
    return _outlook(low, strata, target, 0), _outlook(high, strata, target, 1), low.step


def _outlook(law: SumLaw, strata: Sequence[Stratum], target: Fraction, end: int) -> Outlook:
    passes = Fraction(law.at_least(target * law.count))
    if passes not in (0, 1):
        passes = max(passes - SLACK, Fraction(0)) if end == 0 else min(passes + SLACK, Fraction(1))
    mean = sum((_mean(stratum, end) * stratum.drawn for stratum in strata), Fraction(0)) / law.count
    up_to = np.cumsum(law.chances)
    up_to /= up_to[-1]
    tails = [(law.first + int(np.searchsorted(up_to, float(tail)))) * law.step / law.count for tail in TAILS]
    first = math.floor(law.first * law.step / law.count)
    last = math.floor((law.first + len(law.chances) - 1) * law.step / law.count)
    before, whole = Fraction(0), {}
    for score in range(first, last + 1):
        at = math.ceil((score + 1) * law.count / law.step) - law.first - 1
        below = Fraction(float(up_to[min(at, len(up_to) - 1)]))
        if below > before:
            whole[score] = below - before
        before = below
    return Outlook(passes, mean, tails[0], tails[1], whole)


def _mean(stratum: Stratum, end: int) -> Fraction:
    total = Fraction(0)
    for law in stratum.laws:
        scores = sum((marks.ends[end] * weight for marks, weight in law.items()), Fraction(0))
        total += scores / sum(law.values())
    return total / len(stratum.laws)


def all_clean(strata: Sequence[Stratum]) -> tuple[Fraction, Fraction]:
    """The chance that no community drawn has an open red line or veto: surely, and possibly; exact."""
    both = []
    for end in (0, 1):
        chance = Fraction(1)
        for stratum in strata:
            ways = [Fraction(1)] + [Fraction(0)] * stratum.drawn
            for law in stratum.laws:
                clean = clean_chance(law)[end]
                for number in range(stratum.drawn, 0, -1):
                    ways[number] += ways[number - 1] * clean
            chance *= ways[-1] / math.comb(len(stratum.laws), stratum.drawn)
        both.append(chance)
    return both[0], both[1]


def others(strata: Sequence[Stratum]) -> Iterator[tuple[Fraction, tuple[SumLaw, SumLaw] | None]]:
    """For each community how likely it is drawn, and the laws of the sum of the others drawn with it; None when it is
    alone."""
    times = sum(len(stratum.laws) for stratum in strata)
    for n, stratum in enumerate(strata):
        for place in range(len(stratum.laws)):
            rest = [*strata[:n], stratum.without(place), *strata[n + 1 :]]
            rest = [one for one in rest if one.drawn]
            share = Fraction(stratum.drawn, len(stratum.laws))
            yield share, sum_laws(rest, times) if rest else None


def passing_with(rest: tuple[SumLaw, SumLaw], target: Fraction, count: int, marks: Marks) -> tuple[Number, Number]:
    """The chance that the mean of ``count`` communities reaches ``target`` once one of them comes to ``marks``."""
    low, high = marks.ends
    return Fraction(rest[0].at_least(target * count - low)), Fraction(rest[1].at_least(target * count - high))
