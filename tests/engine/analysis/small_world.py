"""Facts so small that every record can be tried, and random conditions over them: the oracle's side of the tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from itertools import product

from hypothesis import strategies as st

from checklist.engine.analysis.worlds import Bond
from checklist.model.rules.conditions import AtLeastOf, Condition, Contains, Limit, NoneOf, OneOf
from checklist.model.rules.facts import Fact, FactType, Knowledge, Value
from checklist.model.rules.measures import AgeDays, CountOf, FactValue, Measure, Missing, Ratio, Share, Sum

DAY = date(2026, 1, 1)
MOST = 5
OPTIONS = {"a": "甲", "b": "乙", "c": "丙"}


def fact(name: str, type: FactType, low: int = 0, high: int | Fraction = MOST) -> Fact:
    options = OPTIONS if type in ("choice", "set") else {}
    return Fact(name, name, type, "web", "?", 1, 30, low=low, high=high, options=options)


FACTS = {
    f.id: f
    for f in (
        fact("n", "count"),
        fact("m", "count"),
        fact("w", "count", low=1),
        fact("x", "number", high=Fraction(3, 100)),
        fact("b", "bool"),
        fact("c", "choice"),
        fact("s", "set"),
        fact("t", "set"),
        fact("d", "date"),
    )
}


def values(f: Fact) -> list[Value]:
    match f.type:
        case "bool":
            return [True, False]
        case "choice":
            return list(OPTIONS)
        case "set":
            return [
                frozenset(o for o, kept in zip("abc", keep, strict=True) if kept) for keep in product((0, 1), repeat=3)
            ]
        case "date":
            return [DAY - timedelta(days=days) for days in range(8)]
        case "count":
            return list(range(int(f.low), MOST + 1))
    return [Fraction(i, 100) for i in range(4)]


COUNTS = st.sampled_from(["n", "m", "w"])
MEASURES: st.SearchStrategy[Measure] = st.one_of(
    st.builds(FactValue, COUNTS),
    st.just(FactValue("x")),
    st.builds(lambda a, b: Sum((a, b)), COUNTS, COUNTS),
    st.builds(Ratio, COUNTS, COUNTS, st.sampled_from([1, 100])).filter(lambda ratio: ratio.of != ratio.to),
    st.just(Share("n", "m")),
    st.just(Missing("m", "n")),
    st.builds(CountOf, st.sampled_from(["s", "t"])),
    st.just(Missing("s", "t")),
    st.just(AgeDays("d")),
)
LIMITS = st.one_of(st.integers(-1, 6), st.fractions(0, 3, max_denominator=6))
LEAVES: st.SearchStrategy[Condition] = st.one_of(
    st.builds(Limit, MEASURES, st.sampled_from(["at_least", "at_most"]), LIMITS),
    st.builds(OneOf, st.just("b"), st.sampled_from([(True,), (False,)])),
    st.builds(OneOf, st.just("c"), st.sampled_from([("a",), ("a", "b"), ("c",), ()])),
    st.builds(Contains, st.sampled_from(["s", "t"]), st.sampled_from([("a",), ("a", "b"), ("b", "c"), ()])),
)


def grouped(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    parts = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        parts.flatmap(lambda p: st.builds(AtLeastOf, st.integers(1, len(p)), st.just(p))), st.builds(NoneOf, parts)
    )


CONDITIONS = st.recursive(LEAVES, grouped, max_leaves=4)
BONDS = (Bond("n", "m"),)


def records(names: Iterable[str]) -> Iterator[Knowledge]:
    """Every record of these facts whose parts are no more than their wholes."""
    listed = list(dict.fromkeys(names))
    for combination in product(*(values(FACTS[name]) for name in listed)):
        record = dict(zip(listed, combination, strict=True))
        if "n" in record and "m" in record and record["n"] > record["m"]:  # type: ignore[operator]
            continue
        yield Knowledge(FACTS, record, DAY)


def tried(conditions: list[Condition]) -> frozenset[tuple[bool | None, ...]]:
    known = records(name for c in conditions for name in c.facts)
    return frozenset(tuple(c.holds(k) for c in conditions) for k in known)


def few(conditions: list[Condition]) -> bool:
    names = {name for c in conditions for name in c.facts}
    size = 1
    for name in names:
        size *= len(values(FACTS[name]))
    return size <= 5000
