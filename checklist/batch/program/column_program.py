"""A ruleset compiled: every result of ``engine.assess`` as a named output of one column program."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from checklist.batch.columns.encoding import Encoding, encodings
from checklist.batch.program.band_places import band_places, extra_points
from checklist.batch.program.emit import Code, emit
from checklist.batch.program.grades import Grade, Grades, outcome_code
from checklist.batch.program.graph import Graph
from checklist.batch.program.nodes import ColumnNode, Int, Mask
from checklist.batch.program.spans import Spans
from checklist.batch.program.truths import Truths
from checklist.model.numbers import exact
from checklist.model.refusals import unreadable
from checklist.model.results.assessment import OUTCOMES
from checklist.model.rules.ruleset import Ruleset

VERDICTS = ("clear", "undecided", "redline", "veto", "none")
_MOST_POINTS = (1 << 31) - 1
TALLY = ("low", "high", "possible", "decided")


@dataclass(frozen=True, slots=True)
class TableShape:
    """What a table holds beside the facts: ratios given as survey counts, criteria with a not-applicable column."""

    sampled: frozenset[str] = frozenset()
    declared: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ColumnProgram:
    """The compiled ruleset.

    Points are in ``1/grain`` of a ten-thousandth, so that thirds are whole.
    ``outputs`` by name: ``low high possible decided`` of the whole and, as ``MOD.low``, of
    each module; ``band_low band_high`` (places in ``ruleset.bands``), ``verdict`` (place in VERDICTS), the count of
    each outcome and flag; ``ID.worst ID.best`` (places in ``level_names[ID]``), ``ID.low ID.high ID.outcome`` and
    ``ID.applies`` (0 or 1: stays in the denominator) of each criterion.
    """

    ruleset: Ruleset
    grain: int
    shape: TableShape
    encodings: Mapping[str, Encoding]
    nodes: list[ColumnNode]
    outputs: Mapping[str, Int]
    level_names: Mapping[str, tuple[str, ...]]

    @property
    def criteria(self) -> tuple[str, ...]:
        return tuple(self.level_names)

    def code(self, wanted: Iterable[str] | None = None) -> Code:
        """The kernel for these outputs, or for all."""
        names = self.outputs.keys() if wanted is None else wanted
        return emit(self.nodes, {name: self.outputs[name] for name in names})


def compile_ruleset(ruleset: Ruleset, shape: TableShape | None = None) -> ColumnProgram:
    """The column program of a loaded ruleset. Raises Refusal where it cannot be exact."""
    shape, whole = shape or TableShape(), ruleset
    ruleset, grain = in_grains(whole)
    graph, forms = Graph(), encodings(ruleset, shape.sampled)
    grades = Grades(graph, Truths(graph, Spans(graph, ruleset.facts, forms)), ruleset, shape.declared, grain)
    found = [grades.of(c) for m in ruleset.modules for c in ruleset.of_module(m.id) if c.status == "active"]
    outputs = {name: value for grade in found for name, value in of_criterion(graph, grade).items()}
    outputs |= added_up(graph, ruleset, found, grain)
    return ColumnProgram(whole, grain, shape, forms, graph.nodes, outputs, {g.criterion.id: g.names for g in found})


def in_grains(ruleset: Ruleset) -> tuple[Ruleset, int]:
    """The ruleset with the points of its criteria in ``1/grain`` of a ten-thousandth, and that grain. Raises Refusal."""
    if (grain := ruleset.grain) == 1:
        return ruleset, 1
    if sum(c.points for c in ruleset.active) * grain > _MOST_POINTS:
        raise unreadable(
            f"各档的分要细到万分之一的 {grain} 分之一，批量计算放不下", "把系数写成百分数，或直接写每一档的分"
        )
    criteria = tuple(
        replace(c, points=c.points * grain, worth={name: exact(some * grain) for name, some in c.worth.items()})
        for c in ruleset.criteria
    )
    return replace(ruleset, criteria=criteria), grain


def added_up(graph: Graph, ruleset: Ruleset, grades: list[Grade], grain: int = 1) -> dict[str, Int]:
    """What the grades of all criteria come to: of each module, and of the whole."""
    outputs: dict[str, Int] = {}
    for module in ruleset.modules:
        mine = [grade for grade in grades if grade.criterion.module == module.id]
        parts = _tally(graph, mine) | _outcomes(graph, mine)
        outputs |= {f"{module.id}.{name}": value for name, value in parts.items()}
    return outputs | _whole(graph, ruleset, grades, outputs, grain)


def of_criterion(graph: Graph, grade: Grade) -> dict[str, Int]:
    """The outputs of one criterion."""
    id, beside = grade.criterion.id, dict[str, Int]()
    if grade.extra is not None:
        beside = {f"{id}.extra_{end}": value for end, value in zip(("low", "high"), grade.extra, strict=True)}
    return beside | {
        f"{id}.worst": grade.worst,
        f"{id}.best": grade.best,
        f"{id}.low": graph.plus(graph.weighted(grade.low[0]), grade.low[1]),
        f"{id}.high": graph.plus(graph.weighted(grade.high[0]), grade.high[1]),
        f"{id}.outcome": outcome_code(graph, grade),
        f"{id}.applies": graph.minus(1, graph.count([grade.na])),
        f"{id}.flag_open": graph.count([grade.opened]),
        f"{id}.flag_undecided": graph.count([grade.undecided]),
        f"{id}.refused": graph.count([grade.refused]),
    }


def _tally(graph: Graph, grades: list[Grade]) -> dict[str, Int]:
    """``Tally``: points that are sure, that are possible, that apply, that are decided."""

    def added(ends: list[tuple[Iterable[tuple[Mask, int]], Int]]) -> Int:
        total = graph.weighted(pair for masks, _ in ends for pair in masks)
        for _, whole in ends:
            total = graph.plus(total, whole)
        return total

    grades = [grade for grade in grades if grade.extra is None]
    full = sum(grade.criterion.points for grade in grades)
    away = graph.weighted((grade.na, grade.criterion.points) for grade in grades if not grade.criterion.na_full)
    unknown = graph.weighted((grade.unknown, grade.criterion.points) for grade in grades)
    possible = graph.minus(full, away)
    return {
        "low": added([(grade.low[0], grade.low[1]) for grade in grades]),
        "high": added([(grade.high[0], grade.high[1]) for grade in grades]),
        "possible": possible,
        "decided": graph.minus(possible, unknown),
    }


def _outcomes(graph: Graph, grades: list[Grade]) -> dict[str, Int]:
    """How many criteria come to each outcome."""
    masks = {
        "met": [g.met for g in grades],
        "unmet": [g.unmet for g in grades],
        "unknown": [g.unknown for g in grades],
        "not_applicable": [g.na for g in grades],
    }
    counts: dict[str, Int] = {name: graph.count(found) for name, found in masks.items()}
    counts["partly"] = graph.minus(len(grades), graph.total(counts.values()))
    return {name: counts[name] for name in OUTCOMES}


def _whole(
    graph: Graph, ruleset: Ruleset, grades: list[Grade], outputs: Mapping[str, Int], grain: int
) -> dict[str, Int]:
    totals = {
        name: graph.total(outputs[f"{module.id}.{name}"] for module in ruleset.modules) for name in (*TALLY, *OUTCOMES)
    }
    totals |= _verdict(graph, grades) | extra_points(graph, ruleset, grades, grain)
    return totals | band_places(graph, ruleset, {**outputs, **totals})


def _verdict(graph: Graph, grades: list[Grade]) -> dict[str, Int]:
    """``Verdict``: flags that are open or undecided, counted, and what they come to together."""
    opened: dict[str, list[Mask]] = {"veto": [], "redline": []}
    undecided: dict[str, list[Mask]] = {"veto": [], "redline": []}
    for grade in grades:
        if grade.criterion.flag:
            opened[grade.criterion.flag.kind].append(grade.opened)
            undecided[grade.criterion.flag.kind].append(grade.undecided)
    verdict: Int = graph.count([graph.any_of(undecided["veto"] + undecided["redline"])])
    for kind in ("redline", "veto"):
        place = VERDICTS.index(kind)
        verdict = graph.larger(verdict, graph.times(graph.count([graph.any_of(opened[kind])]), place))
    if not any(grade.criterion.flag for grade in grades):
        verdict = VERDICTS.index("none")
    return {
        "verdict": verdict,
        "open_vetoes": graph.count(opened["veto"]),
        "open_redlines": graph.count(opened["redline"]),
        "undecided_vetoes": graph.count(undecided["veto"]),
        "undecided_redlines": graph.count(undecided["redline"]),
    }
