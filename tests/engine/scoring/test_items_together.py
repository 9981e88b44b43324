"""Items that read the same fact are not taken off both where they exclude each other: the interval has true ends."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from checklist.model.rules.conditions import OneOf
from checklist.model.rules.counts import Holds
from checklist.model.rules.facts import Fact, Knowledge, Value
from checklist.model.rules.scales import Deduct, Deduction, DeductionGroup
from tests.batch.random_rulesets import DAY, FACTS

FEW = {name: FACTS[name] for name in ("b1", "b2", "k1", "k2")}


def values(fact: Fact) -> list[Value]:
    return [True, False] if fact.type == "bool" else list(fact.options)


@st.composite
def items(draw: st.DrawFn) -> Deduction:
    fact = draw(st.sampled_from(sorted(FEW)))
    some = values(FEW[fact])
    chosen = draw(st.lists(st.sampled_from(some), unique=True, min_size=1, max_size=len(some) - 1))
    return Deduction(
        Holds(OneOf(fact, tuple(chosen))), draw(st.integers(1, 40_000)), whole=draw(st.integers(0, 9)) == 0
    )


groups = st.builds(
    DeductionGroup,
    st.lists(items().filter(lambda one: not one.whole), min_size=1, max_size=4).map(tuple),
    st.just(30_000),
)


@given(st.lists(st.one_of(items(), groups), min_size=1, max_size=4), st.sampled_from(["deduct", "earn"]), st.data())
def test_each_end_is_the_points_of_some_values(
    parts: list[Deduction | DeductionGroup], kind: str, data: st.DataObject
) -> None:
    kept = [part for part in parts if kind == "deduct" or not any(one.whole for one in part.deductions)]
    scale = Deduct(tuple(kept), kind=kind)  # type: ignore[arg-type]
    shown = {name: data.draw(st.sampled_from(values(fact))) for name, fact in FEW.items() if data.draw(st.booleans())}
    hidden = [name for name in FEW if name not in shown]
    worlds = [dict(zip(hidden, chosen, strict=True)) for chosen in product(*(values(FEW[name]) for name in hidden))]
    true = {scale.points(Knowledge(FEW, {**shown, **world}, DAY), 100_000)[0] for world in worlds}
    assert scale.points(Knowledge(FEW, shown, DAY), 100_000) == (min(true), max(true))
