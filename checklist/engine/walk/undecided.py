"""What is undecided in a record, in the community and at each of its sites, and what a check is expected to narrow.

A criterion graded at sites has a part of its own at each, whose width counts as much as the site does in the mean. Where
the sites do not add up (the worst one, the sum of their facts) all of them are one part.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product

from checklist.engine.scoring.judge import in_force, judge
from checklist.engine.scoring.site_findings import combined
from checklist.engine.scoring.sites import Bench, SiteView
from checklist.engine.walk.chances import Chances, chances_of, ends_of
from checklist.engine.walk.open_parts import OpenPart, Told, spare_sites
from checklist.model.results.assessment import Finding
from checklist.model.results.walk import Prior
from checklist.model.rules.facts import Fact, Knowledge, Value, kin_of
from checklist.model.rules.ruleset import Criterion
from checklist.model.state import Site, Slot, UnknownBecause

COMBINATIONS = 200
MANY = 12
"""Of so many unknown facts at most that add up over sites every combination is judged."""


class Undecided:
    """A community's unknown facts, what each may be, and the narrowings worked out so far."""

    def __init__(self, bench: Bench, findings: Iterable[Finding], prior: Prior, most: int) -> None:
        """Of sites that are alike in everything recorded ``most`` are looked at: there is no time for more."""
        self.bench, self.prior, self.ruleset = bench, prior, bench.ruleset
        self.spare = spare_sites(bench.state.sites, most)
        self.sites: dict[str, SiteView] = {}
        self.here = SiteView(None, bench.state, bench.known)
        self.parts: list[OpenPart] = []
        self.at: dict[Slot, list[OpenPart]] = {}
        self.chances: dict[Hashable, Chances] = {}
        self.done: dict[Hashable, Fraction] = {}
        for finding in findings:
            for part in self._parts(finding):
                if part.unknown and (part.finding.unknown or part.finding.flag == "undecided"):
                    self.parts.append(part)
                    for slot in part.unknown:
                        self.at.setdefault(slot, []).append(part)

    @property
    def unknown(self) -> int:
        """How many facts are unknown in all, at every site."""
        at_site = Counter(site for site, _ in self.at)
        return len(self.at) + sum(at_site[stand_in] for stand_in in self.spare.values())

    def view(self, slot: Slot) -> SiteView:
        return self.sites[slot[0]] if slot[0] else self.here

    def site(self, slot: Slot) -> Site | None:
        return self.view(slot).site

    def fact(self, slot: Slot) -> Fact:
        return self.ruleset.facts[slot[1]]

    def because(self, slot: Slot) -> UnknownBecause | None:
        return self.view(slot).state.why_unknown(self.fact(slot))

    def _parts(self, finding: Finding) -> Iterator[OpenPart]:
        criterion = finding.criterion
        if not self.bench.at_sites(criterion):
            yield OpenPart(
                criterion,
                finding,
                self._unknown(criterion, self.here, at_site=False),
                lambda told: self._judge(criterion, self.here, told),
            )
            return
        views = self.bench.views_of(criterion.per)
        self.sites.update((view.site.id, view) for view in views if view.site)
        if criterion.over == "mean" and finding.sites:
            yield from self._of_mean(finding, views)
        else:
            adding = views if finding.sites else self.bench.adding(criterion)
            looked = [view for view in adding if view.site is None or view.site.id not in self.spare]
            slots = dict.fromkeys(slot for view in looked for slot in self._unknown(criterion, view, at_site=True))
            every = len(looked) == len(adding) and all(view.site for view in looked)
            together = self._worst if finding.sites else self._sum
            here = [fact for fact in criterion.facts if not self.ruleset.facts[fact].serves]
            among = (
                sum(v.count * sum(f not in v.known.values for f in here) for v in adding) if len(slots) > MANY else 0
            )
            yield OpenPart(criterion, finding, tuple(slots), together(criterion, finding), settled=every, among=among)

    def _of_mean(self, finding: Finding, views: Iterable[SiteView]) -> Iterator[OpenPart]:
        criterion = finding.criterion
        counted = sum(at.count for at in finding.applicable)
        undecided = sum(at.count for at in finding.applicable if at.finding.flag == "undecided")
        flag = Fraction(int(finding.flag == "undecided"), max(undecided, 1))
        for view, at in zip(views, finding.sites, strict=True):
            if view.site is not None and view.site.id in self.spare:
                continue
            if at.finding.unknown or at.finding.flag == "undecided":
                yield OpenPart(
                    criterion,
                    at.finding,
                    self._unknown(criterion, view, at_site=True),
                    lambda told, view=view: self._judge(criterion, view, told),  # type: ignore[misc]
                    Fraction(at.count, counted),
                    flag * at.count,
                    settled=view.site is not None,
                    like=(criterion.id, view.site is None, self._known(criterion, view)),
                )

    def _known(self, criterion: Criterion, view: SiteView) -> Hashable:
        """All that a criterion sees at a site, and at the sites which are like it."""
        known = view.known
        around = [name for fact in criterion.facts for name in (fact, *kin_of(self.ruleset.facts, fact))]
        return tuple((known.values.get(name), known.spans.get(name)) for name in around), in_force(
            view.state, criterion.id
        )

    def _unknown(self, criterion: Criterion, view: SiteView, *, at_site: bool) -> tuple[Slot, ...]:
        """Where what is unknown can be looked at: at a site that is listed, or in the community."""
        facts, site = self.ruleset.facts, view.site
        found: list[Slot] = []
        for name in criterion.facts:
            if view.state.why_unknown(facts[name]) is not None:
                if not at_site or facts[name].serves:
                    found.append(("", name))
                elif site is not None:
                    found.append((site.id, name))
        return tuple(found)

    def _judge(self, criterion: Criterion, view: SiteView, told: Told) -> Finding:
        return judge(self.ruleset, criterion, view.state, _with(view, told))

    def _worst(self, criterion: Criterion, finding: Finding) -> Callable[[Told], Finding]:
        """All sites judged anew where something new is known."""

        def judged(told: Told) -> Finding:
            touched = {site for site, _ in told}
            found = []
            for view, at in zip(self.bench.views_of(criterion.per), finding.sites, strict=True):
                anew = "" in touched or (view.site is not None and view.site.id in touched)
                found.append(replace(at, finding=self._judge(criterion, view, told)) if anew else at)
            return combined(criterion, found, self.bench.grain)

        return judged

    def _sum(self, criterion: Criterion, finding: Finding) -> Callable[[Told], Finding]:
        """The sum over all sites, those counted anew where something new is known."""

        def judged(told: Told) -> Finding:
            known = self.bench.sums(criterion, lambda view: _with(view, told))
            return judge(self.ruleset, criterion, self.bench.state, known.with_values(_here(told, "")))

        return judged

    def worth(self, part: OpenPart, slots: frozenset[Slot]) -> Fraction:
        """Expected narrowing and decided flags, in ten-thousandths of a point."""
        return self.narrowing(part, slots) + self.prior.flag * part.flag * self.flag_chance(part, slots)

    def narrowing(self, part: OpenPart, slots: frozenset[Slot]) -> Fraction:
        return part.weight * self._expected(part, slots, False, Fraction(part.finding.high - part.finding.low))

    def flag_chance(self, part: OpenPart, slots: frozenset[Slot]) -> Fraction:
        undecided = part.finding.flag == "undecided"
        return self._expected(part, slots, True, Fraction(1)) if undecided else Fraction(0)

    def _expected(self, part: OpenPart, slots: frozenset[Slot], flag: bool, full: Fraction) -> Fraction:
        """The mean over what the facts may be; knowing every fact of the criterion settles all of it."""
        if part.among:
            return full * min(sum(part in self.at[slot] for slot in slots if slot in self.at), part.among) / part.among
        here = tuple(slot for slot in part.unknown if slot in slots)
        if not here or not full:
            return Fraction(0)
        if part.settled and len(here) == len(part.unknown):
            return full
        key = (part if part.like is None else part.like, flag, tuple(fact for _, fact in here) if part.like else here)
        if key not in self.done:
            mean = Fraction(0)
            for values, chance in self._cases(here):
                after = part.judged(values)
                if flag:
                    mean += chance * (after.flag != "undecided")
                else:
                    mean += chance * ((part.finding.high - part.finding.low) - (after.high - after.low))
            self.done[key] = mean
        return self.done[key]

    def _cases(self, slots: Iterable[Slot]) -> Iterable[tuple[dict[Slot, Value], Fraction]]:
        """Every combination of values with its chance; best and worst only, where there are too many."""
        names = sorted(slots)
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

    def of(self, slot: Slot) -> Chances:
        """What the fact may be there, with the chance of each."""
        parts = self.at[slot]
        criteria = tuple(dict.fromkeys(part.criterion.id for part in parts))
        key: Hashable = (
            (slot[1], tuple(part.like for part in parts)) if slot[0] and all(p.like for p in parts) else slot
        )
        if key not in self.chances:
            known = self.view(slot).known
            self.chances[key] = chances_of(self.ruleset, known, slot[1], criteria, self.prior.of(slot[1]))
        return self.chances[key]


def _here(told: Told, site: str) -> dict[str, Value]:
    return {fact: value for (at, fact), value in told.items() if at == site}


def _with(view: SiteView, told: Told) -> Knowledge:
    """What is known at a site once these are; what the community is told serves the site."""
    own = _here(told, view.site.id) if view.site else {}
    return view.known.with_values({**_here(told, ""), **own})
