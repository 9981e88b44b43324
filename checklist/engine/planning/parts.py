"""A community's plan falls into parts that share no action: each with its own short list of worthwhile options.

Two actions belong to one part when a criterion, a need or a clash ties them. With one limit only, the budget, the parts
meet nowhere else, so a plan is one option from each part, and the optimum a multiple-choice knapsack.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from checklist.engine.planning.diagram import Diagram, SetOutcome, by_action, total
from checklist.engine.planning.highs import WholeLine
from checklist.engine.planning.milp import Model
from checklist.engine.planning.optimum import LOW, REDLINE, VETO
from checklist.engine.planning.program import PlanProgram
from checklist.model.numbers import POINT

REDLINE_WORTH: Final = 100 * POINT
VETO_WORTH: Final = 1000 * POINT
"""Clearing a red line counts as much as all the points one community can have, a veto as much as ten such."""

ENUMERATED: Final = 12
"""Up to so many actions every subset is tried; larger parts are asked of the solver along the hull."""


@dataclass(frozen=True, slots=True)
class Option:
    """A set of actions of one part: what it costs (yuan), what it is worth, the points among that."""

    cost: int
    value: int
    points: int
    ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class PlanPart:
    """Options by rising cost and value: everything that no cheaper option matches. The first is the cheapest.

    ``complete``: every subset was tried; otherwise only the corners of the hull are here.
    """

    options: tuple[Option, ...]
    complete: bool = True


def flags_worth(outcome: SetOutcome, base: SetOutcome) -> int:
    """What cleared flags count for, in ten-thousandths of a point."""
    return REDLINE_WORTH * (base.redline - outcome.redline) + VETO_WORTH * (base.veto - outcome.veto)


def parts_of(program: PlanProgram, grain: int = 1) -> tuple[PlanPart, ...]:
    """Every part that can win anything, points in ``1/grain`` of a ten-thousandth. The budget is left out of account."""
    parts = []
    for ids, diagrams in _groups(program):
        if len(ids) <= ENUMERATED:
            options: Iterable[Option] = _enumerated(program, ids, diagrams, grain)
        else:
            options = _along_the_hull(program, ids, diagrams, grain)
        kept = _efficient(options, program)
        if len(kept) > 1 or kept[0].ids:
            parts.append(PlanPart(kept, len(ids) <= ENUMERATED))
    return tuple(parts)


def _groups(program: PlanProgram) -> Iterator[tuple[tuple[str, ...], tuple[Diagram, ...]]]:
    """Actions that are tied to each other, with the diagrams that they move."""
    leader = {deed.id: deed.id for deed in program.deeds}

    def find(id: str) -> str:
        while leader[id] != id:
            leader[id] = leader[leader[id]]
            id = leader[id]
        return id

    ties = [d.actions for d in program.diagrams]
    ties += [(id, *first) for id, first in program.needs.items()] + list(program.clashes)
    for tie in ties:
        for other in tie[1:]:
            leader[find(other)] = find(tie[0])
    groups: dict[str, list[str]] = {}
    for deed in program.deeds:
        groups.setdefault(find(deed.id), []).append(deed.id)
    touching = by_action(program.diagrams)
    for ids in groups.values():
        diagrams = tuple(dict.fromkeys(d for id in ids for d in touching.get(id, ())))
        if diagrams:
            yield tuple(ids), diagrams


def _enumerated(
    program: PlanProgram, ids: tuple[str, ...], diagrams: tuple[Diagram, ...], grain: int
) -> Iterator[Option]:
    for mask in range(1 << len(ids)):
        chosen = frozenset(id for n, id in enumerate(ids) if mask >> n & 1)
        if _allowed(program, chosen):
            yield _option(program, diagrams, chosen, grain)


def _allowed(program: PlanProgram, chosen: frozenset[str]) -> bool:
    return all(need in chosen for id in chosen for need in program.needs[id]) and not any(
        chosen.issuperset(clash) for clash in program.clashes
    )


def _option(program: PlanProgram, diagrams: Collection[Diagram], ids: frozenset[str], grain: int) -> Option:
    outcome, base = total(diagrams, ids), total(diagrams, ())
    points = (outcome.low - base.low) * grain // program.grain
    return Option(sum(program.cost[id] for id in ids), points + grain * flags_worth(outcome, base), points, ids)


def _along_the_hull(
    program: PlanProgram, ids: tuple[str, ...], diagrams: tuple[Diagram, ...], grain: int
) -> Iterator[Option]:
    """The corners of the convex hull, by asking for the best set at ever finer prices. Errors: ``Unsolved``."""
    keep = set(ids)
    limits = replace(program.frame.limits, budget=None, days=None, must=frozenset())
    small = replace(
        program,
        frame=replace(program.frame, limits=limits),
        must=frozenset(),
        deeds=tuple(d for d in program.deeds if d.id in keep),
        needs={id: program.needs[id] for id in ids},
        cost={id: program.cost[id] for id in ids},
        effort={id: program.effort[id] for id in ids},
        diagrams=diagrams,
        clashes=tuple(clash for clash in program.clashes if keep.issuperset(clash)),
    )
    model, gain = Model(small), WholeLine()
    for column, weight in ((LOW, 1), (REDLINE, -REDLINE_WORTH * program.grain), (VETO, -VETO_WORTH * program.grain)):
        gain = gain.plus(model.quantity[column], weight)

    def best(per_yuan: Fraction) -> Option:
        line = model.of(small.cost).scaled(per_yuan.numerator).plus(gain, -per_yuan.denominator)
        answer = model.minimise(line)
        return _option(small, diagrams, answer.ids if answer else frozenset(), grain)

    everything = 1 + sum(small.cost.values())
    cheap, dear = best(Fraction(10 * VETO_WORTH * program.grain * (len(diagrams) + 1))), best(Fraction(1, everything))
    yield cheap
    stack = [(cheap, dear)]
    while stack:
        low, high = stack.pop()
        if high.cost <= low.cost or high.value <= low.value:
            continue
        yield high
        slope = Fraction(high.value - low.value, high.cost - low.cost)
        middle = best(slope * program.grain / grain)
        if middle.value - slope * middle.cost > low.value - slope * low.cost:
            yield middle
            stack += [(low, middle), (middle, high)]


def _efficient(options: Iterable[Option], program: PlanProgram) -> tuple[Option, ...]:
    """Only what no cheaper option matches; ties go to less work, then fewer actions, then the fixed order."""
    place = {deed.id: n for n, deed in enumerate(program.deeds)}

    def rank(option: Option) -> tuple[int, int, int, int, list[int]]:
        effort = sum(program.effort[id] for id in option.ids)
        return option.cost, -option.value, effort, len(option.ids), sorted(place[id] for id in option.ids)

    kept: list[Option] = []
    for option in sorted(options, key=rank):
        if not kept or option.value > kept[-1].value:
            kept.append(option)
    return tuple(kept)


def hull(options: tuple[Option, ...]) -> tuple[Option, ...]:
    """The options on the upper convex hull of value over cost."""
    corners: list[Option] = []
    for option in options:
        while len(corners) > 1 and _below(corners[-2], corners[-1], option):
            corners.pop()
        corners.append(option)
    return tuple(corners)


def _below(first: Option, middle: Option, last: Option) -> bool:
    return (middle.value - first.value) * (last.cost - first.cost) <= (last.value - first.value) * (
        middle.cost - first.cost
    )
