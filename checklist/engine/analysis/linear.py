"""What a group of numeric and date facts can answer: thresholds as inequalities between whole numbers of the finest
step (1, 0.01, 0.01 %, one day), each combination of answers decided exactly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import Final, TypeAlias

from checklist.engine.analysis.formulas import Atom, KnownTruth
from checklist.engine.analysis.lattice import WholeRow, feasible
from checklist.engine.analysis.nudged import Nudged
from checklist.model.numbers import INF, Number, ceiling, floor
from checklist.model.rules.conditions import Limit
from checklist.model.rules.facts import Fact, FactType
from checklist.model.rules.measures import AgeDays, FactValue, Missing, Ratio, Share, Sum

STEPS: Final[dict[FactType, int]] = {"count": 1, "number": 100, "ratio": 10_000, "date": 1}
"""How many of its finest steps make one: the precision that a record may have."""

Terms: TypeAlias = tuple[tuple[str, Number], ...]


@dataclass(frozen=True, slots=True)
class Inequality:
    """The atom holds where Σ factor × fact + constant ≥ 0; ``under`` is its denominator and ``of_nothing`` the answer
    when that is zero. A line without terms has the same answer everywhere."""

    terms: Terms
    constant: Number
    under: str = ""
    of_nothing: KnownTruth = None


def linear_answers(
    atoms: tuple[Atom, ...], bonds: Sequence[tuple[str, str]], facts: Mapping[str, Fact]
) -> tuple[tuple[KnownTruth, ...], ...]:
    """Each combination of answers that some record gives, once. A bond keeps the first fact at most the second.

    The age of a date is counted in days, zero or more.
    """
    lines = [_line(atom) for atom in atoms if isinstance(atom, Limit)]
    names = list(dict.fromkeys(name for atom in atoms for name in atom.facts))
    place = {name: i for i, name in enumerate(names)}
    steps = [STEPS[facts[name].type] for name in names]
    bounds = tuple(_bounds(facts[name], step) for name, step in zip(names, steps, strict=True))
    rows = tuple(_row(line.terms, line.constant, place, steps) for line in lines)
    ties = tuple(_row(((more, 1), (less, -1)), 0, place, steps) for less, more in bonds)
    unders = tuple((place[line.under], line.of_nothing) if line.under else None for line in lines)
    return _answers(bounds, rows, unders, ties)


def _line(atom: Limit) -> Inequality:
    """``at_most`` is ``at_least`` with every sign turned."""
    limit, sign = atom.limit, 1 if atom.kind == "at_least" else -1
    measure, by = _base(atom.measure)
    match measure:
        case FactValue(fact) | AgeDays(fact):
            return Inequality(((fact, sign),), -sign * limit)
        case Sum(of):
            return Inequality(tuple((fact, sign) for fact in of), -sign * limit)
        case Missing(required, present):
            if (limit <= 0) if sign > 0 else (limit < 0):
                return Inequality((), 0 if sign > 0 else -1)
            return Inequality(((required, sign), (present, -sign)), -sign * limit)
        case Ratio(of, to, per):
            nothing = True if sign > 0 and limit <= 0 else False if sign < 0 and limit < 0 else None
            return _quotient(of, to, per, limit, sign, by, nothing)
        case Share(of, to):
            always, never = (limit <= 0, limit > 1) if sign > 0 else (limit >= 1, limit < 0)
            nothing = True if always else False if never else None
            if (always or never) and (by >= 0 or (limit > 1 if sign > 0 else limit >= 1)):
                return Inequality((), 0 if always else -1, to, nothing)
            return _quotient(of, to, 1, limit, sign, by, nothing)
    raise TypeError(f"no line for {measure}")


def _base(measure: object) -> tuple[object, Number]:
    """The measure as the rules have it, and how much its part is moved."""
    return (measure.base, measure.by) if isinstance(measure, Nudged) else (measure, 0)


def _quotient(of: str, to: str, per: Number, limit: Number, sign: int, by: Number, nothing: KnownTruth) -> Inequality:
    """``of × per ÷ to`` against the limit, multiplied by the denominator."""
    terms = ((of, sign * per), (to, -sign * limit)) if of != to else ((of, sign * (per - limit)),)
    return Inequality(terms, sign * by * per, to, nothing)


def _bounds(fact: Fact, step: int) -> tuple[int, int | None]:
    if fact.type == "date":
        return 0, None
    high = None if isinstance(fact.high, float) and fact.high == INF else floor(Fraction(fact.high) * step)
    return ceiling(fact.low * step), high


def _row(terms: Terms, constant: Number, place: Mapping[str, int], steps: Sequence[int]) -> WholeRow:
    """The inequality over whole steps, its fractions cleared; rounding the constant down loses no whole solution."""
    scaled = [(place[name], Fraction(factor) / steps[place[name]]) for name, factor in terms]
    common = lcm(*(factor.denominator for _, factor in scaled))
    coefficients = [0] * len(steps)
    for i, factor in scaled:
        coefficients[i] += int(factor * common)
    return tuple(coefficients), floor(constant * common)


@lru_cache(maxsize=4096)
def _answers(
    bounds: tuple[tuple[int, int | None], ...],
    rows: tuple[WholeRow, ...],
    unders: tuple[tuple[int, KnownTruth] | None, ...],
    ties: tuple[WholeRow, ...],
) -> tuple[tuple[KnownTruth, ...], ...]:
    if len(bounds) == 1 and not any(unders):
        return tuple(dict.fromkeys(_on_a_line(*bounds[0], rows)))
    base = [*ties, *_ends(bounds)]
    zeros = sorted({under[0] for under in unders if under})
    return tuple(found for world in _zero_or_not(zeros, base, len(bounds)) for found in _branch(rows, unders, *world))


def _on_a_line(low: int, high: int | None, rows: Sequence[WholeRow]) -> Iterator[tuple[KnownTruth, ...]]:
    """One fact alone: nothing changes but at its cut points, so those and their neighbours are all there is to try."""
    cuts = {low} if high is None else {low, high}
    for (factor,), constant in rows:
        if factor:
            cuts |= {-constant // factor + d for d in (-1, 0, 1, 2)}
    for x in sorted(cuts):
        if x >= low and (high is None or x <= high):
            yield tuple(factor * x + constant >= 0 for (factor,), constant in rows)


def _ends(bounds: Sequence[tuple[int, int | None]]) -> Iterator[WholeRow]:
    for i, (low, high) in enumerate(bounds):
        yield _unit(len(bounds), i, 1), -low
        if high is not None:
            yield _unit(len(bounds), i, -1), high


def _unit(size: int, i: int, value: int) -> tuple[int, ...]:
    return tuple(value if i == j else 0 for j in range(size))


def _zero_or_not(
    zeros: Sequence[int], base: list[WholeRow], size: int
) -> Iterator[tuple[frozenset[int], list[WholeRow]]]:
    """Every choice of denominators that are zero, with the rows that say so."""
    worlds: list[tuple[frozenset[int], list[WholeRow]]] = [(frozenset(), base)]
    for i in zeros:
        worlds = [
            (chosen | also, [*rows, row])
            for chosen, rows in worlds
            for also, row in ((frozenset({i}), (_unit(size, i, -1), 0)), (frozenset[int](), (_unit(size, i, 1), -1)))
            if feasible([*rows, row])
        ]
    yield from (world for world in worlds if feasible(world[1]))


def _branch(
    rows: Sequence[WholeRow],
    unders: Sequence[tuple[int, KnownTruth] | None],
    zero: frozenset[int],
    base: list[WholeRow],
) -> Iterator[tuple[KnownTruth, ...]]:
    """Each atom true or false in turn; a branch that no record can follow is cut at once."""
    partial: list[tuple[tuple[KnownTruth, ...], list[WholeRow]]] = [((), base)]
    for row, under in zip(rows, unders, strict=True):
        if under and under[0] in zero:
            partial = [((*answers, under[1]), so_far) for answers, so_far in partial]
            continue
        against: WholeRow = tuple(-c for c in row[0]), -row[1] - 1
        partial = [
            ((*answers, truth), [*so_far, also])
            for answers, so_far in partial
            for truth, also in ((True, row), (False, against))
            if feasible([*so_far, also])
        ]
    yield from (answers for answers, _ in partial)
