"""How far one site can be improved, and the cheapest way to every gain.

Actions that touch no criterion in common are mixed freely; only those that do are tried in all their combinations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from math import lcm
from typing import Final, NamedTuple, TypeAlias

from checklist.engine.forecast.drawn_community import DrawnCommunity
from checklist.engine.forecast.site_actions import SiteWork, cost_of, site_actions
from checklist.engine.forecast.site_marks import SiteMarks
from checklist.engine.planning.deeds import Whereabouts
from checklist.engine.planning.diagram import DeedReaches
from checklist.engine.planning.order import order_of
from checklist.model.numbers import Bound
from checklist.model.rules.ruleset import Action

MOST_TOGETHER: Final = 10
"""So many actions that meet in a criterion are tried in all their combinations."""
MOST_LEVELS: Final = 50_000

Unadded: TypeAlias = tuple[Bound, ...]
"""What a site brings into that which does not add up over sites."""


class Gained(NamedTuple):
    """How far a site came towards the target, as far as that adds up over sites, and what it brings ``apart`` from that."""

    points: int
    apart: Unadded


Gain: TypeAlias = Callable[[SiteWork, SiteMarks], Gained | None]
"""What a site has gained once it brings this; None where that cannot be told."""


class ActionChain(NamedTuple):
    """Actions, and those that were decided before them."""

    actions: tuple[Action, ...]
    before: ActionChain | None

    @property
    def ids(self) -> set[str]:
        found: set[str] = set()
        at: ActionChain | None = self
        while at is not None:
            found.update(action.id for action in at.actions)
            at = at.before
        return found


class Level(NamedTuple):
    """No cheaper way gains as much."""

    cost: int
    gain: int
    way: ActionChain


class Price:
    """What actions cost as one whole number: yuan at most decide, then person-days."""

    def __init__(self, actions: Iterable[Action]) -> None:
        """``actions`` are all that may be done, each as often as it may be."""
        costs = [cost_of(action) for action in actions]
        self.unit = lcm(*(part.denominator for cost in costs for part in cost))
        self.yuan = 1 + int(sum((days for _, days in costs), 0) * self.unit)

    def of(self, actions: Iterable[Action]) -> int:
        costs = [cost_of(action) for action in actions]
        return sum(int(yuan * self.unit) * self.yuan + int(days * self.unit) for yuan, days in costs)

    def yuan_of(self, price: int) -> int:
        return price // self.yuan // self.unit


class SiteParts:
    """The actions of one site in groups that do not meet."""

    def __init__(self, one: DrawnCommunity, work: SiteWork) -> None:
        able = site_actions(one.bench.ruleset, work.kind)
        self.work, self.able = work, able
        self.groups = _groups(one, work, able)

    def inside(self, way: ActionChain) -> tuple[Action, ...]:
        """In the order in which they are done."""
        ids = way.ids
        return tuple(action for action in self.able if action.id in ids)

    def levels(self, price: Price, gain: Gain, dearest: int) -> dict[Unadded, list[Level]] | None:
        """From nothing done to the most gained for ``dearest``, cost and gain rising, by what the site brings apart; None
        where it cannot be told."""
        work = self.work
        start, whole = gain(work, work.now), gain(work, work.with_actions(self.able))
        if start is None or whole is None or any(len(group) > MOST_TOGETHER for group in self.groups):
            return None
        levels, most = {start.apart: [Level(0, 0, ActionChain((), None))]}, 0
        for group in self.groups:
            options: dict[Unadded, list[Level]] = {}
            told: Gained | None = start
            for way in _subsets(group):
                told = gain(work, work.with_actions(way))
                if told is None:
                    return None
                options.setdefault(told.apart, []).append(Level(price.of(way), told.points, ActionChain(way, None)))
            most += told.points if told is not None else 0
            levels = _mixed(levels, options, start.apart, dearest)
            if sum(map(len, levels.values())) > MOST_LEVELS:
                return None
        return levels if most == whole.points else None


def _groups(one: DrawnCommunity, work: SiteWork, able: Sequence[Action]) -> list[list[Action]]:
    """Those that touch a criterion together, or need one another; each in the order in which they are done."""
    bench = one.bench
    where = Whereabouts(bench.ruleset, bench)
    reaches = DeedReaches(where, [deed for deed in order_of(where.deeds()).sequence if deed.site == work.site.id])
    known = work.sheet.views[work.place].known.values
    per = [c for c in bench.ruleset.active if c.per == work.kind]
    meeting = [{deed.action.id for deed in reaches.of(criterion, known, work.site).deeds} for criterion in per]
    meeting += [{action.id, *action.needs} for action in able]
    groups: list[set[str]] = []
    for some in meeting:
        apart = [group for group in groups if not group & some]
        groups = [*apart, some.union(*(group for group in groups if group & some))]
    return [[action for action in able if action.id in group] for group in groups if group]


def _subsets(group: Sequence[Action]) -> Iterator[tuple[Action, ...]]:
    """All that can be done of a group, from nothing to everything."""
    for number in range(len(group) + 1):
        for some in combinations(group, number):
            ids = {action.id for action in some}
            if all(ids.issuperset(action.needs) for action in some):
                yield some


def _mixed(
    levels: Mapping[Unadded, Sequence[Level]], options: Mapping[Unadded, Sequence[Level]], start: Unadded, dearest: int
) -> dict[Unadded, list[Level]]:
    """Every level with every option of one more group."""
    found: dict[Unadded, list[Level]] = {}
    for before, some in levels.items():
        for apart, ways in options.items():
            both = tuple(one if new == old else new for one, new, old in zip(before, apart, start, strict=True))
            found.setdefault(both, []).extend(
                Level(at.cost + way.cost, at.gain + way.gain, ActionChain(way.way.actions, at.way))
                for at in some
                for way in _rising(ways)
                if at.cost + way.cost <= dearest
            )
    return {apart: _rising(some) for apart, some in found.items() if some}


def _rising(levels: Iterable[Level]) -> list[Level]:
    """Those of which no cheaper one gains as much."""
    found: list[Level] = []
    for level in sorted(levels, key=lambda one: (one.cost, -one.gain)):
        if not found or level.gain > found[-1].gain:
            found.append(level)
    return found
