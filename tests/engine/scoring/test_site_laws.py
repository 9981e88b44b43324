"""Laws of sites (docs/design.md 点位), on random rulesets and random sites."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from itertools import product
from math import floor
from time import perf_counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checklist.engine.scoring.assess import assess
from checklist.engine.scoring.judge import judge
from checklist.engine.scoring.sites import Bench
from checklist.model.numbers import Number
from checklist.model.results.assessment import Finding
from checklist.model.rules.conditions import Limit
from checklist.model.rules.facts import Value, parts_of
from checklist.model.rules.measures import FactValue
from checklist.model.rules.ruleset import Band, Criterion, Module, Ruleset
from checklist.model.rules.scales import Ladder, Rung
from checklist.model.rules.site_kinds import SiteKind
from checklist.model.sites import RecordedDefect, SiteTotal
from checklist.model.state import Community, NotApplicable, Reading, Sample, Site, State
from tests.batch.random_rulesets import DAY, FACTS, NUMBERS, Row, rows, rulesets, value_of
from tests.support.laws import examples

relaxed = settings(max_examples=examples(60), deadline=None, suppress_health_check=list(HealthCheck))
SERVED = ("n2", "b2", "k2")
"""Facts of the random rulesets that the community records once for all sites."""


@dataclass(frozen=True)
class World:
    """Sites as rows, the community's served values, and how many sites nobody listed."""

    ruleset: Ruleset
    community: Mapping[str, Value]
    listed: Sequence[Row]
    unlisted: int = 0
    declared: frozenset[str] = field(default_factory=frozenset)


@st.composite
def worlds(draw: st.DrawFn, over: Sequence[str] = ("mean", "worst"), most: int = 3) -> World:
    """Every criterion graded per estate, but some that stay with the community and read served facts only. What stands
    beside the score, and what earns full points where it does not apply, is graded in the community alone (E306)."""
    ruleset = draw(rulesets())
    facts = {name: replace(fact, serves="sites") if name in SERVED else fact for name, fact in FACTS.items()}
    criteria = tuple(
        replace(c, per="estate", over=draw(st.sampled_from(over)), na_full=False, extra="ordinary")
        for c in ruleset.criteria
    )
    ruleset = replace(ruleset, facts=facts, criteria=criteria, site_kinds={"estate": SiteKind("estate", "小区", ())})
    community = {name: draw(value_of(FACTS[name])) for name in SERVED if draw(st.booleans())}
    listed = draw(st.lists(rows(ruleset), min_size=1, max_size=most))
    declared = frozenset(c.id for c in criteria if draw(st.integers(0, 15)) == 0)
    return World(ruleset, community, listed, draw(st.integers(0, 2)), declared)


def site_of(ruleset: Ruleset, row: Row, name: str) -> Site:
    """The site as its reader leaves it: no served facts, parts never greater than their wholes."""
    readings = {
        fact: Reading(fact, value, row.on.get(fact, row.as_of))
        for fact, value in row.values.items()
        if fact not in SERVED
    }
    for part, whole in parts_of(ruleset.facts):
        if part in readings and whole in readings and readings[part].value > readings[whole].value:  # type: ignore[operator]
            del readings[part], readings[whole]
    return Site(name, "estate", name, readings, not_applicable={id: NotApplicable(id, "无") for id in row.na})


def state_of(world: World) -> State:
    sites = tuple(site_of(world.ruleset, row, f"第{i}处") for i, row in enumerate(world.listed))
    readings = {name: Reading(name, value, DAY) for name, value in world.community.items()}
    declared = {id: NotApplicable(id, "全社区都没有") for id in world.declared}
    totals = {"estate": SiteTotal(len(sites) + world.unlisted)}
    return State(Community("x", "甲"), world.ruleset.id, DAY, readings, declared, sites=sites, totals=totals)


def findings(world: World) -> tuple[Finding, ...]:
    return assess(world.ruleset, state_of(world)).findings


def came_to(finding: Finding) -> tuple[object, ...]:
    """What a finding says, without its sites."""
    return (
        finding.outcome,
        finding.best,
        finding.worst,
        finding.low,
        finding.high,
        finding.applies,
        finding.flag,
        Fraction(finding.settled),
    )


@relaxed
@given(worlds(), st.integers(2, 3))
def test_copies_of_every_site_change_nothing(world: World, k: int) -> None:
    more = replace(world, listed=list(world.listed) * k, unlisted=world.unlisted * k)
    assert list(map(came_to, findings(world))) == list(map(came_to, findings(more)))


@relaxed
@given(worlds(over=("mean", "worst", "sum")), st.randoms(use_true_random=False))
def test_order_changes_nothing(world: World, random: object) -> None:
    listed = list(world.listed)
    random.shuffle(listed)  # type: ignore[attr-defined]
    shuffled = replace(world, listed=listed)
    assert list(map(came_to, findings(world))) == list(map(came_to, findings(shuffled)))


