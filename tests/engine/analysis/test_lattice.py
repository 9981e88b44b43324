"""The exact decision agrees with trying every whole number in a box."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from checklist.engine.analysis.lattice import WholeRow, feasible
from tests.support.laws import examples

BOX = 7


def boxed(rows: list[WholeRow], unknowns: int) -> list[WholeRow]:
    ends: list[WholeRow] = []
    for i in range(unknowns):
        unit = tuple(int(i == j) for j in range(unknowns))
        ends += [(unit, 0), (tuple(-c for c in unit), BOX)]
    return [*rows, *ends]


def tried(rows: list[WholeRow], unknowns: int) -> bool:
    return any(
        all(sum(c * x for c, x in zip(coefficients, point, strict=True)) + b >= 0 for coefficients, b in rows)
        for point in product(range(BOX + 1), repeat=unknowns)
    )


@st.composite
def systems(draw: st.DrawFn) -> tuple[list[WholeRow], int]:
    unknowns = draw(st.integers(1, 3))
    row = st.tuples(st.tuples(*[st.integers(-9, 9)] * unknowns), st.integers(-25, 25))
    return draw(st.lists(row, min_size=1, max_size=5)), unknowns


@settings(max_examples=examples(250), deadline=None)
@given(systems())
def test_agrees_with_trying_every_point(system: tuple[list[WholeRow], int]) -> None:
    rows, unknowns = system
    assert feasible(boxed(rows, unknowns)) == tried(boxed(rows, unknowns), unknowns)


@settings(max_examples=examples(100), deadline=None)
@given(systems(), st.integers(2, 9))
def test_a_thin_strip_without_whole_numbers_is_empty(system: tuple[list[WholeRow], int], factor: int) -> None:
    rows, unknowns = system
    direction = tuple(factor * (i + 1) for i in range(unknowns))
    strip = [(direction, -1), (tuple(-c for c in direction), factor - 1)]
    assert not feasible([*rows, *strip])
