"""Which unknown facts to check first: those whose checking is expected to narrow the score interval most per minute.

For each criterion the engine judges every combination of values that the checked facts may turn out to have; the
narrowing is the mean, weighted by the stated prior. Facts that only count together are looked at as a bundle. Bundles
are taken greedily by what they add per minute.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product

from checklist.engine.scoring.assess import assess
from checklist.engine.scoring.judge import judge
from checklist.engine.walk.chances import Chances, chances_of, ends_of
from checklist.model.results.assessment import Assessment, Finding
from checklist.model.results.walk import Check, Prior, Walk, WalkStop
from checklist.model.rules.facts import Knowledge, Method, Value
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import State

COMBINATIONS = 200
METHODS: tuple[Method, ...] = ("materials_review", "hearing", "web", "field_inspection", "questionnaire")


def next_checks(ruleset: Ruleset, state: State, minutes: int, prior: Prior, only: frozenset[str] | None = None) -> Walk:
    """A walk of at most ``minutes`` through the most telling unknown facts, of those in ``only`` where it is given."""
    before = assess(ruleset, state)
    desk = _Desk(ruleset, state, prior, state.knowledge(ruleset.facts))
    for finding in before.findings:
        desk.put(finding)
    chosen = _choose(desk, minutes, frozenset(desk.criteria) if only is None else only)
    checks = [_check(desk, before, fact, chosen) for fact in chosen]
    narrowed = sum((desk.narrowing(c, frozenset(chosen)) for c in desk.unknown), start=Fraction(0))
    width = before.total.high - before.total.low
    return Walk(
        before=before,
        prior=prior,
        limit=minutes,
        stops=_stops(ruleset, checks),
        expected=max(width - narrowed, Fraction(0)),
        unchecked=len(desk.criteria) - len(chosen),
    )


@dataclass(slots=True)
class _Desk:
    """One community's unknown facts, what each may be, and the narrowings worked out so far."""

    ruleset: Ruleset
    state: State
    prior: Prior
    known: Knowledge
    findings: dict[str, Finding] = field(default_factory=dict)
    unknown: dict[str, tuple[str, ...]] = field(default_factory=dict)
    criteria: dict[str, list[str]] = field(default_factory=dict)
    chances: dict[str, Chances] = field(default_factory=dict)
    done: dict[tuple[str, frozenset[str]], Fraction] = field(default_factory=dict)

    def put(self, finding: Finding) -> None:
        """Take in a criterion whose points or flag are undecided."""
        if finding.sites or (not finding.unknown and finding.flag != "undecided"):
            return  # of a criterion graded at sites the community's facts decide nothing
        facts = tuple(f for f in finding.criterion.facts if self.state.why_unknown(self.ruleset.facts[f]) is not None)
        if not facts:
            return
        self.findings[finding.criterion.id] = finding
        self.unknown[finding.criterion.id] = facts
        for fact in facts:
            self.criteria.setdefault(fact, []).append(finding.criterion.id)

    def worth(self, criterion: str, facts: frozenset[str]) -> Fraction:
        """Expected narrowing and decided flags, in ten-thousandths of a point."""
        return self.narrowing(criterion, facts) + self.prior.flag * self.flag_chance(criterion, facts)

    def narrowing(self, criterion: str, facts: frozenset[str]) -> Fraction:
        finding = self.findings[criterion]
        return self._expected(criterion, facts, False, Fraction(finding.high - finding.low))

    def flag_chance(self, criterion: str, facts: frozenset[str]) -> Fraction:
        undecided = self.findings[criterion].flag == "undecided"
        return self._expected(criterion, facts, True, Fraction(1)) if undecided else Fraction(0)

    def _expected(self, criterion: str, facts: frozenset[str], flag: bool, full: Fraction) -> Fraction:
        """The mean over what the facts may be; knowing every fact of the criterion settles all of it."""
        here = frozenset(facts.intersection(self.unknown[criterion]))
        if not here or not full:
            return Fraction(0)
        if len(here) == len(self.unknown[criterion]):
            return full
        key = (f"{criterion}!" if flag else criterion, here)
        if key not in self.done:
            finding = self.findings[criterion]
            mean = Fraction(0)
            for values, chance in self._cases(here):
                after = self.judged(criterion, values)
                if flag:
                    mean += chance * (after.flag != "undecided")
                else:
                    mean += chance * ((finding.high - finding.low) - (after.high - after.low))
            self.done[key] = mean
        return self.done[key]

    def judged(self, criterion: str, values: Mapping[str, Value]) -> Finding:
        return judge(self.ruleset, self.ruleset.criterion(criterion), self.state, self.known.with_values(values))

    def _cases(self, facts: Iterable[str]) -> Iterable[tuple[dict[str, Value], Fraction]]:
        """Every combination of values with its chance; best and worst only, where there are too many."""
        names = sorted(facts)
        lists = [self.of(name) for name in names]
        size = 1
        for chances in lists:
            size *= len(chances)
        if size > COMBINATIONS:
            lists = [ends_of(chances) for chances in lists[:7]]
        for combination in product(*lists):
            chance = Fraction(1)
            for _, part in combination:
                chance *= part
            yield dict(zip(names, (value for value, _ in combination), strict=False)), chance

    def of(self, fact: str) -> Chances:
        if fact not in self.chances:
            self.chances[fact] = chances_of(self.ruleset, self.known, fact, self.criteria[fact], self.prior.of(fact))
        return self.chances[fact]


