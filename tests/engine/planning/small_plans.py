"""Small random rulesets, states and limits, of every kind of scale, condition and effect; and planning by brute force."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import chain, combinations
from random import Random
from typing import Literal

from checklist.engine.planning.deeds import Deed, Whereabouts
from checklist.engine.planning.order import order_of
from checklist.engine.scoring.sites import Bench
from checklist.model.planning.plan import Limits
from checklist.model.results.assessment import Finding
from checklist.model.rules.conditions import AtLeastOf, Condition, Contains, Limit, NoneOf, OneOf
from checklist.model.rules.effects import Adds, Becomes, Effect, EqualTo, Includes, Reaches, Today
from checklist.model.rules.facts import Fact, FactType, Value, linked
from checklist.model.rules.measures import AgeDays, CountOf, FactValue, Missing, Share, Sum
from checklist.model.rules.ruleset import Action, Band, Criterion, Flag, Module, Ruleset
from checklist.model.rules.scales import Deduct, Deduction, Ladder, Rung, Scale
from checklist.model.rules.site_kinds import SiteKind
from checklist.model.sites import SiteTotal
from checklist.model.state import Community, NotApplicable, Reading, Site, State

DAY = date(2026, 6, 1)
LEVELS = {"A": Fraction(1), "B": Fraction(66, 100), "C": Fraction(33, 100)}
OPTIONS = {"x": "甲", "y": "乙", "z": "丙"}
KINDS: tuple[Literal["at_least", "at_most"], ...] = ("at_least", "at_least", "at_most")
TYPES: tuple[FactType, ...] = ("bool", "count", "count", "count", "choice", "set", "date")


@dataclass(frozen=True)
class World:
    ruleset: Ruleset
    state: State
    limits: Limits


def world(random: Random, *, actions: int = 6) -> World:
    """One question, small enough to be answered by trying every set of actions."""
    facts = {f"f{n}": _fact(f"f{n}", random.choice(TYPES)) for n in range(random.randint(3, 5))}
    counts = [name for name, fact in facts.items() if fact.type == "count"]
    facts |= {"n0": replace(_fact("n0", "count"), part_of="n1"), "n1": _fact("n1", "count")}
    if counts:
        facts["n1"] = replace(facts["n1"], part_of=random.choice(["", *counts]))
    facts = dict(linked(facts))
    declared = _actions(random, facts, random.randint(2, actions))
    criteria = tuple(_criterion(random, facts, n) for n in range(random.randint(4, 8)))
    ruleset = _ruleset(facts, criteria, declared)
    state = State(Community("t", "小区"), "tiny", DAY, _readings(random, facts))
    return World(ruleset, state, _limits(random, declared))


def _ruleset(
    facts: dict[str, Fact], criteria: tuple[Criterion, ...], actions: dict[str, Action], kinds: Iterable[str] = ()
) -> Ruleset:
    return Ruleset(
        id="tiny",
        title="小",
        edition="1",
        disclaimer="",
        total_points=sum(c.points for c in criteria),
        levels=LEVELS,
        bands=(Band("优秀", 90), Band("其他", 0)),
        modules=(Module("M", "模块", sum(c.points for c in criteria)),),
        places={},
        costs={},
        facts=facts,
        criteria=criteria,
        actions=actions,
        sources={},
        site_kinds={kind: SiteKind(kind, kind) for kind in kinds},
    )


def _readings(random: Random, facts: Mapping[str, Fact], site: str = "") -> dict[str, Reading]:
    found = {name: r for name, fact in facts.items() if (r := _reading(random, fact)) is not None}
    return {name: replace(r, site=site) for name, r in found.items()}


def world_with_sites(random: Random, *, deeds: int = 6) -> World:
    """The same with two or three sites, some facts theirs, some of the community and served; at most so many deeds."""
    pools = {"": ["count", "count"], "served": ["count"], "estate": ["count", "count"], "lane": ["count"]}
    facts: dict[str, Fact] = {}
    for pool, types in pools.items():
        types = [*types, *(random.choice(TYPES) for _ in range(random.randint(0, 2)))]
        for n, type in enumerate(types):
            fact = replace(_fact(f"{pool or 'home'}{n}", type), serves="sites" if pool == "served" else "")  # type: ignore[arg-type]
            facts[fact.id] = (
                replace(fact, part_of="estate1") if fact.id == "estate0" and random.random() < 0.5 else fact
            )
    facts = dict(linked(facts))
    criteria = tuple(_criterion_somewhere(random, facts, n) for n in range(random.randint(4, 7)))
    while True:
        declared = _actions(random, facts, random.randint(1, 4))
        declared = {id: replace(a, once=random.choice([None, None, True, False])) for id, a in declared.items()}
        ruleset = _ruleset(facts, criteria, declared, ("estate", "lane"))
        w = World(ruleset, _state(random, ruleset), _limits(random, declared))
        if len(deeds_of(w)) <= deeds:
            return w


def _criterion_somewhere(random: Random, facts: dict[str, Fact], n: int) -> Criterion:
    """Of the community, or of a kind of site: it reads what is recorded there, and what the community serves."""
    per = random.choice(["", "estate", "estate", "estate", "lane"])
    own = {name: fact for name, fact in facts.items() if name.startswith((per or "home", "served"))}
    criterion = _criterion(random, own, n)
    if not per:
        return criterion
    sum_up = all(own[name].type == "count" for name in criterion.facts)
    over = random.choice(["mean", "mean", "worst", *(["sum"] if sum_up else [])])
    return replace(criterion, per=per, over=over)  # type: ignore[arg-type]


def _state(random: Random, ruleset: Ruleset) -> State:
    """One to three estates, some with a lane, some with more that nobody has listed."""
    sites: list[Site] = []
    totals: dict[str, SiteTotal] = {}
    for kind, count in random.choice(
        [(("estate", 2),), (("estate", 3),), (("estate", 2), ("lane", 1)), (("estate", 1),)]
    ):
        own = {name: ruleset.facts[name] for name, where in ruleset.site_facts.items() if where == kind}
        for n in range(count):
            id = f"{kind}-{n}"
            declared = {c.id: NotApplicable(c.id, "无") for c in ruleset.criteria if random.random() < 0.05}
            sites.append(Site(id, kind, id, _readings(random, own, id), not_applicable=declared))
        totals[kind] = SiteTotal(count + random.choice([0, 0, 1, 2]))
    home = {name: fact for name, fact in ruleset.facts.items() if ruleset.site_facts.get(name) not in totals}
    return State(Community("t", "社区"), "tiny", DAY, _readings(random, home), sites=tuple(sites), totals=totals)


def neighbours(random: Random, w: World, count: int) -> list[State]:
    """More communities under the same ruleset."""
    states = []
    for n in range(count):
        found = {name: r for name, fact in w.ruleset.facts.items() if (r := _reading(random, fact)) is not None}
        states.append(State(Community(f"s{n}", f"小区 {n}"), "tiny", DAY, found))
    return states


def _fact(id: str, type: FactType) -> Fact:
    options = OPTIONS if type in ("choice", "set") else {}
    return Fact(id, id, type, "field_inspection", "", 5, 90, options=options)


def _value(random: Random, fact: Fact) -> Value:
    match fact.type:
        case "bool":
            return random.random() < 0.5
        case "choice":
            return random.choice(list(OPTIONS))
        case "set":
            return frozenset(o for o in OPTIONS if random.random() < 0.5)
        case "date":
            return DAY - timedelta(days=random.choice([0, 5, 40, 400]))
    return min(random.randint(0, 6), random.randint(0, 6))


def _reading(random: Random, fact: Fact) -> Reading | None:
    luck = random.random()
    if luck < 0.15:
        return None
    stale = timedelta(days=200 if luck < 0.2 else 0)
    return Reading(fact.id, None if luck > 0.95 else _value(random, fact), DAY - stale)


def _same(random: Random, fact: Fact, facts: dict[str, Fact]) -> str:
    return random.choice([f.id for f in facts.values() if f.type == fact.type])


def _effect(random: Random, fact: Fact, facts: dict[str, Fact]) -> Effect:
    if fact.type == "count":
        kind = random.randrange(6)
        limit = random.choice(KINDS)
        if kind == 0:
            return EqualTo(_same(random, fact, facts))
        if kind == 1:
            return Reaches(limit, Fraction(random.choice([1, 2, 3]), 2), _same(random, fact, facts))
        if kind == 2:
            return Reaches(limit, random.randint(0, 3) + (3 if limit == "at_least" else 0))
        if kind == 3:
            return Adds(random.randint(1, 3))
    if fact.type == "set" and random.random() < 0.7:
        return Includes((random.choice(list(OPTIONS)),), random.random() < 0.3)
    if fact.type == "date" and random.random() < 0.7:
        return Today()
    if random.random() < 0.15:
        return EqualTo(_same(random, fact, facts))
    if fact.type == "bool" and random.random() < 0.6:
        return Becomes(True)
    return Becomes(random.randint(2, 6) if fact.type == "count" else _value(random, fact))


def _actions(random: Random, facts: dict[str, Fact], count: int) -> dict[str, Action]:
    found: dict[str, Action] = {}
    for n in range(count):
        touched = random.sample(list(facts), random.choice([1, 2, 2, 3]))
        low = random.choice([0, 0, 100, 500, 2000])
        found[f"a{n}"] = Action(
            id=f"a{n}",
            label=f"a{n}",
            sets={name: _effect(random, facts[name], facts) for name in touched},
            effort_days=Fraction(random.randint(0, 8), 2),
            cost="C1",
            yuan=(low, low + random.choice([0, 100, 300])),
            lead_days=random.choice([0, 1, 3, 7, 10, 30, 60]),
            owner=(random.choice(["社区", "街道"]),),
            needs=tuple(id for id in found if random.random() < 0.15),
        )
    names = list(found)
    random.shuffle(names)
    return {name: found[name] for name in names}


def _condition(random: Random, facts: dict[str, Fact], depth: int = 0) -> Condition:
    if depth < 2 and random.random() < 0.3:
        parts = tuple(_condition(random, facts, depth + 1) for _ in range(random.randint(1, 3)))
        return NoneOf(parts) if random.random() < 0.25 else AtLeastOf(random.randint(1, len(parts)), parts)
    fact = random.choice(list(facts.values()))
    kind = random.choice(KINDS)
    match fact.type:
        case "bool":
            return OneOf(fact.id, (random.random() < 0.7,))
        case "choice":
            return OneOf(fact.id, tuple(random.sample(list(OPTIONS), random.randint(1, 2))))
        case "set":
            if random.random() < 0.5:
                return Limit(CountOf(fact.id), kind, random.randint(0, 3))
            return Contains(fact.id, tuple(random.sample(list(OPTIONS), random.randint(1, 2))))
        case "date":
            return Limit(AgeDays(fact.id), "at_most", random.choice([0, 7, 60]))
    return Limit(_measure(random, fact, facts), kind, random.randint(0, 6))


def _measure(random: Random, fact: Fact, facts: dict[str, Fact]) -> FactValue | Sum | Missing | Share:
    other = _same(random, fact, facts)
    return random.choice((FactValue(fact.id), FactValue(fact.id), Sum((fact.id, other)), Missing(other, fact.id)))


def _scale(random: Random, facts: dict[str, Fact], points: int) -> Scale:
    if random.random() < 0.15 and points:
        counts = [f for f in facts.values() if f.type == "count"]
        parts = random.sample(counts, min(len(counts), random.randint(1, 2)))
        return Deduct(tuple(Deduction(FactValue(f.id), random.choice([points // 4, points // 3])) for f in parts))
    if random.random() < 0.3:
        fact = random.choice([f for f in facts.values() if f.type == "count"])
        whole = _same(random, fact, facts)
        shares = zip("ABC", (Fraction(9, 10), Fraction(1, 2), Fraction(1, 4)), strict=True)
        return Ladder(
            "at_least", tuple(Rung(level, Limit(Share(fact.id, whole), "at_least", s)) for level, s in shares)
        )
    levels = [level for level in LEVELS if random.random() < 0.7] or ["A"]
    return Ladder("levels", tuple(Rung(level, _condition(random, facts)) for level in levels))


def _criterion(random: Random, facts: dict[str, Fact], n: int) -> Criterion:
    points = random.choice([0, 5000, 7800, 7800, 10_000, 12_300])
    luck = random.random()
    flag = None
    if luck < 0.3:
        opens = _condition(random, facts) if random.random() < 0.5 else None
        flag = Flag("veto" if luck < 0.15 else "redline", opens)
    return Criterion(
        id=f"M-{n:02}",
        module="M",
        title=f"第 {n} 条",
        requirement="",
        methods=("field_inspection",),
        points=points,
        scale=_scale(random, facts, points),
        flag=flag,
        applies_when=_condition(random, facts) if random.random() < 0.2 else None,
    )


def _limits(random: Random, actions: dict[str, Action]) -> Limits:
    def maybe(value: object) -> object:
        return value if random.random() < 0.35 else None

    def some(share: float) -> frozenset[str]:
        return frozenset(a for a in actions if random.random() < share)

    return Limits(
        start=DAY,
        target=maybe(Fraction(random.randint(10, 100))),  # type: ignore[arg-type]
        budget=maybe(random.choice([0, 300, 1000, 3000])),  # type: ignore[arg-type]
        days=maybe(Fraction(random.randint(0, 16), 2)),  # type: ignore[arg-type]
        by=maybe(DAY + timedelta(days=random.choice([0, 3, 10, 33, 70]))),  # type: ignore[arg-type]
        owner=random.choice(["", "", "", "社区"]),
        exclude=some(0.1) if random.random() < 0.3 else frozenset(),
        must=some(0.2) if random.random() < 0.2 else frozenset(),
        cost_end=random.choice(("high", "high", "low")),
    )


@dataclass(frozen=True)
class Tried:
    """What one set of deeds comes to, by its own small rules: the order of the calendar, the engine's judgement. ``score``
    and ``low`` are unrounded, ``promised`` is the score that the engine says."""

    ids: frozenset[str]
    vetoes: int
    redlines: int
    score: Fraction
    promised: Fraction
    low: Fraction
    cost: int
    effort: Fraction


def deeds_of(w: World) -> tuple[Deed, ...]:
    """In the fixed order."""
    return order_of(Whereabouts(w.ruleset, Bench(w.ruleset, w.state)).deeds()).sequence


def every_set(w: World) -> Iterator[Tried]:
    """All sets of deeds that keep the limits."""
    names = [deed.id for deed in deeds_of(w)]
    for ids in chain.from_iterable(combinations(names, size) for size in range(len(names) + 1)):
        tried = _try(w, frozenset(ids))
        if tried is not None:
            yield tried


def _try(w: World, ids: frozenset[str]) -> Tried | None:
    chosen = [deed for deed in deeds_of(w) if deed.id in ids]
    limits = w.limits
    cost = sum(limits.price(d.action) for d in chosen)
    effort = sum((Fraction(d.action.effort_days) for d in chosen), start=Fraction(0))
    if not must_of(w) <= ids or limits.exclude & {d.action.id for d in chosen}:
        return None
    if limits.owner and any(limits.owner not in d.action.owner for d in chosen):
        return None
    if any(need not in ids and not _there(w, need) for d in chosen for need in d.needs):
        return None
    if limits.budget is not None and cost > limits.budget:
        return None
    if limits.days is not None and effort > limits.days:
        return None
    days = finish_days(w, ids)
    if limits.by is not None and any(DAY + timedelta(days=day) > limits.by for day in days.values()):
        return None
    bench = Bench(w.ruleset, by_the_calendar(w, ids, days))
    found = bench.findings()
    opened = [f.criterion.flag.kind for f in found if f.criterion.flag and f.flag == "open"]
    low, possible = sum(f.low for f in found), sum(f.possible for f in found)
    exact = sum((unrounded(f) for f in found), start=Fraction(0))
    score, promised = (100 * Fraction(x) / possible if possible else Fraction(0) for x in (exact, low))
    return Tried(ids, opened.count("veto"), opened.count("redline"), score, promised, exact, cost, effort)


def unrounded(finding: Finding) -> Fraction:
    """Points at the low end; the mean of sites before it is rounded."""
    counted = finding.applicable
    if finding.criterion.over != "mean" or not counted:
        return Fraction(finding.low)
    return Fraction(sum(at.finding.low * at.count for at in counted), sum(at.count for at in counted))


def must_of(w: World) -> set[str]:
    """At sites only where it changes anything."""
    return {
        deed.id for deed in deeds_of(w) if deed.action.id in w.limits.must and not (deed.site and _there(w, deed.id))
    }


def _there(w: World, id: str) -> bool:
    deed = next(deed for deed in deeds_of(w) if deed.id == id)
    for (at, fact), effect in deed.sets.items():
        known = seen(w, w.state, at).knowledge(w.ruleset.facts)
        if known.value(fact) is None or effect.result(w.ruleset.facts[fact], known) != known.value(fact):
            return False
    return True


def seen(w: World, state: State, at: str) -> State:
    """The community, or one of its sites as a community."""
    site = next((site for site in state.sites if site.id == at), None)
    return state.at(site, {name for name, fact in w.ruleset.facts.items() if fact.serves}) if site else state


def finish_days(w: World, ids: Collection[str]) -> dict[str, int]:
    """Readers start after writers, needs come first, a later writer of a fact is not done before an earlier one."""
    sequence = [deed for deed in deeds_of(w) if deed.id in ids]
    days: dict[str, int] = {}
    for n, deed in enumerate(sequence):
        earlier = sequence[:n]
        reads = set(deed.reads)
        start = max((days[e.id] for e in earlier if e.id in deed.needs or reads & e.sets.keys()), default=0)
        also = max((days[e.id] for e in earlier if {*e.sets, *e.reads} & deed.sets.keys()), default=0)
        days[deed.id] = max(start + deed.action.lead_days, also)
    return days


def by_the_calendar(w: World, ids: Collection[str], days: dict[str, int]) -> State:
    """Do the deeds on the days on which they are finished, each at all its places at the same moment."""
    state = w.state
    place = {deed.id: n for n, deed in enumerate(deeds_of(w))}
    for deed in sorted((d for d in deeds_of(w) if d.id in ids), key=lambda d: (days[d.id], place[d.id])):
        new = state
        for at in dict.fromkeys(at for at, _ in deed.sets):
            sets = {fact: effect for (where, fact), effect in deed.sets.items() if where == at}
            there = seen(w, state, at).after(sets, w.ruleset.facts)
            if not at:
                new = replace(new, readings=there.readings, promised=there.promised)
            else:
                new = replace(
                    new, sites=tuple(_put(site, there, sets) if site.id == at else site for site in new.sites)
                )
        state = new
    return state


def _put(site: Site, there: State, sets: Mapping[str, Effect]) -> Site:
    kept = {*site.readings, *sets}
    own = {name: replace(r, site=site.id) for name, r in there.readings.items() if name in kept}
    return replace(site, readings=own, promised=there.promised.intersection(kept))


def best_of(w: World) -> tuple[Tried, bool] | None:
    """The best set by the goals in their order, and whether the target is reached; None when the limits clash."""
    tried = list(every_set(w))
    if not tried:
        return None
    fewest = min((t.vetoes, t.redlines) for t in tried)
    tried = [t for t in tried if (t.vetoes, t.redlines) == fewest]
    target = w.limits.target
    if target is not None:
        reaching = [t for t in tried if min(t.score, t.promised) >= target]
        if reaching:
            return min(reaching, key=lambda t: (t.cost, t.effort, len(t.ids))), True
    return min(tried, key=lambda t: (-t.score, t.cost, t.effort, len(t.ids))), target is None
