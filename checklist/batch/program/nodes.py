"""A graph of column operations: each node is one array, made of other nodes by one NumPy function.

Equal nodes are made once. Every integer node knows the least and the most value it can hold, so that a comparison
that can only come out one way becomes a constant, and every array gets the narrowest type that holds it exactly;
what would not fit 64 bits is calculated in Python's integers instead (slow, and never wrong).
"""

from __future__ import annotations

from collections.abc import Sequence
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
class ColumnNode:
    """One array. ``op`` is a NumPy function, or ``load`` of a named input; ``least`` and ``most`` bound its values."""

    index: int
    op: str
    args: tuple[ColumnNode | int | str, ...]
    dtype: str
    least: int
    most: int


Mask: TypeAlias = ColumnNode | bool
Int: TypeAlias = ColumnNode | int


def bits_dtype(width: int) -> str:
    return next(dtype for dtype, bits in _BITS if width <= bits)


def integer_dtype(least: int, most: int) -> str:
    """The narrowest type for these values; Python objects where none is wide enough."""
    return next((dtype for dtype, low, high in _INTEGERS if low <= least and most <= high), OBJECT)


def least_of(value: Int) -> int:
    return value.least if isinstance(value, ColumnNode) else value


def most_of(value: Int) -> int:
    return value.most if isinstance(value, ColumnNode) else value


@dataclass(slots=True)
class Nodes:
    """Builds nodes; ``nodes`` is in an order in which each comes after those it is made of."""

    nodes: list[ColumnNode] = field(default_factory=list)
    _seen: dict[tuple[object, ...], ColumnNode] = field(default_factory=dict)

    def node(
        self, op: str, args: Sequence[ColumnNode | int | str], dtype: str, least: int = 0, most: int = 1
    ) -> ColumnNode:
        key = (op, dtype, *((id(arg), "n") if isinstance(arg, ColumnNode) else (arg, type(arg)) for arg in args))
        if key not in self._seen:
            made = ColumnNode(len(self.nodes), op, tuple(args), dtype, least, most)
            self.nodes.append(made)
            self._seen[key] = made
        return self._seen[key]

    def load(self, name: str, dtype: str, least: int = 0, most: int = 1) -> ColumnNode:
        return self.node("load", (name,), dtype, least, most)

    def cast(self, a: ColumnNode, dtype: str) -> ColumnNode:
        return a if a.dtype == dtype else self.node("cast", (a,), dtype, a.least, a.most)
