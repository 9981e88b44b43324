"""The exact combinations of answers are those that trying every record finds, and no others."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from checklist.engine.analysis.nudged import Nudged, nudged
from checklist.engine.analysis.worlds import worlds
from checklist.model.rules.conditions import Condition, Limit
from checklist.model.rules.measures import Ratio, Share
from tests.engine.analysis.small_world import BONDS, CONDITIONS, FACTS, LIMITS, few, tried
from tests.support.laws import examples


@settings(max_examples=examples(150), deadline=None)
@given(st.lists(CONDITIONS, min_size=1, max_size=3).filter(few))
def test_agrees_with_trying_every_record(conditions: list[Condition]) -> None:
    if any("d" in c.facts for c in conditions):
        conditions = [c for c in conditions if "d" not in c.facts] or [conditions[0]]
    assert worlds(conditions, FACTS, BONDS) == tried(conditions)


@settings(max_examples=examples(60), deadline=None)
@given(
    st.sampled_from([Share("n", "m"), Ratio("n", "w", 100)]),
    LIMITS,
    st.sampled_from(["at_least", "at_most"]),
    st.sampled_from([-1, 1]),
)
def test_a_moved_part_agrees_too(measure: Ratio | Share, limit: int | Fraction, kind: str, by: int) -> None:
    whole = Limit(measure, kind, limit)  # type: ignore[arg-type]
    moved = nudged(whole, by)
    assert isinstance(moved.measure, Nudged)
    assert worlds([whole, moved], FACTS, BONDS) == tried([whole, moved])
