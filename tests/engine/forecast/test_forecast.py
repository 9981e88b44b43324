"""The law of the inspected score, against every drawing assessed one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, product
from math import prod

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checklist.engine.forecast.drawn_community import DrawnCommunity
from checklist.engine.forecast.forecast import forecast
from checklist.engine.scoring.assess import assess
from checklist.model.results.assessment import Assessment
from checklist.model.results.forecast import Drawing
from checklist.model.rules.ruleset import Ruleset
from checklist.model.rules.site_kinds import SiteKind
from checklist.model.sites import SiteTotal
from checklist.model.state import Site, State
from tests.batch.random_rulesets import rows
from tests.engine.scoring.test_site_laws import World, state_of, worlds
from tests.support.laws import DEEP

thorough = settings(max_examples=1000 if DEEP else 60, deadline=None, suppress_health_check=list(HealthCheck))
TARGET = st.integers(0, 100).map(Fraction)


@st.composite
def inspected(draw: st.DrawFn) -> tuple[Ruleset, State, Mapping[str, int]]:
    """A random community with estates and lanes, and how many of each are drawn."""
    world: World = draw(worlds(over=("mean", "worst", "sum"), most=4))
    kinds = {kind: SiteKind(kind, kind, ()) for kind in ("estate", "lane")}
    criteria = tuple(
        replace(c, per=draw(st.sampled_from(("estate", "estate", "lane", "")))) for c in world.ruleset.criteria
    )
    world = replace(world, ruleset=replace(world.ruleset, criteria=criteria, site_kinds=kinds))
    state = state_of(world)
    sites = [*state.sites]
    if sites and draw(st.booleans()):
        sites += [replace(site, id=site.id + "又") for site in sites[:1]]
    kind = [draw(st.sampled_from(("estate", "lane"))) for _ in sites]
    sites = [replace(site, kind=one) for site, one in zip(sites, kind, strict=True)]
    totals = {one: SiteTotal(kind.count(one) + draw(st.integers(0, 2))) for one in set(kind)}
    state = replace(state, sites=tuple(sites), totals=totals)
    asked = {one: draw(st.integers(1, 3)) for one in ("estate", "lane") if draw(st.booleans())}
    return world.ruleset, state, asked


def every_drawing(state: State, asked: Mapping[str, int]) -> Iterator[State]:
    """The record with only the sites drawn, for every drawing; each site that nobody listed is one by itself."""
    drawn = []
    for kind in asked:
        total = state.totals.get(kind)
        if total is None or not total.count:
            continue
        listed: list[Site | None] = [site for site in state.sites if site.kind == kind]
        listed += [None] * (total.count - len(listed))
        drawn.append([(kind, some) for some in combinations(listed, min(asked[kind], len(listed)))])
    for choice in product(*drawn):
        kept = dict(choice)
        sites = [site for site in state.sites if site.kind not in kept]
        sites += [site for some in kept.values() for site in some if site is not None]
        totals = {**state.totals, **{kind: SiteTotal(len(some)) for kind, some in kept.items()}}
        yield replace(state, sites=tuple(sites), totals=totals)


def flag_of(result: Assessment) -> int:
    verdict = result.verdict
    if verdict.open_vetoes or verdict.open_redlines:
        return 2
    return 1 if verdict.undecided_vetoes or verdict.undecided_redlines else 0


@thorough
@given(inspected(), TARGET)
def test_the_law_is_that_of_every_drawing_assessed(
    case: tuple[Ruleset, State, Mapping[str, int]], target: Fraction
) -> None:
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
def test_a_district_lies_in_its_band(
    cases: list[tuple[Ruleset, State, Mapping[str, int]]], communities: int, by_street: bool, target: Fraction
) -> None:
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
