"""Whole numbers, sets and sums in a graph; the masks come from ``masks``, the nodes from ``nodes``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from checklist.batch.program.masks import Masks
from checklist.batch.program.nodes import ColumnNode, Int, Mask, integer_dtype, least_of, most_of


@dataclass(slots=True)
class Graph(Masks):
    """Builds the column program's nodes."""

    def _whole(self, op: str, a: Int, b: Int, least: int, most: int) -> ColumnNode:
        reach = (least, most, *((least_of(x), most_of(x)) for x in (a, b)))
        flat = [x for part in reach for x in (part if isinstance(part, tuple) else (part,))]
        dtype = integer_dtype(min(flat), max(flat))
        args = [self.cast(x, dtype) if isinstance(x, ColumnNode) else x for x in (a, b)]
        return self.node(op, args, dtype, least, most)

    def plus(self, a: Int, b: Int) -> Int:
        if isinstance(a, int) and isinstance(b, int):
            return a + b
        if isinstance(a, int):
            a, b = b, a
        if isinstance(b, int) and b == 0:
            return a
        return self._whole("add", a, b, least_of(a) + least_of(b), most_of(a) + most_of(b))

    def minus(self, a: Int, b: Int) -> Int:
        if isinstance(b, int):
            return self.plus(a, -b)
        return self._whole("subtract", a, b, least_of(a) - most_of(b), most_of(a) - least_of(b))

    def times(self, a: Int, b: Int) -> Int:
        if isinstance(a, int):
            a, b = b, a
        if isinstance(a, int):
            assert isinstance(b, int)
            return a * b
        if b == 1 or b == 0:
            return a if b == 1 else 0
        ends = [x * y for x in (a.least, a.most) for y in (least_of(b), most_of(b))]
        return self._whole("multiply", a, b, min(ends), max(ends))

    def smaller(self, a: Int, b: Int) -> Int:
        if most_of(a) <= least_of(b):
            return a
        if most_of(b) <= least_of(a):
            return b
        return self._whole("minimum", *_node_first(a, b), min(least_of(a), least_of(b)), min(most_of(a), most_of(b)))

    def larger(self, a: Int, b: Int) -> Int:
        if least_of(a) >= most_of(b):
            return a
        if least_of(b) >= most_of(a):
            return b
        return self._whole("maximum", *_node_first(a, b), max(least_of(a), least_of(b)), max(most_of(a), most_of(b)))

    def divided(self, a: Int, b: Int) -> Int:
        """``a // b`` for positive ``b``, rounded down."""
        if isinstance(a, int) and isinstance(b, int):
            return a // b
        if b == 1:
            return a
        ends = [
            least_of(a) // least_of(b),
            least_of(a) // most_of(b),
            most_of(a) // least_of(b),
            most_of(a) // most_of(b),
        ]
        return self._whole("floor_divide", a, b, min(ends), max(ends))

    def choose(self, mask: Mask, yes: Int, no: Int) -> Int:
        """``yes`` where the mask holds, ``no`` elsewhere."""
        if not isinstance(mask, ColumnNode):
            return yes if mask else no
        if isinstance(yes, int) and isinstance(no, int):
            return self.plus(self.times(self.count([mask]), yes - no), no)
        least, most = min(least_of(yes), least_of(no)), max(most_of(yes), most_of(no))
        dtype = integer_dtype(least, most)
        args = [self.cast(x, dtype) if isinstance(x, ColumnNode) else x for x in (yes, no)]
        return self.node("where", (mask, *args), dtype, least, most)

    # sets

    def part_of(self, a: ColumnNode, bits: int) -> ColumnNode:
        """The elements of ``a`` among ``bits``."""
        return a if a.most & ~bits == 0 else self.node("bitwise_and", (a, bits), a.dtype, 0, a.most & bits)

    def without(self, a: ColumnNode, b: ColumnNode) -> ColumnNode:
        """The elements of ``a`` that are not in ``b``."""
        return self.node("without", (a, b), a.dtype, 0, a.most)

    def size(self, a: ColumnNode) -> ColumnNode:
        return self.node("bitwise_count", (a,), "u1", 0, a.most.bit_count())

    # sums

    def total(self, values: Iterable[Int]) -> Int:
        result: Int = 0
        for value in values:
            result = self.plus(result, value)
        return result

    def count(self, masks: Iterable[Mask]) -> Int:
        """How many of the masks hold; a mask given twice counts twice."""
        given = list(masks)
        nodes = [mask for mask in given if isinstance(mask, ColumnNode)]
        total: Int = sum(mask is True for mask in given)
        for start in range(0, len(nodes), 255):
            part = nodes[start : start + 255]
            total = self.plus(self.node("count", part, "u1", 0, len(part)), total)
        return total

    def weighted(self, pairs: Iterable[tuple[Mask, int]]) -> Int:
        """The weights of the masks that hold, added up: masks of equal weight are counted first, then weighed."""
        groups: dict[int, list[Mask]] = {}
        for mask, weight in pairs:
            if weight and mask is not False:
                groups.setdefault(weight, []).append(mask)
        total: Int = 0
        for weight, masks in groups.items():
            total = self.plus(total, self.times(self.count(masks), weight))
        return total


def _node_first(a: Int, b: Int) -> tuple[Int, Int]:
    return (a, b) if isinstance(a, ColumnNode) else (b, a)
