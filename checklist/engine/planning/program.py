"""The planning question as whole numbers: which actions may be chosen, what each costs, what each set comes to."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from checklist.engine.planning.diagram import Diagram, Reach, SetOutcome, diagram_of, outcome_of, reaches, total
from checklist.engine.planning.order import Order, order_of
from checklist.engine.scoring.sites import Bench
from checklist.model.planning.plan import Impossible, LeftOut, LeftOutBecause, Limits
from checklist.model.rules.facts import Knowledge
from checklist.model.rules.ruleset import Action, Ruleset
from checklist.model.state import State


@dataclass(frozen=True, slots=True)
class Frame:
    """What depends on the ruleset and the limits alone, and so serves many communities."""

    ruleset: Ruleset
    limits: Limits
    order: Order


@dataclass(frozen=True, slots=True)
class PlanProgram:
    """``actions`` may be chosen (fixed order); ``needs`` leaves out those whose result is already there.

    ``effort`` is in ``1/unit`` of a person-day, so that every figure is whole. ``clashes`` are sets that, chosen
    together, are finished too late.
    """

    frame: Frame
    state: State
    actions: tuple[Action, ...]
    needs: Mapping[str, tuple[str, ...]]
    cost: Mapping[str, int]
    effort: Mapping[str, int]
    unit: int
    diagrams: tuple[Diagram, ...]
    clashes: tuple[tuple[str, ...], ...]
    left_out: tuple[LeftOut, ...]

    @property
    def must(self) -> frozenset[str]:
        return self.frame.limits.must

    @property
    def effort_limit(self) -> int | None:
        days = self.frame.limits.days
        return None if days is None else int(Fraction(days) * self.unit // 1)

    def outcome(self, ids: Collection[str]) -> SetOutcome:
        return total(self.diagrams, ids)

    def closure(self, ids: Collection[str]) -> frozenset[str]:
        """These actions and everything that they need first."""
        found, queue = set(ids), list(ids)
        while queue:
            for need in self.needs[queue.pop()]:
                if need not in found:
                    found.add(need)
                    queue.append(need)
        return frozenset(found)

    def feasible(self, ids: Collection[str]) -> bool:
        limits = self.frame.limits
        return (
            self.must <= set(ids)
            and all(need in ids for id in ids for need in self.needs[id])
            and (limits.budget is None or sum(self.cost[id] for id in ids) <= limits.budget)
            and (self.effort_limit is None or sum(self.effort[id] for id in ids) <= self.effort_limit)
            and not any(set(ids).issuperset(clash) for clash in self.clashes)
        )


def frame_of(ruleset: Ruleset, limits: Limits) -> Frame:
    return Frame(ruleset, limits, order_of(ruleset.actions.values()))


def program_of(frame: Frame, state: State) -> PlanProgram:
    """Set up the question for one community."""
    ruleset, limits, order = frame.ruleset, frame.limits, frame.order
    bench = Bench(ruleset, state)
    known = bench.known
    needs = {a.id: tuple(n for n in a.needs if not _in_place(ruleset, known, n)) for a in order.sequence}
    allowed, left_out = _candidates(frame, state, needs)
    actions = tuple(a for a in order.sequence if a.id in allowed)
    unit = lcm(*(Fraction(a.effort_days).denominator for a in actions)) if actions else 1
    ids = {a.id for a in actions}
    found = reaches(ruleset, order.sequence, known.values)
    narrowed = [Reach(r.criterion, r.facts, tuple(a for a in r.actions if a.id in ids)) for r in found]
    horizon = limits.horizon_days
    return PlanProgram(
        frame=frame,
        state=state,
        actions=actions,
        needs={a.id: needs[a.id] for a in actions},
        cost={a.id: limits.price(a) for a in actions},
        effort={a.id: int(Fraction(a.effort_days) * unit) for a in actions},
        unit=unit,
        diagrams=tuple(_diagram(bench, r) for r in narrowed),
        clashes=() if horizon is None else tuple(dict.fromkeys(order.too_long(ids, horizon))),
        left_out=left_out,
    )


def _in_place(ruleset: Ruleset, known: Knowledge, action: str) -> bool:
    """Whether everything that the action would bring about is on record already: then nothing waits for it."""
    for fact, effect in ruleset.actions[action].sets.items():
        result = effect.result(ruleset.facts[fact], known)
        if result is None or known.value(fact) != result:
            return False
    return True


def _candidates(
    frame: Frame, state: State, needs: Mapping[str, tuple[str, ...]]
) -> tuple[frozenset[str], tuple[LeftOut, ...]]:
    """The actions that may be chosen, and the others with the reason. A need that is out takes its dependants along."""
    limits, horizon = frame.limits, frame.limits.horizon_days
    useful = _serving_known_gaps(frame, state, needs) if limits.known_only else None
    allowed: set[str] = set()
    finish: dict[str, int] = {}
    left_out: list[LeftOut] = []
    for action in frame.order.sequence:
        because: LeftOutBecause | None = None
        first = [finish[n] for n in needs[action.id] if n in finish]
        finish[action.id] = max(first, default=0) + action.lead_days
        if action.id in limits.exclude:
            because = "excluded"
        elif limits.owner and limits.owner not in action.owner:
            because = "other_owner"
        elif horizon is not None and finish[action.id] > horizon:
            because = "too_late"
        elif not allowed.issuperset(needs[action.id]):
            because = "needs_missing"
        elif useful is not None and action.id not in useful | limits.must:
            because = "unknown_only"
        if because is None:
            allowed.add(action.id)
        else:
            left_out.append(LeftOut(action, because, finish[action.id]))
    return frozenset(allowed), tuple(left_out)


def _diagram(bench: Bench, reach: Reach) -> Diagram:
    """A criterion graded at sites stays as it is: actions change the community's facts, not those of its sites."""
    if bench.at_sites(reach.criterion):
        return Diagram(reach.criterion.id, ~0, (), (outcome_of(bench.finding(reach.criterion)),))
    return diagram_of(bench.ruleset, reach, bench.state)


