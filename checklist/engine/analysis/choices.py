"""What a group of yes/no, choice and set facts can answer: every value tried, options that no atom tells apart
counted instead of listed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import product
from typing import TypeAlias

from checklist.engine.analysis.formulas import Atom, KnownTruth
from checklist.model.rules.facts import ANY_DAY, Fact, Knowledge, Value

Pairs: TypeAlias = Sequence[tuple[str, str]]


def finite_answers(
    atoms: tuple[Atom, ...], bonds: Pairs, facts: Mapping[str, Fact]
) -> tuple[tuple[KnownTruth, ...], ...]:
    """Each combination of answers that some values of the facts give, once.

    A bond keeps two values in order: the second is the first or better (later option read backwards, superset, true).
    """
    names = list(dict.fromkeys(fact for atom in atoms for fact in atom.facts))
    declared = {name: facts[name] for name in names}
    single = [name for name in names if facts[name].type != "set"]
    sets = [name for name in names if facts[name].type == "set"]
    found: dict[tuple[KnownTruth, ...], None] = {}
    for plain in product(*(facts[name].values for name in single)):
        for chosen in _set_values(sets, atoms, bonds, declared):
            values: dict[str, Value] = {**dict(zip(single, plain, strict=True)), **chosen}
            if all(_in_order(facts[less], values[less], values[more]) for less, more in bonds):
                known = Knowledge(declared, values, ANY_DAY)
                found[tuple(atom.holds(known) for atom in atoms)] = None
    return tuple(found)


def _in_order(fact: Fact, less: Value, more: Value) -> bool:
    if isinstance(less, frozenset) and isinstance(more, frozenset):
        return less <= more
    return fact.better_of(less, more) == more


def _set_values(
    sets: Sequence[str], atoms: Sequence[Atom], bonds: Pairs, facts: Mapping[str, Fact]
) -> Iterator[dict[str, Value]]:
    """Values of all the set facts together; of options that play the same part only their number matters."""
    if not sets:
        yield {}
        return
    alike: dict[tuple[object, ...], list[str]] = {}
    for option in dict.fromkeys(option for name in sets for option in facts[name].options):
        named = tuple(option in getattr(atom, "elements", ()) for atom in atoms)
        alike.setdefault((tuple(option in facts[name].options for name in sets), named), []).append(option)
    spreads = [_spreads(options, [option for option in key[0]], bonds, sets) for key, options in alike.items()]  # type: ignore[attr-defined]
    for combination in product(*spreads):
        yield {name: frozenset().union(*(part[i] for part in combination)) for i, name in enumerate(sets)}


def _spreads(
    options: Sequence[str], allowed: Sequence[bool], bonds: Pairs, sets: Sequence[str]
) -> list[tuple[frozenset[str], ...]]:
    """Ways to place ``options`` into the sets, equal ones once."""
    inside = [(sets.index(less), sets.index(more)) for less, more in bonds if less in sets and more in sets]
    kinds = [
        kind
        for kind in product((False, True), repeat=len(sets))
        if all(may or not put for may, put in zip(allowed, kind, strict=True))
        and all(not kind[less] or kind[more] for less, more in inside)
    ]
    ways = []
    for counts in _compositions(len(options), len(kinds)):
        placed = [kind for kind, count in zip(kinds, counts, strict=True) for _ in range(count)]
        ways.append(
            tuple(frozenset(o for o, kind in zip(options, placed, strict=True) if kind[i]) for i in range(len(sets)))
        )
    return ways


@lru_cache(maxsize=256)
def _compositions(total: int, parts: int) -> tuple[tuple[int, ...], ...]:
    if parts == 1:
        return ((total,),)
    return tuple((first, *rest) for first in range(total + 1) for rest in _compositions(total - first, parts - 1))