@relaxed
@given(worlds(over=("mean", "worst", "sum"), most=1))
def test_one_site_is_the_community_of_today(world: World) -> None:
    world = replace(world, unlisted=0)
    state, ruleset = state_of(world), world.ruleset
    site = state.sites[0]
    alone = replace(
        state,
        readings={**state.readings, **site.readings},
        not_applicable={**site.not_applicable, **state.not_applicable},
        sites=(),
        totals={},
    )
    for finding in assess(ruleset, state).findings:
        today = judge(ruleset, finding.criterion, alone, alone.knowledge(ruleset.facts))
        if finding.criterion.over == "sum" and any(
            FACTS[f].type not in ("count", "number") for f in today.criterion.facts
        ):
            continue  # what cannot be added up is refused by check
        assert came_to(finding) == came_to(today)


def mean(points: Sequence[Number], grain: int) -> Number:
    """Half up to the ruleset's unit, by the definition."""
    return Fraction(floor(Fraction(sum(points)) * grain / len(points) + Fraction(1, 2)), grain)


@relaxed
@given(worlds())
def test_points_are_the_mean_or_the_worst_of_the_sites(world: World) -> None:
    """Each site judged as a community of its own, and put together by hand."""
    state, ruleset = state_of(world), world.ruleset
    alone = [state.at(site, SERVED) for site in state.sites] + [state.at(None, SERVED)] * world.unlisted
    for finding in assess(ruleset, state).findings:
        each = [judge(ruleset, finding.criterion, one, one.knowledge(ruleset.facts)) for one in alone]
        counted = [f for f in each if f.outcome != "not_applicable"]
        if not counted:
            assert (finding.outcome, finding.possible) == ("not_applicable", 0)
            continue
        worst = finding.criterion.over == "worst"
        together = min if worst else partial(mean, grain=ruleset.grain)
        assert (finding.low, finding.high) == (together([f.low for f in counted]), together([f.high for f in counted]))
        flags = {f.flag for f in counted}
        said = (
            "open" if "open" in flags else "clear" if flags == {"clear"} else None if flags == {None} else "undecided"
        )
        assert finding.flag == said
        assert finding.settled == Fraction(finding.possible * sum(f.decided for f in counted), len(counted))
        if finding.criterion.over == "mean":
            outcomes = {f.outcome for f in counted}
            alike = outcomes.pop() if len(outcomes) == 1 else "partly"
            assert finding.outcome == ("unknown" if any(not f.decided for f in counted) else alike)


def nested(inner: Finding, outer: Finding) -> bool:
    """Quotients of a number that may be negative are not bounded by their ends; ``m2`` alone may be."""
    if "m2" in inner.criterion.facts:
        return True
    return outer.low <= inner.low <= inner.high <= outer.high


@relaxed
@given(worlds(over=("mean", "worst", "sum")), st.data())
def test_visiting_a_site_never_widens_and_stays_inside(world: World, data: st.DataObject) -> None:
    """Visiting every site that nobody has listed, one after another: each interval lies in the one before."""
    before = findings(world)
    while world.unlisted:
        visited = data.draw(rows(world.ruleset))
        world = replace(world, listed=[*world.listed, visited], unlisted=world.unlisted - 1)
        after = findings(world)
        for old, new in zip(before, after, strict=True):
            assert new.outcome == "not_applicable" or nested(new, old), (old, new)
        before = after


@relaxed
@given(worlds(over=("mean", "worst", "sum")), st.data())
def test_filling_a_fact_at_a_site_stays_inside(world: World, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(world.listed) - 1))
    row = world.listed[place]
    missing = [f for f in FACTS if f not in row.values and f not in row.samples and f not in SERVED]
    fact = data.draw(st.sampled_from(missing))
    values = {**row.values, fact: data.draw(value_of(FACTS[fact]))}
    filled = replace(world, listed=[*world.listed[:place], replace(row, values=values), *world.listed[place + 1 :]])
    kept = site_of(world.ruleset, replace(row, values=values), "x").readings
    if kept.keys() < site_of(world.ruleset, row, "x").readings.keys() | {fact}:
        return  # a part greater than its whole: neither counts any more
    for old, new in zip(findings(world), findings(filled), strict=True):
        assert new.outcome == "not_applicable" or nested(new, old)


@relaxed
@given(worlds(), st.data())
def test_improving_one_site_never_lowers(world: World, data: st.DataObject) -> None:
    """A site put in place of one that is at least as bad in everything: the mean and the worst follow."""
    state, ruleset = state_of(world), world.ruleset
    worse = data.draw(st.integers(0, len(state.sites) - 1))
    other = site_of(ruleset, data.draw(rows(ruleset)), "另一处")
    changed = replace(state, sites=(*state.sites[:worse], other, *state.sites[worse + 1 :]))
    pairs = zip(assess(ruleset, state).findings, assess(ruleset, changed).findings, strict=True)
    for old, new in pairs:
        if not old.sites or not new.sites:
            continue
        a, b = old.sites[worse].finding, new.sites[worse].finding
        if "not_applicable" not in (a.outcome, b.outcome) and b.low >= a.low and b.high >= a.high:
            assert new.low >= old.low and new.high >= old.high


