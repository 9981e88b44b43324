"""A decision diagram: choices to take or skip, one after the other, each path with its outcome."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar


class Fork(NamedTuple):
    """A choice: the diagram goes on at ``skip`` or ``take``, a node's index, or ``~i`` for the outcome ``i``."""

    action: str
    skip: int
    take: int


Leaf = TypeVar("Leaf", bound=Hashable)
New = TypeVar("New", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Choices(Generic[Leaf]):
    """``root`` and the nodes below it, children before parents; each path ends at one of the ``outcomes``."""

    root: int
    nodes: tuple[Fork, ...]
    outcomes: tuple[Leaf, ...]

    @property
    def actions(self) -> tuple[str, ...]:
        """The deeds that make a difference, in the order in which they are asked for."""
        return tuple(dict.fromkeys(node.action for node in reversed(self.nodes)))

    def outcome(self, ids: Collection[str]) -> Leaf:
        at = self.root
        while at >= 0:
            node = self.nodes[at]
            at = node.take if node.action in ids else node.skip
        return self.outcomes[~at]

    def sets(self) -> Iterator[tuple[frozenset[str], Leaf]]:
        """Every set of taken deeds that a path through the diagram stands for, with its outcome."""
        stack: list[tuple[int, tuple[str, ...]]] = [(self.root, ())]
        while stack:
            at, taken = stack.pop()
            if at < 0:
                yield frozenset(taken), self.outcomes[~at]
                continue
            node = self.nodes[at]
            stack += [(node.take, (*taken, node.action)), (node.skip, taken)]

    def become(self, leaf: Callable[[Leaf], New]) -> Choices[New]:
        """The same with other outcomes; parts that are equal now are merged."""
        table = ChoiceTable[New]()
        return table.choices(table.put(self, [table.leaf(leaf(outcome)) for outcome in self.outcomes]))

    def renamed(self, names: Mapping[str, str]) -> Choices[Leaf]:
        nodes = tuple(Fork(names[node.action], node.skip, node.take) for node in self.nodes)
        return Choices(self.root, nodes, self.outcomes)


class ChoiceTable(Generic[Leaf]):
    """Nodes of diagrams in the making: equal ones are one."""

    def __init__(self) -> None:
        self.nodes: dict[Fork, int] = {}
        self.outcomes: dict[Leaf, int] = {}

    def leaf(self, outcome: Leaf) -> int:
        return ~self.outcomes.setdefault(outcome, len(self.outcomes))

    def fork(self, action: str, skip: int, take: int) -> int:
        return skip if skip == take else self.nodes.setdefault(Fork(action, skip, take), len(self.nodes))

    def put(self, choices: Choices[New], ends: Sequence[int], fixed: Mapping[str, bool] | None = None) -> int:
        """The root of a copy whose outcomes are these nodes; ``fixed`` choices have been made already."""
        made = fixed or {}
        new: list[int] = []

        def place(at: int) -> int:
            return ends[~at] if at < 0 else new[at]

        for action, skip, take in choices.nodes:
            taken = made.get(action)
            if taken is None:
                new.append(self.fork(action, place(skip), place(take)))
            else:
                new.append(place(take if taken else skip))
        return place(choices.root)

    def choices(self, root: int) -> Choices[Leaf]:
        """What the root reaches; children keep standing before their parents."""
        nodes = tuple(self.nodes)
        kept: set[int] = set()
        stack = [root]
        while stack:
            at = stack.pop()
            if at >= 0 and at not in kept:
                kept.add(at)
                stack += [nodes[at].skip, nodes[at].take]
        new = {old: n for n, old in enumerate(sorted(kept))}
        slim = tuple(
            Fork(
                nodes[old].action, new.get(nodes[old].skip, nodes[old].skip), new.get(nodes[old].take, nodes[old].take)
            )
            for old in sorted(kept)
        )
        return Choices(new.get(root, root), slim, tuple(self.outcomes))
