"""Whether a few linear inequalities have a solution in whole numbers: exact, by the Omega test.

W. Pugh, "The Omega test: a fast and practical integer programming algorithm for dependence analysis", 1992. A row
``(coefficients, constant)`` stands for Σ coefficient × unknown + constant ≥ 0; every row has as many coefficients as
there are unknowns. Facts are whole numbers of their finest step, so a threshold on a count, an area or a share of
two of them is such a row, and "no record can reach this level" is a theorem, not a sample.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import gcd
from typing import TypeAlias

WholeRow: TypeAlias = tuple[tuple[int, ...], int]


def feasible(rows: Iterable[WholeRow]) -> bool:
    """True when some assignment of whole numbers satisfies every row."""
    tight = _tightened(rows)
    if tight is None:
        return False
    equal = next((row for row in tight if _opposite(row) in tight), None)
    if equal is not None:
        return _with_equality(equal, [row for row in tight if row not in (equal, _opposite(equal))])
    if not tight:
        return True
    return _eliminate(tight)


def _opposite(row: WholeRow) -> WholeRow:
    return tuple(-c for c in row[0]), -row[1]


def _tightened(rows: Iterable[WholeRow]) -> set[WholeRow] | None:
    """Rows divided by their common factor, the strongest of each direction; None when two of them contradict."""
    least: dict[tuple[int, ...], int] = {}
    for coefficients, constant in rows:
        common = gcd(*coefficients)
        if not common:
            if constant < 0:
                return None
            continue
        direction = tuple(c // common for c in coefficients)
        bound = constant // common
        least[direction] = min(bound, least.get(direction, bound))
    for direction, bound in least.items():
        other = least.get(tuple(-c for c in direction))
        if other is not None and bound + other < 0:
            return None
    return set(least.items())


def _with_equality(equal: WholeRow, rows: Sequence[WholeRow]) -> bool:
    """Solve the equality for one unknown and go on without it; a new unknown helps where no coefficient is ±1."""
    coefficients, constant = equal
    common = gcd(*coefficients)
    if constant % common:
        return False
    coefficients, constant = tuple(c // common for c in coefficients), constant // common
    k = min((i for i, c in enumerate(coefficients) if c), key=lambda i: abs(coefficients[i]))
    if abs(coefficients[k]) == 1:
        sign = -coefficients[k]
        solved = tuple(0 if i == k else sign * c for i, c in enumerate(coefficients)), sign * constant
        return feasible(_substituted(row, k, solved) for row in rows)
    modulus, sign = abs(coefficients[k]) + 1, 1 if coefficients[k] > 0 else -1
    wide = [((*c, 0), b) for c, b in [*rows, (coefficients, constant)]]
    others = tuple(0 if i == k else sign * _centred(c, modulus) for i, c in enumerate(coefficients))
    solved = (*others, -sign * modulus), sign * _centred(constant, modulus)
    *rest, again = (_substituted(row, k, solved) for row in wide)
    return _with_equality(again, rest)


def _centred(value: int, modulus: int) -> int:
    """The remainder nearest to zero."""
    return value - modulus * ((2 * value + modulus) // (2 * modulus))


def _substituted(row: WholeRow, k: int, solved: WholeRow) -> WholeRow:
    (coefficients, constant), (others, offset) = row, solved
    factor = coefficients[k]
    if not factor:
        return row
    return tuple(
        factor * o + (0 if i == k else c) for i, (c, o) in enumerate(zip(coefficients, others, strict=True))
    ), (constant + factor * offset)


def _eliminate(rows: set[WholeRow]) -> bool:
    """Fourier and Motzkin's step, exact where a coefficient is 1, with dark shadow and splinters where it is not."""
    k = min(_unknowns(rows), key=lambda i: _cost(rows, i))
    lower = [row for row in rows if row[0][k] > 0]
    upper = [row for row in rows if row[0][k] < 0]
    rest = [row for row in rows if not row[0][k]]
    if not lower or not upper:
        return feasible(rest)
    real = [_shadow(low, high, k, 0) for low in lower for high in upper]
    if not feasible([*rest, *real]):
        return False
    if _exact(lower, upper, k):
        return True
    dark = [_shadow(low, high, k, (low[0][k] - 1) * (-high[0][k] - 1)) for low in lower for high in upper]
    return feasible([*rest, *dark]) or _splinters(rows, lower, upper, k)


def _unknowns(rows: Iterable[WholeRow]) -> set[int]:
    return {i for coefficients, _ in rows for i, c in enumerate(coefficients) if c}


def _exact(lower: Sequence[WholeRow], upper: Sequence[WholeRow], k: int) -> bool:
    return all(row[0][k] == 1 for row in lower) or all(row[0][k] == -1 for row in upper)


def _cost(rows: Iterable[WholeRow], k: int) -> tuple[bool, int]:
    lower = [row for row in rows if row[0][k] > 0]
    upper = [row for row in rows if row[0][k] < 0]
    return not (_exact(lower, upper, k) or not lower or not upper), len(lower) * len(upper)


def _shadow(low: WholeRow, high: WholeRow, k: int, slack: int) -> WholeRow:
    b, a = low[0][k], -high[0][k]
    return tuple(b * h + a * g for g, h in zip(low[0], high[0], strict=True)), b * high[1] + a * low[1] - slack


def _splinters(rows: set[WholeRow], lower: Sequence[WholeRow], upper: Sequence[WholeRow], k: int) -> bool:
    """Whatever the dark shadow misses lies close to a lower bound: try each distance from it."""
    steepest = max(-row[0][k] for row in upper)
    for coefficients, constant in lower:
        b = coefficients[k]
        for distance in range((steepest * b - steepest - b) // steepest + 1):
            if _with_equality((coefficients, constant - distance), list(rows)):
                return True
    return False
