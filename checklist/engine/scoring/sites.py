"""Criteria judged where they are graded: in the community, or at each site of a kind, whose findings make one.

A site is seen as a community of its own, so that one ``judge`` serves all. Sites of which a criterion reads the same
are judged once, and those where nothing that it reads was recorded are not even looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from checklist.engine.scoring.judge import in_force, judge, not_applicable
from checklist.engine.scoring.sampling import sampled
from checklist.engine.scoring.site_findings import combined, level_places, made_one
from checklist.model.numbers import Number, Span
from checklist.model.results.assessment import Finding, SiteFinding
from checklist.model.rules.effects import after
from checklist.model.rules.facts import Knowledge, kin_of
from checklist.model.rules.ruleset import Action, Criterion, Ruleset
from checklist.model.state import Site, State


@dataclass(frozen=True, slots=True)
class SiteView:
    """A site as the state of a community; ``site`` is None for ``count`` sites that nobody has listed."""

    site: Site | None
    state: State
    known: Knowledge
    count: int = 1


@dataclass(frozen=True, slots=True)
class _Kind:
    """The sites of one kind, and where something was recorded, by fact, or declared, by criterion."""

    views: tuple[SiteView, ...]
    touched: dict[str, list[int]]


class Bench:
    """One community with its sites, before which the criteria of a ruleset are brought.

    ``sampling`` trusts a survey, at a site as in the community, only as far as its sample goes.
    """

    def __init__(self, ruleset: Ruleset, state: State, *, sampling: bool = False) -> None:
        state = sampled(state) if sampling else state
        self.ruleset, self.state, self.sampling = ruleset, state, sampling
        self.known = state.knowledge(ruleset.facts)
        self.present = {site.kind for site in state.sites} | state.totals.keys()
        self.kinds: dict[str, _Kind] = {}
        self.grain = ruleset.grain

    def findings(self) -> tuple[Finding, ...]:
        """Every active criterion judged, in the ruleset's order."""
        return tuple(self.finding(c) for c in self.ruleset.active)

    def finding(self, criterion: Criterion, actions: Sequence[Action] = ()) -> Finding:
        """One criterion judged, once ``actions`` are done wherever it is graded."""
        if not self.at_sites(criterion):
            return judge(self.ruleset, criterion, self.state, done(actions, self.known))
        views = self.views_of(criterion.per)
        if not views:
            return not_applicable(criterion, self.state.totals[criterion.per].reason)
        if criterion.over == "sum" and self.adding(criterion):
            return judge(self.ruleset, criterion, self.state, done(actions, self.sums(criterion)))
        each: list[Finding | None] = [None] * len(views)
        for places in self._alike(criterion, actions):
            view = views[places[0]]
            found = judge(self.ruleset, criterion, view.state, done(actions, view.known))
            for place in places:
                each[place] = found
        return combined(
            criterion, [SiteFinding(v.site, f, v.count) for v, f in zip(views, each, strict=True) if f], self.grain
        )

    def at_sites(self, criterion: Criterion) -> bool:
        """Whether the community has sites where it is graded; without any, the community is the one site."""
        return self.has(criterion.per)

    def has(self, kind: str) -> bool:
        """Whether sites of a kind were listed or counted, and be it that there is none."""
        return kind in self.present and (kind in self.state.totals or bool(self.views_of(kind)))

    def views_of(self, kind: str) -> tuple[SiteView, ...]:
        """The listed sites of a kind that count, then those that are in the total only."""
        return self._kind(kind).views

    def _kind(self, kind: str) -> _Kind:
        if kind not in self.kinds:
            served = [name for name, fact in self.ruleset.facts.items() if fact.serves]
            listed = self.state.sites_of(kind)
            total = self.state.totals.get(kind)
            more = max(total.count - len(listed), 0) if total else 0
            views = [self._view(site, served, 1) for site in listed]
            views += [self._view(None, served, more)] if more else []
            touched: defaultdict[str, list[int]] = defaultdict(list)
            for place, site in enumerate(listed):
                for name in {*site.readings, *site.unusable, *site.defects, *site.not_applicable}:
                    touched[name].append(place)
            self.kinds[kind] = _Kind(tuple(views), touched)
        return self.kinds[kind]

    def _view(self, site: Site | None, served: Sequence[str], count: int) -> SiteView:
        state = self.state.at(site, served)
        state = sampled(state) if self.sampling else state
        return SiteView(site, state, state.knowledge(self.ruleset.facts), count)

    def _alike(self, criterion: Criterion, actions: Sequence[Action]) -> Iterable[list[int]]:
        """The places of the views, those together where all that decides about the criterion is the same."""
        kind = self._kind(criterion.per)
        effects = [effect for action in actions for effect in action.sets.values()]
        sets = [fact for action in actions for fact in action.sets]
        named = (*criterion.facts, *sets, *(fact for effect in effects for fact in effect.reads))
        # A part says something of its whole, and a whole of its part, as long as the other is unknown.
        reads = dict.fromkeys(fact for name in named for fact in (name, *kin_of(self.ruleset.facts, name)))
        touched = {place for name in (*reads, criterion.id) for place in kind.touched.get(name, ())}
        together: defaultdict[Hashable, list[int]] = defaultdict(list)
        for place, view in enumerate(kind.views):
            together[self._decides(criterion, reads, view) if place in touched else None].append(place)
        return together.values()

    def _decides(self, criterion: Criterion, reads: Iterable[str], view: SiteView) -> Hashable:
        known = view.known
        values = tuple((known.values.get(fact), known.spans.get(fact)) for fact in reads)
        reasons = tuple(
            view.state.why_unknown(known.declared[fact]) for fact in criterion.facts if fact not in known.values
        )
        return values, reasons, in_force(view.state, criterion.id)

    def adding(self, criterion: Criterion) -> list[SiteView]:
        """The sites whose facts are added up: those that do not declare the criterion not applicable."""
        return [v for v in self.views_of(criterion.per) if in_force(v.state, criterion.id) is None]

    def sums(self, criterion: Criterion, seen: Callable[[SiteView], Knowledge] | None = None) -> Knowledge:
        """What is known of the community once the criterion's facts are added up over the sites where it applies; ``seen``
        tells what is known at each, where it is more than the record says."""
        facts = self.added_up(criterion)
        sums: list[Span] = [Span(0, 0)] * len(facts)
        for view in self.adding(criterion):
            new = added_by(replace(view, known=seen(view)) if seen else view, facts)
            sums = [Span(one.low + more.low, one.high + more.high) for one, more in zip(sums, new, strict=True)]
        return summed(self.known, dict(zip(facts, sums, strict=True)))

    def added_up(self, criterion: Criterion) -> list[str]:
        """The facts of a criterion over the sum that lie at its sites."""
        return [fact for fact in criterion.facts if fact in self.ruleset.site_facts]

    def grounds(self, criterion: Criterion) -> tuple[SiteView, ...]:
        """All that a criterion is judged on: the sites, or the community with what is known of it or adds up in it."""
        here = SiteView(None, self.state, self.known)
        if not self.at_sites(criterion):
            return (here,)
        if criterion.over == "sum":
            return (replace(here, known=self.sums(criterion)),)
        return self.views_of(criterion.per)

    def worst(self, finding: Finding) -> tuple[SiteFinding | None, SiteView]:
        """The site that a finding's gap is told of, with what is known there; None is the community itself."""
        if not finding.applicable:
            grounds = () if finding.sites else self.grounds(finding.criterion)
            return None, grounds[0] if grounds else SiteView(None, self.state, self.known)
        place = level_places(finding.criterion)

        def order(at: SiteFinding) -> tuple[bool, Number, Number, int]:
            told = at.finding
            return not told.short, told.high, told.low, -place[told.worst]

        at = min(finding.applicable, key=order)
        views = self.views_of(finding.criterion.per)
        return at, next(view for view, other in zip(views, finding.sites, strict=True) if other is at)

    def risen(self, finding: Finding, at: SiteFinding, points: Number) -> Number:
        """The low end of a finding once ``at`` has won ``points`` there."""
        lows = [(other.finding.low + (points if other is at else 0), other.count) for other in finding.applicable]
        return made_one(finding.criterion, lows, self.grain)


def added_by(view: SiteView, facts: Iterable[str]) -> tuple[Span, ...]:
    """What a site may add to sums; those that nobody has listed may turn out not to take part."""
    spans = [view.known.span(fact) for fact in facts]
    spans = spans if view.site else [Span(min(span.low, 0), max(span.high, 0)) for span in spans]
    return tuple(Span(span.low * view.count, span.high * view.count) for span in spans)


def summed(known: Knowledge, sums: Mapping[str, Span]) -> Knowledge:
    """What is known of the community once facts add up to these spans."""
    values, spans = dict(known.values), dict(known.spans)
    for fact, span in sums.items():
        values.pop(fact, None)
        spans.pop(fact, None)
        if span.known and not isinstance(span.low, float):
            values[fact] = span.low
        else:
            spans[fact] = span
    return replace(known, values=values, spans=spans)


def done(actions: Iterable[Action], known: Knowledge) -> Knowledge:
    """What is known once the actions are finished, each on what those before it have left."""
    for action in actions:
        known = after(action.sets, known)
    return known
