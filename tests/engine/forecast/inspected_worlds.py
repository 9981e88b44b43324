"""Random communities with estates and lanes before inspectors, and every drawing of their sites one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations, product

from hypothesis import strategies as st

from checklist.model.results.assessment import Assessment
from checklist.model.rules.ruleset import Ruleset
from checklist.model.rules.site_kinds import SiteKind
from checklist.model.sites import SiteTotal
from checklist.model.state import Site, State
from tests.engine.scoring.test_site_laws import World, state_of, worlds

Case = tuple[Ruleset, State, Mapping[str, int]]
KINDS = ("estate", "lane")


@st.composite
def inspected(draw: st.DrawFn, over: tuple[str, ...] = ("mean", "worst", "sum")) -> Case:
    """A random community with estates and lanes, and how many of each are drawn."""
    world: World = draw(worlds(over=over, most=4))
    kinds = {kind: SiteKind(kind, kind, ()) for kind in KINDS}
    per = st.sampled_from(("estate", "estate", "lane", ""))
    criteria = tuple(replace(c, per=draw(per)) for c in world.ruleset.criteria)
    world = replace(world, ruleset=replace(world.ruleset, criteria=criteria, site_kinds=kinds))
    state = state_of(world)
    sites = [*state.sites]
    if draw(st.booleans()):
        sites += [replace(sites[0], id=sites[0].id + "又")]
    kind = [draw(st.sampled_from(KINDS)) for _ in sites]
    sites = [replace(site, kind=one) for site, one in zip(sites, kind, strict=True)]
    totals = {one: SiteTotal(kind.count(one) + draw(st.integers(0, 2))) for one in set(kind)}
    asked = {one: draw(st.integers(1, 3)) for one in KINDS if draw(st.booleans())}
    return world.ruleset, replace(state, sites=tuple(sites), totals=totals), asked


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
    """2 where a red line or a veto is open, 1 where one may be."""
    verdict = result.verdict
    if verdict.open_vetoes or verdict.open_redlines:
        return 2
    return 1 if verdict.undecided_vetoes or verdict.undecided_redlines else 0
