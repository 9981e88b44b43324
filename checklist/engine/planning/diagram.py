"""What one criterion comes to under every set of actions, as a decision diagram. The engine judges every leaf.

A criterion reads few facts and few actions touch them. Applying those actions in the fixed order, taken or not, gives
a layered graph whose nodes are distinct states of those facts; equal parts are merged. Whatever the actions do
(raise, replace, worsen, follow another fact), the graph holds the exact outcome of each of their subsets.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from checklist.engine.scoring.judge import judge
from checklist.model.results.assessment import Finding
from checklist.model.rules.facts import Value, kin_of
from checklist.model.rules.ruleset import Action, Criterion, Ruleset
from checklist.model.state import State


class SetOutcome(NamedTuple):
    """Sure points and applicable points in ten-thousandths, and whether a veto or a red line is open."""

    low: int
    possible: int
    veto: int
    redline: int


class Fork(NamedTuple):
    """A choice: the diagram goes on at ``skip`` or ``take``, a node's index, or ``~i`` for the outcome ``i``."""

    action: str
    skip: int
    take: int


@dataclass(frozen=True, slots=True)
class Diagram:
    """``root`` and the nodes below it, children before parents."""

    criterion: str
    root: int
    nodes: tuple[Fork, ...]
    outcomes: tuple[SetOutcome, ...]

    @property
    def actions(self) -> tuple[str, ...]:
        """The actions that make a difference, in the fixed order."""
        return tuple(dict.fromkeys(node.action for node in reversed(self.nodes)))

    def outcome(self, ids: Collection[str]) -> SetOutcome:
        at = self.root
        while at >= 0:
            node = self.nodes[at]
            at = node.take if node.action in ids else node.skip
        return self.outcomes[~at]

    def sets(self) -> Iterator[tuple[frozenset[str], SetOutcome]]:
        """Every set of taken actions that a path through the diagram stands for, with its outcome."""
        stack: list[tuple[int, tuple[str, ...]]] = [(self.root, ())]
        while stack:
            at, taken = stack.pop()
            if at < 0:
                yield frozenset(taken), self.outcomes[~at]
                continue
            node = self.nodes[at]
            stack += [(node.take, (*taken, node.action)), (node.skip, taken)]


@dataclass(frozen=True, slots=True)
class Reach:
    """The facts that decide a criterion once actions are at work, and the actions that touch them, in order."""

    criterion: Criterion
    facts: frozenset[str]
    actions: tuple[Action, ...]


def reaches(ruleset: Ruleset, actions: Iterable[Action], known: Container[str]) -> tuple[Reach, ...]:
    """For every active criterion; ``actions`` in the fixed order, ``known`` the facts that are known before them.

    What is unknown is as wide as its parts and wholes leave it: the actions that change those reach it too.
    """
    sequence = list(actions)
    writers: dict[str, list[int]] = {}
    for n, action in enumerate(sequence):
        for fact in action.sets:
            writers.setdefault(fact, []).append(n)
    found = []
    for criterion in ruleset.criteria:
        if criterion.status != "active":
            continue
        unknown = [fact for fact in criterion.facts if fact not in known]
        facts = {*criterion.facts, *(kin for fact in unknown for kin in kin_of(ruleset.facts, fact))}
        queue = list(facts)
        touching: set[int] = set()
        while queue:
            fact = queue.pop()
            for n in writers.get(fact, ()):
                touching.add(n)
                new = set(sequence[n].sets[fact].reads) - facts
                facts |= new
                queue += new
        found.append(Reach(criterion, frozenset(facts), tuple(sequence[n] for n in sorted(touching))))
    return tuple(found)


def outcome_of(finding: Finding) -> SetOutcome:
    flag = finding.criterion.flag
    opened = finding.flag == "open" and flag is not None
    return SetOutcome(
        finding.low,
        finding.possible,
        int(opened and flag is not None and flag.kind == "veto"),
        int(opened and flag is not None and flag.kind == "redline"),
    )


