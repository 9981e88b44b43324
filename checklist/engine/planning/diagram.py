"""What a criterion comes to under every set of deeds, as a decision diagram. The engine judges every leaf.

A criterion reads few facts and few deeds touch them. Applying those deeds in the fixed order, taken or not, gives
a layered graph whose nodes are distinct states of those facts; equal parts are merged. Whatever the deeds do
(raise, replace, worsen, follow another fact), the graph holds the exact outcome of each of their subsets.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from checklist.engine.planning.decision_graph import Choices, ChoiceTable, Fork, Leaf
from checklist.engine.planning.deeds import Deed, Whereabouts
from checklist.model.results.assessment import Finding
from checklist.model.rules.facts import kin_of
from checklist.model.rules.ruleset import Criterion
from checklist.model.state import Site, Slot, State


class SetOutcome(NamedTuple):
    """Sure points and applicable points, and whether a veto or a red line is open. Points in ten-thousandths, or in
    the finer unit of a program with sites."""

    low: int
    possible: int
    veto: int
    redline: int


@dataclass(frozen=True, slots=True, eq=False)
class Diagram:
    """What a criterion, or a part of it such as one site, adds to the sums under every set of deeds.

    ``site`` is the part's, as far as there is one. ``most``: what it says is the least, in truth it may be up to so many
    points; None where it is exact.
    """

    criterion: str
    choices: Choices[SetOutcome]
    site: str = ""
    most: int | None = None

    @property
    def root(self) -> int:
        return self.choices.root

    @property
    def nodes(self) -> tuple[Fork, ...]:
        return self.choices.nodes

    @property
    def outcomes(self) -> tuple[SetOutcome, ...]:
        return self.choices.outcomes

    @property
    def actions(self) -> tuple[str, ...]:
        return self.choices.actions

    def outcome(self, ids: Collection[str]) -> SetOutcome:
        return self.choices.outcome(ids)

    def sets(self) -> Iterator[tuple[frozenset[str], SetOutcome]]:
        return self.choices.sets()


@dataclass(frozen=True, slots=True)
class Reach:
    """The slots that decide a criterion, at a site or in the community, once deeds are at work, and the deeds that
    touch them, in order."""

    criterion: Criterion
    slots: frozenset[Slot]
    deeds: tuple[Deed, ...]


class DeedReaches:
    """Which deeds touch which criterion; ``deeds`` in the fixed order."""

    def __init__(self, where: Whereabouts, deeds: Iterable[Deed]) -> None:
        self.where, self.sequence = where, list(deeds)
        self.writers: dict[Slot, list[int]] = {}
        for n, deed in enumerate(self.sequence):
            for slot in deed.sets:
                self.writers.setdefault(slot, []).append(n)

    def of(self, criterion: Criterion, known: Container[str], site: Site | None = None) -> Reach:
        """``known`` are the facts that are known before any deed.

        What is unknown is as wide as its parts and wholes leave it: the deeds that change those reach it too.
        """
        facts, slot = self.where.ruleset.facts, self.where.slot
        unknown = [fact for fact in criterion.facts if fact not in known]
        kin = (name for fact in unknown for name in kin_of(facts, fact))
        slots = {slot(fact, site) for fact in (*criterion.facts, *kin)}
        queue = list(slots)
        touching: set[int] = set()
        while queue:
            here = queue.pop()
            for n in self.writers.get(here, ()):
                touching.add(n)
                place = site if here[0] else None
                new = {slot(name, place) for name in self.sequence[n].sets[here].reads} - slots
                slots |= new
                queue += new
        return Reach(criterion, frozenset(slots), tuple(self.sequence[n] for n in sorted(touching)))


def outcome_of(finding: Finding) -> SetOutcome:
    flag = finding.criterion.flag
    opened = finding.flag == "open" and flag is not None
    return SetOutcome(
        finding.low,  # type: ignore[arg-type]  # thirds are made whole by in_one_unit
        finding.possible,
        int(opened and flag is not None and flag.kind == "veto"),
        int(opened and flag is not None and flag.kind == "redline"),
    )


def grown(where: Whereabouts, reach: Reach, state: State, judged: Callable[[State], Leaf]) -> Choices[Leaf]:
    """Grow the layers from the root down, judge the leaves, then merge equal parts from the leaves up.

    The state is that of the community, with the one site alone where the reach is that of a site.
    """
    here = _restricted(state, reach.slots)
    layers: list[dict[Hashable, State]] = [{_key(where, here): here}]
    arcs: list[dict[Hashable, Hashable]] = []
    for deed in reach.deeds:
        following, taken = dict(layers[-1]), {}
        for key, at in layers[-1].items():
            after = where.after(at, deed, reach.slots)
            taken[key] = _key(where, after)
            following.setdefault(taken[key], after)
        layers.append(following)
        arcs.append(taken)
    table = ChoiceTable[Leaf]()
    below = {key: table.leaf(judged(at)) for key, at in layers[-1].items()}
    for deed, layer, taken in zip(reversed(reach.deeds), reversed(layers[:-1]), reversed(arcs), strict=True):
        below = {key: table.fork(deed.id, below[key], below[taken[key]]) for key in layer}
    return table.choices(next(iter(below.values())))


def _restricted(state: State, slots: Collection[Slot]) -> State:
    sites = tuple(
        replace(site, readings={f: r for f, r in site.readings.items() if (site.id, f) in slots})
        for site in state.sites
    )
    return replace(state, readings={f: r for f, r in state.readings.items() if ("", f) in slots}, sites=sites)


def _key(where: Whereabouts, state: State) -> Hashable:
    """What is known, in the community and at the site."""
    told = []
    for seen in (state, *(state.at(site, where.served) for site in state.sites)):
        known = seen.knowledge(where.ruleset.facts)
        told.append(frozenset({*known.values.items(), *((f"{fact} promised", True) for fact in known.promised)}))
    return tuple(told)


def total(diagrams: Iterable[Diagram], ids: Collection[str]) -> SetOutcome:
    """The whole community's outcome under a set of deeds."""
    sums = [0, 0, 0, 0]
    for diagram in diagrams:
        for n, part in enumerate(diagram.outcome(ids)):
            sums[n] += part
    return SetOutcome(*sums)


def by_action(diagrams: Iterable[Diagram]) -> Mapping[str, tuple[Diagram, ...]]:
    """A deed's id → the diagrams in which it makes a difference."""
    found: dict[str, list[Diagram]] = {}
    for diagram in diagrams:
        for action in diagram.actions:
            found.setdefault(action, []).append(diagram)
    return {action: tuple(touched) for action, touched in found.items()}
