"""Communities side by side (横向比较): how each stands, ranks with their ranges, and what most of them miss."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Literal, TypeAlias

from checklist.model.noun import noun
from checklist.model.results.assessment import ModuleResult, Outcome, Score, Tally, VerdictKind
from checklist.model.rules.facts import Knowledge
from checklist.model.rules.ruleset import Action, Criterion, Module, Ruleset
from checklist.model.state import Community

WhyApart: TypeAlias = Literal["coverage", "nothing_applies"]


@noun
class Mark:
    """One criterion of one community, as much of a finding as comparing needs. Points in ten-thousandths."""

    outcome: Outcome
    low: int
    high: int
    possible: int
    flagged: bool

    @property
    def missed(self) -> bool:
        """A gap: surely short of full marks, or a red line or veto open."""
        return self.high < self.possible or self.outcome in ("partly", "unmet") or self.flagged


@noun
class Standing:
    """One community as it stands, small enough to keep thousands.

    ``marks`` are in the order of the ruleset's active criteria. ``opened`` names the open vetoes and red lines, in
    that order; ``undecided`` counts the ones that nobody can tell yet. ``file`` is the record as the user wrote it,
    ``recorded`` its own day, which is not ``as_of`` when it was judged as of another day.
    """

    ruleset: Ruleset
    community: Community
    as_of: date
    file: str
    total: Tally
    modules: tuple[ModuleResult, ...]
    marks: tuple[Mark, ...]
    verdict: VerdictKind
    opened: tuple[str, ...]
    undecided: int
    known: Knowledge
    recorded: date

    @property
    def bands(self) -> tuple[str, str]:
        return self.ruleset.band(self.total.score.low), self.ruleset.band(self.total.score.high)

    def tally(self, module: str | None) -> Tally:
        """The tally of one module, or of the whole."""
        return self.total if module is None else next(m.tally for m in self.modules if m.module.id == module)


@noun
class Rank:
    """A dense rank (equal scores share a rank, the next rank follows without a break).

    ``place`` is the rank by the sure score, the low end. ``best`` and ``worst`` are the ranks that are still possible
    when every score may be anywhere in its interval, whatever the others are.
    """

    place: int
    best: int
    worst: int


@noun
class Ranked:
    """One community in the ranking; ``peer`` is its rank among its own group, None without a group.

    ``strong`` are the modules with the greatest sure share of their points, ``weak`` those with the least possible one.
    """

    standing: Standing
    score: Score
    coverage: Fraction
    rank: Rank
    peer: Rank | None
    strong: tuple[ModuleResult, ...]
    weak: tuple[ModuleResult, ...]


@noun
class Apart:
    """A community that takes no part in the ranking, and why."""

    standing: Standing
    coverage: Fraction
    because: WhyApart


@noun
class Section:
    """The ranked communities of one group or street: how many, and the mean, least and greatest of both ends."""

    name: str
    count: int
    low: Fraction
    high: Fraction
    lowest: Fraction
    highest: Fraction


@noun
class Common:
    """A criterion that most communities surely miss (共性问题).

    ``decided`` is how many have it decided, ``missing`` how many of these fall short and lose ``lost`` points in all.
    ``action`` is the one action that wins the most when every one of them takes it: ``helped`` communities, ``won``
    points of this criterion; None when no single action wins any.
    """

    criterion: Criterion
    missing: int
    decided: int
    unknown: int
    lost: int
    action: Action | None = None
    helped: int = 0
    won: int = 0


@noun
class Comparison:
    """Communities judged by one ruleset. ``module`` is what they are ranked by, None for the whole."""

    ruleset: Ruleset
    module: Module | None
    min_coverage: Fraction
    ranked: tuple[Ranked, ...]
    apart: tuple[Apart, ...]
    groups: tuple[Section, ...]
    streets: tuple[Section, ...]
    common: tuple[Common, ...]
    days: tuple[date, date]

    @property
    def count(self) -> int:
        return len(self.ranked) + len(self.apart)


Basis: TypeAlias = tuple[str, str, tuple[str, ...]]
"""What makes results comparable: the ruleset, its edition and its tailoring. Different bases are never ranked together."""

Standings: TypeAlias = Mapping[Basis, tuple[Standing, ...]]
