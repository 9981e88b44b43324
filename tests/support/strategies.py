"""Random facts, states and rulesets in the shapes that users write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import strategies as st

from checklist.model.numbers import INF
from checklist.model.rules.facts import Fact, Value, parts_of
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import Community, Reading, State

DAY = date(2026, 6, 1)


def values(fact: Fact, interesting: Iterable[int | Fraction] = ()) -> st.SearchStrategy[Value]:
    """Any value a record may hold, with a preference for those near a threshold."""
    match fact.type:
        case "bool":
            return st.booleans()
        case "choice":
            return st.sampled_from(list(fact.options))
        case "set":
            return st.frozensets(st.sampled_from(list(fact.options)))
        case "date":
            return st.integers(0, 3000).map(lambda days: DAY - timedelta(days=days))
    low = int(fact.low)
    high = 3000 if fact.high == INF else int(fact.high)
    if fact.type == "count":
        near = [v for i in interesting for v in (int(i) - 1, int(i), int(i) + 1) if low <= v <= fact.high]
        some = [st.sampled_from(near)] if near else []
        return st.one_of(st.integers(low, min(high, low + 6)), st.integers(low, high), *some)
    step = 10_000 if fact.type == "ratio" else 100
    return st.integers(low * step, high * step).map(lambda n: Fraction(n, step))


def state_of(ruleset: Ruleset, recorded: Mapping[str, Value]) -> State:
    readings = {name: Reading(name, value, DAY) for name, value in recorded.items()}
    return State(Community("x", "甲"), ruleset.id, DAY, readings)


@st.composite
def recorded(draw: st.DrawFn, ruleset: Ruleset, facts: Iterable[str]) -> dict[str, Value]:
    """Values for all the facts, parts never greater than their wholes."""
    names = list(facts)
    found = {name: draw(values(ruleset.facts[name])) for name in names}
    return repaired(ruleset, found)


def repaired(ruleset: Ruleset, found: dict[str, Value]) -> dict[str, Value]:
    """Lower every part to its whole, as a record without mistakes has it."""
    for part, whole in parts_of(ruleset.facts) * 2:
        less, more = found.get(part), found.get(whole)
        if isinstance(less, int | Fraction) and isinstance(more, int | Fraction) and less > more:
            found[part] = more
    return found
