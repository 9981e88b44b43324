"""Planning: proved optimum of one community, shared budgets over 100 and 1,000, and 1,000 small worlds against brute force.

    python benchmarks/planning.py [worlds] [one] [sites] [shared COUNT]

Prints medians of wall time, and for shared budgets the proven gap. Communities are random but fixed by their number.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from checklist import load_ruleset  # noqa: E402
from checklist.engine.planning.counterfactual import counterfactual  # noqa: E402
from checklist.engine.planning.plan import plan  # noqa: E402
from checklist.engine.planning.shared import shared_plan  # noqa: E402
from checklist.engine.scoring.assess import assess  # noqa: E402
from checklist.model.numbers import INF  # noqa: E402
from checklist.model.planning.plan import Counterfactual, Limits, Plan  # noqa: E402
from checklist.model.rules.facts import Fact, Value, parts_of  # noqa: E402
from checklist.model.rules.ruleset import Ruleset  # noqa: E402
from checklist.model.sites import SiteTotal  # noqa: E402
from checklist.model.state import Community, Reading, Site, State  # noqa: E402

DAY = date(2026, 11, 24)
YUAN_EACH = 100_000


def value(random: Random, fact: Fact, good: float) -> Value:
    """Mostly as good as it can be where ``good`` is near 1, and worse at random elsewhere."""
    fine = random.random() < good
    match fact.type:
        case "bool":
            return (fact.better != "false") == fine
        case "choice":
            return next(iter(fact.options)) if fine else random.choice(list(fact.options))
        case "set":
            return frozenset(o for o in fact.options if fine or random.random() < 0.5)
        case "date":
            return DAY - timedelta(days=random.choice((5, 30) if fine else (100, 500)))
    high = 100 if fact.high == INF else int(fact.high)
    low = int(fact.low)
    if fact.better == "lower":
        return low if fine else min(high, low + random.randint(1, 6))
    if fact.better == "higher":
        return max(low, high - random.randint(0, high // 20)) if fine else random.randint(low, max(low, high // 2))
    return random.randint(low, high)


def communities(ruleset: Ruleset, count: int) -> Iterator[State]:
    for n in range(count):
        random = Random(n)
        good = random.uniform(0.35, 0.85)
        found = {f.id: value(random, f, good) for f in ruleset.facts.values() if random.random() < 0.95}
        for part, whole in parts_of(ruleset.facts) * 2:
            less, more = found.get(part), found.get(whole)
            if isinstance(less, int | Fraction) and isinstance(more, int | Fraction) and less > more:
                found[part] = more
        readings = {name: Reading(name, v, DAY) for name, v in found.items()}
        yield State(Community(f"c{n}", f"社区 {n}"), ruleset.id, DAY, readings)


def one(ruleset: Ruleset) -> None:
    """Every question about one community, on ten communities: median and slowest."""
    questions = {
        "most points": Limits(DAY),
        "budget 20万": Limits(DAY, budget=200_000),
        "budget 20万, 60 days' work, in 90 days": Limits(DAY, budget=200_000, days=60, by=DAY + timedelta(days=90)),
        "to 80, least cost": Limits(DAY, target=Fraction(80)),
        "to 90, least cost": Limits(DAY, target=Fraction(90)),
    }
    for name, limits in questions.items():
        times = []
        for state in communities(ruleset, 10):
            start = time.perf_counter()
            found = plan(ruleset, state, limits)
            times.append(time.perf_counter() - start)
            assert isinstance(found, Plan) and found.proof.optimal
        print(f"one community, {name}: median {statistics.median(times):.2f} s, slowest {max(times):.2f} s, all proved")
    times = []
    for state in communities(ruleset, 10):
        start = time.perf_counter()
        ways = counterfactual(ruleset, state, Limits(DAY, target=Fraction(90)))
        times.append(time.perf_counter() - start)
        assert isinstance(ways, Counterfactual) and ways.proof.optimal
    print(f"fewest actions to 90, three ways: median {statistics.median(times):.2f} s, slowest {max(times):.2f} s")


def sited(ruleset: Ruleset, count: int) -> Iterator[State]:
    """Communities whose estates, ``count`` of them, are each as different as communities are."""
    for n, home in enumerate(communities(ruleset, 3)):
        estates = []
        for number, other in enumerate(communities(ruleset, 3 + count)):
            own = {name: r for name, r in other.readings.items() if ruleset.site_facts.get(name) == "estate"}
            estates.append(
                Site(
                    f"estate-{number}",
                    "estate",
                    f"{number} 区",
                    {k: replace(r, site=f"estate-{number}") for k, r in own.items()},
                )
            )
        here = {name: r for name, r in home.readings.items() if ruleset.site_facts.get(name) != "estate"}
        chosen = tuple(estates[n : n + count])
        yield replace(home, readings=here, sites=chosen, totals={"estate": SiteTotal(count)})


def sites(ruleset: Ruleset) -> None:
    """One community with many estates: median and slowest of every question, and how far the optimum is proved."""
    for count in (10, 50, 80):
        times, gaps = [], []
        for state in sited(ruleset, count):
            for limits in (Limits(DAY, budget=200_000 * count), Limits(DAY, target=Fraction(80)), Limits(DAY)):
                start = time.perf_counter()
                found = plan(ruleset, state, limits)
                times.append(time.perf_counter() - start)
                assert isinstance(found, Plan)
                gaps.append(abs(found.proof.bound - found.proof.value))
        print(
            f"{count} estates: median {statistics.median(times):.2f} s, slowest {max(times):.2f} s, "
            f"largest gap {float(max(gaps)):.6f} ({sum(not gap for gap in gaps)} of {len(gaps)} with none)",
            flush=True,
        )


def shared(ruleset: Ruleset, count: int) -> None:
    states = list(communities(ruleset, count))
    for name, options in (
        ("most points", {}),
        ("lowest first", {"lowest_first": True}),
        ("each 5", {"each": Fraction(5)}),
    ):
        start = time.perf_counter()
        found = shared_plan(ruleset, states, Limits(DAY, budget=YUAN_EACH * count), **options)  # type: ignore[arg-type]
        taken = time.perf_counter() - start
        spent = sum(share.yuan[1] for share in found.shares)
        for share, state in list(zip(found.shares, states, strict=True))[:: max(1, count // 20)]:
            again = state
            for action in share.actions:
                again = again.after(action.sets, ruleset.facts)
            assert assess(ruleset, again).total == share.after, "the promise is not the result"
        assert spent <= YUAN_EACH * count
        print(
            f"shared budget, {count} communities, {name}: {taken:.1f} s, {found.won / 10_000:.2f} points for {spent:,} yuan, "
            f"proven gap {float(found.gap):.6%}, floor {found.floor or found.each}"
        )


def worlds(count: int = 1000) -> None:
    from tests.engine.planning.small_plans import world
    from tests.engine.planning.test_optimum import compared

    equal = planned = 0
    for seed in range(count):
        found = compared(world(Random(seed), actions=8))
        equal, planned = equal + 1, planned + bool(found and found.steps)
    print(f"small worlds: plan = brute force and promise = result on {equal} of {count} ({planned} with steps)")


def main(arguments: list[str]) -> None:
    ruleset = load_ruleset("civilized-city-community")
    if not arguments or "worlds" in arguments:
        worlds()
    if not arguments or "one" in arguments:
        one(ruleset)
    if not arguments or "sites" in arguments:
        sites(ruleset)
    counts = [int(text) for text in arguments if text.isdigit()] or ([100, 1000] if not arguments else [])
    for count in counts:
        shared(ruleset, count)


if __name__ == "__main__":
    main(sys.argv[1:])