def diagram_of(ruleset: Ruleset, reach: Reach, state: State) -> Diagram:
    """Grow the layers from the root down, judge the leaves, then merge equal parts from the leaves up."""
    readings = {fact: state.readings[fact] for fact in reach.facts if fact in state.readings}
    here = replace(state, readings=readings)
    layers: list[dict[frozenset[tuple[str, Value]], State]] = [{_key(ruleset, here): here}]
    arcs: list[dict[frozenset[tuple[str, Value]], frozenset[tuple[str, Value]]]] = []
    for action in reach.actions:
        sets = {fact: effect for fact, effect in action.sets.items() if fact in reach.facts}
        following, taken = dict(layers[-1]), {}
        for key, at in layers[-1].items():
            after = at.after(sets, ruleset.facts)
            taken[key] = _key(ruleset, after)
            following.setdefault(taken[key], after)
        layers.append(following)
        arcs.append(taken)
    return _merged(ruleset, reach, layers, arcs)


def _key(ruleset: Ruleset, state: State) -> frozenset[tuple[str, Value]]:
    known = state.knowledge(ruleset.facts)
    return frozenset({*known.values.items(), *((f"{fact} promised", True) for fact in known.promised)})


def _merged(
    ruleset: Ruleset,
    reach: Reach,
    layers: list[dict[frozenset[tuple[str, Value]], State]],
    arcs: list[dict[frozenset[tuple[str, Value]], frozenset[tuple[str, Value]]]],
) -> Diagram:
    outcomes: dict[SetOutcome, int] = {}
    nodes: dict[Fork, int] = {}
    below: dict[frozenset[tuple[str, Value]], int] = {}
    for key, state in layers[-1].items():
        outcome = outcome_of(judge(ruleset, reach.criterion, state, state.knowledge(ruleset.facts)))
        below[key] = ~outcomes.setdefault(outcome, len(outcomes))
    for action, layer, taken in zip(reversed(reach.actions), reversed(layers[:-1]), reversed(arcs), strict=True):
        here: dict[frozenset[tuple[str, Value]], int] = {}
        for key in layer:
            skip, take = below[key], below[taken[key]]
            here[key] = skip if skip == take else nodes.setdefault(Fork(action.id, skip, take), len(nodes))
        below = here
    root = next(iter(below.values()))
    return _pruned(reach.criterion.id, root, tuple(nodes), tuple(outcomes))


def _pruned(criterion: str, root: int, nodes: tuple[Fork, ...], outcomes: tuple[SetOutcome, ...]) -> Diagram:
    """Drop what the merged root no longer reaches; children keep standing before their parents."""
    kept: set[int] = set()
    stack = [root]
    while stack:
        at = stack.pop()
        if at >= 0 and at not in kept:
            kept.add(at)
            stack += [nodes[at].skip, nodes[at].take]
    new = {old: n for n, old in enumerate(sorted(kept))}
    slim = tuple(
        Fork(nodes[old].action, new.get(nodes[old].skip, nodes[old].skip), new.get(nodes[old].take, nodes[old].take))
        for old in sorted(kept)
    )
    return Diagram(criterion, new.get(root, root), slim, outcomes)


def constant(diagrams: Iterable[Diagram]) -> SetOutcome:
    """The sum of what no action can change."""
    fixed = [d.outcomes[~d.root] for d in diagrams if d.root < 0]
    return SetOutcome(*(sum(column) for column in zip(*fixed, strict=True))) if fixed else SetOutcome(0, 0, 0, 0)


def total(diagrams: Iterable[Diagram], ids: Collection[str]) -> SetOutcome:
    """The whole community's outcome under a set of actions."""
    sums = [0, 0, 0, 0]
    for diagram in diagrams:
        for n, part in enumerate(diagram.outcome(ids)):
            sums[n] += part
    return SetOutcome(*sums)


def by_action(diagrams: Iterable[Diagram]) -> Mapping[str, tuple[Diagram, ...]]:
    """Action id → the diagrams in which it makes a difference."""
    found: dict[str, list[Diagram]] = {}
    for diagram in diagrams:
        for action in diagram.actions:
            found.setdefault(action, []).append(diagram)
    return {action: tuple(touched) for action, touched in found.items()}