@relaxed
@given(worlds(over=("sum",)))
def test_a_sum_is_graded_once_over_what_the_sites_add_up_to(world: World) -> None:
    """Against a community that records the sums: known where every site knows, silent where one does not."""
    world = replace(
        world, unlisted=0, declared=frozenset(), listed=[replace(row, na=frozenset()) for row in world.listed]
    )
    state, ruleset = state_of(world), world.ruleset
    numeric = [c for c in ruleset.criteria if set(c.facts) <= {*NUMBERS, *SERVED} and c.status == "active"]
    for criterion in numeric:
        readings = dict(state.readings)
        here = [state.at(site).knowledge(ruleset.facts) for site in state.sites]
        read = [f for f in criterion.facts if f not in SERVED]
        if any(f not in known.values for known, f in product(here, read)):
            continue
        for fact in read:
            readings[fact] = Reading(fact, sum(known.values[fact] for known in here), DAY)  # type: ignore[misc]
        whole = replace(state, readings=readings, sites=(), totals={})
        today = judge(ruleset, criterion, whole, whole.knowledge(ruleset.facts))
        found = next(f for f in assess(ruleset, state).findings if f.criterion is criterion)
        assert came_to(found) == came_to(today)


def test_a_defect_is_a_number_that_is_known_to_be_reached() -> None:
    """Three open defects and no written count: at least three, which settles a limit of two and not one of five."""
    defects = {"n1": tuple(RecordedDefect(str(i), DAY) for i in range(3))}
    state = State(Community("x", "甲"), "random", DAY, {}, defects=defects)
    known = state.knowledge(FACTS)
    assert (known.value("n1"), known.span("n1").low) == (None, 3)
    written = replace(state, readings={"n1": Reading("n1", 5, DAY)})
    assert written.knowledge(FACTS).value("n1") == 5
    closed = replace(state, defects={"n1": tuple(replace(d, closed=DAY) for d in defects["n1"])})
    assert closed.knowledge(FACTS).span("n1").low == 0


@pytest.mark.slow
def test_ten_thousand_sites_answer_within_seconds(ruleset: Ruleset) -> None:
    """Every criterion of the shipped rules at each of ten thousand estates, each with something of its own."""
    criteria = tuple(replace(c, per="estate") for c in ruleset.criteria)
    big = replace(ruleset, criteria=criteria, site_kinds={"estate": SiteKind("estate", "小区", ())})
    counts = [name for name, fact in ruleset.facts.items() if fact.type == "count"][:3]
    sites = tuple(
        Site(str(i), "estate", f"第{i}处", {name: Reading(name, i % 7, DAY) for name in counts}) for i in range(10_000)
    )
    state = State(Community("x", "甲"), ruleset.id, DAY, {}, sites=sites, totals={"estate": SiteTotal(12_000)})
    start = perf_counter()
    result = assess(big, state)
    assert perf_counter() - start < 60
    assert all(sum(at.count for at in f.sites) == 12_000 for f in result.findings if f.sites)


def test_a_survey_at_a_site_counts_as_far_as_its_sample_goes() -> None:
    limit = Limit(FactValue("p1"), "at_least", Fraction(9, 10))
    criterion = Criterion(
        "MA-01", "MA", "题", "要", ("web",), 10_000, Ladder("levels", (Rung("A", limit),)), per="estate"
    )
    small = Ruleset(
        id="r", title="随", edition="一", disclaimer="无", total_points=1, levels={"A": Fraction(1)},
        bands=(Band("无", 0),), modules=(Module("MA", "MA", 0),), places={}, costs={}, facts=FACTS,
        criteria=(criterion,), actions={}, sources={}, site_kinds={"estate": SiteKind("estate", "小区")},
    )  # fmt: skip
    reading = Reading("p1", Fraction(1), DAY, sample=Sample(10, 10))
    state = State(
        Community("x", "甲"),
        "r",
        DAY,
        {},
        sites=(Site("a", "estate", "A", {"p1": reading}),),
        totals={"estate": SiteTotal(1)},
    )
    assert assess(small, state).finding("MA-01").outcome == "met"
    assert assess(small, state, sampling=True).finding("MA-01").outcome == "unknown"


def test_a_part_that_is_recorded_alone_says_what_it_can_of_its_whole(ruleset: Ruleset) -> None:
    """Sites of which a criterion reads the same are judged once: what a part says of its whole is read too."""
    told = 0
    for part, whole in parts_of(ruleset.facts):
        if ruleset.site_facts.get(part) != "estate":
            continue
        seen = Site("e1", "estate", "甲", {part: Reading(part, 9, DAY)})
        state = State(
            Community("x", "甲"),
            ruleset.id,
            DAY,
            {},
            sites=(Site("e0", "estate", "乙"), seen),
            totals={"estate": SiteTotal(2)},
        )
        bench = Bench(ruleset, state)
        for criterion in ruleset.criteria:
            if criterion.per == "estate" and whole in criterion.facts and criterion.over != "sum":
                alone = state.at(seen)
                expected = judge(ruleset, criterion, alone, alone.knowledge(ruleset.facts))
                assert bench.finding(criterion).sites[1].finding == expected
                told += expected.high < criterion.points
    assert told
