"""Which readings no longer count after their day, and what expires within a week, in a sentence."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from checklist.model.noun import noun
from checklist.model.rules.facts import Fact
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import Reading, State

SOON_DAYS: Final = 7


@noun
class Expiry:
    """A recorded value and the last day on which it counts; ``days`` are left from the day looked from, negative when
    it is over."""

    fact: Fact
    reading: Reading
    last_day: date
    days: int


def expiring(ruleset: Ruleset, state: State, day: date, within: int = SOON_DAYS) -> tuple[Expiry, ...]:
    """Every recorded value that is stale on ``day`` or will be after ``within`` more days, the soonest first."""
    found = []
    for name, reading in state.readings.items():
        fact = ruleset.facts.get(name)
        if fact is None or reading.value is None:
            continue
        last = reading.on + timedelta(days=fact.valid_for_days)
        if (last - day).days <= within:
            found.append(Expiry(fact, reading, last, (last - day).days))
    return tuple(sorted(found, key=lambda e: (e.last_day, e.fact.id)))


def soon(ruleset: Ruleset, state: State) -> tuple[Expiry, ...]:
    """What counts on the record's day and no longer a week later."""
    return tuple(e for e in expiring(ruleset, state, state.as_of) if e.days >= 0)


def soon_text(ruleset: Ruleset, state: State, shown: int = 6) -> str:
    """One sentence for a screen or paper: what expires within a week of the record; empty when nothing."""
    found = soon(ruleset, state)
    if not found:
        return ""
    names = "、".join(f"{e.fact.label}（{f'{e.days} 天' if e.days else '今天'}）" for e in found[:shown])
    return f"一周内过期 {len(found)} 项{'，最早的' if len(found) > shown else ''}：{names}"
