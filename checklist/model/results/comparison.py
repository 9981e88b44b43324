"""Communities side by side (横向比较): how each stands, ranks with their ranges, and what most of them miss."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Final, TypeAlias

from checklist.model.noun import noun
from checklist.model.numbers import Number
from checklist.model.results.assessment import ModuleResult, Outcome, Score, Tally, VerdictKind
from checklist.model.results.bands import ExtraPoints
from checklist.model.results.ranks import Rank, WhyApart
from checklist.model.results.shortfalls import CommonProblem, Shortfall
from checklist.model.rules.facts import Knowledge
from checklist.model.rules.ruleset import Module, Ruleset
from checklist.model.state import Community, State


@noun
class Mark:
    """One criterion of one community, as much of a finding as comparing needs. Points in ten-thousandths."""

    outcome: Outcome
    low: Number
    high: Number
    possible: int
    short: bool


@noun
class RecordFaults:
    """What speaks against the record that a community is judged by: the name of a later one that could not be read
    (empty: none), and how many mistakes stand in the one that was."""

    unread: str = ""
    mistakes: int = 0


SOUND: Final = RecordFaults()


@noun
class Standing:
    """One community as it stands, small enough to keep thousands.

    ``marks`` are in the order of the ruleset's active criteria. ``opened`` names the open vetoes and red lines, in
    that order; ``undecided`` counts the ones that nobody can tell yet. ``file`` is the record as the user wrote it,
    ``recorded`` its own day, which is not ``as_of`` when it was judged as of another day. ``kinds`` are the kinds of
    which the record tells the sites; ``sited`` is then the record, for an action is tried at each of them, its surveys
    trusted as far as their samples go where ``sampling``.
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
    kinds: frozenset[str] = frozenset()
    sited: State | None = None
    sampling: bool = False
    bands: tuple[str, str] = ("", "")
    extras: tuple[ExtraPoints, ...] = ()
    faults: RecordFaults = SOUND

    def tally(self, module: str | None) -> Tally:
        """The tally of one module, or of the whole."""
        return self.total if module is None else next(m.tally for m in self.modules if m.module.id == module)


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
    """The communities of one group or street: how many, and the mean, least and greatest of both ends. ``apart`` of
    them take no part in the ranking, and count here all the same: who says little would else lift the mean.
    ``undivided`` of them tell no sites of a kind of which others do."""

    name: str
    count: int
    low: Fraction
    high: Fraction
    lowest: Fraction
    highest: Fraction
    undivided: int = 0
    apart: int = 0


@noun
class Comparison:
    """Communities judged by one ruleset. ``module`` is what they are ranked by, None for the whole.

    ``shortfalls`` are all criteria that somebody misses, the costliest first; ``common`` what most of them miss.
    ``parted`` are the kinds whose sites some records tell and others do not: these are counted over the whole community.
    """

    ruleset: Ruleset
    module: Module | None
    min_coverage: Fraction
    ranked: tuple[Ranked, ...]
    apart: tuple[Apart, ...]
    groups: tuple[Section, ...]
    streets: tuple[Section, ...]
    shortfalls: tuple[Shortfall, ...]
    common: tuple[CommonProblem, ...]
    days: tuple[date, date]
    parted: frozenset[str] = frozenset()

    @property
    def entries(self) -> tuple[Ranked | Apart, ...]:
        """In the order of the ranking, those that take no part last."""
        return (*self.ranked, *self.apart)

    @property
    def count(self) -> int:
        return len(self.entries)


Basis: TypeAlias = tuple[str, str, tuple[str, ...]]
"""What makes results comparable: the ruleset, its edition and its tailoring. Different bases are never ranked together."""

Standings: TypeAlias = Mapping[Basis, tuple[Standing, ...]]
