"""The grade band of every row, and the points beside the score: follows ``model.results.bands``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final

from checklist.batch.program.grades import Grade
from checklist.batch.program.graph import Graph
from checklist.batch.program.nodes import Int, Mask
from checklist.batch.program.spans import SpanEnd
from checklist.model.numbers import Number
from checklist.model.rules.ruleset import Band, Ruleset

ENDS: Final = ("low", "high")
EXTRAS: Final = tuple(f"{kind}_{end}" for kind in ("bonus", "penalty") for end in ENDS)


def extra_points(graph: Graph, ruleset: Ruleset, grades: Sequence[Grade], grain: int) -> dict[str, Int]:
    """``bonus_low`` … of the whole, and ``MOD.extra_low`` … of each module; nothing where there are no such modules."""
    found: dict[str, Int] = {}
    beside = [module for module in ruleset.modules if module.kind != "ordinary"]
    for module in beside:
        for place, end in enumerate(ENDS):
            each = [g.extra[place] for g in grades if g.extra and g.criterion.module == module.id]
            found[f"{module.id}.extra_{end}"] = graph.smaller(graph.total(each), module.points * grain)
    for name in EXTRAS if beside else ():
        kind, end = name.split("_")
        found[name] = graph.total(found[f"{m.id}.extra_{end}"] for m in beside if m.kind == kind)
    return found


def band_places(graph: Graph, ruleset: Ruleset, outputs: Mapping[str, Int]) -> dict[str, Int]:
    """``band_low`` and ``band_high``: places in ``ruleset.bands``, counted from the best."""
    return {f"band_{end}": _place(graph, ruleset, outputs, end) for end in ENDS}


def _place(graph: Graph, ruleset: Ruleset, outputs: Mapping[str, Int], end: str) -> Int:
    possible = outputs["possible"]
    points = graph.choose(graph.at_least(possible, 1), _counted(graph, ruleset, outputs, end), 0)
    base, place = graph.larger(possible, 1), len(ruleset.bands) - 1
    found: Int = place
    for band in reversed(ruleset.bands[:-1]):
        place -= 1
        holds = [_share(graph, points, base, band.at_least), *_conditions(graph, ruleset, band, outputs, end)]
        found = graph.choose(graph.all_of(holds), place, found)
    return found


def _counted(graph: Graph, ruleset: Ruleset, outputs: Mapping[str, Int], end: str) -> Int:
    """The points that decide: the score's own, with what counts beside it, never below zero."""
    points = outputs[end]
    other = "high" if end == "low" else "low"
    for module in ruleset.modules:
        if module.kind == "bonus" and module.counts:
            points = graph.plus(points, outputs[f"{module.id}.extra_{end}"])
        elif module.kind == "penalty" and module.counts:
            points = graph.minus(points, outputs[f"{module.id}.extra_{other}"])
    return graph.larger(points, 0)


def _share(graph: Graph, points: Int, base: Int, percent: Number) -> Mask:
    return SpanEnd(points, den=base).compared(graph, Fraction(percent) / 100)[0]


def _conditions(graph: Graph, ruleset: Ruleset, band: Band, outputs: Mapping[str, Int], end: str) -> list[Mask]:
    holds: list[Mask] = []
    for module in ruleset.modules:
        least = max(band.each_module, band.modules.get(module.id, 0))
        if least and module.kind == "ordinary":
            possible = outputs[f"{module.id}.possible"]
            enough = _share(graph, outputs[f"{module.id}.{end}"], graph.larger(possible, 1), least)
            holds.append(graph.any_of((enough, graph.at_most(possible, 0))))
    for kind, name in (("veto", "vetoes"), ("redline", "redlines")):
        if kind in band.without:
            counts = [f"open_{name}"] + ([f"undecided_{name}"] if end == "low" else [])
            holds += [graph.at_most(outputs[count], 0) for count in counts]
    return holds
