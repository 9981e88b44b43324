"""What to check next: the unknown facts worth most per minute, as a walk by method and place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from checklist.model.numbers import POINT, Number
from checklist.model.results.assessment import Assessment
from checklist.model.rules.facts import Fact, Method
from checklist.model.state import Site, UnknownBecause

EVEN: Final = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Prior:
    """How likely an unchecked fact is as good as it can matter: ``good`` for all, ``facts`` for single ones.

    The rest of the probability is shared equally among the worse values that lead to different levels.
    ``flag`` is what deciding one veto or red line counts for, in ten-thousandths of a point.
    """

    good: Fraction = EVEN
    facts: Mapping[str, Fraction] = field(default_factory=dict)
    flag: int = POINT

    def of(self, fact: str) -> Fraction:
        return self.facts.get(fact, self.good)


@dataclass(frozen=True, slots=True)
class Check:
    """One fact to look at, at a ``site`` or in the community. Points in ten-thousandths.

    ``narrows``: by how much the interval is expected to narrow when this fact alone is learnt; ``share``: its part of
    what the whole walk narrows. ``decides_flag`` and ``decides_band``: the chance that it alone decides a veto or red
    line, or the grade band. ``flags`` names the criteria concerned.
    """

    fact: Fact
    because: UnknownBecause
    narrows: Fraction
    share: Fraction
    decides_flag: Fraction
    decides_band: Fraction
    flags: tuple[str, ...]
    criteria: tuple[str, ...]
    site: Site | None = None


@dataclass(frozen=True, slots=True)
class WalkStop:
    """One place and method of the walk, at a site or in the community."""

    method: Method
    place: str
    checks: tuple[Check, ...]
    site: Site | None = None

    @property
    def minutes(self) -> int:
        return sum(check.fact.minutes for check in self.checks)


@dataclass(frozen=True, slots=True)
class Walk:
    """The chosen checks within ``limit`` minutes. ``expected`` is the width that is expected to be left."""

    before: Assessment
    prior: Prior
    limit: int
    stops: tuple[WalkStop, ...]
    expected: Fraction
    unchecked: int

    @property
    def minutes(self) -> int:
        return sum(stop.minutes for stop in self.stops)

    @property
    def width(self) -> Number:
        """High end less low end today, ten-thousandths."""
        return self.before.total.high - self.before.total.low
