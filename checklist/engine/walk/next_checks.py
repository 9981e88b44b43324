"""Which unknown facts to check first: those whose checking is expected to narrow the score interval most per minute.

For each criterion the engine judges every combination of values that the checked facts may turn out to have; the
narrowing is the mean, weighted by the stated prior. Facts that only count together are looked at as a bundle. Bundles
are taken greedily by what they add per minute.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from fractions import Fraction
from typing import TypeAlias

from checklist.engine.scoring.assess import assess
from checklist.engine.scoring.sites import Bench
from checklist.engine.walk.open_parts import OpenPart
from checklist.engine.walk.undecided import Undecided
from checklist.model.results.assessment import Assessment
from checklist.model.results.walk import Check, Prior, Walk, WalkStop
from checklist.model.rules.facts import Method
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import Slot, State

METHODS: tuple[Method, ...] = ("materials_review", "hearing", "web", "field_inspection", "questionnaire")

Bundle: TypeAlias = frozenset[Slot]


def next_checks(ruleset: Ruleset, state: State, minutes: int, prior: Prior, only: frozenset[str] | None = None) -> Walk:
    """A walk of at most ``minutes`` through the most telling unknown facts, of those in ``only`` where it is given."""
    before = assess(ruleset, state)
    desk = Undecided(Bench(ruleset, state), before.findings, prior, minutes)
    chosen = _Choosing(desk, minutes, only).chosen
    whole = frozenset(chosen)
    checks = [_check(desk, before, slot, whole) for slot in chosen]
    touched = dict.fromkeys(part for slot in chosen for part in desk.at[slot])
    narrowed = sum((desk.narrowing(part, whole) for part in touched), start=Fraction(0))
    width = before.total.high - before.total.low
    return Walk(
        before=before,
        prior=prior,
        limit=minutes,
        stops=_stops(ruleset, checks),
        expected=max(width - narrowed, Fraction(0)),
        unchecked=desk.unknown - len(chosen),
    )


class _Choosing:
    """Bundles by what they add per minute, until no more fits. A bundle's worth is worked out anew only when something
    that its criteria read was chosen."""

    def __init__(self, desk: Undecided, minutes: int, only: frozenset[str] | None) -> None:
        self.desk = desk
        allowed = desk.at if only is None else {slot for slot in desk.at if slot[1] in only}
        bundles = {frozenset({slot}) for slot in allowed}
        bundles |= {frozenset(part.unknown) for part in desk.parts if all(slot in allowed for slot in part.unknown)}
        self.bundles = sorted(bundles, key=lambda b: (len(b), sorted((fact, site) for site, fact in b)))
        self.near: dict[Slot, dict[int, None]] = {}
        for place, bundle in enumerate(self.bundles):
            for slot in bundle:
                self.near.setdefault(slot, {})[place] = None
        order = {name: n for n, name in enumerate(desk.ruleset.facts)}
        self.chosen: list[Slot] = []
        self.have: frozenset[Slot] = frozenset()
        self.queue: list[tuple[Fraction, int, int]] = []
        self.version = [0] * len(self.bundles)
        for place in range(len(self.bundles)):
            self._rank(place)
        while (picked := self._best(minutes)) is not None:
            minutes -= self._minutes(picked)
            self.chosen += sorted(picked, key=lambda slot: order[slot[1]])
            self.have |= picked
            parts = dict.fromkeys(part for slot in picked for part in desk.at[slot])
            slots = (slot for part in parts for slot in (picked if part.among else part.unknown))
            for place in dict.fromkeys(n for slot in slots for n in self.near.get(slot, ())):
                self.version[place] += 1
                self._rank(place)

    def _minutes(self, slots: Iterable[Slot]) -> int:
        return sum(self.desk.fact(slot).minutes for slot in slots)

    def _rank(self, place: int) -> None:
        new = self.bundles[place] - self.have
        touched = dict.fromkeys(part for slot in new for part in self.desk.at[slot])
        won = sum((self._more(part, new) for part in touched), start=Fraction(0))
        if won > 0:
            heapq.heappush(self.queue, (-won / max(self._minutes(new), 1), place, self.version[place]))

    def _more(self, part: OpenPart, new: Bundle) -> Fraction:
        """What the new ones add to what this part is worth; only what it reads counts."""
        if part.among:
            return self.desk.worth(part, new)
        old = frozenset(slot for slot in part.unknown if slot in self.have)
        return self.desk.worth(part, old | new) - self.desk.worth(part, old)

    def _best(self, minutes: int) -> Bundle | None:
        """What does not fit now will not fit later, unless it is ranked anew."""
        while self.queue:
            _, place, version = heapq.heappop(self.queue)
            new = self.bundles[place] - self.have
            if version == self.version[place] and self._minutes(new) <= minutes:
                return new
        return None


def _check(desk: Undecided, before: Assessment, slot: Slot, whole: frozenset[Slot]) -> Check:
    alone, rest, parts = frozenset({slot}), whole - {slot}, desk.at[slot]
    return Check(
        fact=desk.fact(slot),
        because=desk.because(slot) or "unrecorded",
        narrows=sum((desk.narrowing(part, alone) for part in parts), start=Fraction(0)),
        share=sum((desk.narrowing(p, whole) - desk.narrowing(p, rest) for p in parts), start=Fraction(0)),
        decides_flag=max((desk.flag_chance(part, alone) for part in parts), default=Fraction(0)),
        decides_band=_band_chance(desk, before, slot),
        flags=tuple(dict.fromkeys(p.criterion.id for p in parts if p.flag and p.finding.flag == "undecided")),
        criteria=tuple(dict.fromkeys(part.criterion.id for part in parts)),
        site=desk.site(slot),
    )


def _band_chance(desk: Undecided, before: Assessment, slot: Slot) -> Fraction:
    """The chance that this fact alone puts both ends of the score into one band; 0 when they already are."""
    if before.bands[0] == before.bands[1]:
        return Fraction(0)
    chance, total, band = Fraction(0), before.total, desk.ruleset.band_of_score
    for value, part_of_chance in desk.of(slot):
        low, high, possible = Fraction(total.low), Fraction(total.high), Fraction(total.possible)
        for part in desk.at[slot]:
            old, new = part.finding, part.judged({slot: value})
            low += part.weight * (new.low - old.low)
            high += part.weight * (new.high - old.high)
            possible += part.weight * (new.possible - old.possible)
        if possible and band(100 * low / possible) == band(100 * high / possible):
            chance += part_of_chance
    return chance


def _stops(ruleset: Ruleset, checks: Iterable[Check]) -> tuple[WalkStop, ...]:
    """Desk work first, then the round in the ruleset's order of places, then one site after the other; inside a stop the
    most telling first."""
    methods, places = {m: n for n, m in enumerate(METHODS)}, {p: n for n, p in enumerate(ruleset.places)}
    grouped: dict[tuple[int, int, int], list[Check]] = {}
    sites: dict[str, int] = {"": 0}
    for check in checks:
        site = sites.setdefault(check.site.id if check.site else "", len(sites))
        key = (site, methods[check.fact.method], places.get(check.fact.place, len(places)))
        grouped.setdefault(key, []).append(check)
    stops = []
    for key in sorted(grouped):
        told = sorted(grouped[key], key=lambda c: -c.share / max(c.fact.minutes, 1))
        stops.append(WalkStop(told[0].fact.method, told[0].fact.place, tuple(told), told[0].site))
    return tuple(stops)
