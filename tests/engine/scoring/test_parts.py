"""What is known of a part or a whole, against every record that can be: the span holds each, and each end is one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from checklist.model.rules.facts import Fact, FactType, Knowledge, linked, parts_of
from checklist.model.rules.measures import FactValue, Measure, Missing, Share, Sum

DAY = date(2026, 6, 1)
MOST = 4


def fact(id: str, part_of: str = "", low: int = 0, high: int = MOST, type: FactType = "count") -> Fact:
    return Fact(id, id, type, "web", "?", 1, 30, low=low, high=high, part_of=part_of)


FACTS = linked({f.id: f for f in (fact("d", "a", high=3), fact("c", "b"), fact("a", low=1), fact("b", "a"))})
"""c inside b inside a, and d inside a."""

MEASURES: st.SearchStrategy[Measure] = st.one_of(
    st.builds(FactValue, st.sampled_from("abcd")),
    st.builds(Sum, st.lists(st.sampled_from("abcd"), min_size=2, max_size=4, unique=True).map(tuple)),
    st.sampled_from([m(*pair) for pair in ("ab", "ac", "bc", "ad") for m in (Missing, lambda w, p: Share(p, w))]),
)


def truths() -> Iterator[dict[str, int]]:
    for values in product(*(range(int(f.low), int(f.high) + 1) for f in FACTS.values())):
        record = dict(zip(FACTS, values, strict=True))
        if all(record[part] <= record[whole] for part, whole in parts_of(FACTS)):
            yield record


TRUTHS = list(truths())


def known(record: Mapping[str, int]) -> Knowledge:
    return Knowledge(FACTS, dict(record), DAY)


@given(st.sampled_from(TRUTHS), st.sets(st.sampled_from("abcd")), MEASURES)
def test_the_span_is_what_the_records_can_be(truth: dict[str, int], hidden: set[str], measure: Measure) -> None:
    seen = {name: value for name, value in truth.items() if name not in hidden}
    span = measure.span(known(seen))
    possible = [t for t in TRUTHS if seen.items() <= t.items()]
    if isinstance(measure, Share) and any(t[measure.to] == 0 for t in possible):
        assert (span.low, span.high) == (0, 1)  # a denominator of zero measures nothing
        return
    every = {measure.span(known(t)).low for t in possible}
    assert (span.low, span.high) == (min(every), max(every))


def test_the_parts_are_those_of_every_floor() -> None:
    assert set(parts_of(FACTS)) == {("b", "a"), ("c", "b"), ("c", "a"), ("d", "a")}


def test_a_record_that_contradicts_itself_says_nothing_of_what_lies_between() -> None:
    span = known({"a": 1, "c": 3}).span("b")
    assert (span.low, span.high) == (0, MOST)


@given(st.integers(0, MOST), st.integers(1, MOST))
def test_more_than_is_asked_for_is_all_of_it(held: int, due: int) -> None:
    facts = {f.id: f for f in (fact("held"), fact("due"))}
    record = Knowledge(facts, {"held": held, "due": due}, DAY)
    missing, share = Missing("due", "held").span(record), Share("held", "due").span(record)
    assert missing.known and missing.low == max(due - held, 0)
    assert share.known and share.low == min(Fraction(held, due), 1)
