"""A state (现状记录): what was recorded of one community as of a day. What is absent was not checked."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import field, replace
from datetime import date
from typing import Literal, TypeAlias

from checklist.model.expiry import SOON_DAYS, Expiry, days_left
from checklist.model.noun import noun
from checklist.model.numbers import Span
from checklist.model.problems import NOWHERE, Where
from checklist.model.rules.effects import Effect, changes, promised
from checklist.model.rules.facts import Fact, Knowledge, Value
from checklist.model.sites import RecordedDefect, SiteTotal, open_defects

UnknownBecause: TypeAlias = Literal["unrecorded", "said_unknown", "stale", "later", "unusable", "sampled"]


Slot: TypeAlias = tuple[str, str]
"""A place for one answer in a record: the id of a site, empty for the community, and the fact."""


@noun
class Community:
    """``invented`` marks example data (示例数据) that describes no real place."""

    id: str
    name: str
    city: str = ""
    district: str = ""
    street: str = ""
    group: str = ""
    invented: bool = False


@noun
class Sample:
    """A survey's counts: ``agree`` of ``asked``."""

    agree: int
    asked: int


@noun
class Reading:
    """One recorded fact. ``value`` is None when the record says that it is not known (``unknown`` tells why).

    ``site`` is the id of the site where it was seen; empty for the community."""

    fact: str
    value: Value | None
    on: date
    by: str = ""
    note: str = ""
    evidence: tuple[str, ...] = ()
    unknown: str = ""
    sample: Sample | None = None
    where: Where = NOWHERE
    site: str = ""

    @property
    def slot(self) -> Slot:
        """Where in a record it stands."""
        return self.site, self.fact


@noun
class NotApplicable:
    """A criterion declared not applicable, with the reason; ``until`` ends the declaration, ``site`` has its id where it is
    declared for one site only."""

    criterion: str
    reason: str
    until: date | None = None
    where: Where = NOWHERE
    site: str = ""

    @property
    def slot(self) -> Slot:
        """Where in a record it stands: the site, and the criterion in the place of a fact."""
        return self.site, self.criterion

    def ended(self, day: date) -> bool:
        """Whether it has run out by ``day``; its last day still counts."""
        return self.until is not None and self.until < day


@noun
class Site:
    """One place of a community that is graded by itself (点位), with what was recorded there."""

    id: str
    kind: str
    name: str
    readings: Mapping[str, Reading] = field(default_factory=dict)
    opened: date | None = None
    closed: date | None = None
    not_applicable: Mapping[str, NotApplicable] = field(default_factory=dict)
    unusable: frozenset[str] = frozenset()
    defects: Mapping[str, tuple[RecordedDefect, ...]] = field(default_factory=dict)
    where: Where = NOWHERE
    promised: frozenset[str] = frozenset()

    def counts_on(self, day: date) -> bool:
        """From the day it was opened until before the day it was closed."""
        return (self.opened is None or self.opened <= day) and (self.closed is None or day < self.closed)


