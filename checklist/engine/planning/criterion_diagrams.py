"""The diagrams of every criterion of one community, wherever it is graded, in one whole-number unit."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm
from typing import TypeAlias

from checklist.engine.planning.decision_graph import Choices
from checklist.engine.planning.deeds import Deed, Whereabouts
from checklist.engine.planning.diagram import DeedReaches, Diagram, Reach, SetOutcome, grown, outcome_of
from checklist.engine.planning.site_diagrams import Addend, Joined, SitePart, chain, joined, part_of
from checklist.engine.scoring.judge import in_force, judge
from checklist.engine.scoring.sites import Bench, SiteView, added_by, summed
from checklist.model.numbers import Bound, Number, Span
from checklist.model.rules.facts import Knowledge
from checklist.model.rules.ruleset import Criterion
from checklist.model.state import State

FINEST = 5040
"""Points are counted in at most so many parts of a ten-thousandth; finer means are rounded down to it."""

Sums: TypeAlias = tuple[tuple[Bound, Bound], ...]
"""Spans by their ends: there are many of them."""


@dataclass(frozen=True, slots=True)
class SiteGraded:
    """The diagrams of one criterion in ten-thousandths, those that no deed changes made one."""

    criterion: Criterion
    parts: tuple[tuple[Joined, str], ...]
    fixed: Addend


class Grading:
    """Works out what criteria come to under every set of the deeds that may be done."""

    def __init__(self, bench: Bench, where: Whereabouts, deeds: Sequence[Deed]) -> None:
        self.bench, self.where, self.ruleset = bench, where, bench.ruleset
        self.reaches = DeedReaches(where, deeds)
        self.home = replace(bench.state, sites=(), totals={})
        self.alike: dict[Hashable, tuple[tuple[Deed, ...], Choices[SitePart]]] = {}

    def diagram(self, criterion: Criterion) -> Diagram:
        """Of a criterion that is graded in the community."""
        reach = self.reaches.of(criterion, self.bench.known.values)

        def judged(state: State) -> SetOutcome:
            return outcome_of(judge(self.ruleset, criterion, state, state.knowledge(self.ruleset.facts)))

        return Diagram(criterion.id, grown(self.where, reach, self.home, judged))

    def graded(self, criterion: Criterion) -> SiteGraded:
        """Of a criterion that is graded at sites."""
        views = self.bench.views_of(criterion.per)
        adding = self.bench.adding(criterion) if criterion.over == "sum" else []
        if adding:
            found = [self._sum(criterion, adding)]
        elif not views:
            found = []
        else:
            found = list(joined(criterion, [self._at(criterion, view) for view in views]))
        parts, fixed = [], [Addend(0, 0, False)]
        for one in found:
            if one.choices.root < 0 and not one.cut:
                fixed.append(one.choices.outcome(()))
            else:
                site = views[one.site].site if one.site is not None else None
                parts.append((one, site.id if site else ""))
        low = sum((Fraction(share.low) for share in fixed), start=Fraction(0))
        rest = Addend(low, sum(s.possible for s in fixed), any(s.open for s in fixed))
        return SiteGraded(criterion, tuple(parts), rest)

    def _at(self, criterion: Criterion, view: SiteView) -> Choices[SitePart]:
        """What it comes to at a site; sites that are alike in all that matters have the same diagram."""
        reach = self.reaches.of(criterion, view.known.values, view.site)
        site = view.site.id if view.site else ""
        known = view.known
        key = (
            criterion.id,
            view.count,
            in_force(view.state, criterion.id) is not None,
            tuple((deed.action.id, deed.site == site) for deed in reach.deeds),
            frozenset((fact, at == site, known.values.get(fact), known.spans.get(fact)) for at, fact in reach.slots),
        )
        if key not in self.alike:
            self.alike[key] = reach.deeds, self._judged_at(criterion, view, reach)
        deeds, choices = self.alike[key]
        return choices.renamed({old.id: new.id for old, new in zip(deeds, reach.deeds, strict=True)})

    def _judged_at(self, criterion: Criterion, view: SiteView, reach: Reach) -> Choices[SitePart]:
        def judged(state: State) -> SitePart:
            seen = self._seen(state)
            known = seen.knowledge(self.ruleset.facts)
            return part_of(judge(self.ruleset, criterion, seen, known), view.count)

        return grown(self.where, reach, self._with(view), judged)

    def _with(self, view: SiteView) -> State:
        return replace(self.home, sites=(view.site,) if view.site else ())

    def _seen(self, state: State) -> State:
        """The one site as a community, once deeds are done."""
        return state.at(state.sites[0] if state.sites else None, self.where.served)

    def _sum(self, criterion: Criterion, views: Sequence[SiteView]) -> Joined:
        """One grading over what the sites add up to and what is known in the community."""
        facts, adds = self.ruleset.facts, [f for f in criterion.facts if f in self.ruleset.site_facts]
        known: dict[Hashable, Knowledge] = {}

        def at_home(state: State) -> Hashable:
            here = state.knowledge(facts)
            key = frozenset(here.values.items()), here.promised
            known[key] = here
            return key

        def at_site(view: SiteView, state: State) -> Sums:
            here = replace(view, known=self._seen(state).knowledge(facts))
            return tuple((span.low, span.high) for span in added_by(here, adds))

        home: Choices[Hashable] = grown(self.where, self._reach_home(criterion), self.home, at_home)
        parts = [home]
        for view in views:
            reach = self.reaches.of(criterion, view.known.values, view.site)
            parts.append(grown(self.where, reach, self._with(view), lambda state, view=view: at_site(view, state)))  # type: ignore[misc]

        def end(told: tuple[Hashable, Sums]) -> Addend:
            spans = [Span(low, high) for low, high in told[1]]
            here = summed(known[told[0]], dict(zip(adds, spans, strict=True)))
            outcome = outcome_of(judge(self.ruleset, criterion, self.home, here))
            return Addend(outcome.low, outcome.possible, bool(outcome.veto or outcome.redline))

        start: tuple[Hashable, Sums] = (None, ((0, 0),) * len(adds))
        return chain(parts, start, _added, end)

    def _reach_home(self, criterion: Criterion) -> Reach:
        reach = self.reaches.of(criterion, self.bench.known.values)
        return replace(reach, slots=frozenset(slot for slot in reach.slots if not slot[0]))


def _added(told: tuple[Hashable, Sums], part: Hashable) -> tuple[Hashable, Sums]:
    home, sums = told
    if home is None:
        return part, sums
    assert isinstance(part, tuple)
    return home, tuple((low + a, high + b) for (low, high), (a, b) in zip(sums, part, strict=True))


def in_one_unit(graded: Sequence[Diagram | SiteGraded]) -> tuple[tuple[Diagram, ...], int, bool]:
    """Every diagram in whole units, how many units a ten-thousandth has, and whether nothing had to be rounded."""
    unit = 1
    for low in _lows(graded):
        unit = lcm(unit, Fraction(low).denominator)
        if unit > FINEST:
            break
    exact = unit <= FINEST
    unit = unit if exact else FINEST
    found: list[Diagram] = []
    for one in graded:
        found += _whole(one, unit) if isinstance(one, SiteGraded) else [_scaled(one, unit)]
    return tuple(found), unit, exact


def _lows(graded: Sequence[Diagram | SiteGraded]) -> Iterator[Number]:
    for one in graded:
        if isinstance(one, Diagram):
            yield from (outcome.low for outcome in one.choices.outcomes if not isinstance(outcome.low, int))
        else:
            yield one.fixed.low
            yield from (share.low for part, _ in one.parts for share in part.choices.outcomes)


def _scaled(diagram: Diagram, unit: int) -> Diagram:
    if unit == 1:
        return diagram

    def scaled(outcome: SetOutcome) -> SetOutcome:
        return outcome._replace(low=int(outcome.low * unit // 1), possible=outcome.possible * unit)

    return replace(diagram, choices=diagram.choices.become(scaled))


def _whole(graded: SiteGraded, unit: int) -> Iterator[Diagram]:
    flag = graded.criterion.flag
    veto, redline = (int(flag is not None and flag.kind == kind) for kind in ("veto", "redline"))

    def outcome(share: Addend) -> SetOutcome:
        low = Fraction(share.low) * unit // 1
        return SetOutcome(low, share.possible * unit, veto * share.open, redline * share.open)

    id = graded.criterion.id
    yield Diagram(id, Choices(~0, (), (outcome(graded.fixed),)))
    for part, site in graded.parts:
        yield Diagram(id, part.choices.become(outcome), site, graded.criterion.points * unit if part.cut else None)
