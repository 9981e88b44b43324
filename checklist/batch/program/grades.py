"""One criterion over columns: levels, points, outcome and flag for every row. Follows ``engine.judge``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from checklist.batch.program.graph import Graph
from checklist.batch.program.items import items_left
from checklist.batch.program.nodes import Int, Mask
from checklist.batch.program.truths import Truth, Truths
from checklist.model.results.assessment import OUTCOMES
from checklist.model.rules.ruleset import Criterion, Ruleset
from checklist.model.rules.scales import Deduct, Ladder

NO_LEVEL = "none"
NOT_APPLICABLE = "na"


@dataclass(frozen=True, slots=True)
class Grade:
    """What a criterion comes to, as nodes.

    ``names`` are the levels from the best down, then no level, then not applicable; ``worst`` and ``best`` are places
    in it. ``low`` and ``high`` points are a sum of weighted masks plus whole numbers, so that a module can add up
    equal weights together. ``na`` is not applicable, ``unknown`` an undecided outcome, ``refused`` a
    declaration that the recorded facts speak against. ``extra`` is what a bonus or penalty comes to beside the score.
    """

    criterion: Criterion
    names: tuple[str, ...]
    worst: Int
    best: Int
    low: tuple[Sequence[tuple[Mask, int]], Int]
    high: tuple[Sequence[tuple[Mask, int]], Int]
    na: Mask
    unknown: Mask
    met: Mask
    unmet: Mask
    opened: Mask = False
    undecided: Mask = False
    refused: Mask = False
    extra: tuple[Int, Int] | None = None


@dataclass(frozen=True, slots=True)
class _Scaled:
    """The scale alone, before applicability. ``reached`` says per level whether it or a better one is reached."""

    names: tuple[str, ...]
    worst_reached: list[Mask]
    best_reached: list[Mask]
    low: tuple[list[tuple[Mask, int]], Int]
    high: tuple[list[tuple[Mask, int]], Int]
    unknown: Mask
    met: Mask
    unmet: Mask


@dataclass(frozen=True, slots=True)
class Grades:
    """Builds the grades of one ruleset. ``declared`` names criteria with a column that declares them not applicable.

    Points are in ``1/grain`` of a ten-thousandth (``in_grains``); what items take off stays in ten-thousandths.
    """

    graph: Graph
    truths: Truths
    ruleset: Ruleset
    declared: frozenset[str] = frozenset()
    grain: int = 1

    def of(self, criterion: Criterion) -> Grade:
        refused = self.refused(criterion)
        declared = self.graph.all_of((self.written(criterion), self.graph.inverse(refused)))
        return self._beside(replace(self.unless(criterion, declared), refused=refused))

    def _beside(self, grade: Grade) -> Grade:
        """A bonus or penalty has no points in the score."""
        graph, criterion = self.graph, grade.criterion
        if criterion.extra == "ordinary":
            return grade
        low, high = (graph.plus(graph.weighted(end[0]), end[1]) for end in (grade.low, grade.high))
        if criterion.extra == "penalty":
            here = graph.minus(criterion.points, graph.weighted([(grade.na, criterion.points)]))
            low, high = graph.minus(here, high), graph.minus(here, low)
        return replace(grade, low=([], 0), high=([], 0), extra=(low, high))

    def written(self, criterion: Criterion) -> Mask:
        """Where a column declares it not applicable."""
        return self.graph.load(f"{criterion.id}.na", "b1") if criterion.id in self.declared else False

    def refused(self, criterion: Criterion) -> Mask:
        """Where it is declared not applicable although it surely applies."""
        if criterion.applies_when is None or criterion.id not in self.declared:
            return False
        return self.graph.all_of((self.written(criterion), self.truths.of(criterion.applies_when).surely))

    def unless(self, criterion: Criterion, declared: Mask) -> Grade:
        """Its grade where it is not ``declared`` not applicable."""
        graph = self.graph
        applies = self.truths.of(criterion.applies_when) if criterion.applies_when else Truth(True, True)
        na = graph.any_of((declared, graph.inverse(applies.possibly)))
        judged = graph.all_of((applies.surely, graph.inverse(declared)))
        unsure = graph.inverse(graph.any_of((na, judged)))
        scale = criterion.scale
        scaled = self._deducted(criterion, scale) if isinstance(scale, Deduct) else self._laddered(criterion, scale)
        rungs = len(scaled.names) - 2
        opened, undecided = self._flag(criterion, scaled, na, judged)
        return Grade(
            criterion=criterion,
            names=scaled.names,
            worst=self._place(rungs, scaled.worst_reached, na),
            best=self._place(rungs, scaled.best_reached, na),
            low=self._kept(scaled.low, judged, na if criterion.na_full else False, criterion.points),
            high=self._kept(scaled.high, judged, self._full(criterion, na, unsure), criterion.points),
            na=na,
            unknown=graph.any_of((unsure, graph.all_of((judged, scaled.unknown)))),
            met=graph.all_of((judged, scaled.met)),
            unmet=graph.all_of((judged, scaled.unmet)),
            opened=opened,
            undecided=undecided,
        )

    def _full(self, criterion: Criterion, na: Mask, unsure: Mask) -> Mask:
        return self.graph.any_of((unsure, na)) if criterion.na_full else unsure

    def _place(self, rungs: int, reached: list[Mask], na: Mask) -> Int:
        counted = self.graph.count(self.graph.all_of((mask, self.graph.inverse(na))) for mask in reached)
        return self.graph.minus(self.graph.plus(self.graph.count([na]), rungs), counted)

    def _kept(
        self, points: tuple[list[tuple[Mask, int]], Int], judged: Mask, other: Mask, full: int
    ) -> tuple[list[tuple[Mask, int]], Int]:
        """Points where the criterion is judged, ``full`` where the other mask holds."""
        graph = self.graph
        masks = [(graph.all_of((mask, judged)), weight) for mask, weight in points[0]] + [(other, full)]
        return masks, graph.choose(judged, points[1], 0)

    def _laddered(self, criterion: Criterion, scale: Ladder) -> _Scaled:
        graph = self.graph
        levels = tuple(rung.level for rung in scale.rungs)
        answers = [self.truths.of(rung.condition) for rung in scale.rungs]
        worst = [graph.any_of(a.surely for a in answers[: i + 1]) for i in range(len(answers))]
        best = [graph.any_of(a.possibly for a in answers[: i + 1]) for i in range(len(answers))]
        worth = [int(self.ruleset.level_points(criterion, level)) for level in levels]
        steps = [a - b for a, b in zip(worth, [*worth[1:], 0], strict=True)]
        low, high = list(zip(worst, steps, strict=True)), list(zip(best, steps, strict=True))
        names = (*levels, NO_LEVEL, NOT_APPLICABLE)
        if not criterion.points:
            unknown = graph.any_of(graph.differ(a, b) for a, b in zip(worst, best, strict=True))
            unmet = graph.inverse(graph.any_of((worst[-1], unknown)))
            return _Scaled(names, worst, best, (low, 0), (high, 0), unknown, worst[0], unmet)
        if any(step < 0 for step in steps):
            return self._by_points(criterion, names, worst, best, graph.weighted(low), graph.weighted(high))
        unknown = graph.any_of(graph.differ(a, b) for a, b, step in zip(worst, best, steps, strict=True) if step)
        full = [mask for mask, value in zip(worst, worth, strict=True) if value == criterion.points]
        some = [mask for mask, value in zip(worst, worth, strict=True) if value > 0]
        met, unmet = graph.any_of(full[-1:]), graph.inverse(graph.any_of(some[-1:]))
        sure = graph.inverse(unknown)
        return _Scaled(
            names, worst, best, (low, 0), (high, 0), unknown, graph.all_of((met, sure)), graph.all_of((unmet, sure))
        )

    def _by_points(
        self, criterion: Criterion, names: tuple[str, ...], worst: list[Mask], best: list[Mask], low: Int, high: Int
    ) -> _Scaled:
        graph = self.graph
        sure = graph.same(low, high)
        met = graph.all_of((sure, graph.same(low, criterion.points)))
        unmet = graph.all_of((sure, graph.same(low, 0)))
        return _Scaled(names, worst, best, ([], low), ([], high), graph.inverse(sure), met, unmet)

    def _deducted(self, criterion: Criterion, scale: Deduct) -> _Scaled:
        graph, points = self.graph, criterion.points
        low, high = (
            graph.times(end, self.grain) for end in items_left(graph, self.truths, scale, points // self.grain)
        )
        names = (next(iter(self.ruleset.levels)), NO_LEVEL, NOT_APPLICABLE)
        worst, best = [graph.same(low, points)], [graph.same(high, points)]
        if points:
            return self._by_points(criterion, names, worst, best, low, high)
        unknown = graph.any_of((graph.inverse(graph.same(low, high)), graph.differ(worst[0], best[0])))
        sure = graph.inverse(unknown)
        met, unmet = graph.all_of((worst[0], sure)), graph.all_of((graph.inverse(worst[0]), sure))
        return _Scaled(names, worst, best, ([], low), ([], high), unknown, met, unmet)

    def _flag(self, criterion: Criterion, scaled: _Scaled, na: Mask, judged: Mask) -> tuple[Mask, Mask]:
        graph = self.graph
        if criterion.flag is None:
            return False, False
        if criterion.flag.opens_when is not None:
            opens = self.truths.of(criterion.flag.opens_when)
        else:
            opens = Truth(graph.inverse(scaled.best_reached[-1]), graph.inverse(scaled.worst_reached[-1]))
        opened = graph.all_of((opens.surely, judged))
        undecided = graph.all_of((opens.possibly, graph.inverse(opened), graph.inverse(na)))
        return opened, undecided


def outcome_code(graph: Graph, grade: Grade) -> Int:
    """The place in OUTCOMES: met, partly, unmet, unknown, not_applicable."""
    code = graph.minus(graph.plus(1, graph.count([grade.unmet])), graph.count([grade.met]))
    for mask, place in ((grade.unknown, OUTCOMES.index("unknown")), (grade.na, OUTCOMES.index("not_applicable"))):
        code = graph.larger(code, graph.times(graph.count([mask]), place))
    return code
