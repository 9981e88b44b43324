"""Where actions are done: what sets facts of sites at each listed site, everything else once in the community.

A site that nobody has listed is unknown, not dirty: nothing is done there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from checklist.engine.scoring.sites import Bench
from checklist.model.planning.tasks import task_id
from checklist.model.rules.effects import Effect
from checklist.model.rules.facts import Knowledge
from checklist.model.rules.ruleset import Action, Ruleset
from checklist.model.state import Reading, Site, Slot, State


@dataclass(frozen=True, slots=True)
class Deed:
    """An action done at one site, or once in the community (``site`` empty).

    ``needs`` are the deeds that come first, ``sets`` what it changes where; ``reads`` what its effects look at.
    """

    id: str
    action: Action
    site: str
    needs: tuple[str, ...]
    sets: Mapping[Slot, Effect]
    reads: tuple[Slot, ...]


def _some(readings: Mapping[str, Reading], names: Collection[str]) -> dict[str, Reading]:
    return {name: readings[name] for name in names if name in readings}


class Whereabouts:
    """Where the facts of one community lie: at the sites of a kind that it has, or in the community."""

    def __init__(self, ruleset: Ruleset, bench: Bench | None = None) -> None:
        """Without a bench there are no sites."""
        self.ruleset = ruleset
        kinds = () if bench is None else tuple(kind for kind in ruleset.site_kinds if bench.has(kind))
        self.sites: dict[str, tuple[Site, ...]] = {kind: bench.state.sites_of(kind) for kind in kinds} if bench else {}
        self.served = frozenset(name for name, fact in ruleset.facts.items() if fact.serves)

    def kind(self, fact: str) -> str:
        """The kind of site at which a fact lies; empty for the community."""
        kind = self.ruleset.site_facts.get(fact, "")
        return kind if kind in self.sites else ""

    def slot(self, fact: str, site: Site | None) -> Slot:
        """Where a site, or the community, sees a fact."""
        return (site.id if site is not None and self.kind(fact) == site.kind else "", fact)

    def deeds(self) -> tuple[Deed, ...]:
        """Everything that can be done here, in the ruleset's order."""
        kinds = {id: dict.fromkeys(map(self.kind, action.sets)) for id, action in self.ruleset.actions.items()}
        places = {id: self._places(self.ruleset.actions[id], kinds[id]) for id in self.ruleset.actions}
        actions = self.ruleset.actions.values()
        return tuple(self._deed(action, site, places) for action in actions for site in places[action.id])

    def _places(self, action: Action, kinds: Collection[str]) -> dict[str, Site | None]:
        if action.once or not any(kinds):
            return {"": None}
        return {site.id: site for kind in kinds if kind for site in self.sites[kind]}

    def _deed(self, action: Action, at: str, places: Mapping[str, Mapping[str, Site | None]]) -> Deed:
        sets: dict[Slot, Effect] = {}
        reads: list[Slot] = []
        site = places[action.id][at]
        for fact, effect in action.sets.items():
            kind = self.kind(fact)
            there = [None] if not kind else self.sites[kind] if site is None else [site] if site.kind == kind else []
            for place in there:
                sets[self.slot(fact, place)] = effect
                reads += [self.slot(name, place) for name in effect.reads]
        needs = [
            task_id(need, one) for need in action.needs for one in ([at] if at in places[need] else list(places[need]))
        ]
        return Deed(task_id(action.id, at), action, at, tuple(dict.fromkeys(needs)), sets, tuple(reads))

    def all_done(self, state: State, deeds: Iterable[Deed]) -> State:
        """The record once all these are done, in this order: each looks at the few facts that concern it."""
        home, sites = dict(state.readings), {site.id: site for site in state.sites}
        for deed in deeds:
            names = {fact for _, fact in (*deed.sets, *deed.reads)}
            touched = [sites[id] for id in dict.fromkeys(at for at, _ in deed.sets if at)]
            here = tuple(replace(site, readings=_some(site.readings, names)) for site in touched)
            state = self.after(replace(state, readings=_some(home, names), sites=here), deed)
            home.update(state.readings)
            for site, after in zip(touched, state.sites, strict=True):
                sites[site.id] = replace(after, readings={**site.readings, **after.readings})
        return replace(state, readings=home, sites=tuple(sites.values()))

    def after(self, state: State, deed: Deed, only: Collection[Slot] | None = None) -> State:
        """The record once a deed is done, all its effects read from the same moment; ``only`` some of what it sets."""
        facts = self.ruleset.facts
        sets = {slot: effect for slot, effect in deed.sets.items() if only is None or slot in only}
        at_home = {fact: effect for (site, fact), effect in sets.items() if not site}
        done = state.after(at_home, facts) if at_home else state
        if len(at_home) == len(sets):
            return done
        return replace(done, sites=tuple(self._site_after(state, site, sets) for site in state.sites))

    def _site_after(self, state: State, site: Site, sets: Mapping[Slot, Effect]) -> Site:
        here = {fact: effect for (at, fact), effect in sets.items() if at == site.id}
        if not here:
            return site
        seen = state.at(site, self.served).after(here, self.ruleset.facts)
        own = site.readings.keys() | here.keys()
        return replace(
            site,
            readings={name: replace(r, site=site.id) for name, r in seen.readings.items() if name in own},
            unusable=site.unusable - here.keys(),
            defects={name: found for name, found in site.defects.items() if name not in here},
            promised=seen.promised - self.served,
        )

    def known(self, state: State) -> dict[str, Knowledge]:
        """What is known in the community (``""``) and, by id, at each site that counts."""
        found = {"": state.knowledge(self.ruleset.facts)}
        for sites in self.sites.values():
            for site in sites:
                found[site.id] = state.at(site, self.served).knowledge(self.ruleset.facts)
        return found

    def in_place(self, deed: Deed, known: Mapping[str, Knowledge]) -> bool:
        """Whether everything that the deed would bring about is on record already: then nothing waits for it."""
        for (site, fact), effect in deed.sets.items():
            here = known[site]
            result = effect.result(self.ruleset.facts[fact], here)
            if result is None or here.value(fact) != result:
                return False
        return True
