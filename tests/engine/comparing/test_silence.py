"""Who says less never stands better for it: neither by place, nor by the mean of its street."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checklist.engine.comparing.compare import compare, stand
from checklist.engine.comparing.headway import headway
from checklist.engine.scoring.assess import assess
from checklist.model.results.comparison import Comparison, Standing
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import Community, State
from tests.batch.random_rulesets import Row, state_of, worlds
from tests.support.dossiers import shipped
from tests.support.laws import examples


def at(state: State, n: int) -> State:
    return replace(state, community=Community(f"c{n}", f"甲{n}", street=f"街道{n % 2}"))


def forgetful(state: State, seed: int) -> State:
    """The record with some of its answers gone."""
    random = Random(seed)
    share = random.random()
    return replace(state, readings={name: r for name, r in state.readings.items() if random.random() < share})


def place(comparison: Comparison, id: str) -> int | None:
    return next((r.rank.place for r in comparison.ranked if r.standing.community.id == id), None)


def mean(comparison: Comparison, street: str) -> object:
    return next((s.low for s in comparison.streets if s.name == street), None)


@settings(max_examples=examples(120), deadline=None, suppress_health_check=list(HealthCheck))
@given(worlds(), st.integers(0, 10**6))
def test_saying_less_never_helps(world: tuple[Ruleset, list[Row]], seed: int) -> None:
    ruleset, rows = world
    states = [at(state_of(ruleset, row), n) for n, row in enumerate(rows)]
    less = forgetful(states[0], seed)
    before = compare([stand(ruleset, state) for state in states])
    after = compare([stand(ruleset, state) for state in (less, *states[1:])])
    was, now = place(before, "c0"), place(after, "c0")
    if was is None:
        assert now is None, "who was checked too little is not ranked by saying less"
    if was is not None and now is not None and len(before.ranked) == len(after.ranked):
        assert now >= was
    means = mean(before, "街道0"), mean(after, "街道0")
    if None not in means:
        assert means[1] <= means[0]  # type: ignore[operator]


def test_what_is_said_no_more_is_not_mended(ruleset: Ruleset) -> None:
    """The case of the issue: the facts behind every gap are deleted."""
    before = shipped("data/beimen", ruleset).assessment
    facts = {fact for gap in before.gaps for fact in gap.finding.criterion.facts}
    readings = {name: r for name, r in before.state.readings.items() if name not in facts}
    after = assess(ruleset, replace(before.state, readings=readings))
    found = headway(before, after)
    assert len(before.gaps) > 50 and len(after.gaps) < 10 and not after.verdict.open_redlines
    assert found.closed == 0 and found.silent == len(before.gaps) - len(after.gaps)
    assert after.score.low <= before.score.low and after.coverage < before.coverage


def test_a_street_counts_those_that_are_not_ranked(ruleset: Ruleset) -> None:
    one, other = (shipped(f"data/{name}", ruleset).assessment.state for name in ("cuihu", "taoli"))
    standings: list[Standing] = [stand(ruleset, at(state, 2 * n)) for n, state in enumerate((one, other))]
    (street,) = compare(standings).streets
    assert (street.count, street.apart) == (2, 1)
    assert street.low == sum(s.total.score.low for s in standings) / 2
