"""The planning question as whole numbers: which deeds may be chosen, what each costs, what each set comes to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from checklist.engine.planning.criterion_diagrams import Grading, SiteGraded, in_one_unit
from checklist.engine.planning.deeds import Deed, Whereabouts
from checklist.engine.planning.diagram import Diagram, SetOutcome, by_action, total
from checklist.engine.planning.order import Order, order_of
from checklist.engine.scoring.sites import Bench
from checklist.model.numbers import Number, exact
from checklist.model.planning.plan import Impossible, LeftOut, LeftOutBecause, Limits
from checklist.model.planning.tasks import action_of
from checklist.model.rules.ruleset import Action, Ruleset
from checklist.model.state import State


@dataclass(frozen=True, slots=True)
class Frame:
    """What depends on the ruleset and the limits alone, and so serves many communities; ``order`` is that of those
    without sites."""

    ruleset: Ruleset
    limits: Limits
    order: Order


@dataclass(frozen=True, slots=True)
class PlanProgram:
    """``deeds`` may be chosen (fixed order); ``needs`` leaves out those whose result is already there.

    ``effort`` is in ``1/unit`` of a person-day, points in ``1/grain`` of a ten-thousandth, so that every figure is whole
    (not ``exact``: some had to be rounded down). ``clashes`` are sets that, chosen together, are finished too late.
    """

    frame: Frame
    state: State
    where: Whereabouts
    order: Order
    deeds: tuple[Deed, ...]
    needs: Mapping[str, tuple[str, ...]]
    must: frozenset[str]
    cost: Mapping[str, int]
    effort: Mapping[str, int]
    unit: int
    diagrams: tuple[Diagram, ...]
    grain: int
    exact: bool
    clashes: tuple[tuple[str, ...], ...]
    left_out: tuple[LeftOut, ...]

    @property
    def effort_limit(self) -> int | None:
        days = self.frame.limits.days
        return None if days is None else int(Fraction(days) * self.unit // 1)

    @property
    def loose(self) -> int:
        """By how much the points may really be higher than any outcome says, in its unit."""
        return sum(d.most - min(o.low for o in d.outcomes) for d in self.diagrams if d.most is not None)

    @property
    def most(self) -> int:
        """No set of deeds, whatever the limits, has more points than this, in the program's unit."""
        return sum(max(o.low for o in d.outcomes) if d.most is None else d.most for d in self.diagrams)

    def outcome(self, ids: Collection[str]) -> SetOutcome:
        return total(self.diagrams, ids)

    def promised(self, ids: Collection[str]) -> tuple[Number, int]:
        """Sure and applicable points in ten-thousandths, every criterion rounded as the engine rounds it."""
        low: dict[str, int] = {}
        possible = 0
        for diagram in self.diagrams:
            outcome = diagram.outcome(ids)
            low[diagram.criterion] = low.get(diagram.criterion, 0) + outcome.low
            possible += outcome.possible
        kept = self.where.ruleset.grain
        units = sum((2 * points * kept + self.grain) // (2 * self.grain) for points in low.values())
        return exact(Fraction(units, kept)), possible // self.grain

    def points(self, units: int) -> int:
        """Ten-thousandths of a point, rounded half up."""
        return (2 * units + self.grain) // (2 * self.grain)

    def closure(self, ids: Collection[str]) -> frozenset[str]:
        """These deeds and everything that they need first."""
        return _closure(ids, self.needs)

    def feasible(self, ids: Collection[str]) -> bool:
        limits = self.frame.limits
        return (
            self.must <= set(ids)
            and all(need in ids for id in ids for need in self.needs[id])
            and (limits.budget is None or sum(self.cost[id] for id in ids) <= limits.budget)
            and (self.effort_limit is None or sum(self.effort[id] for id in ids) <= self.effort_limit)
            and not any(set(ids).issuperset(clash) for clash in self.clashes)
        )


def _closure(ids: Collection[str], needs: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    found, queue = set(ids), list(ids)
    while queue:
        for need in needs[queue.pop()]:
            if need not in found:
                found.add(need)
                queue.append(need)
    return frozenset(found)


def frame_of(ruleset: Ruleset, limits: Limits) -> Frame:
    return Frame(ruleset, limits, order_of(Whereabouts(ruleset).deeds()))


def program_of(frame: Frame, state: State) -> PlanProgram:
    """Set up the question for one community."""
    ruleset, limits = frame.ruleset, frame.limits
    bench = Bench(ruleset, state)
    where = Whereabouts(ruleset, bench)
    order = order_of(where.deeds()) if where.sites else frame.order
    known = where.known(state)
    there = {deed.id: where.in_place(deed, known) for deed in order.sequence}
    needs = {deed.id: tuple(n for n in deed.needs if not there[n]) for deed in order.sequence}
    must = _must(limits, order, there)
    useful = _serving_known_gaps(bench, where, order, needs) | must if limits.known_only else None
    allowed, left_out = _candidates(limits, order, needs, useful)
    left_out += _nowhere(ruleset, limits, order)
    deeds = tuple(deed for deed in order.sequence if deed.id in allowed)
    diagrams, grain, exact = in_one_unit(graded_by(bench, where, deeds))
    if where.sites:
        helping = _closure(by_action(diagrams).keys() | (must & allowed), needs)
        deeds = tuple(deed for deed in deeds if deed.id in helping)
    unit = lcm(*(Fraction(deed.action.effort_days).denominator for deed in deeds)) if deeds else 1
    horizon = limits.horizon_days
    return PlanProgram(
        frame=frame,
        state=state,
        where=where,
        order=order,
        deeds=deeds,
        needs={deed.id: needs[deed.id] for deed in deeds},
        must=must,
        cost={deed.id: limits.price(deed.action) for deed in deeds},
        effort={deed.id: int(Fraction(deed.action.effort_days) * unit) for deed in deeds},
        unit=unit,
        diagrams=diagrams,
        grain=grain,
        exact=exact,
        clashes=() if horizon is None else tuple(dict.fromkeys(order.too_long({d.id for d in deeds}, horizon))),
        left_out=left_out,
    )


def graded_by(bench: Bench, where: Whereabouts, deeds: Iterable[Deed]) -> list[Diagram | SiteGraded]:
    """Every active criterion under every set of these deeds."""
    grading = Grading(bench, where, tuple(deeds))
    active = [c for c in bench.ruleset.criteria if c.status == "active"]
    return [grading.graded(c) if bench.at_sites(c) else grading.diagram(c) for c in active]


def _must(limits: Limits, order: Order, there: Mapping[str, bool]) -> frozenset[str]:
    """What has to be done: at sites only where its result is not there yet."""
    named = limits.must | limits.exclude
    return frozenset(
        deed.id
        for deed in order.sequence
        if deed.id in limits.must
        or (deed.action.id in limits.must and not (deed.site and (there[deed.id] or deed.id in named)))
    )


def _nowhere(ruleset: Ruleset, limits: Limits, order: Order) -> tuple[LeftOut, ...]:
    """What must be done at sites, of which none is listed."""
    done = {deed.action.id for deed in order.sequence}
    return tuple(LeftOut(ruleset.actions[id], "no_site") for id in sorted(limits.must & ruleset.actions.keys() - done))


def _candidates(
    limits: Limits, order: Order, needs: Mapping[str, tuple[str, ...]], useful: Collection[str] | None
) -> tuple[frozenset[str], tuple[LeftOut, ...]]:
    """The deeds that may be chosen, and the actions of the others with the reason. A need that is out takes its
    dependants along."""
    horizon = limits.horizon_days
    allowed: set[str] = set()
    finish: dict[str, int] = {}
    left_out: dict[tuple[str, LeftOutBecause], LeftOut] = {}
    for deed in order.sequence:
        because: LeftOutBecause | None = None
        first = [finish[n] for n in needs[deed.id] if n in finish]
        finish[deed.id] = max(first, default=0) + deed.action.lead_days
        if limits.exclude & {deed.action.id, deed.id}:
            because = "excluded"
        elif limits.owner and limits.owner not in deed.action.owner:
            because = "other_owner"
        elif horizon is not None and finish[deed.id] > horizon:
            because = "too_late"
        elif not allowed.issuperset(needs[deed.id]):
            because = "needs_missing"
        elif useful is not None and deed.id not in useful:
            because = "unknown_only"
        if because is None:
            allowed.add(deed.id)
        else:
            left_out.setdefault((deed.action.id, because), LeftOut(deed.action, because, finish[deed.id]))
    return frozenset(allowed), tuple(left_out.values())


def _serving_known_gaps(
    bench: Bench, where: Whereabouts, order: Order, needs: Mapping[str, tuple[str, ...]]
) -> frozenset[str]:
    """Deeds that make a difference where a criterion surely falls short, and what those deeds need first."""
    found: set[str] = set()
    for one in graded_by(bench, where, order.sequence):
        criterion = bench.ruleset.criterion(one.criterion) if isinstance(one, Diagram) else one.criterion
        finding = bench.finding(criterion)
        if isinstance(one, Diagram):
            found.update(one.actions if finding.short else ())
        else:
            short = {at.site.id for at in finding.sites if at.site and at.finding.short}
            for part, site in one.parts:
                if site in short or (not site and finding.short):
                    found.update(part.choices.actions)
    return _closure(found, needs)


def impossible(program: PlanProgram) -> Impossible | None:
    """Why the actions that must be in the plan cannot be, or None when they can."""
    limits = program.frame.limits
    out = {item.action.id: item for item in program.left_out}
    may = {deed.id for deed in program.deeds}
    wanted = {action_of(id) for id in program.must - may} | {
        id for id in limits.must if id in out and out[id].because == "no_site"
    }
    for id in sorted(wanted):
        return Impossible("must_left_out", (out[id].action,), out[id])
    ids = program.closure(program.must)
    deeds = tuple(deed for deed in program.deeds if deed.id in ids)
    actions = distinct(deeds)
    cost = sum(program.cost[id] for id in ids)
    if limits.budget is not None and cost > limits.budget:
        return Impossible("must_over_budget", actions, needed=cost, allowed=limits.budget)
    effort = sum(program.effort[id] for id in ids)
    if limits.days is not None and program.effort_limit is not None and effort > program.effort_limit:
        return Impossible("must_over_days", actions, needed=Fraction(effort, program.unit), allowed=limits.days)
    for clash in program.clashes:
        if ids.issuperset(clash):
            return Impossible("must_too_late_together", distinct(d for d in deeds if d.id in clash))
    return None


def distinct(deeds: Iterable[Deed]) -> tuple[Action, ...]:
    """Their actions, each once."""
    return tuple({deed.action.id: deed.action for deed in deeds}.values())
