"""Conditions in a graph: masks joined, turned round and compared, each made only where the answer is not known already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from checklist.batch.program.nodes import MASK, ColumnNode, Int, Mask, Nodes, integer_dtype, least_of, most_of


@dataclass(slots=True)
class Masks(Nodes):
    """Nodes that are true or false."""

    def all_of(self, masks: Iterable[Mask]) -> Mask:
        return self._joined("bitwise_and", masks, neutral=True)

    def any_of(self, masks: Iterable[Mask]) -> Mask:
        return self._joined("bitwise_or", masks, neutral=False)

    def _joined(self, op: str, masks: Iterable[Mask], *, neutral: bool) -> Mask:
        parts: dict[int, ColumnNode] = {}
        for mask in masks:
            if isinstance(mask, ColumnNode):
                parts[mask.index] = mask
            elif mask is not neutral:
                return not neutral
        if not parts:
            return neutral
        found = _deciding(parts, op)
        return found[0] if len(found) == 1 else self.node(op, found, MASK)

    def inverse(self, mask: Mask) -> Mask:
        if not isinstance(mask, ColumnNode):
            return not mask
        if mask.op == "logical_not":
            inner = mask.args[0]
            assert isinstance(inner, ColumnNode)
            return inner
        return self.node("logical_not", (mask,), MASK)

    def differ(self, a: Mask, b: Mask) -> Mask:
        if not isinstance(a, ColumnNode):
            return self.inverse(b) if a else b
        if not isinstance(b, ColumnNode):
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

    def equal(self, a: ColumnNode, b: int) -> Mask:
        if not a.least <= b <= a.most:
            return False
        return self.node("equal", (a, b), MASK) if a.least < a.most else True

    def same(self, a: Int, b: Int) -> Mask:
        return self.all_of((self.at_least(a, b), self.at_most(a, b)))

    def _compared(self, op: str, mirrored: str, a: Int, b: Int) -> Mask:
        if isinstance(a, int):
            assert isinstance(b, ColumnNode)
            return self.node(mirrored, (b, a), MASK)
        if isinstance(b, int):
            return self.node(op, (a, b), MASK)
        dtype = integer_dtype(min(a.least, b.least), max(a.most, b.most))
        return self.node(op, (self.cast(a, dtype), self.cast(b, dtype)), MASK)


def _deciding(parts: dict[int, ColumnNode], op: str) -> list[ColumnNode]:
    """Of several limits on one array only the one that decides: x ≥ 3 or x ≥ 2 is x ≥ 2."""
    kept: dict[object, ColumnNode] = {}
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
