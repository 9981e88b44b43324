"""Random rulesets with every measure, test, scale and flag there is, and random rows for them: as states and as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from checklist.model.numbers import INF, Number, exact
from checklist.model.rules.conditions import AtLeastOf, Condition, Contains, Limit, NoneOf, OneOf
from checklist.model.rules.counts import Count, Holds, Steps
from checklist.model.rules.facts import NEVER, Fact, Value, kin_of, linked, parts_of
from checklist.model.rules.measures import AgeDays, CountOf, FactValue, Measure, Missing, Ratio, Share, Sum
from checklist.model.rules.ruleset import Band, Criterion, Flag, Module, Ruleset
from checklist.model.rules.scales import Deduct, Deduction, DeductionGroup, Ladder, Rung, Scale
from checklist.model.state import Community, NotApplicable, Reading, Sample, State

DAY = date(2026, 6, 1)


@dataclass(frozen=True)
class Row:
    """What was recorded of one community; ``on`` and ``samples`` by fact, ``na`` by criterion."""

    values: Mapping[str, Value] = field(default_factory=dict)
    on: Mapping[str, date] = field(default_factory=dict)
    samples: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    na: frozenset[str] = frozenset()
    as_of: date = DAY


def state_of(ruleset: Ruleset, row: Row) -> State:
    """The state as its reader would leave it: parts greater than their wholes are not relied on."""
    readings: dict[str, Reading] = {}
    for name, value in row.values.items():
        readings[name] = Reading(name, value, row.on.get(name, row.as_of))
    for name, (agree, asked) in row.samples.items():
        readings[name] = Reading(name, Fraction(agree, asked), row.on.get(name, row.as_of), sample=Sample(agree, asked))
    unusable: set[str] = set()
    for part, whole in parts_of(ruleset.facts):
        if part in readings and whole in readings and readings[part].value > readings[whole].value:  # type: ignore[operator]
            unusable |= {part, whole}
    for name in unusable:
        del readings[name]
    known = State(Community("x", "甲"), ruleset.id, row.as_of, readings).knowledge(ruleset.facts)
    declared = {}
    for name in row.na:
        applies = ruleset.criterion(name).applies_when
        if applies is None or applies.holds(known) is not True:
            declared[name] = NotApplicable(name, "辖区里没有")
    return State(Community("x", "甲"), ruleset.id, row.as_of, readings, declared, frozenset(unusable))


TYPES = {
    "bool": pa.bool_(),
    "count": pa.int64(),
    "number": pa.float64(),
    "ratio": pa.float64(),
    "choice": pa.string(),
    "set": pa.list_(pa.string()),
    "date": pa.date32(),
}


def table_of(ruleset: Ruleset, rows: Sequence[Row]) -> pa.Table:
    """The rows as a table of typed columns; only what some row has gets a column."""
    columns: dict[str, Any] = {
        "community": pa.array([f"c{i}" for i in range(len(rows))]),
        "as_of": pa.array([row.as_of for row in rows], pa.date32()),
    }
    for name, fact in ruleset.facts.items():
        if any(name in row.values for row in rows):
            cells = [_cell(row.values.get(name)) for row in rows]
            if NEVER in cells:  # which a typed column cannot say
                columns[name] = pa.array([None if cell is None else str(cell) for cell in cells], pa.string())
            else:
                columns[name] = pa.array(cells, TYPES[fact.type])
        if any(name in row.on for row in rows):
            columns[f"{name}__on"] = pa.array([row.on.get(name) for row in rows], pa.date32())
        if any(name in row.samples for row in rows):
            counts = [row.samples.get(name, (None, None)) for row in rows]
            columns[f"{name}__agree"] = pa.array([agree for agree, _ in counts], pa.int32())
            columns[f"{name}__asked"] = pa.array([asked for _, asked in counts], pa.int32())
    for id in sorted({name for row in rows for name in row.na}):
        columns[f"{id}__na"] = pa.array([id in row.na for row in rows])
    return pa.table(columns)


def _cell(value: Value | None) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    return float(value) if isinstance(value, Fraction) else value


def _fact(id: str, type: Any, **more: Any) -> Fact:
    return Fact(id, f"实测{id}", type, "field_inspection", "问", 1, more.pop("valid_for_days", 90), **more)


OPTIONS = {name: f"选项{name}" for name in "abcdefgh"}
_DECLARED = {
    fact.id: fact
    for fact in (
        _fact("n1", "count"),
        _fact("n2", "count", low=1),
        _fact("n3", "count", high=7),
        _fact("n4", "count", low=1, part_of="n2"),
        _fact("n5", "count", part_of="n4"),
        _fact("n6", "count", high=5, part_of="n5"),
        _fact("n7", "count", part_of="n5"),
        _fact("m1", "number"),
        _fact("m2", "number", low=Fraction(-5), high=Fraction(75, 2), part_of="m1"),
        _fact("m3", "number", low=Fraction(1, 1000), high=Fraction(50)),
        _fact("m4", "number", low=Fraction(1, 1000), high=Fraction(40), part_of="m3"),
        _fact("p1", "ratio", high=1),
        _fact("p2", "ratio", high=1, low=Fraction(1, 3)),
        _fact("b1", "bool"),
        _fact("b2", "bool", valid_for_days=7),
        _fact("k1", "choice", options=dict(list(OPTIONS.items())[:4])),
        _fact("k2", "choice", options={"A": "甲", "B": "乙", "none": "无"}),
        _fact("s1", "set", options=dict(list(OPTIONS.items())[:5])),
        _fact("s2", "set", options=dict(list(OPTIONS.items())[2:])),
        _fact("s3", "set", options={f"o{i}": f"项{i}" for i in range(40)}),
        _fact("d1", "date"),
        _fact("d2", "date", valid_for_days=4000),
        _fact("d3", "date", none_is=NEVER),
        _fact("e1", "count", better="lower", none_is=NEVER),
        _fact("e2", "number", better="lower", high=90, none_is=NEVER),
    )
}
FACTS = linked(_DECLARED)
COUNTS, SETS, DATES = ("n1", "n2", "n3", "n4", "n5", "n6", "n7"), ("s1", "s2"), ("d1", "d2", "d3")
NUMBERS = (*COUNTS, "m1", "m2", "m3", "m4", "p1", "p2")

numbers = st.sampled_from(NUMBERS)
limits = st.one_of(
    st.integers(-2, 12),
    st.sampled_from(
        [Fraction(19, 20), Fraction(1, 2), Fraction(1, 3), Fraction(2, 3), Fraction(7, 2), Fraction(1, 1000)]
    ),
    st.sampled_from([0, 1, 90, 10**12]),
)
measures: st.SearchStrategy[Measure] = st.one_of(
    st.builds(FactValue, st.sampled_from([*NUMBERS, "e1", "e2"])),
    st.builds(Sum, st.lists(numbers, min_size=2, max_size=3).map(tuple)),
    st.builds(Ratio, numbers, numbers, st.sampled_from([1, 100, 10_000, Fraction(1, 3)])),
    st.builds(Share, numbers, numbers),
    st.builds(Share, st.sampled_from(SETS), st.sampled_from(SETS)),
    st.builds(CountOf, st.sampled_from([*SETS, "s3"])),
    st.builds(Missing, st.sampled_from(COUNTS), st.sampled_from(COUNTS)),
    st.builds(Missing, st.sampled_from(SETS), st.sampled_from(SETS)),
    st.builds(AgeDays, st.sampled_from(DATES)),
)


def _subset(name: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(list(FACTS[name].options)), unique=True, max_size=3).map(tuple)


leaves: st.SearchStrategy[Condition] = st.one_of(
    st.builds(Limit, measures, st.sampled_from(["at_least", "at_most"]), limits),
    st.builds(OneOf, st.sampled_from(["b1", "b2"]), st.sampled_from([(True,), (False,), (True, False), ()])),
    *(st.builds(OneOf, st.just(name), _subset(name)) for name in ("k1", "k2")),
    *(st.builds(Contains, st.just(name), _subset(name)) for name in (*SETS, "s3")),
)


def _grouped(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    parts = st.lists(inner, min_size=1, max_size=4).map(tuple)
    group = parts.flatmap(lambda of: st.builds(AtLeastOf, st.integers(1, len(of)), st.just(of)))
    return st.one_of(group, st.builds(NoneOf, parts))


conditions = st.recursive(leaves, _grouped, max_leaves=6)
flags = st.one_of(
    st.none(),
    st.builds(Flag, st.sampled_from(["veto", "redline"]), st.one_of(st.none(), conditions)),
)


counts: st.SearchStrategy[Count] = st.one_of(
    measures,
    st.builds(Holds, conditions),
    st.builds(
        Steps,
        measures,
        st.sampled_from(["below", "above"]),
        limits,
        st.sampled_from([1, 3, Fraction(1, 100), Fraction(2, 3)]),
        st.sampled_from(["full", "started", "exact"]),
    ),
)
caps = st.one_of(st.none(), st.integers(1, 20_000))
items = st.builds(Deduction, counts, st.integers(1, 12_000), caps)
zeroing = st.builds(Deduction, counts, st.just(1), whole=st.just(True))
groups = st.builds(DeductionGroup, st.lists(items, min_size=1, max_size=3).map(tuple), st.integers(1, 20_000))


@st.composite
def scales(draw: st.DrawFn, levels: Sequence[str]) -> Scale:
    if draw(st.integers(0, 3)) == 0:
        kind = draw(st.sampled_from(["deduct", "deduct", "earn", "proportional"]))
        some = st.one_of(items, items, groups, zeroing) if kind == "deduct" else st.one_of(items, groups)
        parts = draw(st.lists(some, min_size=1, max_size=3))
        return Deduct(tuple(parts), draw(st.integers(0, 15_000)) if kind == "deduct" else 0, kind)
    kept = [level for level in levels if draw(st.booleans())] or [levels[0]]
    return Ladder("levels", tuple(Rung(level, draw(conditions)) for level in kept))


SHARES = [Fraction(n, d) for d in (1, 2, 3, 7, 100) for n in range(d + 1)]
"""Of few denominators, so that their common multiple stays within what columns hold."""


@st.composite
def own_points(draw: st.DrawFn, scale: Ladder, points: int) -> dict[str, Number]:
    lower = draw(st.lists(st.sampled_from(SHARES), min_size=len(scale.rungs) - 1, max_size=len(scale.rungs) - 1))
    shares = [Fraction(1), *sorted(lower, reverse=True)]
    return {rung.level: exact(points * share) for rung, share in zip(scale.rungs, shares, strict=True)}


@st.composite
def rulesets(draw: st.DrawFn) -> Ruleset:
    names = draw(st.sampled_from([("A", "B", "C"), ("A",), ("A", "B", "C", "D")]))
    coefficients = draw(
        st.one_of(
            st.just([Fraction(1), Fraction(66, 100), Fraction(33, 100), Fraction(0)]),
            # from the best level down, as the reader demands (E401)
            st.lists(st.sampled_from(SHARES), min_size=4, max_size=4).map(lambda s: sorted(s, reverse=True)),
        )
    )
    modules = ("MA", "MB", "MC", "MD")
    kinds = {"MA": "ordinary", "MB": "ordinary", "MC": "bonus", "MD": "penalty"}
    criteria = []
    for i in range(draw(st.integers(1, 6))):
        module = draw(st.sampled_from(["MA", "MB", "MA", "MB", "MC", "MD"]))
        scale, points = draw(scales(names)), draw(st.sampled_from([0, 1, 100, 7800, 10_000, 120_000]))
        own = points and isinstance(scale, Ladder) and draw(st.booleans())
        criteria.append(
            Criterion(
                worth=draw(own_points(scale, points)) if own and isinstance(scale, Ladder) else {},
                na_full=kinds[module] == "ordinary" and draw(st.integers(0, 3)) == 0,
                extra=kinds[module],
                id=f"{module}-{i:02}",
                module=module,
                title="题",
                requirement="要",
                methods=("web",),
                points=points,
                scale=scale,
                flag=draw(flags),
                applies_when=draw(st.one_of(st.none(), st.none(), conditions)),
                na_when="没有",
                status=draw(st.sampled_from(["active", "active", "active", "future"])),
            )
        )
    criteria.sort(key=lambda c: c.module)
    return Ruleset(
        id="random",
        title="随机",
        edition="一",
        disclaimer="无",
        total_points=1,
        levels=dict(zip(names, coefficients, strict=False)),
        bands=(
            Band(
                "示范",
                90,
                draw(st.sampled_from([0, 50])),
                {"MA": 80},
                draw(st.sampled_from([(), ("veto",), ("redline", "veto")])),
            ),
            Band("优秀", 90),
            Band("良好", Fraction(165, 2), draw(st.sampled_from([0, 30]))),
            Band("待提升", 0),
        ),
        modules=tuple(Module(id, id, 15_000, kind=kinds[id], counts=draw(st.booleans())) for id in modules),
        places={},
        costs={},
        facts=FACTS,
        criteria=tuple(criteria),
        actions={},
        sources={},
    )


@st.composite
def value_of(draw: st.DrawFn, fact: Fact) -> Value:
    if fact.none_is is NEVER and draw(st.booleans()):
        return NEVER
    match fact.type:
        case "bool":
            return draw(st.booleans())
        case "choice":
            return draw(st.sampled_from(list(fact.options)))
        case "set":
            return frozenset(draw(st.lists(st.sampled_from(list(fact.options)), unique=True, max_size=6)))
        case "date":
            return DAY - timedelta(days=draw(st.sampled_from([0, 1, 89, 90, 91, 700])))
    step = {"count": 1, "number": 100, "ratio": 10_000}[fact.type]
    top = fact.high if fact.high != INF else draw(st.sampled_from([3, 12, 3000, 10**9]))
    low, high = -int(-fact.low * step // 1), int(top * step)
    scaled = draw(st.one_of(st.integers(low, high), st.integers(low, min(high, low + 12)), st.just(high)))
    return scaled if step == 1 else Fraction(scaled, step)


@st.composite
def rows(draw: st.DrawFn, ruleset: Ruleset) -> Row:
    values: dict[str, Value] = {}
    on: dict[str, date] = {}
    samples: dict[str, tuple[int, int]] = {}
    read = dict.fromkeys(name for c in ruleset.criteria for name in c.facts)
    for name in dict.fromkeys(near for fact in read for near in (fact, *kin_of(FACTS, fact))):
        kind = draw(st.integers(0, 5))
        if kind == 0:
            continue
        if kind == 1 and FACTS[name].type == "ratio":
            asked = draw(st.integers(1, 10**6))
            samples[name] = (draw(st.integers(0, asked)), asked)
        else:
            values[name] = draw(value_of(FACTS[name]))
        if kind == 2:
            on[name] = DAY - timedelta(days=draw(st.sampled_from([0, 6, 7, 8, 90, 91])))
    na = frozenset(c.id for c in ruleset.criteria if draw(st.integers(0, 9)) == 0)
    return Row(values, on, samples, na)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Ruleset, list[Row]]:
    ruleset = draw(rulesets())
    return ruleset, draw(st.lists(rows(ruleset), min_size=1, max_size=6))
