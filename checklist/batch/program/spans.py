"""Measures over columns: the two ends of ``measure.span`` for every row at once, as exact quotients of integers.

Each function follows its class in ``model.measures`` line by line.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from checklist.batch.columns.encoding import Bits, Encoding, Numeric
from checklist.batch.program.graph import Graph
from checklist.batch.program.nodes import MASK, ColumnNode, Int, Mask, bits_dtype, most_of
from checklist.model.numbers import Number
from checklist.model.rules.counts import Steps
from checklist.model.rules.facts import NEVER, Fact
from checklist.model.rules.measures import AgeDays, CountOf, FactValue, Measure, Missing, Ratio, Share, Sum
from checklist.values.fact_value import LARGEST


@dataclass(frozen=True, slots=True)
class SpanEnd:
    """One end of a span: ``num × times ÷ (den × over)``, but infinite or zero where those masks hold.

    ``top``, where it is not 0, is what ``num`` reaches exactly where it is infinite.
    """

    num: Int
    times: int = 1
    den: Int = 1
    over: int = 1
    infinite: Mask = False
    zero: Mask = False
    top: int = 0

    def compared(self, graph: Graph, limit: Number) -> tuple[Mask, Mask]:
        """Whether it is at least, and whether it is at most ``limit``."""
        exact = Fraction(limit)
        left, right = self.times * exact.denominator, self.over * exact.numerator
        common = math.gcd(left, right) or 1
        left, right = left // common, right // common
        infinite = self.infinite
        if isinstance(self.den, int):
            right *= self.den
            ceiling, floor = -((-right) // left), right // left
            enough, within = graph.at_least(self.num, ceiling), graph.at_most(self.num, floor)
            if ceiling < self.top:  # then the comparison alone tells the infinite from the finite
                infinite = False
        else:
            a, b = graph.times(self.num, left), graph.times(self.den, right)
            enough, within = graph.at_least(a, b), graph.at_most(a, b)
        not_zero, finite = graph.inverse(self.zero), graph.inverse(infinite)
        enough = graph.any_of((enough, self.zero)) if limit <= 0 else graph.all_of((enough, not_zero))
        within = graph.any_of((within, self.zero)) if limit >= 0 else graph.all_of((within, not_zero))
        return graph.any_of((enough, infinite)), graph.all_of((within, finite))


@dataclass(frozen=True, slots=True)
class SpanEnds:
    low: SpanEnd
    high: SpanEnd


def common(graph: Graph, *ends: SpanEnd) -> tuple[list[Int], Int]:
    """The numerators of several ends over one denominator, and that denominator."""
    ends = tuple(
        end if isinstance(end.den, ColumnNode) else replace(end, den=1, over=end.over * end.den) for end in ends
    )
    over = math.lcm(*(end.over for end in ends))
    dens = {id(end.den): end.den for end in ends if isinstance(end.den, ColumnNode)}
    numerators = []
    for end in ends:
        value = graph.times(end.num, end.times * (over // end.over))
        for key, den in dens.items():
            if key != id(end.den):
                value = graph.times(value, den)
        numerators.append(value)
    unit: Int = over
    for den in dens.values():
        unit = graph.times(den, unit)
    return numerators, unit


@dataclass(frozen=True, slots=True)
class Spans:
    """Builds the ends of measures in a graph. ``called`` are facts whose arrays have another name than the fact."""

    graph: Graph
    facts: Mapping[str, Fact]
    encodings: Mapping[str, Encoding]
    called: Mapping[str, str] = field(default_factory=dict)

    def of(self, measure: Measure) -> SpanEnds:
        match measure:
            case FactValue(fact) | AgeDays(fact):
                return self.fact(fact)
            case Sum(of):
                return self.sum([self.fact(fact) for fact in of])
            case Ratio(of, to, per):
                return self.ratio(self.fact(of), self.fact(to), Fraction(per))
            case Share(of, to):
                if isinstance(self.encodings[to], Bits):
                    return self.share_of_elements(of, to)
                return self.share(self.fact(of), self.fact(to))
            case CountOf(fact):
                has, may = self.elements(fact)
                return SpanEnds(SpanEnd(self.graph.size(has)), SpanEnd(self.graph.size(may)))
            case Missing(required, present):
                if isinstance(self.encodings[required], Bits):
                    return self.missing_elements(required, present)
                return self.missing_number(self.fact(required), self.fact(present))

    def fact(self, name: str) -> SpanEnds:
        graph, form = self.graph, self.encodings[name]
        assert isinstance(form, Numeric)
        never = self.facts[name].none_is is NEVER
        name = self.called.get(name, name)
        if form.sampled:
            least, most = min(form.least, 0), max(form.top, LARGEST)
            low, high = (graph.load(f"{name}.{end}", "i8", least, most) for end in ("lo", "hi"))
            den: Int = graph.load(f"{name}.den", "i8", 1, max(LARGEST, form.scale))
            over = 1
        else:
            low = graph.load(f"{name}.lo", form.dtype, form.least, form.top if never else form.most)
            high = graph.load(f"{name}.hi", form.dtype, form.least, form.top)
            den, over = 1, form.scale
        infinite = graph.at_least(high, form.top) if form.open else False
        top = form.top if form.open and not form.sampled else 0
        lowest = SpanEnd(low, den=den, over=over)
        if never:
            lowest = replace(lowest, infinite=graph.at_least(low, form.top), top=top)
        return SpanEnds(lowest, SpanEnd(high, den=den, over=over, infinite=infinite, top=top))

    def elements(self, name: str) -> tuple[ColumnNode, ColumnNode]:
        form = self.encodings[name]
        assert isinstance(form, Bits)
        most = form.mask(self.facts[name].options)
        dtype = bits_dtype(form.width)
        return self.graph.load(f"{name}.has", dtype, 0, most), self.graph.load(f"{name}.may", dtype, 0, most)

    def known_set(self, name: str) -> ColumnNode:
        return self.graph.load(f"{name}.known", MASK)

    def sum(self, parts: list[SpanEnds]) -> SpanEnds:
        return SpanEnds(self._added([part.low for part in parts]), self._added([part.high for part in parts]))

    def _added(self, ends: list[SpanEnd]) -> SpanEnd:
        numerators, unit = common(self.graph, *ends)
        total: Int = 0
        for value in numerators:
            total = self.graph.plus(total, value)
        infinite = self.graph.any_of(end.infinite for end in ends)
        return _over(SpanEnd(total, infinite=infinite), unit)

    def ratio(self, of: SpanEnds, to: SpanEnds, per: Fraction) -> SpanEnds:
        graph = self.graph
        usable = graph.at_least(to.low.num, 1)
        (low, low_base), _ = common(graph, of.low, to.high)
        (high, high_base), _ = common(graph, of.high, to.low)
        nothing = graph.inverse(usable)
        return SpanEnds(
            SpanEnd(
                low,
                per.numerator,
                graph.larger(low_base, 1),
                per.denominator,
                zero=graph.any_of((nothing, to.high.infinite)),
            ),
            SpanEnd(
                high,
                per.numerator,
                graph.larger(high_base, 1),
                per.denominator,
                infinite=graph.any_of((nothing, of.high.infinite)),
            ),
        )

    def share(self, part: SpanEnds, whole: SpanEnds) -> SpanEnds:
        graph = self.graph
        nothing = graph.inverse(graph.at_least(whole.low.num, 1))
        (least, low_base), _ = common(graph, part.low, whole.high)
        (most, high_base), _ = common(graph, part.high, whole.low)
        low_base, high_base = graph.larger(low_base, 1), graph.larger(high_base, 1)
        unlimited = part.high.infinite if most_of(most) < most_of(high_base) else False
        most = graph.choose(graph.any_of((nothing, unlimited)), high_base, graph.smaller(most, high_base))
        zero = graph.any_of((nothing, whole.high.infinite))
        return SpanEnds(SpanEnd(graph.smaller(least, low_base), den=low_base, zero=zero), SpanEnd(most, den=high_base))

    def share_of_elements(self, present: str, required: str) -> SpanEnds:
        graph = self.graph
        wanted, had = self.elements(required)[0], self.elements(present)[0]
        known = (self.known_set(required), self.known_set(present), graph.at_least(graph.size(wanted), 1))
        open_end = graph.inverse(graph.all_of(known))
        base = graph.larger(graph.size(wanted), 1)
        here = graph.minus(graph.size(wanted), graph.size(graph.without(wanted, had)))
        return SpanEnds(SpanEnd(here, den=base, zero=open_end), SpanEnd(graph.choose(open_end, base, here), den=base))

    def steps(self, count: Steps, ends: SpanEnds) -> SpanEnds:
        """How many steps a measure with these ends is away from the limit."""
        if count.side == "below":
            low, high = self._steps(count, ends.high, -1), self._steps(count, ends.low, -1)
            return SpanEnds(replace(low, zero=ends.high.infinite), replace(high, zero=ends.low.infinite))
        low, high = self._steps(count, ends.low, 1), self._steps(count, ends.high, 1)
        return SpanEnds(replace(low, infinite=ends.low.infinite), replace(high, infinite=ends.high.infinite))

    def _steps(self, count: Steps, end: SpanEnd, sign: int) -> SpanEnd:
        """``(measure − limit) × sign ÷ each``, not below zero, in steps as they count."""
        graph, limit, each = self.graph, Fraction(count.limit), Fraction(count.each)
        num = graph.choose(end.zero, 0, end.num)
        base = graph.times(end.den, end.over)
        away = graph.minus(
            graph.times(num, end.times * limit.denominator * sign), graph.times(base, limit.numerator * sign)
        )
        away = graph.times(graph.larger(away, 0), each.denominator)
        unit = graph.times(base, limit.denominator * each.numerator)
        if count.steps == "exact":
            return _over(SpanEnd(away), unit)
        if count.steps == "full":
            return SpanEnd(graph.divided(away, unit))
        return SpanEnd(graph.times(graph.divided(graph.times(away, -1), unit), -1))

    def missing_number(self, required: SpanEnds, present: SpanEnds) -> SpanEnds:
        graph = self.graph
        (least, had), low_unit = common(graph, required.low, present.high)
        (most, sure), high_unit = common(graph, required.high, present.low)
        low = SpanEnd(graph.larger(graph.minus(least, had), 0), zero=present.high.infinite)
        high = SpanEnd(graph.larger(graph.minus(most, sure), 0), infinite=required.high.infinite)
        return SpanEnds(_over(low, low_unit), _over(high, high_unit))

    def missing_elements(self, required: str, present: str) -> SpanEnds:
        graph = self.graph
        required_has, required_may = self.elements(required)
        present_has, present_may = self.elements(present)
        unsure: Mask = False
        if set(self.facts[required].options) - set(self.facts[present].options):
            unsure = graph.inverse(self.known_set(present))
        least = graph.size(graph.without(required_has, present_may))
        most = graph.size(graph.without(required_may, present_has))
        return SpanEnds(SpanEnd(least, zero=unsure), SpanEnd(most))


def _over(end: SpanEnd, unit: Int) -> SpanEnd:
    return replace(end, over=unit) if isinstance(unit, int) else replace(end, den=unit)
