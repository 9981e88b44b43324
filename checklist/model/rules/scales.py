"""Scales (评分方式): how a criterion is graded.

Every scale but two is a ladder: levels from the best down, each with the condition that reaches it. The kinds
``at_least``, ``at_most``, ``met``, ``levels``, ``choice``, ``survey`` and ``judged`` differ in how a rule author
writes them; once read they are all rungs, so judging, explaining, gaps and checks have one shape to look at.
``deduct`` takes points off item by item, ``earn`` gives them item by item.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import field
from fractions import Fraction
from itertools import product
from typing import Final, Literal, TypeAlias

from checklist.model.noun import noun
from checklist.model.numbers import INF, Bound
from checklist.model.problems import NOWHERE, Where
from checklist.model.rules.conditions import Condition
from checklist.model.rules.counts import Count, enough_counted, nothing_counted
from checklist.model.rules.facts import Fact, Knowledge, Value

LadderKind: TypeAlias = Literal["at_least", "at_most", "met", "levels", "choice", "survey", "judged"]


@noun
class Rung:
    """One level and the condition that reaches it."""

    level: str
    condition: Condition
    where: Where = field(default=NOWHERE, compare=False)


@noun
class Ladder:
    """Rungs from the best level down; the first that holds is the level, none holding is no level."""

    kind: LadderKind
    rungs: tuple[Rung, ...]

    @property
    def facts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(fact for rung in self.rungs for fact in rung.condition.facts))

    def levels(self, known: Knowledge) -> tuple[str | None, str | None]:
        """The best and the worst level that the known facts leave open; None is no level."""
        best: str | None = None
        for rung in self.rungs:
            answer = rung.condition.holds(known)
            if answer is None and best is None:
                best = rung.level
            elif answer:
                return best or rung.level, rung.level
        return best, None


MOST_TOGETHER: Final = 64
"""Combinations of values that are tried for facts which several items read."""

Taken: TypeAlias = tuple[Bound, Bound]
"""The fewest and the most points (ten-thousandths) that something may come to."""


@noun
class Deduction:
    """Each unit of ``measure`` takes off (or earns) ``points``, together never more than ``at_most`` (ten-thousandths).

    ``whole`` is a zeroing item: one unit of it and nothing is left, whatever the floor. ``because`` is the rule
    author's word for it.
    """

    measure: Count
    points: int
    at_most: int | None = None
    because: str = ""
    whole: bool = False
    where: Where = field(default=NOWHERE, compare=False)

    @property
    def deductions(self) -> tuple[Deduction, ...]:
        return (self,)

    def taken(self, known: Knowledge) -> Taken:
        span = self.measure.span(known)
        return self._points(span.low), self._points(span.high)

    def _points(self, count: Bound) -> Bound:
        if self.whole:
            return INF if count > 0 else 0
        # Nothing for each is nothing: a count without an upper end would make it 0 × infinity. Less than none is none.
        points: Bound = max(count, 0) * self.points if self.points else 0
        return points if self.at_most is None else min(points, self.at_most)


@noun
class DeductionGroup:
    """Deductions that together come to ``at_most`` (小计)."""

    deductions: tuple[Deduction, ...]
    at_most: int
    because: str = ""

    def taken(self, known: Knowledge) -> Taken:
        low, high = (sum(ends) for ends in zip(*(part.taken(known) for part in self.deductions), strict=True))
        return min(low, self.at_most), min(high, self.at_most)


@noun
class Deduct:
    """Points item by item: each × count, its own cap, the cap of its group, then the criterion.

    ``deduct`` starts from full points and keeps at least ``floor`` (ten-thousandths); ``earn`` starts from nothing and
    gives at most full points; ``proportional`` is one measured item that earns.
    """

    parts: tuple[Deduction | DeductionGroup, ...]
    floor: int = 0
    kind: Literal["deduct", "earn", "proportional"] = "deduct"

    @property
    def deductions(self) -> tuple[Deduction, ...]:
        return tuple(part for group in self.parts for part in group.deductions)

    @property
    def facts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(fact for part in self.deductions for fact in part.measure.facts))

    def together(self, declared: Mapping[str, Fact]) -> dict[str, tuple[Value, ...]]:
        """The yes/no and choice facts that two or more items read, with their values, as far as these combine to few."""
        read = Counter(fact for part in self.deductions for fact in dict.fromkeys(part.measure.facts))
        found: dict[str, tuple[Value, ...]] = {}
        combinations = 1
        for fact, items in read.items():
            values = declared[fact].values
            if items > 1 and values and combinations * len(values) <= MOST_TOGETHER:
                found[fact], combinations = values, combinations * len(values)
        return found

    def points(self, known: Knowledge, possible: int) -> tuple[int, int]:
        """The fewest and the most points that are left; fractions of a ten-thousandth are never given away.

        Each value of an unknown fact that several items read is tried, for such items often exclude each other
        (没有扣 5 分，不规范扣 3 分) and are not taken off both.
        """
        unknown = {fact: some for fact, some in self.together(known.declared).items() if known.value(fact) is None}
        worlds = [dict(zip(unknown, chosen, strict=True)) for chosen in product(*unknown.values())]
        ends = [self._points(known.with_values(world) if world else known, possible) for world in worlds]
        return min(low for low, _ in ends), max(high for _, high in ends)

    def _points(self, known: Knowledge, possible: int) -> tuple[int, int]:
        least: Bound = 0
        most: Bound = 0
        for part in self.parts:
            low, high = part.taken(known)
            least, most = least + low, most + high
        if self.kind != "deduct":
            return _down(min(least, possible)), _down(min(most, possible))
        surely, possibly = self._zeroed(known)
        return 0 if possibly else self._left(possible, most), 0 if surely else self._left(possible, least)

    def _zeroed(self, known: Knowledge) -> tuple[bool, bool]:
        spans = [part.measure.span(known) for part in self.deductions if part.whole]
        return any(span.low > 0 for span in spans), any(span.high > 0 for span in spans)

    def _left(self, possible: int, lost: Bound) -> int:
        if lost == INF or lost >= possible - self.floor:
            return min(self.floor, possible)
        return _down(possible - lost)


def _down(points: Bound) -> int:
    return int(points // 1)


def settled(scale: Deduct, part: Deduction, possible: int) -> Condition:
    """What must hold for an item to take nothing off; in ``earn``, to give all that it can of ``possible`` points."""
    if scale.kind == "deduct":
        return nothing_counted(part.measure)
    most = min(possible, part.at_most or possible)
    return enough_counted(part.measure, math.ceil(Fraction(most, part.points or 1)))


Scale: TypeAlias = Ladder | Deduct
