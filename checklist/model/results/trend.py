"""One community over time (历次趋势): the score at every recorded day, and the life of each gap."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from checklist.model.noun import noun
from checklist.model.results.assessment import Assessment, Score
from checklist.model.results.graded import GradedAt, SiteEvent
from checklist.model.results.lineage import Regrouping
from checklist.model.rules.ruleset import Criterion, Ruleset
from checklist.model.state import Community


@noun
class Moment:
    """One recorded day. ``opened`` gaps are seen for the first time, ``relapsed`` ones had been closed before; ``sites``
    says what became of the sites since the day before, ``regrouped`` of the criteria that a new edition split or merged."""

    assessment: Assessment
    opened: tuple[GradedAt, ...]
    closed: tuple[GradedAt, ...]
    relapsed: tuple[GradedAt, ...]
    open: int
    sites: tuple[SiteEvent, ...] = ()
    regrouped: tuple[Regrouping, ...] = ()

    @property
    def as_of(self) -> date:
        return self.assessment.as_of

    @property
    def score(self) -> Score:
        return self.assessment.score


@noun
class Spell:
    """The time that a gap was open: seen on ``since``, seen closed on ``until`` (None: still open).

    ``relapse`` tells that the same criterion had been closed there before; ``gone`` that its site does not count any
    more, which closes nothing. ``days`` is the age at closing, or at the last recorded day.
    """

    graded: GradedAt
    since: date
    until: date | None
    relapse: bool
    days: int
    gone: bool = False

    @property
    def criterion(self) -> Criterion:
        return self.graded.criterion


@noun
class Trend:
    """``closures`` are gaps closed before the last record, which could have come back; ``relapses`` those that did."""

    community: Community
    ruleset: Ruleset
    moments: tuple[Moment, ...]
    spells: tuple[Spell, ...]
    closures: int
    relapses: int

    @property
    def relapse_rate(self) -> Fraction | None:
        """None while nothing has been closed long enough to come back."""
        return Fraction(self.relapses, self.closures) if self.closures else None

    @property
    def still_open(self) -> tuple[Spell, ...]:
        """Oldest first."""
        return tuple(sorted((s for s in self.spells if s.until is None), key=lambda s: -s.days))
