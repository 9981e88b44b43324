"""A graph of column operations: each node is one array, made of other nodes by one NumPy function.

Equal nodes are made once. Every integer node knows the least and the most value it can hold, so that a comparison
that can only come out one way becomes a constant, and every array gets the narrowest type that holds it exactly;
what would not fit 64 bits is calculated in Python's integers instead (slow, and never wrong).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

MASK: Final = "b1"
OBJECT: Final = "O"
_INTEGERS: Final = (
    ("u1", 0, 255),
    ("i2", -(2**15), 2**15 - 1),
    ("i4", -(2**31), 2**31 - 1),
    ("i8", -(2**63), 2**63 - 1),
)
_BITS: Final = (("u1", 8), ("u2", 16), ("u4", 32), ("u8", 64))
MOST_BITS: Final = 64


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One array. ``op`` is a NumPy function, or ``load`` of a named input; ``least`` and ``most`` bound its values."""

    index: int
    op: str
    args: tuple[Node | int | str, ...]
    dtype: str
    least: int
    most: int


Mask: TypeAlias = Node | bool
Int: TypeAlias = Node | int


def bits_dtype(width: int) -> str:
    return next(dtype for dtype, bits in _BITS if width <= bits)


def integer_dtype(least: int, most: int) -> str:
    """The narrowest type for these values; Python objects where none is wide enough."""
    return next((dtype for dtype, low, high in _INTEGERS if low <= least and most <= high), OBJECT)


def least_of(value: Int) -> int:
    return value.least if isinstance(value, Node) else value


def most_of(value: Int) -> int:
    return value.most if isinstance(value, Node) else value


@dataclass(slots=True)
class Graph:
    """Builds nodes; ``nodes`` is in an order in which each comes after those it is made of."""

    nodes: list[Node] = field(default_factory=list)
    _seen: dict[tuple[object, ...], Node] = field(default_factory=dict)

    def node(self, op: str, args: Sequence[Node | int | str], dtype: str, least: int = 0, most: int = 1) -> Node:
        key = (op, dtype, *((id(arg), "n") if isinstance(arg, Node) else (arg, type(arg)) for arg in args))
        if key not in self._seen:
            made = Node(len(self.nodes), op, tuple(args), dtype, least, most)
            self.nodes.append(made)
            self._seen[key] = made
        return self._seen[key]

    def load(self, name: str, dtype: str, least: int = 0, most: int = 1) -> Node:
        return self.node("load", (name,), dtype, least, most)

    # masks

    def all_of(self, masks: Iterable[Mask]) -> Mask:
        return self._joined("bitwise_and", masks, neutral=True)

    def any_of(self, masks: Iterable[Mask]) -> Mask:
        return self._joined("bitwise_or", masks, neutral=False)

    def _joined(self, op: str, masks: Iterable[Mask], *, neutral: bool) -> Mask:
        parts: dict[int, Node] = {}
        for mask in masks:
            if isinstance(mask, Node):
                parts[mask.index] = mask
            elif mask is not neutral:
                return not neutral
        if not parts:
            return neutral
        found = _deciding(parts, op)
        return found[0] if len(found) == 1 else self.node(op, found, MASK)

    def inverse(self, mask: Mask) -> Mask:
        if not isinstance(mask, Node):
            return not mask
        if mask.op == "logical_not":
            inner = mask.args[0]
            assert isinstance(inner, Node)
            return inner
        return self.node("logical_not", (mask,), MASK)

    def differ(self, a: Mask, b: Mask) -> Mask:
        if not isinstance(a, Node):
            return self.inverse(b) if a else b
        if not isinstance(b, Node):
            return self.inverse(a) if b else a
        return False if a is b else self.node("bitwise_xor", (a, b), MASK)

    # comparisons

    def at_least(self, a: Int, b: Int) -> Mask:
        if least_of(a) >= most_of(b):
            return True
        if most_of(a) < least_of(b):
            return False
        return self._compared("greater_equal", "less_equal", a, b)

    def at_most(self, a: Int, b: Int) -> Mask:
        return self.at_least(b, a)

    def equal(self, a: Node, b: int) -> Mask:
        if not a.least <= b <= a.most:
            return False
        return self.node("equal", (a, b), MASK) if a.least < a.most else True

    def same(self, a: Int, b: Int) -> Mask:
        return self.all_of((self.at_least(a, b), self.at_most(a, b)))

    def _compared(self, op: str, mirrored: str, a: Int, b: Int) -> Mask:
        if isinstance(a, int):
            assert isinstance(b, Node)
            return self.node(mirrored, (b, a), MASK)
        if isinstance(b, int):
            return self.node(op, (a, b), MASK)
        dtype = integer_dtype(min(a.least, b.least), max(a.most, b.most))
        return self.node(op, (self.cast(a, dtype), self.cast(b, dtype)), MASK)

    # integers

    def cast(self, a: Node, dtype: str) -> Node:
        return a if a.dtype == dtype else self.node("cast", (a,), dtype, a.least, a.most)

    def _whole(self, op: str, a: Int, b: Int, least: int, most: int) -> Node:
        reach = (least, most, *((least_of(x), most_of(x)) for x in (a, b)))
        flat = [x for part in reach for x in (part if isinstance(part, tuple) else (part,))]
        dtype = integer_dtype(min(flat), max(flat))
        args = [self.cast(x, dtype) if isinstance(x, Node) else x for x in (a, b)]
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
        if not isinstance(mask, Node):
            return yes if mask else no
        if isinstance(yes, int) and isinstance(no, int):
            return self.plus(self.times(self.count([mask]), yes - no), no)
        least, most = min(least_of(yes), least_of(no)), max(most_of(yes), most_of(no))
        dtype = integer_dtype(least, most)
        args = [self.cast(x, dtype) if isinstance(x, Node) else x for x in (yes, no)]
        return self.node("where", (mask, *args), dtype, least, most)

    # sets

    def part_of(self, a: Node, bits: int) -> Node:
        """The elements of ``a`` among ``bits``."""
        return a if a.most & ~bits == 0 else self.node("bitwise_and", (a, bits), a.dtype, 0, a.most & bits)

    def without(self, a: Node, b: Node) -> Node:
        """The elements of ``a`` that are not in ``b``."""
        return self.node("without", (a, b), a.dtype, 0, a.most)

    def size(self, a: Node) -> Node:
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
        nodes = [mask for mask in given if isinstance(mask, Node)]
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


def _deciding(parts: dict[int, Node], op: str) -> list[Node]:
    """Of several limits on one array only the one that decides: x ≥ 3 or x ≥ 2 is x ≥ 2."""
    kept: dict[object, Node] = {}
    for index in sorted(parts):
        node = parts[index]
        key: object = index
        if node.op in ("greater_equal", "less_equal") and isinstance(node.args[1], int):
            key = (node.op, node.args[0])
            easier = min if (node.op == "greater_equal") == (op == "bitwise_or") else max
            other = kept.get(key)
            if other is not None:
                node = easier(node, other, key=lambda n: int(n.args[1]))  # type: ignore[arg-type]
        kept[key] = node
    return list(kept.values())


def _node_first(a: Int, b: Int) -> tuple[Int, Int]:
    return (a, b) if isinstance(a, Node) else (b, a)
