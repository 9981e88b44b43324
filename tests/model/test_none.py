"""What 没有 means where a fact does not say it, and what never is beside other values."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from checklist.model.numbers import INF, Span
from checklist.model.rules.facts import NEVER, Fact, Knowledge, usual_none
from checklist.model.rules.measures import AgeDays, FactValue
from checklist.model.rules.ruleset import Ruleset


@pytest.mark.parametrize(
    ("type", "better", "unit", "low", "options", "none"),
    [
        ("bool", "true", "", 0, {}, False), ("bool", None, "", 0, {}, False), ("set", "more", "", 0, {"a": "甲"}, frozenset()),
        ("count", "lower", "处", 0, {}, 0), ("number", "higher", "平方米", 0, {}, 0), ("count", "higher", "天", 0, {}, 0),
        ("choice", "first", "", 0, {"a": "甲", "none": "无"}, "none"), ("choice", "first", "", 0, {"a": "甲"}, None),
        ("count", None, "户", 0, {}, None), ("count", "higher", "处", 1, {}, None), ("count", "lower", "天", 0, {}, None),
        ("number", "lower", "小时", 0, {}, None), ("ratio", "higher", "", 0, {}, None), ("date", "later", "", 0, {}, None),
    ],
)  # fmt: skip
def test_the_meaning_of_none_by_default(type: Any, better: Any, unit: str, low: int, options: Any, none: Any) -> None:
    found = usual_none(type, better, unit, low, options)
    assert found == none and (found is None) == (none is None)


def test_never_is_older_than_any_window_and_worse_than_any_day(ruleset: Ruleset) -> None:
    day, days = (ruleset.facts[name] for name in ("implementation_plan_date", "affairs_days_since_post"))
    known = Knowledge(ruleset.facts, {day.id: NEVER, days.id: NEVER}, date(2026, 11, 20))
    for measure in (AgeDays(day.id), FactValue(days.id)):
        span = measure.span(known)
        assert span == Span(INF, INF) and span.at_most(10**9) is False and span.at_least(10**9) is True
    assert day.better_of(NEVER, date(1950, 1, 1)) == date(1950, 1, 1) == day.better_of(date(1950, 1, 1), NEVER)
    assert days.better_of(NEVER, 0) == 0 == days.better_of(0, NEVER) and days.better_of(NEVER, NEVER) is NEVER


def test_no_question_asks_for_a_stand_in(ruleset: Ruleset) -> None:
    def asks(fact: Fact) -> bool:
        return any(stand_in in fact.ask for stand_in in ("1900", "9999", "填 1。"))

    assert not [fact.id for fact in ruleset.facts.values() if asks(fact)]