@noun
class State:
    """``unusable`` names facts whose record has a mistake; they count as unknown and are said to be so.

    ``spans`` says of survey facts how far the sample can be trusted; empty unless sampling is asked for. ``promised``
    are facts that nobody has seen, with the value that an action is to give them. ``sites`` are all that were ever
    listed, ``totals`` how many there are by kind, ``defects`` what was seen wrong, by fact.
    """

    community: Community
    ruleset: str
    as_of: date
    readings: Mapping[str, Reading]
    not_applicable: Mapping[str, NotApplicable] = field(default_factory=dict)
    unusable: frozenset[str] = frozenset()
    where: Where = NOWHERE
    spans: Mapping[str, Span] = field(default_factory=dict)
    sites: tuple[Site, ...] = ()
    totals: Mapping[str, SiteTotal] = field(default_factory=dict)
    defects: Mapping[str, tuple[RecordedDefect, ...]] = field(default_factory=dict)
    promised: frozenset[str] = frozenset()

    def on_day(self, day: date) -> State:
        """The same record seen from another day: readings age, dated facts grow older."""
        return replace(self, as_of=day)

    def sites_of(self, kind: str) -> tuple[Site, ...]:
        """The sites of one kind that count on the as-of day, as listed."""
        return tuple(site for site in self.sites if site.kind == kind and site.counts_on(self.as_of))

    @property
    def unlisted(self) -> dict[str, int]:
        """Of each kind how many sites are in the total and nobody has listed, where there are any."""
        more = {kind: total.count - len(self.sites_of(kind)) for kind, total in self.totals.items()}
        return {kind: count for kind, count in more.items() if count > 0}

    def at(self, site: Site | None, served: Collection[str] = ()) -> State:
        """One site seen as a community: the community's facts that are ``served`` to its sites, and the site's own.

        None is a site that nobody has listed; nothing was recorded there.
        """
        readings = {name: reading for name, reading in self.readings.items() if name in served}
        site = site or Site("", "", "")
        in_force = {id: declared for id, declared in self.not_applicable.items() if not declared.ended(self.as_of)}
        return replace(
            self,
            readings={**readings, **site.readings},
            not_applicable={**site.not_applicable, **in_force},
            unusable=self.unusable.intersection(served) | site.unusable,
            sites=(),
            totals={},
            defects=site.defects,
            promised=self.promised.intersection(served) | site.promised,
        )

    @property
    def slots(self) -> dict[Slot, Reading]:
        """Every reading of the record, the community's first, then those of each site as listed."""
        found: dict[Slot, Reading] = {("", name): reading for name, reading in self.readings.items()}
        return found | {(site.id, name): r for site in self.sites for name, r in site.readings.items()}

    def recorded(self, slots: Mapping[Slot, Reading], unusable: Collection[Slot]) -> State:
        """The same record with these readings and these that cannot be used, and no others, each at its site."""
        at: dict[str, dict[str, Reading]] = {}
        for (site, fact), reading in slots.items():
            at.setdefault(site, {})[fact] = reading
        spoilt = {
            id: frozenset(fact for site, fact in unusable if site == id) for id in ("", *(s.id for s in self.sites))
        }
        sites = tuple(replace(s, readings=at.get(s.id, {}), unusable=spoilt[s.id]) for s in self.sites)
        return replace(self, readings=at.get("", {}), unusable=spoilt[""], sites=sites)

    @property
    def unusable_slots(self) -> frozenset[Slot]:
        """Every place whose record has a mistake."""
        return frozenset([("", fact) for fact in self.unusable] + [(s.id, f) for s in self.sites for f in s.unusable])

    @property
    def ended(self) -> tuple[NotApplicable, ...]:
        """The declarations that have run out by the as-of day."""
        return tuple(declared for declared in self.not_applicable.values() if declared.ended(self.as_of))

    def why_unknown(self, fact: Fact) -> UnknownBecause | None:
        """None when a fresh value is recorded; otherwise why the fact counts as unknown."""
        reading = self.readings.get(fact.id)
        if fact.id in self.unusable:
            return "unusable"
        if reading is None:
            return "unrecorded"
        if reading.value is None:
            return "said_unknown"
        if reading.on > self.as_of or (isinstance(reading.value, date) and reading.value > self.as_of):
            return "later"
        return "stale" if days_left(fact, (self.as_of - reading.on).days) < 0 else None

    def expiring(self, declared: Mapping[str, Fact], within: int = SOON_DAYS) -> tuple[Expiry, ...]:
        """The values that have expired by the as-of day, and those that count now and will not after ``within`` more
        days; the first to expire first."""
        found = list(self._dated(declared, within, ""))
        for site in self.sites:
            if site.counts_on(self.as_of):
                found += self.at(site)._dated(declared, within, site.name)
        return tuple(sorted(found, key=lambda e: (e.last_day, e.fact.id)))

    def _dated(self, declared: Mapping[str, Fact], within: int, site: str) -> Iterator[Expiry]:
        for name, reading in self.readings.items():
            fact = declared.get(name)
            if fact is not None and reading.value is not None and self.why_unknown(fact) in (None, "stale"):
                left = days_left(fact, (self.as_of - reading.on).days)
                if left <= within:
                    yield Expiry(fact, reading.value, reading.on, left, site)

    def soon(self, declared: Mapping[str, Fact], within: int = SOON_DAYS) -> tuple[Expiry, ...]:
        """Of these the values that still count on the as-of day."""
        return tuple(e for e in self.expiring(declared, within) if not e.expired)

    def expired(self, declared: Mapping[str, Fact]) -> tuple[Expiry, ...]:
        """The values that have expired, in the order in which their facts are declared."""
        order = {name: place for place, name in enumerate(declared)}
        return tuple(sorted(self.expiring(declared, -1), key=lambda e: order[e.fact.id]))

    def knowledge(self, declared: Mapping[str, Fact]) -> Knowledge:
        """Only the values that are fresh on the as-of day. A count is at least the number of its open defects: where
        no such number stands, that much is known of it."""
        values: dict[str, Value] = {}
        for name, reading in self.readings.items():
            fact = declared.get(name)
            if fact is not None and reading.value is not None and self.why_unknown(fact) is None:
                values[name] = reading.value
        spans = {name: span for name, span in self.spans.items() if name in values and self.readings[name].sample}
        for name, defects in self.defects.items():
            seen = open_defects(defects, self.as_of)
            written = values.get(name, -1)
            if seen and name in declared and isinstance(written, int) and written < seen:
                values.pop(name, None)
                spans[name] = Span(max(seen, declared[name].low), max(seen, declared[name].high))
        return Knowledge(declared, values, self.as_of, spans, self.promised)

    def after(self, sets: Mapping[str, Effect], declared: Mapping[str, Fact]) -> State:
        """The record once an action is finished, seen from the same as-of day: its facts take their new values."""
        known = self.knowledge(declared)
        new = changes(sets, known)
        readings = {name: Reading(name, value, self.as_of, note="整改后预期") for name, value in new.items()}
        readings = {**self.readings, **readings}
        defects = {name: found for name, found in self.defects.items() if name not in sets}
        unusable = self.unusable - sets.keys()
        told = promised(sets, known)
        return replace(self, readings=readings, unusable=unusable, defects=defects, promised=told)
