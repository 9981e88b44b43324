"""The page on sites: its table is computed anew, from the shipped rules and a shipped record."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import pytest

from checklist import assess, load_state
from checklist.model.rules.ruleset import Ruleset
from checklist.model.sites import SiteTotal
from checklist.model.state import Reading, Site, State
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "sites.md"
PLACE = re.compile(r"(<!-- 由 tests/docs/test_sites_page\.py .*? -->\n).*?(<!-- /生成 -->)", re.DOTALL)
SCALED = {"ebike_charging_ports": (0, 0)}
"""What is there once in the community lies in one of its estates."""


def clean(ruleset: Ruleset) -> State:
    """A record in which nothing is seen wrong: every count that had better be low is 0."""
    state = load_state(ROOT / "data" / "cuihu" / "2026-10-15.yaml", ruleset)
    none = {
        f.id: Reading(f.id, 0, state.as_of) for f in ruleset.facts.values() if f.type == "count" and f.better == "lower"
    }
    return replace(state, readings={**state.readings, **none})


def wrongs(ruleset: Ruleset) -> list[str]:
    """The facts that count what is wrong in an estate."""
    return [
        name
        for name, kind in ruleset.site_facts.items()
        if kind == "estate" and (fact := ruleset.facts[name]).type == "count" and fact.better == "lower"
    ]


def with_counts(state: State, facts: Iterable[str], count: int) -> State:
    return replace(state, readings={**state.readings, **{f: Reading(f, count, state.as_of) for f in facts}})


def in_estates(state: State, ruleset: Ruleset, dirty: int, facts: Iterable[str]) -> State:
    """The same community as three estates and a lane, in ``dirty`` of which each of ``facts`` counts one."""
    lies = ruleset.site_facts
    of: Callable[[str], Mapping[str, Reading]] = lambda kind: {
        name: reading for name, reading in state.readings.items() if lies.get(name) == kind
    }
    seen = {fact: Reading(fact, 1, state.as_of) for fact in facts}
    elsewhere = {name: Reading(name, 0, state.as_of) for name in SCALED}
    estates = [
        Site(f"e{i}", "estate", f"{i} 区", {**of("estate"), **(elsewhere if i else {}), **(seen if i < dirty else {})})
        for i in range(3)
    ]
    return replace(
        state,
        readings={name: reading for name, reading in state.readings.items() if name not in lies},
        sites=(*estates, Site("l", "lane", "巷", of("lane"))),
        totals={"estate": SiteTotal(3), "lane": SiteTotal(1)},
    )


def table(ruleset: Ruleset) -> str:
    base, every = clean(ruleset), wrongs(ruleset)
    pile = ["random_piles"]
    rows = [
        ("处处干净", with_counts(base, every, 0), in_estates(base, ruleset, 0, [])),
        ("三个小区，一个有一处乱堆", with_counts(base, pile, 1), in_estates(base, ruleset, 1, pile)),
        ("三个小区各有一处乱堆", with_counts(base, pile, 3), in_estates(base, ruleset, 3, pile)),
        (f"一个小区 {len(every)} 种问题各一处", with_counts(base, every, 1), in_estates(base, ruleset, 1, every)),
        (f"三个小区都是 {len(every)} 种问题各一处", with_counts(base, every, 3), in_estates(base, ruleset, 3, every)),
    ]
    lines = ["| 情形 | 全社区合起来数 | 按点位评 |", "|---|---:|---:|"]
    for what, together, apart in rows:
        scores = [assess(ruleset, state).score for state in (together, apart)]
        assert all(score.low == score.high for score in scores)
        lines.append(f"| {what} | {float(scores[0].low):.2f} | {float(scores[1].low):.2f} |")
    return "\n".join(lines) + "\n"


def test_the_table_is_what_the_engine_says(ruleset: Ruleset, request: pytest.FixtureRequest) -> None:
    text = PAGE.read_text(encoding="utf-8")
    fresh = PLACE.sub(lambda found: found[1] + "\n" + table(ruleset) + "\n" + found[2], text)
    if request.config.getoption("--golden"):
        PAGE.write_text(fresh, encoding="utf-8", newline="\n")
    assert PLACE.search(text) and PAGE.read_text(encoding="utf-8") == fresh, "read the diff, then pytest --golden"
