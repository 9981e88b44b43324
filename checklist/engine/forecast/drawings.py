"""Every drawing of so many sites out of all, without replacement: each is as likely as any other.

Sites that bring the same count together, with how many drawings they make.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from math import comb
from typing import Final, TypeAlias

from checklist.engine.forecast.site_marks import KindMarks, Marks, SiteMarks, copies, together

MOST_DRAWINGS: Final = 200_000

Law: TypeAlias = Mapping[Marks, int]
"""What drawings come to, and how many of them: exact."""


def ways(sizes: Iterable[int], drawn: int) -> int:
    """How many different drawings there are of groups of equal sites of these ``sizes``."""
    several = [size for size in sizes if size > 1]
    alone = sum(1 for size in sizes if size == 1)
    counts = [1] + [0] * drawn
    for size in several:
        sums = [0, *accumulate(counts)]
        counts = [sums[n + 1] - sums[max(n - size, 0)] for n in range(drawn + 1)]
    return sum(counts[n] * comb(alone, drawn - n) for n in range(drawn + 1))


def law_of(sheet: KindMarks, sites: Mapping[SiteMarks, int], drawn: int, given: SiteMarks | None = None) -> Law:
    """The law of what ``drawn`` out of ``sites`` come to, besides one that is ``given``."""
    found: Counter[Marks] = Counter()
    for marks, weight in _drawings(list(sites.items()), drawn, given):
        found[sheet.made(marks)] += weight
    return found


def _drawings(
    groups: Sequence[tuple[SiteMarks, int]], drawn: int, given: SiteMarks | None
) -> Iterator[tuple[SiteMarks, int]]:
    left = list(accumulate((count for _, count in reversed(groups)), initial=0))[::-1]
    stack: list[tuple[int, int, SiteMarks | None, int]] = [(0, drawn, given, 1)]
    while stack:
        at, missing, some, weight = stack.pop()
        if not missing:
            if some is not None:
                yield some, weight
            continue
        while left[at] >= missing:
            one, count = groups[at]
            at += 1
            for times in range(max(1, missing - left[at]), min(count, missing) + 1):
                more = together(some, one, times) if some else copies(one, times)
                stack.append((at, missing - times, more, weight * comb(count, times)))


def product(laws: Iterable[Law]) -> Law:
    """The law of independent drawings put together."""
    found: Law = {Marks(): 1}
    for law in laws:
        both: Counter[Marks] = Counter()
        for one, weight in found.items():
            for other, times in law.items():
                both[one.plus(other)] += weight * times
        found = both
    return found
