"""Scales that count items over columns: follows ``model.rules.scales.Deduct`` and ``model.rules.counts`` line by line."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

from checklist.batch.program.graph import Graph
from checklist.batch.program.nodes import Int, Mask
from checklist.batch.program.spans import SpanEnd, common
from checklist.batch.program.truths import Truths
from checklist.model.rules.scales import Deduct, Deduction, DeductionGroup


@dataclass(frozen=True, slots=True)
class _Total:
    """Numerators over one denominator, added up; ``infinite`` where one of them has no end."""

    value: Int
    infinite: Mask


def items_left(graph: Graph, truths: Truths, scale: Deduct, possible: int) -> tuple[Int, Int]:
    """``Deduct.points``: the fewest and the most points, in ten-thousandths, over all that facts read together may be."""
    tried = scale.together(truths.spans.facts)
    assumed = (dict(zip(tried, chosen, strict=True)) for chosen in product(*tried.values()))
    ends = [_left_where(graph, replace(truths, assumed=world), scale, possible) for world in assumed]
    least, most = ends[0]
    for low, high in ends[1:]:
        least, most = graph.smaller(least, low), graph.larger(most, high)
    return least, most


def _left_where(graph: Graph, truths: Truths, scale: Deduct, possible: int) -> tuple[Int, Int]:
    low, high = (_taken(graph, truths, scale, side) for side in ("low", "high"))
    if scale.kind != "deduct":
        return _earned(graph, low, possible), _earned(graph, high, possible)
    surely, possibly = (_zeroed(graph, truths, scale, side) for side in ("low", "high"))
    least = graph.choose(possibly, 0, _left(graph, high, possible, scale.floor))
    return least, graph.choose(surely, 0, _left(graph, low, possible, scale.floor))


def _ends(truths: Truths, part: Deduction, side: str) -> SpanEnd:
    ends = truths.counted(part.measure)
    return ends.low if side == "low" else ends.high


def _zeroed(graph: Graph, truths: Truths, scale: Deduct, side: str) -> Mask:
    ends = [_ends(truths, part, side) for part in scale.deductions if part.whole]
    return graph.any_of(graph.inverse(end.compared(graph, 0)[1]) for end in ends)


def _taken(graph: Graph, truths: Truths, scale: Deduct, side: str) -> tuple[_Total, Int]:
    """What all items come to at one end, caps applied, over one denominator."""
    parts = [part for part in scale.deductions if part.points and not part.whole]
    ends = [_ends(truths, part, side) for part in parts]
    numerators, unit = common(graph, *(_times(end, part.points) for end, part in zip(ends, parts, strict=True)))
    each = {
        id(part): _capped(graph, _counted(graph, end, value), part.at_most, unit)
        for part, end, value in zip(parts, ends, numerators, strict=True)
    }
    groups = [_group(graph, group, each, unit) for group in scale.parts]
    return _added(graph, groups), unit


def _group(graph: Graph, group: Deduction | DeductionGroup, each: dict[int, _Total], unit: Int) -> _Total:
    total = _added(graph, [each[id(part)] for part in group.deductions if id(part) in each])
    return _capped(graph, total, group.at_most, unit) if isinstance(group, DeductionGroup) else total


def _counted(graph: Graph, end: SpanEnd, numerator: Int) -> _Total:
    return _Total(graph.larger(graph.choose(end.zero, 0, numerator), 0), end.infinite)


def _capped(graph: Graph, total: _Total, cap: int | None, unit: Int) -> _Total:
    if cap is None:
        return total
    most = graph.times(unit, cap)
    return _Total(graph.choose(total.infinite, most, graph.smaller(total.value, most)), False)


def _added(graph: Graph, totals: Sequence[_Total]) -> _Total:
    return _Total(graph.total(total.value for total in totals), graph.any_of(total.infinite for total in totals))


def _left(graph: Graph, taken: tuple[_Total, Int], possible: int, floor: int) -> Int:
    """Full points less what is taken, rounded down, but not below the floor."""
    total, unit = taken
    whole = graph.divided(total.value, unit)
    spent = graph.any_of((graph.at_least(whole, possible - floor), total.infinite))
    lost = graph.times(graph.divided(graph.times(total.value, -1), unit), -1)
    return graph.choose(spent, min(floor, possible), graph.minus(possible, lost))


def _earned(graph: Graph, taken: tuple[_Total, Int], possible: int) -> Int:
    total, unit = taken
    return graph.choose(total.infinite, possible, graph.smaller(graph.divided(total.value, unit), possible))


def _times(end: SpanEnd, points: int) -> SpanEnd:
    shared = math.gcd(points, end.over)
    return SpanEnd(end.num, end.times * (points // shared), end.den, end.over // shared)
