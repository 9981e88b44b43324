"""The fewest actions that reach a score, against trying every set."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklist.engine.planning.counterfactual import counterfactual
from checklist.model.planning.plan import Counterfactual, Impossible
from tests.engine.planning.small_plans import Tried, every_set, world, world_with_sites
from tests.support.laws import examples

pytest.importorskip("highspy")


@settings(max_examples=examples(80), deadline=None)
@given(st.integers(0, 10**9), st.integers(10, 90), st.booleans())
def test_fewest_and_next_best_equal_brute_force(seed: int, target: int, sites: bool) -> None:
    w = world_with_sites(Random(seed), deeds=5) if sites else world(Random(seed), actions=5)
    w = replace(w, limits=replace(w.limits, target=Fraction(target)))
    found, tried = counterfactual(w.ruleset, w.state, w.limits), list(every_set(w))
    if not tried:
        assert isinstance(found, Impossible)
        return
    assert isinstance(found, Counterfactual)
    fewest = min((t.vetoes, t.redlines) for t in tried)
    tried = [t for t in tried if (t.vetoes, t.redlines) == fewest]
    assert found.best.score.low in {t.promised for t in tried if t.score == max(t.score for t in tried)}
    reaching = [t for t in tried if min(t.score, t.promised) >= target]
    earlier: list[frozenset[str]] = []
    for way in found.ways:
        left = [t for t in reaching if not any(t.ids >= e for e in earlier)]
        ids = frozenset(step.id for step in way.steps)
        assert (len(ids), cost_of(tried, ids)) == min((len(t.ids), t.cost) for t in left)
        assert way.after.score.low >= target
        earlier.append(ids)
    left = [t for t in reaching if not any(t.ids >= e for e in earlier)]
    assert not left or len(found.ways) == 3 or not earlier[-1]


def cost_of(tried: list[Tried], ids: frozenset[str]) -> int:
    return next(t.cost for t in tried if t.ids == ids)
