"""What actions make of a single site."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from checklist.engine.forecast.drawn_community import DrawnCommunity
from checklist.engine.forecast.site_marks import KindMarks, SiteMarks
from checklist.engine.planning.deeds import Whereabouts
from checklist.engine.planning.order import order_of
from checklist.model.numbers import Number
from checklist.model.rules.ruleset import Action, Ruleset
from checklist.model.state import Site


@dataclass(frozen=True, slots=True)
class SiteWork:
    """A listed site, what it brings ``now`` and ``then``, once ``actions`` are done there: all that do any good."""

    kind: str
    place: int
    site: Site
    now: SiteMarks
    then: SiteMarks
    actions: tuple[Action, ...]
    sheet: KindMarks

    @property
    def cost(self) -> tuple[Number, Number]:
        """Yuan at most, then person-days."""
        costs = [cost_of(action) for action in self.actions]
        return sum(yuan for yuan, _ in costs), sum(days for _, days in costs)

    @property
    def gain(self) -> Number:
        """Points won, of all criteria together."""
        return sum(self.then.lows) - sum(self.now.lows)

    def with_actions(self, actions: Sequence[Action]) -> SiteMarks:
        return self.sheet.with_actions(self.place, actions)


def cost_of(action: Action) -> tuple[Number, Number]:
    return action.yuan[1], action.effort_days


def works_of(one: DrawnCommunity) -> list[SiteWork]:
    """Every listed site of the kinds drawn where actions change something."""
    return [work for kind, sheet in one.sheets.items() for work in _works(one.bench.ruleset, kind, sheet)]


def _works(ruleset: Ruleset, kind: str, sheet: KindMarks) -> Iterator[SiteWork]:
    able = site_actions(ruleset, kind)
    for place, (view, now) in enumerate(zip(sheet.views, sheet.sites, strict=True)):
        then = sheet.with_actions(place, able)
        if view.site is None or then == now:
            continue
        kept = list(able)
        for action in sorted(able, key=cost_of, reverse=True):
            without = [other for other in kept if other is not action]
            if not any(action.id in other.needs for other in without) and sheet.with_actions(place, without) == then:
                kept = without
        yield SiteWork(kind, place, view.site, now, then, tuple(kept), sheet)


def site_actions(ruleset: Ruleset, kind: str) -> list[Action]:
    """The actions that move facts of such a site and nothing elsewhere, each after those that it needs."""
    found = {
        action.id: action
        for action in ruleset.actions.values()
        if action.sets and not action.once and all(ruleset.site_facts.get(fact) == kind for fact in action.sets)
    }
    while len(
        kept := {id: action for id, action in found.items() if all(need in found for need in action.needs)}
    ) < len(found):
        found = kept
    inside = order_of(Whereabouts(ruleset).deeds()).sequence
    return [deed.action for deed in inside if deed.action.id in found]
