"""A mock inspection: repeatable, fair, and independent of the order of records."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from checklist.engine.forecast.draw import draw_inspection
from checklist.model.results.forecast import Drawing, MockInspection
from checklist.model.state import State
from tests.engine.forecast.test_forecast import estates


def communities(number: int = 6) -> list[State]:
    state = estates(good=3, bad=1, unlisted=1)[1]
    streets = ("东街", "西街")
    return [
        replace(state, community=replace(state.community, id=f"c{n}", name=f"第{n}", street=streets[n % 2]))
        for n in range(number)
    ]


def drawn(seed: int, drawing: Drawing, states: list[State], by_risk: bool = False) -> MockInspection:
    return draw_inspection(estates(3, 1)[0], states, drawing, seed, by_risk=by_risk)


def shown(found: MockInspection) -> dict[str, list[str]]:
    return {v.community.id: [s.site.id if s.site else f"#{s.number}" for s in v.sites] for v in found.visits}


def test_the_same_seed_draws_the_same_wherever_and_in_whatever_order() -> None:
    """The drawing of seed 7 is written down: another version of Python must draw it too."""
    states, drawing = communities(), Drawing({"estate": 2}, 2)
    found = shown(drawn(7, drawing, states))
    assert found == shown(drawn(7, drawing, states[::-1]))
    assert found == {"c0": ["0", "1"], "c4": ["2", "3"]}
    assert any(shown(drawn(seed, drawing, states)) != found for seed in range(20))


def test_by_street_each_street_is_visited() -> None:
    found = drawn(1, Drawing({"estate": 1}, 1, by_street=True), communities())
    assert sorted(visit.community.street for visit in found.visits) == ["东街", "西街"]


def test_each_site_is_as_likely_as_any_other_and_by_risk_the_worst_is_likelier() -> None:
    states, drawing = communities(1), Drawing({"estate": 1})
    fair = Counter(shown(drawn(seed, drawing, states))["c0"][0] for seed in range(2000))
    assert set(fair) == {"0", "1", "2", "3", "#1"} and all(330 < count < 470 for count in fair.values())
    risky = Counter(shown(drawn(seed, drawing, states, by_risk=True))["c0"][0] for seed in range(2000))
    assert all(850 < risky[likely] < 1000 for likely in ("3", "#1"))
