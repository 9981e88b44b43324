"""Criteria of the shipped ruleset that are worded roundabout, against what they mean, for every record there is."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import product

import pytest

from checklist.engine.scoring.judge import judge
from checklist.model.rules.facts import Value
from checklist.model.state import Community, Reading, State
from tests.support.shipped import BASE, shipped

DAY = date(2026, 11, 28)
LEVELS = ("A", "B", "C")


def level(id: str, facts: dict[str, Value]) -> str | None:
    """The level of one criterion; it must be decided by the facts given."""
    ruleset = shipped(BASE)
    readings = {name: Reading(name, value, DAY) for name, value in facts.items()}
    state = State(Community("c", "某社区"), BASE, DAY, readings)
    finding = judge(ruleset, ruleset.criterion(id), state, state.knowledge(ruleset.facts))
    assert finding.best == finding.worst
    return finding.best


def test_function_rooms_are_graded_by_their_share() -> None:
    rooms = list(shipped(BASE).facts["rooms"].options)
    for required, there in ((n, k) for n in range(1, len(rooms) + 1) for k in range(n + 1)):
        share = Fraction(there, required)
        meant = "A" if share == 1 else "B" if share >= Fraction(85, 100) else "C" if share >= Fraction(7, 10) else None
        found = level("FAC-05", {"rooms_required": frozenset(rooms[:required]), "rooms": frozenset(rooms[:there])})
        assert found == meant, (required, there)


def test_an_unpaved_length_without_sections_is_one_finding() -> None:
    for metres, sections, potholes in product((Fraction(0), Fraction(1, 100), Fraction(40)), range(4), range(4)):
        findings = max(sections, 1 if metres else 0) + potholes
        facts: dict[str, Value] = {"road_unpaved_m": metres, "road_unpaved_sections": sections}
        meant = LEVELS[findings] if findings < 3 else None
        assert level("INF-01", {**facts, "potholes": potholes}) == meant, (metres, sections, potholes)


def test_no_waste_point_is_no_sorting() -> None:
    for points, signs, times in product(range(4), (False, True), (False, True)):
        met = (points * 500 >= 1000) + signs + times
        facts: dict[str, Value] = {"households": 1000, "waste_points": points, "sorted_sign": signs}
        meant = None if points == 0 or met == 0 else LEVELS[3 - met]
        assert level("ENV-06", {**facts, "drop_times_posted": times}) == meant, (points, signs, times)


@pytest.mark.parametrize("n", range(1, 10))
def test_a_survey_that_nobody_was_asked_has_no_level(n: int) -> None:
    ruleset = shipped(BASE)
    fact = next(name for name in ruleset.criterion(f"SAT-0{n}").facts if name.endswith("_ratio"))
    for percent in range(0, 101):
        ratio = Fraction(percent, 100)
        assert level(f"SAT-0{n}", {fact: ratio, "survey_sample_households": 0}) is None
        if n != 7:
            meant = "A" if percent >= 66 else "B" if percent >= 33 else "C"
            assert level(f"SAT-0{n}", {fact: ratio, "survey_sample_households": 1}) == meant


def test_the_volunteer_station_shows_one_of_three_and_the_entrance_one_of_three() -> None:
    for posted, things, people, sign in product((False, True), repeat=4):
        facts: dict[str, Value] = {"vol_station_rules": posted, "vol_station_equipped": things}
        meant = "A" if posted or things or people else "C" if sign else None
        assert level("VOL-05", {**facts, "vol_station_staffed": people, "vol_station_sign": sign}) == meant
    ways = ("ramp", "handrail", "curb_ramp", "sign", "accessible_toilet")
    for chosen in product((False, True), repeat=len(ways)):
        present = frozenset(way for way, there in zip(ways, chosen, strict=True) if there)
        for usable in (False, True):
            met = bool(present & set(ways[:3])) + ("sign" in present) + (bool(present) and usable)
            given: dict[str, Value] = {
                "accessible_features_required": frozenset(ways),
                "accessible_features_usable": usable,
            }
            meant = LEVELS[3 - met] if met else None
            assert level("INF-07", {**given, "accessible_features_present": present}) == meant
