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

from checklist.model.planning.plan import Days
from checklist.model.rules.ruleset import Action

Edge = tuple[str, int]
"""An earlier action, and 1 when the later one starts after it, 0 when it is only not finished before it."""


@dataclass(frozen=True, slots=True)
class Order:
    """``sequence`` is the fixed order; ``before`` the edges from each action back to those it waits for."""

    sequence: tuple[Action, ...]
    before: Mapping[str, tuple[Edge, ...]]

    def chosen(self, ids: Collection[str]) -> tuple[Action, ...]:
        return tuple(action for action in self.sequence if action.id in ids)

    def finish(self, ids: Collection[str]) -> Days:
        """The day on which each chosen action is finished when everything starts as early as it can."""
        days: dict[str, int] = {}
        for action in self.chosen(ids):
            waits = [(days[earlier], starts) for earlier, starts in self.before[action.id] if earlier in days]
            start = max((day for day, starts in waits if starts), default=0)
            days[action.id] = max([start + action.lead_days, *(day for day, starts in waits if not starts)])
        return days

    def start(self, action: Action, days: Days) -> int:
        """The latest day on which it can start and still be finished on its day."""
        return days[action.id] - action.lead_days

    def too_long(self, ids: Collection[str], limit: int) -> Iterator[tuple[str, ...]]:
        """Every shortest chain among ``ids`` that, all chosen, is finished after ``limit`` days."""
        chosen = self.chosen(ids)
        lead = {action.id: action.lead_days for action in chosen}
        after: dict[str, list[Edge]] = {id: [] for id in lead}
        for later in lead:
            for earlier, starts in self.before[later]:
                if earlier in after:
                    after[earlier].append((later, starts))
        tail: dict[str, int] = {}
        for action in reversed(chosen):
            tail[action.id] = max((starts * lead[n] + tail[n] for n, starts in after[action.id]), default=0)
        for action in chosen:
            yield from _grow((action.id,), lead[action.id], limit, after, lead, tail)


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


def order_of(actions: Iterable[Action]) -> Order:
    """The fixed order of these actions. A circle of readers and writers is cut where the ruleset's order says so."""
    listed = list(actions)
    writers: dict[str, list[str]] = {}
    for action in listed:
        for fact in action.sets:
            writers.setdefault(fact, []).append(action.id)
    starts: dict[str, list[str]] = {}
    ids = {action.id for action in listed}
    readers: dict[str, list[str]] = {}
    for action in listed:
        read = [fact for effect in action.sets.values() for fact in effect.reads]
        for fact in read:
            readers.setdefault(fact, []).append(action.id)
        waits = [*action.needs, *(w for fact in read for w in writers.get(fact, ()))]
        starts[action.id] = [w for w in dict.fromkeys(waits) if w in ids and w != action.id]
    sequence = _sorted(listed, starts)
    place = {action.id: n for n, action in enumerate(sequence)}
    before: dict[str, tuple[Edge, ...]] = {}
    for action in sequence:
        touching = [w for fact in action.sets for w in (*writers[fact], *readers.get(fact, ()))]
        same = [w for w in dict.fromkeys(touching) if place[w] < place[action.id]]
        waits = [w for w in starts[action.id] if place[w] < place[action.id]]
        before[action.id] = (*((w, 1) for w in waits), *((w, 0) for w in same if w not in waits))
    return Order(tuple(sequence), before)


def _sorted(listed: list[Action], starts: Mapping[str, list[str]]) -> list[Action]:
    """Kahn's algorithm; where a circle leaves nothing free, the first whose needs are done goes next."""
    rank = {action.id: n for n, action in enumerate(listed)}
    by_id = {action.id: action for action in listed}
    waiting = {id: set(waits) for id, waits in starts.items()}
    followers: dict[str, list[str]] = {}
    for id, waits in waiting.items():
        for earlier in waits:
            followers.setdefault(earlier, []).append(id)
    ready = [(by_id[id].lead_days, rank[id], id) for id, waits in waiting.items() if not waits]
    heapq.heapify(ready)
    done: dict[str, Action] = {}
    while len(done) < len(listed):
        if not ready:
            left = [action for action in listed if action.id not in done]
            stuck = next((action for action in left if done.keys() >= by_id.keys() & set(action.needs)), left[0])
            ready.append((stuck.lead_days, rank[stuck.id], stuck.id))
        _, _, id = heapq.heappop(ready)
        if id in done:
            continue
        done[id] = by_id[id]
        for follower in followers.get(id, ()):
            waiting[follower].discard(id)
            if not waiting[follower] and follower not in done:
                heapq.heappush(ready, (by_id[follower].lead_days, rank[follower], follower))
    return list(done.values())
