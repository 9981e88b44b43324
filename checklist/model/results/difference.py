"""One community twice (前后对比): which facts moved, what each criterion won or lost, and who changed: it or the rules."""

from __future__ import annotations

from fractions import Fraction

from checklist.model.noun import noun
from checklist.model.results.assessment import Assessment, Finding
from checklist.model.results.graded import GradedAt, SiteEvent
from checklist.model.results.lineage import Regrouping
from checklist.model.rules.facts import Fact, Value
from checklist.model.rules.ruleset import Criterion
from checklist.model.state import Site, UnknownBecause


@noun
class Split:
    """A change of the score (0 to 100) in its two parts, which add up exactly."""

    community: Fraction
    standard: Fraction

    @property
    def total(self) -> Fraction:
        return self.community + self.standard


@noun
class FactMove:
    """A fact before and after, in the community or at a ``site``. A value is None while the fact is unknown; ``was`` and
    ``now`` say why it is."""

    fact: Fact
    before: Value | None
    after: Value | None
    was: UnknownBecause | None
    now: UnknownBecause | None
    site: Site | None = None


@noun
class SiteShift:
    """One criterion at one site before and after; a finding is None where the site was not listed, or did not count."""

    site: Site
    before: Finding | None
    after: Finding | None


@noun
class Shift:
    """One criterion before and after. A finding is None where the ruleset has no such criterion.

    ``low`` and ``high`` are its part of the change of each end of the score; ``moves`` the facts of it that moved,
    ``sites`` the sites at which it came to something else, those that got worse first. Under another id before, it is the
    same one; of criteria that were split or merged all are in ``regrouped``, and both findings are None.
    """

    criterion: Criterion
    before: Finding | None
    after: Finding | None
    low: Split
    high: Split
    moves: tuple[FactMove, ...]
    sites: tuple[SiteShift, ...] = ()
    regrouped: Regrouping | None = None


@noun
class Difference:
    """Everything that changed. ``low`` and ``high`` are the sums of the shifts' parts, exactly.

    ``newly_known`` facts were unknown before; ``newly_unknown`` and ``newly_stale`` are unknown now. ``found`` gaps
    were not known before, ``closed`` gaps have full marks now, ``relapsed`` criteria had full marks before; at sites
    each of them where it is, and only at those that count on both days: what became of the others is in ``sites``.
    """

    before: Assessment
    after: Assessment
    low: Split
    high: Split
    shifts: tuple[Shift, ...]
    newly_known: tuple[FactMove, ...]
    newly_unknown: tuple[FactMove, ...]
    newly_stale: tuple[FactMove, ...]
    found: tuple[GradedAt, ...]
    closed: tuple[GradedAt, ...]
    relapsed: tuple[GradedAt, ...]
    sites: tuple[SiteEvent, ...] = ()

    @property
    def same_rules(self) -> bool:
        return self.before.ruleset is self.after.ruleset or self.before.ruleset == self.after.ruleset


@noun
class Headway:
    """What became of one community's gaps from ``before`` to a later record, in criteria. ``closed`` fell short and have
    full marks now, ``found`` fall short and did not before; ``silent`` fell short and nobody can tell any more, or they
    do no longer apply: that mends no gap."""

    before: Assessment
    closed: int
    found: int
    silent: int
