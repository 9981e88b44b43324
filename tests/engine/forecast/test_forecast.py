"""The law of the inspected score, against every drawing assessed one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, product
from math import prod

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from checklist.engine.forecast.drawings import law_of
from checklist.engine.forecast.drawn_community import DrawnCommunity, chance
from checklist.engine.forecast.forecast import forecast
from checklist.engine.scoring.assess import assess
from checklist.model.refusals import Refusal
from checklist.model.results.assessment import Assessment
from checklist.model.results.forecast import Drawing
from checklist.model.rules.conditions import Limit
from checklist.model.rules.measures import FactValue
from checklist.model.rules.ruleset import Band, Criterion, Module, Ruleset
from checklist.model.rules.scales import Ladder, Rung
from checklist.model.rules.site_kinds import SiteKind
from checklist.model.sites import SiteTotal
from checklist.model.state import Community, Reading, Site, State
from tests.batch.random_rulesets import DAY, FACTS, rows
from tests.engine.forecast.inspected_worlds import Case, every_drawing, flag_of, inspected
from tests.engine.scoring.test_site_laws import site_of
from tests.support.laws import DEEP, examples

thorough = settings(max_examples=1000 if DEEP else 60, deadline=None, suppress_health_check=list(HealthCheck))
relaxed = settings(max_examples=examples(200), deadline=None, suppress_health_check=list(HealthCheck))
TARGET = st.integers(0, 100).map(Fraction)


@thorough
@given(inspected(), TARGET)
def test_the_law_is_that_of_every_drawing_assessed(case: Case, target: Fraction) -> None:
    ruleset, state, asked = case
    scores: list[Assessment] = [assess(ruleset, one) for one in every_drawing(state, asked)]
    brute = Counter((one.total.low, one.total.high, one.total.possible, flag_of(one)) for one in scores)
    law = DrawnCommunity(ruleset, state, asked).law
    shares = {tuple(marks): Fraction(weight, sum(law.values())) for marks, weight in law.items()}
    assert shares == {marks: Fraction(count, len(scores)) for marks, count in brute.items()}
    assert sum(shares.values()) == 1
    found = forecast(ruleset, [state], Drawing(asked), target)
    lows, highs = sorted(one.score.low for one in scores), sorted(one.score.high for one in scores)
    for outlook, ends in ((found.low, lows), (found.high, highs)):
        assert outlook.passes == Fraction(sum(end >= target for end in ends), len(ends))
        assert outlook.mean == sum(ends, Fraction(0)) / len(ends)
        assert outlook.fifth == next(e for i, e in enumerate(ends, 1) if 20 * i >= len(ends))
        assert outlook.ninety_fifth == next(e for i, e in enumerate(ends, 1) if 20 * i >= 19 * len(ends))
        assert sum(outlook.whole.values()) == 1
    assert found.clean == (
        Fraction(sum(flag_of(one) == 0 for one in scores), len(scores)),
        Fraction(sum(flag_of(one) < 2 for one in scores), len(scores)),
    )


@settings(max_examples=300 if DEEP else 25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(inspected(), min_size=2, max_size=4), st.integers(1, 4), st.booleans(), TARGET)
def test_a_district_lies_in_its_band(cases: list[Case], communities: int, by_street: bool, target: Fraction) -> None:
    """Every choice of communities and of sites within them, weighted by hand."""
    ruleset, first, asked = cases[0]
    states = [first, *(replace(first, sites=first.sites[n:], totals={}) for n in range(1, len(cases)))]
    states = [
        replace(one, community=replace(one.community, id=str(n), street="东西"[n % 2]), totals=_totals(one))
        for n, one in enumerate(states)
    ]
    found = forecast(ruleset, states, Drawing(asked, communities, by_street), target)
    streets = [[one for one in states if one.community.street == s] for s in "东西"] if by_street else [states]
    chances: Counter[tuple[Fraction, Fraction]] = Counter()
    clean = [Fraction(0), Fraction(0)]
    choices = [list(combinations(some, min(communities, len(some)))) for some in streets]
    for choice in product(*choices):
        those = [one for some in choice for one in some]
        each = [[assess(ruleset, drawn) for drawn in every_drawing(one, asked)] for one in those]
        for results in product(*each):
            weight = Fraction(1, prod(map(len, choices)) * prod(map(len, each)))
            low = sum((one.score.low for one in results), Fraction(0)) / len(those)
            chances[low, sum((one.score.high for one in results), Fraction(0)) / len(those)] += weight
            clean[0] += weight * all(flag_of(one) == 0 for one in results)
            clean[1] += weight * all(flag_of(one) < 2 for one in results)
    assert sum(chances.values()) == 1 and found.clean == tuple(clean)
    for outlook, end in ((found.low, 0), (found.high, 1)):
        assert outlook.mean == sum(ends[end] * weight for ends, weight in chances.items())
        assert abs(1 - sum(outlook.whole.values())) < Fraction(1, 10**9)
        wide = [found.error + Fraction(1, 10**6), -found.error - Fraction(1, 10**6)]
        near = [sum(w for ends, w in chances.items() if ends[end] >= target + e) for e in wide]
        assert near[0] - Fraction(1, 10**8) <= outlook.passes <= near[1] + Fraction(1, 10**8)
    surely = sum(weight for (low, _), weight in chances.items() if low >= target)
    possibly = sum(weight for (_, high), weight in chances.items() if high >= target)
    assert found.low.passes <= surely <= possibly <= found.high.passes
    fifth = sorted(chances, key=lambda ends: ends[0])
    assert found.low.fifth <= next(e for e in _tail(fifth, 0, chances))
    assert found.high.ninety_fifth >= next(e for e in _tail(fifth, 0, chances))


def _tail(
    order: list[tuple[Fraction, Fraction]], end: int, chances: Mapping[tuple[Fraction, Fraction], Fraction]
) -> Iterator[Fraction]:
    below = Fraction(0)
    for ends in order:
        below += chances[ends]
        if below >= Fraction(5, 100):
            yield ends[end]


def _totals(state: State) -> Mapping[str, SiteTotal]:
    kinds = [site.kind for site in state.sites]
    return {kind: SiteTotal(kinds.count(kind) + (kind == "lane")) for kind in set(kinds)}


@relaxed
@given(inspected(), TARGET)
def test_what_a_site_costs_is_the_chance_with_it_put_right(case: Case, target: Fraction) -> None:
    """Each site of each kind in turn; no site ever lowers the chance by getting better."""
    ruleset, state, asked = case
    one = DrawnCommunity(ruleset, state, asked)
    reaching = lambda marks: marks.reaches(target)
    now = chance(one.law, reaching)
    told = iter(sorted(one.sinks(Fraction(1), reaching), key=lambda sink: sink.kind))
    for kind, sheet in sorted(one.sheets.items()):
        for place, marks in enumerate(sheet.sites):
            clean = sheet.clean(place)
            if clean == marks:
                continue
            sites = one.sites[kind] - Counter((marks,)) + Counter((clean,))
            then = chance(one.with_laws({kind: law_of(sheet, sites, one.drawn[kind])}), reaching)
            sink = next(told)
            assert (sink.low, sink.high) == (then[0] - now[0], then[1] - now[1])
            assert sink.low >= 0 and sink.high >= 0
    assert next(told, None) is None


@relaxed
@given(inspected(), TARGET, st.data())
def test_the_band_holds_whatever_an_unvisited_site_turns_out_to_be(
    case: Case, target: Fraction, data: st.DataObject
) -> None:
    ruleset, state, asked = case
    assume(not any("m2" in c.facts for c in ruleset.criteria))  # whose quotients are not bounded by their ends
    before = forecast(ruleset, [state], Drawing(asked), target)
    for kind, total in state.totals.items():
        listed = [site for site in state.sites if site.kind == kind]
        for number in range(total.count - len(listed)):
            # what is declared not to apply leaves the score, as it does without drawings: no band promises that
            seen = replace(data.draw(rows(ruleset)), na=frozenset())
            visited = replace(site_of(ruleset, seen, f"新{kind}{number}"), kind=kind)
            state = replace(state, sites=(*state.sites, visited))
    after = forecast(ruleset, [state], Drawing(asked), target)
    assert before.low.passes <= after.low.passes <= after.high.passes <= before.high.passes
    assert before.low.mean <= after.low.mean <= after.high.mean <= before.high.mean
    assert before.clean[0] <= after.clean[0] <= after.clean[1] <= before.clean[1]


def estates(good: int, bad: int, unlisted: int = 0) -> tuple[Ruleset, State]:
    """One criterion per estate: all of 100 points or nothing."""
    limit = Limit(FactValue("n1"), "at_most", 0)
    ladder = Ladder("levels", (Rung("A", limit),))
    criterion = Criterion("MA-01", "MA", "题", "要", ("web",), 1_000_000, ladder, per="estate")
    ruleset = Ruleset(
        id="r", title="随", edition="一", disclaimer="无", total_points=100, levels={"A": Fraction(1)},
        bands=(Band("无", 0),), modules=(Module("MA", "MA", 1_000_000),), places={}, costs={}, facts=FACTS,
        criteria=(criterion,), actions={}, sources={}, site_kinds={"estate": SiteKind("estate", "小区")},
    )  # fmt: skip
    counts = [0] * good + [9] * bad
    sites = tuple(Site(str(n), "estate", f"{n} 区", {"n1": Reading("n1", v, DAY)}) for n, v in enumerate(counts))
    totals = {"estate": SiteTotal(len(sites) + unlisted)}
    return ruleset, State(Community("x", "甲"), "r", DAY, {}, sites=sites, totals=totals)


@pytest.mark.parametrize(("drawn", "target"), [(1, 80), (3, 60), (5, 80), (10, 50), (12, 90)])
def test_the_curve_of_good_or_bad_is_that_of_acceptance_sampling(drawn: int, target: int) -> None:
    """P(pass) is the hypergeometric chance that at most so many of those drawn are bad."""
    hypergeom = pytest.importorskip("scipy.stats").hypergeom
    ruleset, state = estates(good=9, bad=3)
    found = forecast(ruleset, [state], Drawing({"estate": drawn}), Fraction(target), curve=True)
    tolerated = drawn * (100 - target) // 100
    assert [point.bad for point in found.curve["estate"]] == list(range(13))
    for point in found.curve["estate"]:
        expected = hypergeom.cdf(tolerated, 12, point.bad, drawn)
        assert point.low == point.high and abs(float(point.low) - expected) < 1e-12
    assert found.low.passes == found.curve["estate"][3].low


def test_unlisted_sites_are_as_bad_or_as_good_as_can_be() -> None:
    ruleset, state = estates(good=1, bad=1, unlisted=2)
    found = forecast(ruleset, [state], Drawing({"estate": 1}), Fraction(80))
    assert (found.low.passes, found.high.passes, found.drawings) == (Fraction(1, 4), Fraction(3, 4), 3)


def test_ten_thousand_alike_are_counted_and_too_many_different_ones_refused() -> None:
    ruleset, state = estates(good=9_000, bad=1_000)
    found = forecast(ruleset, [state], Drawing({"estate": 2}), Fraction(80))
    assert found.drawings == 3 and found.low.passes == Fraction(9_000 * 8_999, 10_000 * 9_999)
    limit = Limit(FactValue("n3"), "at_most", 5)
    added = replace(ruleset.criteria[0], id="MA-02", over="sum", scale=Ladder("levels", (Rung("A", limit),)))
    readings = [{"n1": Reading("n1", 0, DAY), "n3": Reading("n3", n, DAY)} for n in range(10_000)]
    different = tuple(replace(site, readings=told) for site, told in zip(state.sites, readings, strict=True))
    with pytest.raises(Refusal, match="49,995,000"):
        wider = replace(ruleset, criteria=(*ruleset.criteria, added))
        forecast(wider, [replace(state, sites=different)], Drawing({"estate": 2}), Fraction(80))
