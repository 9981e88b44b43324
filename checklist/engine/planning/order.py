"""In what order actions take effect, and on which day each is finished.

Three rules tie actions to each other beyond ``needs``:

* an action that reads a fact (``equal_to``, ``of``) starts once every chosen action that sets this fact is finished;
* of two chosen actions that set the same fact, the later one in the fixed order is not finished before the earlier;
* where actions read each other's facts in a circle, the fixed order cuts it, and there a writer is not finished before
  the reader that comes earlier.

The fixed order lists needs before the actions that need them and writers before readers; otherwise what is finished
sooner comes first, then the ruleset's order decides. Applying the chosen actions in this order is therefore the same
as applying them on the days on which they are finished, and the outcome depends on the set alone.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from checklist.engine.planning.deeds import Deed
from checklist.model.planning.plan import Days
from checklist.model.state import Slot

Edge = tuple[str, int]
"""An earlier action, and 1 when the later one starts after it, 0 when it is only not finished before it."""


@dataclass(frozen=True, slots=True)
class Order:
    """``sequence`` is the fixed order, ``place`` where each stands in it; ``before`` the edges from each action back to those it waits for."""

    sequence: tuple[Deed, ...]
    before: Mapping[str, tuple[Edge, ...]]
    place: Mapping[str, int]

    def chosen(self, ids: Collection[str]) -> tuple[Deed, ...]:
        return tuple(self.sequence[n] for n in sorted(self.place[id] for id in ids))

    def finish(self, ids: Collection[str]) -> Days:
        """The day on which each chosen action is finished when everything starts as early as it can."""
        days: dict[str, int] = {}
        for deed in self.chosen(ids):
            waits = [(days[earlier], starts) for earlier, starts in self.before[deed.id] if earlier in days]
            start = max((day for day, starts in waits if starts), default=0)
            days[deed.id] = max([start + deed.action.lead_days, *(day for day, starts in waits if not starts)])
        return days

    def start(self, deed: Deed, days: Days) -> int:
        """The latest day on which it can start and still be finished on its day."""
        return days[deed.id] - deed.action.lead_days

    def too_long(self, ids: Collection[str], limit: int) -> Iterator[tuple[str, ...]]:
        """Every shortest chain among ``ids`` that, all chosen, is finished after ``limit`` days."""
        chosen = self.chosen(ids)
        lead = {deed.id: deed.action.lead_days for deed in chosen}
        after: dict[str, list[Edge]] = {id: [] for id in lead}
        for later in lead:
            for earlier, starts in self.before[later]:
                if earlier in after:
                    after[earlier].append((later, starts))
        tail: dict[str, int] = {}
        for deed in reversed(chosen):
            tail[deed.id] = max((starts * lead[n] + tail[n] for n, starts in after[deed.id]), default=0)
        for deed in chosen:
            yield from _grow((deed.id,), lead[deed.id], limit, after, lead, tail)


def _grow(
    chain: tuple[str, ...],
    length: int,
    limit: int,
    after: Mapping[str, list[Edge]],
    lead: Mapping[str, int],
    tail: Mapping[str, int],
) -> Iterator[tuple[str, ...]]:
    if length > limit:
        yield chain
    elif length + tail[chain[-1]] > limit:
        for later, starts in after[chain[-1]]:
            yield from _grow((*chain, later), length + starts * lead[later], limit, after, lead, tail)


def order_of(deeds: Iterable[Deed]) -> Order:
    """The fixed order of these deeds. A circle of readers and writers is cut where the ruleset's order says so."""
    listed = list(deeds)
    writers: dict[Slot, list[str]] = {}
    for deed in listed:
        for slot in deed.sets:
            writers.setdefault(slot, []).append(deed.id)
    starts: dict[str, list[str]] = {}
    ids = {deed.id for deed in listed}
    readers: dict[Slot, list[str]] = {}
    for deed in listed:
        for slot in deed.reads:
            readers.setdefault(slot, []).append(deed.id)
        waits = [*deed.needs, *(w for slot in deed.reads for w in writers.get(slot, ()))]
        starts[deed.id] = [w for w in dict.fromkeys(waits) if w in ids and w != deed.id]
    sequence = _sorted(listed, starts)
    place = {deed.id: n for n, deed in enumerate(sequence)}
    before: dict[str, tuple[Edge, ...]] = {}
    for deed in sequence:
        touching = [w for slot in deed.sets for w in (*writers[slot], *readers.get(slot, ()))]
        same = [w for w in dict.fromkeys(touching) if place[w] < place[deed.id]]
        waits = [w for w in starts[deed.id] if place[w] < place[deed.id]]
        before[deed.id] = (*((w, 1) for w in waits), *((w, 0) for w in same if w not in waits))
    return Order(tuple(sequence), before, place)


def _sorted(listed: list[Deed], starts: Mapping[str, list[str]]) -> list[Deed]:
    """Kahn's algorithm; where a circle leaves nothing free, the first whose needs are done goes next."""
    rank = {deed.id: n for n, deed in enumerate(listed)}
    by_id = {deed.id: deed for deed in listed}
    waiting = {id: set(waits) for id, waits in starts.items()}
    followers: dict[str, list[str]] = {}
    for id, waits in waiting.items():
        for earlier in waits:
            followers.setdefault(earlier, []).append(id)
    ready = [(by_id[id].action.lead_days, rank[id], id) for id, waits in waiting.items() if not waits]
    heapq.heapify(ready)
    done: dict[str, Deed] = {}
    while len(done) < len(listed):
        if not ready:
            left = [deed for deed in listed if deed.id not in done]
            stuck = next((deed for deed in left if done.keys() >= by_id.keys() & set(deed.needs)), left[0])
            ready.append((stuck.action.lead_days, rank[stuck.id], stuck.id))
        _, _, id = heapq.heappop(ready)
        if id in done:
            continue
        done[id] = by_id[id]
        for follower in followers.get(id, ()):
            waiting[follower].discard(id)
            if not waiting[follower] and follower not in done:
                heapq.heappush(ready, (by_id[follower].action.lead_days, rank[follower], follower))
    return list(done.values())
