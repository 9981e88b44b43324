"""Random communities with sites of two kinds: as states, and as tables whose rows lie in any order."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from checklist.model.rules.facts import parts_of
from checklist.model.rules.ruleset import Criterion, Ruleset
from checklist.model.rules.site_kinds import SiteKind
from checklist.model.sites import SiteTotal
from checklist.model.state import Community, NotApplicable, Reading, Sample, Site, State
from tests.batch.random_rulesets import DAY, FACTS, Row, rows, rulesets, table_of

KINDS = {"estate": SiteKind("estate", "小区"), "lane": SiteKind("lane", "背街小巷")}
SERVED = ("n2", "b2", "k2", "m3")
ADDED = {name for name, fact in FACTS.items() if fact.type in ("count", "number")}


@dataclass(frozen=True)
class Place:
    """One site of a community; ``named`` leaves its kind to be told by its facts."""

    kind: str
    row: Row
    closed: date | None = None


@dataclass(frozen=True)
class Many:
    """A community: its own row, its sites, how many there are by kind, and with ``spread`` its facts on any of its rows."""

    own: Row
    sites: Sequence[Place] = ()
    totals: Mapping[str, int] = field(default_factory=dict)
    spread: bool = False


@st.composite
def ruled(draw: st.DrawFn) -> Ruleset:
    ruleset = draw(rulesets())
    facts = {name: replace(fact, serves="sites") if name in SERVED else fact for name, fact in FACTS.items()}
    criteria = tuple(_somewhere(draw, criterion, facts) for criterion in ruleset.criteria)
    return replace(ruleset, facts=facts, criteria=criteria, site_kinds=KINDS)


def _somewhere(draw: st.DrawFn, criterion: Criterion, facts: Mapping[str, Any]) -> Criterion:
    per = draw(st.sampled_from(["", "estate", "estate", "lane"])) if criterion.extra == "ordinary" else ""
    added = [name for name in criterion.facts if not facts[name].serves]
    over = ["mean", "mean", "worst", *(["sum", "sum"] if set(added) <= ADDED else [])]
    full = criterion.na_full and not per
    return replace(criterion, per=per, over=draw(st.sampled_from(over)) if per else "mean", na_full=full)


@st.composite
def communities(draw: st.DrawFn, ruleset: Ruleset) -> Many:
    own, sites, totals = draw(rows(ruleset)), [], {}
    for kind in KINDS:
        some = draw(st.integers(0, 3))
        for _ in range(some):
            closed = draw(st.sampled_from([None, None, None, DAY - timedelta(days=3)]))
            sites.append(Place(kind, draw(rows(ruleset)), closed))
        counting = sum(site.kind == kind and site.closed is None for site in sites)
        if some:
            total = draw(st.sampled_from([None, 0, 0, 1, 3]))
            totals |= {} if total is None or counting + total == 0 else {kind: counting + total}
        elif draw(st.integers(0, 4)) == 0:
            totals[kind] = 0
    own = replace(own, values={f: v for f, v in own.values.items() if not _lies_at(ruleset, f, sites, totals)})
    own = replace(own, samples={f: v for f, v in own.samples.items() if not _lies_at(ruleset, f, sites, totals)})
    return Many(own, tuple(sites), totals, bool(sites) and draw(st.booleans()))


def _lies_at(ruleset: Ruleset, fact: str, sites: Sequence[Place], totals: Mapping[str, int]) -> bool:
    return ruleset.site_facts.get(fact) in {*(site.kind for site in sites), *totals}


@st.composite
def districts(draw: st.DrawFn) -> tuple[Ruleset, list[Many], int]:
    """A ruleset, communities and a seed for the order of their rows."""
    ruleset = draw(ruled())
    return ruleset, draw(st.lists(communities(ruleset), min_size=1, max_size=4)), draw(st.integers(0, 99))


def state_of_many(ruleset: Ruleset, many: Many, name: str = "甲") -> State:
    """The state as the reader of a record would leave it."""
    own = many.own
    state = State(Community(name, name), ruleset.id, DAY, *_recorded(ruleset, own))
    state = replace(state, not_applicable=_declared(ruleset, own, state))
    served = state.at(None, [name for name, fact in ruleset.facts.items() if fact.serves])
    served = replace(served, not_applicable={})
    sites = []
    for i, place in enumerate(many.sites):
        mine = _of_kind(ruleset, place)
        readings, _, unusable = _recorded(ruleset, mine)
        seen = replace(served, readings={**served.readings, **readings})
        declared = _declared(ruleset, mine, seen)
        sites.append(Site(f"s{i}", place.kind, f"第{i}处", readings, None, place.closed, declared, unusable))
    totals = {kind: SiteTotal(count, "" if count else "辖区没有") for kind, count in many.totals.items()}
    return replace(state, sites=tuple(sites), totals=totals)


def _of_kind(ruleset: Ruleset, place: Place) -> Row:
    def mine(facts: Mapping[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in facts.items() if ruleset.site_facts.get(name) == place.kind}

    row = place.row
    na = frozenset(id for id in row.na if ruleset.by_id[id].per == place.kind)
    return replace(row, values=mine(row.values), samples=mine(row.samples), on=mine(row.on), na=na)


def _recorded(ruleset: Ruleset, row: Row) -> tuple[dict[str, Reading], dict[str, NotApplicable], frozenset[str]]:
    readings = {name: Reading(name, value, row.on.get(name, DAY)) for name, value in row.values.items()}
    for name, (agree, asked) in row.samples.items():
        readings[name] = Reading(name, Fraction(agree, asked), row.on.get(name, DAY), sample=Sample(agree, asked))
    wrong = {
        name
        for part, whole in parts_of(ruleset.facts)
        if part in readings and whole in readings and readings[part].value > readings[whole].value  # type: ignore[operator]
        for name in (part, whole)
    }
    return {name: one for name, one in readings.items() if name not in wrong}, {}, frozenset(wrong)


def _declared(ruleset: Ruleset, row: Row, seen: State) -> dict[str, NotApplicable]:
    known, found = seen.knowledge(ruleset.facts), {}
    for id in row.na:
        applies = ruleset.criterion(id).applies_when
        if applies is None or applies.holds(known) is not True:
            found[id] = NotApplicable(id, "这里没有")
    return found


def table_of_many(ruleset: Ruleset, district: Sequence[Many], seed: int) -> tuple[pa.Table, list[int]]:
    """The rows of all communities, shuffled, and the communities in the order in which the first row of each stands."""
    chance = random.Random(seed)
    lines: list[tuple[int, Row, dict[str, Any]]] = []
    for number, many in enumerate(district):
        needs_own = many.own.na or any(f in ruleset.site_facts for f in (*many.own.values, *many.own.samples))
        alone = not many.sites or not many.spread or needs_own or chance.random() < 0.5
        mine: list[tuple[int, Row, dict[str, Any]]] = [(number, many.own, {})] if alone else []
        for i, place in enumerate(many.sites):
            row = _of_kind(ruleset, place)
            tell = place.kind if not (row.values or row.samples) or chance.random() < 0.6 else None
            mine.append((number, row, {"点位": f"第{i}处", "点位类别": tell, "点位停算日期": place.closed}))
        if many.spread:
            mine = _spread(ruleset, many.own, mine, chance)
        for kind, count in many.totals.items():
            at = chance.randrange(len(mine))
            cell = str(count) if count else "0（辖区没有）"
            mine[at] = (*mine[at][:2], {**mine[at][2], f"{ruleset.site_kinds[kind].label}总数": cell})
        lines += mine
    chance.shuffle(lines)
    table = table_of(ruleset, [row for _, row, _ in lines])
    table = table.set_column(0, "community", pa.array([f"c{number}" for number, *_ in lines]))
    for name, kind in {"点位": pa.string(), "点位类别": pa.string(), "点位停算日期": pa.date32()}.items():
        table = table.append_column(name, pa.array([more.get(name) for *_, more in lines], kind))
    for kind in ruleset.site_kinds.values():
        cells = [more.get(f"{kind.label}总数") for *_, more in lines]
        table = table.append_column(f"{kind.label}总数", pa.array(cells, pa.string()))
    return table, list(dict.fromkeys(number for number, *_ in lines))


def _spread(ruleset: Ruleset, own: Row, lines: list[Any], chance: random.Random) -> list[Any]:
    """Each fact of the community on one of its rows; what lies at sites stays on its own."""
    at_sites = ruleset.site_facts.keys()

    def stays(facts: Mapping[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in facts.items() if name in at_sites}

    left = replace(own, values=stays(own.values), samples=stays(own.samples))
    found = [(number, row if more else left, more) for number, row, more in lines]
    for part in ("values", "samples"):
        for name, value in getattr(own, part).items():
            if name in at_sites:
                continue
            at = chance.randrange(len(found))
            row = found[at][1]
            on = {**row.on, **({name: own.on[name]} if name in own.on else {})}
            found[at] = (found[at][0], replace(row, **{part: {**getattr(row, part), name: value}}, on=on), found[at][2])
    return found
