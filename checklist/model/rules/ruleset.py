"""A ruleset (测评体系): modules of criteria, the facts they read, the actions that move those facts, the sources."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import field
from datetime import date
from fractions import Fraction
from typing import Literal, TypeAlias

from checklist.model.noun import noun
from checklist.model.numbers import Number
from checklist.model.problems import NOWHERE, Where
from checklist.model.rules.clauses import Phrases
from checklist.model.rules.conditions import Condition
from checklist.model.rules.effects import Effect
from checklist.model.rules.facts import Fact, Method
from checklist.model.rules.scales import Deduct, Scale
from checklist.model.rules.site_kinds import Over, SiteKind, kinds_of
from checklist.model.rules.sources import Citation, RenamedBody, Source
from checklist.model.rules.tailored_change import TailoredChange

FlagKind: TypeAlias = Literal["redline", "veto"]
Status: TypeAlias = Literal["active", "future", "obsolete"]
Tier: TypeAlias = Literal["core", "full"]
ModuleKind: TypeAlias = Literal["ordinary", "bonus", "penalty"]
Horizon: TypeAlias = Literal["immediate", "short", "long"]

IMMEDIATE_DAYS = 3
SHORT_DAYS = 30


@noun
class Flag:
    """Red line (红线) or veto (一票否决). Without ``opens_when`` it opens when no level is reached."""

    kind: FlagKind
    opens_when: Condition | None = None
    where: Where = field(default=NOWHERE, compare=False)


@noun
class Criterion:
    """The smallest scored requirement (测评标准). ``points`` in ten-thousandths of a point.

    ``worth`` are its own points for each level (ten-thousandths, thirds exact) where it does not earn the ruleset's share.
    ``extra`` is the kind of its module: what a bonus or penalty comes to stands beside the score, never in it.
    ``na_full`` says that it earns full points where it does not apply, instead of leaving both sides.
    ``records`` names facts that are recorded with it and reported, but not graded. ``per`` is the kind of site that it
    is graded at, empty for the community as a whole, ``over`` how its sites make one result. ``once`` says that it stays
    with the community although what it reads lies where sites are. ``notes`` say how an open text was read, or what
    speaks against the criterion. ``supersedes`` are those of the edition before whose place it took, ``phrases`` its words
    for papers.
    """

    id: str
    module: str
    title: str
    requirement: str
    methods: tuple[Method, ...]
    points: int
    scale: Scale
    tier: Tier = "full"
    flag: Flag | None = None
    applies_when: Condition | None = None
    na_when: str = ""
    evidence: tuple[str, ...] = ()
    owner: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    sources: tuple[Citation, ...] = ()
    records: tuple[str, ...] = ()
    status: Status = "active"
    per: str = ""
    over: Over = "mean"
    once: bool = False
    notes: tuple[str, ...] = ()
    phrases: Phrases = Phrases()
    supersedes: tuple[str, ...] = ()
    where: Where = NOWHERE
    worth: Mapping[str, Number] = field(default_factory=dict)
    na_full: bool = False
    extra: ModuleKind = "ordinary"

    @property
    def may_be_declared(self) -> bool:
        """Whether there are communities that it does not apply to, so that one may declare itself such."""
        return bool(self.na_when) or self.applies_when is not None

    @property
    def levels(self) -> tuple[str, ...]:
        """Its levels from the best down; none where points come item by item."""
        return () if isinstance(self.scale, Deduct) else tuple(rung.level for rung in self.scale.rungs)

    @property
    def facts(self) -> tuple[str, ...]:
        """Every fact it reads, in reading order: applicability, scale, flag."""
        names = list(self.applies_when.facts) if self.applies_when else []
        names += self.scale.facts
        if self.flag and self.flag.opens_when:
            names += self.flag.opens_when.facts
        return tuple(dict.fromkeys(names))


@noun
class Action:
    """Something that can be done (整改措施). ``effort_days`` in person-days, ``yuan`` a low–high cost range.

    What sets facts of sites is done and paid at each site; ``once`` says that it is done once and serves them all. None:
    the ruleset does not say, which is no question where it sets facts of one place only.
    """

    id: str
    label: str
    sets: Mapping[str, Effect]
    effort_days: Number
    cost: str
    yuan: tuple[int, int]
    lead_days: int
    owner: tuple[str, ...]
    needs: tuple[str, ...] = ()
    where: Where = NOWHERE
    once: bool | None = None

    @property
    def horizon(self) -> Horizon:
        """立行立改 up to 3 days, 限期整改 up to 30, 长期推进 beyond."""
        if self.lead_days <= IMMEDIATE_DAYS:
            return "immediate"
        return "short" if self.lead_days <= SHORT_DAYS else "long"


@noun
class Module:
    """A group of criteria (测评模块); ``points`` in ten-thousandths.

    A ``bonus`` or ``penalty`` module stands outside the total and comes to its points at most; ``counts`` says that it
    moves the band all the same.
    """

    id: str
    title: str
    points: int
    where: Where = NOWHERE
    kind: ModuleKind = "ordinary"
    counts: bool = False


@noun
class Band:
    """A grade band (优秀, 良好 …): from this score (0–100) up, where ``each_module`` and the named ``modules`` have so
    much of their own points and none of the flags ``without`` is open."""

    name: str
    at_least: Number
    each_module: Number = 0
    modules: Mapping[str, Number] = field(default_factory=dict)
    without: tuple[FlagKind, ...] = ()

    @property
    def conditional(self) -> bool:
        return bool(self.each_module or self.modules or self.without)


@noun
class CostBand:
    """A cost band (费用档) with its yuan range."""

    id: str
    label: str
    yuan: tuple[int, int]


@noun
class Ruleset:
    """One encoded standard, one edition. ``levels`` maps each level, best first, to its coefficient.

    ``site_facts`` maps each fact that lies at a site to the kind of site; it follows from the criteria. A fact that
    no criterion reads any more stays where it was, so that one record fits a ruleset and its shorter tailorings.
    ``grain`` is how many equal parts of a ten-thousandth make every level's points whole: 1 where they are already.
    ``bodies`` are the institutions that should not be named any more, ``notes`` what holds for the ruleset as a whole.
    """

    id: str
    title: str
    edition: str
    disclaimer: str
    total_points: int
    levels: Mapping[str, Fraction]
    bands: tuple[Band, ...]
    modules: tuple[Module, ...]
    places: Mapping[str, str]
    costs: Mapping[str, CostBand]
    facts: Mapping[str, Fact]
    criteria: tuple[Criterion, ...]
    actions: Mapping[str, Action]
    sources: Mapping[str, Source]
    effective: tuple[date | None, date | None] = (None, None)
    effective_where: Where = field(default=NOWHERE, compare=False)
    extends: str = ""
    changes: tuple[TailoredChange, ...] = ()
    site_kinds: Mapping[str, SiteKind] = field(default_factory=dict)
    bodies: Mapping[str, RenamedBody] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    where: Where = NOWHERE
    by_id: Mapping[str, Criterion] = field(default_factory=dict, compare=False, repr=False)
    site_facts: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    grain: int = field(default=1, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_id", {criterion.id: criterion for criterion in self.criteria})
        served = {name for name, fact in self.facts.items() if fact.serves}
        read = {fact for criterion in self.criteria for fact in (*criterion.facts, *criterion.records)}
        left = {name: kind for name, kind in self.site_facts.items() if name not in read and name not in served}
        object.__setattr__(self, "site_facts", left | kinds_of(self.criteria, served))
        object.__setattr__(self, "grain", self._grain())

    @property
    def custom(self) -> bool:
        """Points or criteria differ from the base ruleset: every report says 自定."""
        return bool(self.changes)

    @property
    def active(self) -> tuple[Criterion, ...]:
        """The criteria in force: what is graded, asked for and counted."""
        return tuple(c for c in self.criteria if c.status == "active")

    def criterion(self, id: str) -> Criterion:
        return self.by_id[id]

    def of_module(self, module: str) -> tuple[Criterion, ...]:
        return tuple(c for c in self.criteria if c.module == module)

    def level_points(self, criterion: Criterion, level: str | None) -> Number:
        """Ten-thousandths of a point that ``level`` earns, exactly; no level earns nothing."""
        if level is None:
            return 0
        if (own := criterion.worth.get(level)) is not None:
            return own
        share = self.levels[level]
        points, rest = divmod(criterion.points * share.numerator, share.denominator)
        return points if not rest else Fraction(criterion.points) * share

    def _grain(self) -> int:
        parts = (self.level_points(c, level) for c in self.criteria for level in c.levels)
        return math.lcm(*(part.denominator for part in parts if not isinstance(part, int)))

    def band_of_score(self, score: Fraction) -> str:
        """The highest band whose threshold a score (0–100) reaches, its other conditions left out of account."""
        return next(band.name for band in self.bands if score >= band.at_least)
