"""Ways to a level: none that asks for more than another one, no work that is done."""

from __future__ import annotations

from pathlib import Path

import pytest

from checklist import Ruleset, assess, explain, load_state
from checklist.engine.scoring.gaps import blocks_of
from checklist.model.rules.conditions import AtLeastOf, Condition, Contains, Limit, OneOf
from checklist.model.rules.facts import Knowledge
from checklist.model.rules.measures import FactValue
from checklist.reports.language.phrases import step_text
from tests.support.strategies import state_of

HEAD = "community: {id: ee, name: 试社区}\nas_of: 2026-06-10\nruleset: civilized-city-community\nfacts:\n"


def advised(ruleset: Ruleset, place: Path, id: str, **facts: str) -> list[str]:
    path = place / "shi.yaml"
    path.write_text(HEAD + "".join(f"  {name}: {value}\n" for name, value in facts.items()), encoding="utf-8")
    return [r.action.id for r in explain(assess(ruleset, load_state(path, ruleset)), id).remedies]


def test_work_that_is_done_is_not_advised(ruleset: Ruleset, tmp_path: Path) -> None:
    cards = {"hydrants_total": "3", "hydrant_card_current": "false"}
    assert advised(ruleset, tmp_path, "FIR-06", **cards, hydrants_defective="0") == ["fill_hydrant_cards"]
    both = advised(ruleset, tmp_path, "FIR-06", **cards, hydrants_defective="1")
    assert sorted(both) == ["fill_hydrant_cards", "repair_hydrants"]
    site = {"ebike_site_separate": "true", "ebike_site_extinguisher": "false", "ebike_site_auto_cutoff": "true"}
    assert advised(ruleset, tmp_path, "FIR-17", **site) == ["fit_ebike_site_safety"]
    del site["ebike_site_separate"]  # nobody has looked: it may be to do
    assert sorted(advised(ruleset, tmp_path, "FIR-17", **site)) == ["fit_ebike_site_safety", "separate_ebike_site"]


def area(limit: int, kind: str = "at_least") -> Limit:
    return Limit(FactValue("elderly_area_m2"), kind, limit)  # type: ignore[arg-type]


def none_yet(ruleset: Ruleset) -> Knowledge:
    values = {
        "elderly_area_m2": 2,
        "estate_built_after_standard": False,
        "premises_tenure": "none",
        "rooms": frozenset(),
    }
    return state_of(ruleset, values).knowledge(ruleset.facts)  # type: ignore[arg-type]


def of(needed: int, *parts: Condition) -> AtLeastOf:
    return AtLeastOf(needed, parts)


@pytest.mark.parametrize("turned", [False, True])
def test_an_alternative_that_asks_for_more_is_none(ruleset: Ruleset, turned: bool) -> None:
    known = none_yet(ruleset)
    old = of(2, OneOf("estate_built_after_standard", (False,)), area(20))
    owned, any_right = OneOf("premises_tenure", ("owned",)), OneOf("premises_tenure", ("owned", "leased"))
    rooms = list(ruleset.facts["rooms"].options)
    few, many = Contains("rooms", (rooms[0],)), Contains("rooms", (rooms[0], rooms[1]))
    for harder, easier in ((area(30), old), (owned, any_right), (many, few), (of(2, area(30), owned), area(20))):
        parts = (easier, harder) if turned else (harder, easier)
        choose, blocks = blocks_of(of(1, *parts), known)
        assert (choose, [b.condition for b in blocks]) == (1, [area(20) if easier is old else easier])


def test_what_is_another_way_stays(ruleset: Ruleset) -> None:
    known = none_yet(ruleset)
    ways = of(1, area(30), OneOf("premises_tenure", ("owned",)))
    assert blocks_of(ways, known)[0] == 1 and len(blocks_of(ways, known)[1]) == 2
    two = of(2, area(30), area(20), OneOf("premises_tenure", ("owned",)))  # two are asked for: the first does two
    assert len(blocks_of(two, known)[1]) == 3


def test_elderly_rooms_are_said_once(ruleset: Ruleset, tmp_path: Path) -> None:
    path = tmp_path / "shi.yaml"
    path.write_text(
        HEAD + "  elderly_area_m2: 0\n  households: 1000\n  estate_built_after_standard: false\n", encoding="utf-8"
    )
    result = assess(ruleset, load_state(path, ruleset))
    gaps = [g for g in result.gaps if "elderly_area_m2" in g.finding.criterion.facts]
    assert gaps
    for gap in gaps:
        for step in gap.steps:
            assert "任做" not in step_text(step, ruleset.facts, gap.known.values)
