"""An assessment (自查结果): every finding of one state, the score interval, the verdict and the gaps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Literal, TypeAlias

from checklist.model.noun import noun
from checklist.model.numbers import Number, Span
from checklist.model.results.bands import ExtraPoints, bands_of
from checklist.model.results.to_check import ToCheck
from checklist.model.rules.conditions import Condition
from checklist.model.rules.facts import Knowledge, Value
from checklist.model.rules.measures import Measure
from checklist.model.rules.ruleset import Action, Criterion, Module, Ruleset
from checklist.model.rules.survey import SurveyResult
from checklist.model.sites import RecordedDefect
from checklist.model.state import Site, State, UnknownBecause

Outcome: TypeAlias = Literal["met", "partly", "unmet", "unknown", "not_applicable"]
OUTCOMES: tuple[Outcome, ...] = ("met", "partly", "unmet", "unknown", "not_applicable")
FlagState: TypeAlias = Literal["open", "undecided", "clear"]
VerdictKind: TypeAlias = Literal["veto", "redline", "undecided", "clear", "none"]


@noun
class Finding:
    """One criterion judged. Points in ten-thousandths; ``low == high`` when nothing is unknown.

    ``best`` and ``worst`` are the levels still possible (None: no level). ``applies`` is None while undecided.
    ``unknown`` lists the facts that keep it undecided and why each is unknown. ``sites`` are the findings it was made
    of; none when the community itself was judged. ``settled`` are the points whose outcome is known: of sites the share of
    the decided ones. ``extra`` are the points that a bonus or penalty adds or takes off, beside the score.
    """

    criterion: Criterion
    outcome: Outcome
    best: str | None
    worst: str | None
    low: Number
    high: Number
    applies: bool | None
    flag: FlagState | None = None
    reason: str = ""
    unknown: Mapping[str, UnknownBecause] | None = None
    sites: tuple[SiteFinding, ...] = ()
    settled: Number = 0
    extra: tuple[Number, Number] | None = None

    @property
    def possible(self) -> int:
        """Points in the denominator; nothing for a criterion that does not apply, unless that earns full points."""
        left = self.extra is not None or (self.outcome == "not_applicable" and not self.criterion.na_full)
        return 0 if left else self.criterion.points

    @property
    def decided(self) -> bool:
        return self.outcome != "unknown"

    @property
    def applicable(self) -> tuple[SiteFinding, ...]:
        """Its sites without those where it does not apply."""
        return tuple(at for at in self.sites if at.finding.outcome != "not_applicable")

    @property
    def worst_first(self) -> tuple[SiteFinding, ...]:
        """All its sites, those that surely fall short first, those where it does not apply last."""

        def order(at: SiteFinding) -> tuple[bool, bool, Number, Number]:
            told = at.finding
            return told.outcome == "not_applicable", not told.short, told.high, told.low

        return tuple(sorted(self.sites, key=order))

    @property
    def levels(self) -> Mapping[str | None, int]:
        """How many sites are surely at which level; None is no level."""
        found: Counter[str | None] = Counter()
        for at in self.applicable:
            if at.finding.decided and at.finding.best == at.finding.worst:
                found[at.finding.worst] += at.count
        return dict(found)

    @property
    def short(self) -> bool:
        """A gap: surely below full marks, or a red line or veto open."""
        below = self.outcome in ("partly", "unmet") and self.criterion.extra != "bonus"
        return self.high < self.possible or below or self.flag == "open"


@noun
class SiteFinding:
    """The finding of one site; ``site`` is None for ``count`` sites that nobody has listed."""

    site: Site | None
    finding: Finding
    count: int = 1


@noun
class Score:
    """0 to 100. ``low == high`` when nothing is unknown."""

    low: Fraction
    high: Fraction

    @property
    def known(self) -> bool:
        return self.low == self.high


@noun
class Tally:
    """Points and outcome counts of one module, or of the whole community."""

    low: Number
    high: Number
    possible: int
    decided: Number
    outcomes: Mapping[Outcome, int]

    @property
    def coverage(self) -> Fraction:
        """核查率: the share of applicable points whose outcome is known."""
        return Fraction(self.decided) / self.possible if self.possible else Fraction(0)

    @property
    def score(self) -> Score:
        if not self.possible:
            return Score(Fraction(0), Fraction(0))
        return Score(Fraction(self.low) * 100 / self.possible, Fraction(self.high) * 100 / self.possible)


@noun
class ModuleResult:
    """One module with its points and outcomes."""

    module: Module
    tally: Tally


@noun
class Verdict:
    """Vetoes and red lines, never averaged into the score; ``flagged`` counts the criteria judged that carry either."""

    open_vetoes: tuple[Finding, ...]
    open_redlines: tuple[Finding, ...]
    undecided_vetoes: tuple[Finding, ...]
    undecided_redlines: tuple[Finding, ...]
    flagged: int

    @property
    def kind(self) -> VerdictKind:
        if not self.flagged:
            return "none"
        if self.open_vetoes:
            return "veto"
        if self.open_redlines:
            return "redline"
        return "undecided" if self.undecided_vetoes or self.undecided_redlines else "clear"


@noun
class Obstacle:
    """One condition that stands between a finding and a level.

    ``now`` is the measure's present span, ``short`` by how much it misses the limit (None when not a known number).
    ``target`` is the smallest change of a single fact that satisfies the condition, where there is one.
    """

    condition: Condition
    measure: Measure | None = None
    now: Span | None = None
    short: Number | None = None
    target: tuple[str, Value] | None = None


@noun
class Step:
    """A higher level of a finding: what blocks it (``choose`` of the blocks must go) and the points it wins."""

    level: str
    points: Number
    choose: int
    blocks: tuple[Obstacle, ...]


@noun
class Remedy:
    """Actions tried on a gap, and what the criterion then surely is: its level, the points won at the low end.

    ``clears`` says that an open red line or veto is gone; ``also`` are the actions that must follow ``action``.
    """

    action: Action
    level: str | None
    points: Number
    clears: bool = False
    also: tuple[Action, ...] = ()

    @property
    def helps(self) -> bool:
        return self.points > 0 or self.clears


@noun
class Gap:
    """A finding that surely falls short of full points, or has an open flag.

    ``winnable`` is what is surely lost now: full points less the most that the finding can still be worth. ``steps``
    start from what is ``known``: of the community, or of the worst site that falls short; ``defects`` are what is open
    there of what the criterion counts.
    """

    finding: Finding
    winnable: Number
    steps: tuple[Step, ...]
    remedies: tuple[Remedy, ...]
    known: Knowledge
    at: SiteFinding | None = None
    defects: tuple[RecordedDefect, ...] = ()


@noun
class Assessment:
    """All that is known of how one state stands against one ruleset."""

    ruleset: Ruleset
    state: State
    findings: tuple[Finding, ...]
    modules: tuple[ModuleResult, ...]
    total: Tally
    verdict: Verdict
    gaps: tuple[Gap, ...]
    to_check: tuple[ToCheck, ...]
    surveys: tuple[SurveyResult, ...] = ()
    extras: tuple[ExtraPoints, ...] = ()

    @property
    def as_of(self) -> date:
        return self.state.as_of

    @property
    def score(self) -> Score:
        return self.total.score

    @property
    def coverage(self) -> Fraction:
        return self.total.coverage

    @property
    def bands(self) -> tuple[str, str]:
        """The band at the low and at the high end; a grade is stated only when they are the same."""
        return bands_of(self.ruleset, self.total, self.modules, self.verdict, self.extras)

    def finding(self, criterion: str) -> Finding:
        return next(f for f in self.findings if f.criterion.id == criterion)
