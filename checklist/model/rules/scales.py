"""Scales (评分方式): how a criterion is graded.

Every scale but one is a ladder: levels from the best down, each with the condition that reaches it. The kinds
``at_least``, ``at_most``, ``met``, ``levels``, ``choice``, ``survey`` and ``judged`` differ in how a rule author
writes them; once read they are all rungs, so judging, explaining, gaps and checks have one shape to look at.
``deduct`` takes points off for each finding instead.
"""

from __future__ import annotations

from dataclasses import field
from typing import Literal, TypeAlias

from checklist.model.noun import noun
from checklist.model.numbers import INF, Bound
from checklist.model.problems import NOWHERE, Where
from checklist.model.rules.conditions import Condition
from checklist.model.rules.facts import Knowledge
from checklist.model.rules.measures import Measure

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


@noun
class Deduction:
    """Each unit of ``measure`` takes off ``points`` (ten-thousandths)."""

    measure: Measure
    points: int


@noun
class Deduct:
    """Full points less every finding's deduction, never below ``floor`` (ten-thousandths)."""

    deductions: tuple[Deduction, ...]
    floor: int = 0
    kind: Literal["deduct"] = "deduct"

    @property
    def facts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(fact for part in self.deductions for fact in part.measure.facts))

    def points(self, known: Knowledge, possible: int) -> tuple[int, int]:
        """The fewest and the most points left; fractions of a ten-thousandth are never given away."""
        # A deduction of nothing is left out: a count without an upper end would make it 0 × infinity.
        spans = [(part.measure.span(known), part.points) for part in self.deductions if part.points]
        least: Bound = sum(span.low * points for span, points in spans)
        most: Bound = sum(span.high * points for span, points in spans)
        return self._left(possible, most), self._left(possible, least)

    def _left(self, possible: int, lost: Bound) -> int:
        if lost == INF or lost >= possible - self.floor:
            return min(self.floor, possible)
        return int(possible - lost // 1) if lost % 1 == 0 else int(possible - lost // 1 - 1)


Scale: TypeAlias = Ladder | Deduct