def _choose(desk: _Desk, minutes: int, only: frozenset[str]) -> list[str]:
    """Bundles by what they add per minute, until no more fits."""
    facts = desk.ruleset.facts
    bundles = {frozenset({fact}) for fact in desk.criteria} | {frozenset(u) for u in desk.unknown.values()}
    ordered = sorted((b for b in bundles if b <= only), key=lambda b: (len(b), sorted(b)))
    chosen: list[str] = []
    while True:
        have, spent = frozenset(chosen), sum(facts[f].minutes for f in chosen)
        best: tuple[Fraction, int] | None = None
        picked: frozenset[str] = frozenset()
        for place, bundle in enumerate(ordered):
            new = bundle - have
            time = sum(facts[f].minutes for f in new)
            if not new or spent + time > minutes:
                continue
            touched = dict.fromkeys(c for f in new for c in desk.criteria.get(f, ()))
            won = sum((desk.worth(c, have | new) - desk.worth(c, have) for c in touched), start=Fraction(0))
            rank = (won / max(time, 1), -place)
            if won > 0 and (best is None or rank > best):
                best, picked = rank, new
        if not picked:
            return chosen
        chosen += [fact for fact in facts if fact in picked]


def _check(desk: _Desk, before: Assessment, fact: str, chosen: list[str]) -> Check:
    alone, rest = frozenset({fact}), frozenset(chosen) - {fact}
    criteria = [c for c in desk.criteria[fact] if c in desk.unknown]
    whole = frozenset(chosen)
    share = sum((desk.narrowing(c, whole) - desk.narrowing(c, rest) for c in criteria), start=Fraction(0))
    return Check(
        fact=desk.ruleset.facts[fact],
        because=desk.state.why_unknown(desk.ruleset.facts[fact]) or "unrecorded",
        narrows=sum((desk.narrowing(c, alone) for c in criteria), start=Fraction(0)),
        share=share,
        decides_flag=max((desk.flag_chance(c, alone) for c in criteria), default=Fraction(0)),
        decides_band=_band_chance(desk, before, fact, criteria),
        flags=tuple(c for c in criteria if desk.findings[c].flag == "undecided"),
        criteria=tuple(criteria),
    )


def _band_chance(desk: _Desk, before: Assessment, fact: str, criteria: Iterable[str]) -> Fraction:
    """The chance that this fact alone puts both ends of the score into one band; 0 when they already are."""
    if before.bands[0] == before.bands[1]:
        return Fraction(0)
    chance, total = Fraction(0), before.total
    for value, part in desk.of(fact):
        low, high, possible = total.low, total.high, total.possible
        for criterion in criteria:
            old, new = desk.findings[criterion], desk.judged(criterion, {fact: value})
            low, high, possible = (
                low + new.low - old.low,
                high + new.high - old.high,
                possible + new.possible - old.possible,
            )
        if possible and desk.ruleset.band(Fraction(100 * low, possible)) == desk.ruleset.band(
            Fraction(100 * high, possible)
        ):
            chance += part
    return chance


def _stops(ruleset: Ruleset, checks: Iterable[Check]) -> tuple[WalkStop, ...]:
    """Desk work first, then the round in the ruleset's order of places; inside a stop the most telling first."""
    places = [*ruleset.places, ""]
    grouped: dict[tuple[Method, str], list[Check]] = {}
    for check in checks:
        grouped.setdefault((check.fact.method, check.fact.place), []).append(check)
    order = sorted(grouped, key=lambda k: (METHODS.index(k[0]), places.index(k[1]) if k[1] in places else len(places)))
    return tuple(
        WalkStop(m, p, tuple(sorted(grouped[m, p], key=lambda c: -c.share / max(c.fact.minutes, 1)))) for m, p in order
    )
