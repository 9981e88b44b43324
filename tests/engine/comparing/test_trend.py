"""The life of a gap over several records, against a plain retelling of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklist.engine.comparing.trend import trend
from checklist.engine.scoring.assess import assess
from checklist.model.results.trend import Trend
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import Reading, State
from checklist.reports.changes.trend_screen import spark
from tests.support.laws import examples
from tests.support.strategies import DAY, state_of

FACT, CRITERION = "dead_corners", "ENV-10"
"""None found is full marks, some found is a gap, not recorded is unknown."""

STEP = 10


def history(ruleset: Ruleset, story: str) -> Trend:
    """``0`` nothing found, ``1`` something found, ``?`` not recorded: one record every ten days."""
    states = []
    for i, what in enumerate(story):
        day = DAY + timedelta(days=STEP * i)
        readings = {} if what == "?" else {FACT: Reading(FACT, 9 * int(what), day)}
        states.append(replace(state_of(ruleset, {}), as_of=day, readings=readings))
    return trend([assess(ruleset, state) for state in reversed(states)])


@pytest.fixture(scope="module")
def narrow(ruleset: Ruleset) -> Ruleset:
    criterion = next(c for c in ruleset.criteria if c.id == CRITERION)
    assert criterion.facts == (FACT,)
    return replace(ruleset, criteria=(criterion,))


def retold(story: str) -> tuple[list[tuple[int, int | None]], int, int]:
    """Spells as record numbers, closures that could come back, and relapses; ``?`` changes nothing."""
    spells: list[tuple[int, int | None]] = []
    for i, what in enumerate(story):
        running = bool(spells) and spells[-1][1] is None
        if what == "1" and not running:
            spells.append((i, None))
        elif what == "0" and running:
            spells[-1] = (spells[-1][0], i)
    closures = sum(end is not None and end < len(story) - 1 for _, end in spells)
    return spells, closures, max(len(spells) - 1, 0)


@settings(max_examples=examples(60), deadline=None)
@given(st.text("01?", min_size=1, max_size=8))
def test_spells_closures_and_relapses(narrow: Ruleset, story: str) -> None:
    found = history(narrow, story)
    spells, closures, relapses = retold(story)
    days = [(DAY + timedelta(days=STEP * a), None if b is None else DAY + timedelta(days=STEP * b)) for a, b in spells]
    assert [(s.since, s.until) for s in found.spells] == days
    assert [s.days for s in found.spells] == [STEP * ((len(story) - 1 if b is None else b) - a) for a, b in spells]
    assert (found.closures, found.relapses) == (closures, relapses)
    assert found.relapse_rate == (Fraction(relapses, closures) if closures else None)
    assert found.moments[-1].open == len(found.still_open)


def test_one_line_is_one_community_and_one_record_a_day(narrow: Ruleset) -> None:
    one = state_of(narrow, {})
    other: State = replace(one, community=replace(one.community, id="y"), as_of=DAY + timedelta(days=1))
    for wrong in ([], [one, one], [one, other]):
        with pytest.raises(ValueError):
            trend([assess(narrow, state) for state in wrong])


def test_a_spark_is_on_a_fixed_scale() -> None:
    assert spark([Fraction(0), Fraction(50), Fraction(100)]) == "▁▅█"
