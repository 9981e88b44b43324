"""Every combination of answers that some record can give to a set of conditions: finite, exact, no record invented.

The atoms of the conditions are split into groups that share no fact; what each group can answer is found by trying
its finite values (``choices``) or by deciding linear inequalities (``linear``); the groups are then multiplied out,
with formulas reduced on the way so that equal remainders are looked at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

from checklist.engine.analysis.choices import finite_answers
from checklist.engine.analysis.formulas import Atom, Formula, KnownTruth, atoms, formula, reduced
from checklist.engine.analysis.linear import linear_answers
from checklist.engine.analysis.shape import Bond, shape
from checklist.model.rules.conditions import Condition, Contains
from checklist.model.rules.facts import Fact

__all__ = ["Answers", "Bond", "worlds"]

Answers: TypeAlias = tuple[KnownTruth, ...]
MOST_KEPT: Final = 10_000
_DONE: Final[dict[object, frozenset[Answers]]] = {}
"""Criteria of one shape are proved once: what only differs in the names of its facts has the same answers."""
FINITE = ("bool", "choice", "set")


def worlds(
    conditions: Sequence[Condition | None], facts: Mapping[str, Fact], bonds: Iterable[Bond] = ()
) -> frozenset[Answers]:
    """For every record that the declarations allow, what the conditions answer; None among them is always true.

    An answer is None only where a denominator is zero.
    """
    bonds = tuple(bonds)
    key = shape(conditions, facts, bonds)
    if key not in _DONE:
        if len(_DONE) >= MOST_KEPT:
            _DONE.clear()
        _DONE[key] = _worlds(conditions, facts, bonds)
    return _DONE[key]


def _worlds(
    conditions: Sequence[Condition | None], facts: Mapping[str, Fact], bonds: Sequence[Bond]
) -> frozenset[Answers]:
    formulas = tuple(True if c is None else reduced(formula(c), {}) for c in conditions)
    groups = _groups(tuple(dict.fromkeys(atoms(formulas))), bonds, facts)
    return _Product(groups).outcomes(formulas, 0)


Group: TypeAlias = tuple[tuple[Atom, ...], tuple[Answers, ...]]


def _groups(found: tuple[Atom, ...], bonds: Sequence[Bond], facts: Mapping[str, Fact]) -> list[Group]:
    names = {fact for atom in found for fact in atom.facts}
    near = tuple(b for b in bonds if b.less in names and b.more in names)
    whole = {fact for atom in found if not isinstance(atom, Contains) for fact in atom.facts}
    whole |= {fact for bond in near for fact in (bond.less, bond.more)}
    together = _Together()
    for atom in found:
        together.join(_keys(atom, whole))
    for bond in near:
        together.join((bond.less, bond.more))
    parts: dict[str, list[Atom]] = {}
    for atom in found:
        parts.setdefault(together.root(_keys(atom, whole)[0]), []).append(atom)
    groups: list[Group] = []
    for root, members in parts.items():
        inside = [(b.less, b.more) for b in near if together.root(b.less) == root]
        listed = tuple(members)
        answers = finite_answers if facts[members[0].facts[0]].type in FINITE else linear_answers
        groups.append((listed, answers(listed, inside, facts)))
    return groups


def _keys(atom: Atom, whole: set[str]) -> tuple[str, ...]:
    """What an atom shares with others: its facts, or one element of a set that nothing looks at as a whole."""
    if isinstance(atom, Contains) and atom.fact not in whole:
        return (f"{atom.fact}: {atom.elements[0]}",)
    return atom.facts


class _Together:
    """Facts joined into groups."""

    def __init__(self) -> None:
        self.above: dict[str, str] = {}

    def root(self, fact: str) -> str:
        while (up := self.above.get(fact, fact)) != fact:
            fact = up
        return fact

    def join(self, facts: Sequence[str]) -> None:
        first = self.root(facts[0])
        for fact in facts[1:]:
            self.above[self.root(fact)] = first


class _Product:
    """Multiplies the groups out; equal remainders of the formulas are computed once."""

    def __init__(self, groups: Sequence[Group]) -> None:
        self.groups = groups
        self.done: dict[tuple[tuple[Formula, ...], int], frozenset[Answers]] = {}

    def outcomes(self, formulas: tuple[Formula, ...], k: int) -> frozenset[Answers]:
        if all(f is None or isinstance(f, bool) for f in formulas):
            return frozenset({formulas})  # type: ignore[arg-type]
        if (formulas, k) not in self.done:
            members, rows = self.groups[k]
            found: set[Answers] = set()
            for answers in rows:
                known = dict(zip(members, answers, strict=True))
                found |= self.outcomes(tuple(reduced(f, known) for f in formulas), k + 1)
            self.done[formulas, k] = frozenset(found)
        return self.done[formulas, k]
