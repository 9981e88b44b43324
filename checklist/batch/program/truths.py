"""Conditions over columns: for every row whether a condition surely holds, and whether it possibly holds.

True is (yes, yes), False is (no, no), unknown is (no, yes). Each case follows its class in ``model.conditions``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from checklist.batch.columns.encoding import Bits, Coded
from checklist.batch.program.graph import Graph
from checklist.batch.program.nodes import Mask
from checklist.batch.program.spans import SpanEnd, SpanEnds, Spans
from checklist.model.rules.conditions import AtLeastOf, Condition, Contains, Limit, NoneOf, OneOf
from checklist.model.rules.counts import Count, Holds, Steps
from checklist.model.rules.facts import Value


@dataclass(frozen=True, slots=True)
class Truth:
    surely: Mask
    possibly: Mask


@dataclass(frozen=True, slots=True)
class Truths:
    """Builds conditions in the graph of ``spans``; each measure is built once.

    A yes/no or choice fact that is unknown is taken for what is ``assumed`` of it, if anything is.
    """

    graph: Graph
    spans: Spans
    assumed: Mapping[str, Value] = field(default_factory=dict)
    _measured: dict[object, SpanEnds] = field(default_factory=dict)

    def of(self, condition: Condition) -> Truth:
        match condition:
            case Limit():
                return self.limit(condition)
            case OneOf(fact, values):
                return self.one_of(fact, values)
            case Contains(fact, elements):
                return self.contains(fact, elements)
            case AtLeastOf(needed, of):
                parts = [self.of(part) for part in of]
                return Truth(
                    self._at_least_of(needed, [part.surely for part in parts]),
                    self._at_least_of(needed, [part.possibly for part in parts]),
                )
            case NoneOf(of):
                parts = [self.of(part) for part in of]
                return Truth(
                    self.graph.inverse(self.graph.any_of(part.possibly for part in parts)),
                    self.graph.inverse(self.graph.any_of(part.surely for part in parts)),
                )

    def ends(self, measure: object) -> SpanEnds:
        if measure not in self._measured:
            self._measured[measure] = self.spans.of(measure)  # type: ignore[arg-type]
        return self._measured[measure]

    def counted(self, count: Count) -> SpanEnds:
        """The ends of what an item is counted by."""
        if isinstance(count, Holds):
            truth = self.of(count.condition)
            return SpanEnds(SpanEnd(self.graph.count([truth.surely])), SpanEnd(self.graph.count([truth.possibly])))
        if not isinstance(count, Steps):
            return self.ends(count)
        if count not in self._measured:
            self._measured[count] = self.spans.steps(count, self.ends(count.measure))
        return self._measured[count]

    def limit(self, condition: Limit) -> Truth:
        ends = self.ends(condition.measure)
        low_enough, low_within = ends.low.compared(self.graph, condition.limit)
        high_enough, high_within = ends.high.compared(self.graph, condition.limit)
        if condition.kind == "at_least":
            return Truth(low_enough, high_enough)
        return Truth(high_within, low_within)

    def one_of(self, fact: str, values: Collection[Value]) -> Truth:
        form = self.spans.encodings[fact]
        assert isinstance(form, Coded)
        codes = sorted({form.options.index(value) + 1 for value in values if value in form.options})
        if fact in self.assumed:
            one = self._among(fact, form, [0, *codes] if self.assumed[fact] in values else codes)
            return Truth(one, one)
        return Truth(self._among(fact, form, codes), self._among(fact, form, [0, *codes]))

    def _among(self, fact: str, form: Coded, codes: list[int]) -> Mask:
        """Whether the code is one of ``codes``, compared run by run of neighbouring codes."""
        top = len(form.options)
        code = self.graph.load(f"{fact}.code", form.dtype, 0, top)
        runs: list[tuple[int, int]] = []
        for value in codes:
            if runs and runs[-1][1] == value - 1:
                runs[-1] = (runs[-1][0], value)
            else:
                runs.append((value, value))
        return self.graph.any_of(
            self.graph.equal(code, first)
            if first == last
            else self.graph.all_of((self.graph.at_least(code, first), self.graph.at_most(code, last)))
            for first, last in runs
        )

    def contains(self, fact: str, elements: tuple[str, ...]) -> Truth:
        form = self.spans.encodings[fact]
        assert isinstance(form, Bits)
        if not elements:
            return Truth(self.spans.known_set(fact), True)
        if any(element not in form.bits for element in elements):
            return Truth(False, self.graph.inverse(self.spans.known_set(fact)))
        has, may = self.spans.elements(fact)
        wanted = form.mask(elements)
        surely, possibly = (self.graph.equal(self.graph.part_of(held, wanted), wanted) for held in (has, may))
        return Truth(surely, possibly)

    def _at_least_of(self, needed: int, masks: list[Mask]) -> Mask:
        if needed == len(masks):
            return self.graph.all_of(masks)
        if needed == 1:
            return self.graph.any_of(masks)
        return self.graph.at_least(self.graph.count(masks), needed)
