"""An action that can leave a part greater than its whole is found, and no other: every small record tried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from checklist.engine.analysis.wholes import can_exceed
from checklist.model.rules.effects import Adds, Becomes, Effect, EqualTo, Reaches, changes
from checklist.model.rules.facts import Polarity
from checklist.model.rules.ruleset import Action
from tests.engine.analysis.small_world import FACTS, records
from tests.support.laws import examples

NUMBERS = st.integers(0, 4)
EFFECTS: st.SearchStrategy[Effect] = st.one_of(
    st.builds(Becomes, NUMBERS),
    st.builds(EqualTo, st.sampled_from(["n", "m", "w"])),
    st.builds(Reaches, st.sampled_from(["at_least", "at_most"]), NUMBERS),
    st.builds(
        Reaches,
        st.sampled_from(["at_least", "at_most"]),
        st.fractions(0, 2, max_denominator=4),
        st.sampled_from(["m", "w", "n"]),
    ),
    st.builds(Adds, st.integers(0, 2)),
)
PART: st.SearchStrategy[Polarity | None] = st.sampled_from(["higher", "lower", None])


@settings(max_examples=examples(250), deadline=None)
@given(st.dictionaries(st.sampled_from(["n", "m"]), EFFECTS, min_size=1), PART)
def test_agrees_with_trying_every_record(sets: Mapping[str, Effect], better: Polarity | None) -> None:
    facts = {**FACTS, "n": replace(FACTS["n"], better=better)}
    action = Action("x", "甲", sets, Fraction(1), "C0", (0, 0), 1, ("社区",))
    over = False
    for known in records(["n", "m", "w"]):
        after = known.with_values(changes(sets, replace(known, declared=facts)))
        over = over or after.values["n"] > after.values["m"]  # type: ignore[operator]
    assert can_exceed(action, "n", "m", facts, [("n", "m")]) == over