def _serving_known_gaps(frame: Frame, state: State, needs: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    """Actions that make a difference to a criterion which surely falls short, and what those actions need first."""
    ruleset, bench = frame.ruleset, Bench(frame.ruleset, state)
    found: list[str] = []
    for reach in reaches(ruleset, frame.order.sequence, bench.known.values):
        if not bench.at_sites(reach.criterion) and bench.finding(reach.criterion).short:
            found += diagram_of(ruleset, reach, state).actions
    queue, kept = list(found), set(found)
    while queue:
        new = [n for n in needs[queue.pop()] if n not in kept]
        kept.update(new)
        queue += new
    return frozenset(kept)


def impossible(program: PlanProgram) -> Impossible | None:
    """Why the actions that must be in the plan cannot be, or None when they can."""
    limits = program.frame.limits
    out = {item.action.id: item for item in program.left_out}
    for id in sorted(limits.must):
        if id in out:
            return Impossible("must_left_out", (out[id].action,), out[id])
    ids = program.closure(limits.must)
    actions = tuple(a for a in program.actions if a.id in ids)
    cost = sum(program.cost[id] for id in ids)
    if limits.budget is not None and cost > limits.budget:
        return Impossible("must_over_budget", actions, needed=cost, allowed=limits.budget)
    effort = sum(program.effort[id] for id in ids)
    if limits.days is not None and program.effort_limit is not None and effort > program.effort_limit:
        return Impossible("must_over_days", actions, needed=Fraction(effort, program.unit), allowed=limits.days)
    for clash in program.clashes:
        if ids.issuperset(clash):
            return Impossible("must_too_late_together", tuple(a for a in actions if a.id in clash))
    return None
