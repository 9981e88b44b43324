"""What ``rules diff`` calls tightened and loosened, against every record tried one by one."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklist.engine.rules.ruleset_difference import diff_rules
from checklist.model.rules.conditions import AtLeastOf, Condition, Limit, NoneOf, OneOf
from checklist.model.rules.facts import Fact, Knowledge, linked
from checklist.model.rules.measures import FactValue, Measure, Ratio, Share, Sum
from checklist.model.rules.ruleset import Band, Criterion, Module, Ruleset
from checklist.model.rules.scales import Deduct, Deduction, Ladder, Rung
from tests.conftest import Run
from tests.support.laws import examples
from tests.support.shipped import BASE, shipped

MOST = 4
FACTS = linked(
    {
        **{n: Fact(n, n, "count", "field_inspection", n, 1, 30, unit="处", high=MOST) for n in ("whole", "other")},
        "part": Fact("part", "part", "count", "field_inspection", "part", 1, 30, high=MOST, part_of="whole"),
        "yes": Fact("yes", "yes", "bool", "field_inspection", "yes", 1, 30),
    }
)
LEVELS = {"A": Fraction(1), "B": Fraction(2, 3), "C": Fraction(1, 3)}

measures: st.SearchStrategy[Measure] = st.sampled_from(
    [FactValue("part"), FactValue("other"), Sum(("part", "other")), Share("part", "whole"), Ratio("other", "whole", 2)]
)
limits = st.builds(
    Limit,
    measures,
    st.sampled_from(["at_least", "at_most"]),
    st.sampled_from([Fraction(n, 4) for n in (0, 1, 2, 3, 4, 8, 12)]),
)
answers = st.builds(OneOf, st.just("yes"), st.sampled_from([(True,), (False,), (True, False)]))
conditions: st.SearchStrategy[Condition] = st.recursive(
    st.one_of(limits, answers),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).flatmap(
            lambda of: st.integers(1, len(of)).map(lambda k: AtLeastOf(k, tuple(of)))
        ),
        st.lists(inner, min_size=1, max_size=2).map(lambda of: NoneOf(tuple(of))),
    ),
    max_leaves=4,
)
ladders = st.lists(conditions, min_size=1, max_size=3).map(
    lambda found: Ladder("levels", tuple(Rung(level, c) for level, c in zip(LEVELS, found, strict=False)))
)


def ruleset(scale: Ladder | Deduct, applies: Condition | None = None, points: int = 9_000) -> Ruleset:
    criterion = Criterion("X-01", "X", "标题", "要求", ("field_inspection",), points, scale, applies_when=applies)
    return Ruleset(
        "x",
        "x",
        "x",
        "x",
        points,
        LEVELS,
        (Band("好", 0),),
        (Module("X", "X", points),),
        {},
        {},
        FACTS,
        (criterion,),
        {},
        {},
    )


def earned(rules: Ruleset, known: Knowledge) -> tuple[bool | None, Fraction, Fraction]:
    criterion = rules.criteria[0]
    applies = criterion.applies_when.holds(known) if criterion.applies_when else True
    if isinstance(criterion.scale, Deduct):
        low, high = criterion.scale.points(known, criterion.points)
        return applies, Fraction(low, criterion.points), Fraction(high, criterion.points)
    best, worst = criterion.scale.levels(known)
    return applies, LEVELS.get(worst or "", Fraction(0)), LEVELS.get(best or "", Fraction(0))


def by_brute_force(a: Ruleset, b: Ruleset) -> tuple[str, str]:
    """Every record with the part no greater than its whole, one after another."""
    less = more = wider = narrower = False
    for part, whole, other, yes in product(range(MOST + 1), range(MOST + 1), range(MOST + 1), (True, False)):
        if part > whole:
            continue
        known = Knowledge(FACTS, {"part": part, "whole": whole, "other": other, "yes": yes}, date(2026, 1, 1))
        old, new = earned(a, known), earned(b, known)
        wider |= old[0] is False and new[0] is True
        narrower |= old[0] is True and new[0] is False
        if old[0] and new[0]:
            less |= new[1] < old[1] or new[2] < old[2]
            more |= new[1] > old[1] or new[2] > old[2]
    direction = "mixed" if less and more else "tightened" if less else "loosened" if more else "same"
    return direction, "mixed" if wider and narrower else "wider" if wider else "narrower" if narrower else "same"


@settings(max_examples=examples(40), deadline=None)
@given(ladders, ladders, st.none() | conditions, st.none() | conditions)
def test_direction_and_scope_are_what_every_record_says(
    one: Ladder, two: Ladder, when: Condition | None, then: Condition | None
) -> None:
    a, b = ruleset(one, when), ruleset(two, then)
    found = diff_rules(a, b).changed
    if not set(a.criteria[0].facts) & set(b.criteria[0].facts):
        return
    got = (found[0].direction, found[0].scope) if found else ("same", "same")
    assert got == by_brute_force(a, b)


@settings(max_examples=examples(60), deadline=None)
@given(
    st.lists(st.integers(0, MOST), min_size=1, max_size=3, unique=True).map(sorted),
    st.integers(1, 12),
    st.integers(0, 4),
)
def test_points_off_for_each_finding_against_a_ladder(limits: list[int], off: int, floor: int) -> None:
    rungs = (Rung(level, Limit(FactValue("part"), "at_most", n)) for level, n in zip(LEVELS, limits, strict=False))
    a = ruleset(Ladder("at_most", tuple(rungs)))
    b = ruleset(Deduct((Deduction(FactValue("part"), off * 1_000),), floor * 1_000))
    long = {**FACTS, "part": replace(FACTS["part"], high=20)}
    a, b = replace(a, facts=long), replace(b, facts=long)
    states = [Knowledge(long, {"part": n}, date(2026, 1, 1)) for n in range(21)]
    pairs = [(earned(a, known)[1], earned(b, known)[1]) for known in states]
    less, more = any(y < x for x, y in pairs), any(y > x for x, y in pairs)
    expected = "mixed" if less and more else "tightened" if less else "loosened" if more else "same"
    assert diff_rules(a, b).changed[0].direction == expected


def test_a_ruleset_is_the_same_as_itself(cli: Run) -> None:
    ran = cli("rules", "diff", BASE, BASE)
    assert ran.code == 0 and "都一样" in ran.out
    assert json.loads(cli("rules", "diff", BASE, BASE, "--format", "json").out)["same"] is True


def test_another_measure_is_called_rewritten() -> None:
    a = ruleset(Ladder("at_least", (Rung("A", Limit(FactValue("part"), "at_least", 1)),)))
    b = ruleset(Ladder("at_least", (Rung("A", Limit(FactValue("other"), "at_least", 1)),)))
    assert diff_rules(a, b).changed[0].direction == "rewritten"


def test_points_texts_and_added_or_dropped_criteria_are_told_apart() -> None:
    base = shipped(BASE)
    first, second, third, *rest = base.criteria
    moved = replace(first, points=first.points + 1_000)
    reworded = replace(second, owner=("街道",))
    fresh = replace(third, id="ORG-98")
    after = replace(base, criteria=(moved, reworded, fresh, *rest))
    found = diff_rules(base, after)
    assert [c.id for c in found.added] == ["ORG-98"] and [c.id for c in found.dropped] == [third.id]
    assert [(c.after.id, c.points_moved, c.other) for c in found.changed] == [
        (first.id, 1_000, ()),
        (second.id, 0, ("owner",)),
    ]
    assert {c.direction for c in found.changed} == {"same"}


@pytest.mark.slow
def test_the_screen_tells_old_from_new(cli: Run) -> None:
    out = cli("rules", "diff", BASE, "strict-local", "--width", "100").out
    block = out[out.index("INF-05") : out.index("FIR-06")]
    assert "A 档原：" in block and "≥ 95%" in block and "A 档现：" in block and "≥ 98%" in block and "理由：" in block
    assert "新增 0 条，删去 0 条，收紧 10 条，放宽 0 条" in out


def test_json_has_every_change(cli: Run) -> None:
    document = json.loads(cli("rules", "diff", BASE, "core-only", "--format", "json").out)
    assert len(document["dropped"]) == 114 and all(item["why"] for item in document["dropped"])
    assert document["before"]["points"] == "100.0000" and document["changed"] == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((BASE,), "还要写 后来的"),
        ((BASE, "nowhere"), "没有这个测评体系 nowhere"),
        ((BASE, "core-only", "--format", "pdf"), "没有 pdf 这种形式"),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], says: str, cli: Run) -> None:
    ran = cli("rules", "diff", *arguments)
    assert ran.code == 2 and says in ran.err
