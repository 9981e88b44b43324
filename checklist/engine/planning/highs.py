"""HiGHS: the least of a whole-number line under whole-number rows. One thread, one seed, nothing on standard output.

Every row is divided by its greatest common divisor and relaxed by half a unit, so that the solver's tolerances decide
nothing between whole numbers.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import reduce
from math import gcd
from typing import Any

from checklist.model.refusals import Refusal

SECONDS = 120.0
HALF = 0.5


class Unsolved(Refusal):
    """HiGHS is not installed, or did not prove an optimum in its time; nothing half proved is ever used."""


@dataclass(slots=True)
class WholeLine:
    """A whole-number linear expression over columns: ``constant`` + Σ coefficient × column."""

    constant: int = 0
    terms: dict[int, int] = field(default_factory=dict)

    def add(self, column: int, coefficient: int) -> None:
        if coefficient:
            self.terms[column] = self.terms.get(column, 0) + coefficient

    def plus(self, other: WholeLine, times: int) -> WholeLine:
        total = WholeLine(self.constant + times * other.constant, dict(self.terms))
        for column, coefficient in other.terms.items():
            total.add(column, times * coefficient)
        return total

    def scaled(self, times: int) -> WholeLine:
        return WholeLine().plus(self, times)


@dataclass(frozen=True, slots=True)
class SolverRow:
    """``line`` ≤ ``most``, or ``line`` = ``most`` when ``equal``."""

    line: WholeLine
    most: int
    equal: bool = False


@dataclass(frozen=True, slots=True)
class Solution:
    """The chosen actions and the least value of the objective, proved."""

    ids: frozenset[str]
    value: int


def solve_binaries(width: int, objective: WholeLine, rows: Sequence[SolverRow]) -> tuple[int, ...] | None:
    """The columns set to one in the least of ``objective``, or None. Errors: ``Unsolved``."""
    found: list[tuple[int, ...]] = []

    def keep(values: Sequence[float]) -> frozenset[str]:
        found.append(tuple(n for n in range(width) if values[n] > HALF))
        return frozenset()

    answer = solve(width, width, objective, rows, keep)
    return None if answer is None or not found else found[0]


def solve(
    width: int,
    binaries: int,
    objective: WholeLine,
    rows: Sequence[SolverRow],
    ids: Callable[[Sequence[float]], frozenset[str]],
) -> Solution | None:
    try:
        import highspy
        import numpy as np
    except ImportError as error:
        raise Unsolved("需要 highspy", 'pip install "civic-checklist[plan]"') from error
    if any(not row.line.terms and row.line.constant > row.most for row in rows):
        return None
    if not width:
        return Solution(frozenset(), objective.constant)
    shrink = reduce(gcd, objective.terms.values(), 0) or 1
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = width, len(rows)
    model.col_lower_, model.col_upper_ = np.zeros(width), np.ones(width)
    cost = np.zeros(width)
    for column, coefficient in objective.terms.items():
        cost[column] = coefficient // shrink
    model.col_cost_ = cost
    starts, columns, values, most = _matrix(rows)
    model.row_lower_ = np.array([m if r.equal else -highspy.kHighsInf for r, m in zip(rows, most, strict=True)])
    model.row_upper_ = np.array(most)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.array(starts, dtype=np.int32)
    model.a_matrix_.index_ = np.array(columns, dtype=np.int32)
    model.a_matrix_.value_ = np.array(values, dtype=float)
    kinds = highspy.HighsVarType
    model.integrality_ = [kinds.kInteger if n < binaries else kinds.kContinuous for n in range(width)]
    new_solver: Callable[[], Any] = highspy.Highs
    with quiet_stdout():
        solver = new_solver()
        for name, value in (
            ("output_flag", False),
            ("threads", 1),
            ("random_seed", 1),
            ("mip_rel_gap", 0.0),
            ("mip_abs_gap", HALF),
            ("time_limit", SECONDS),
        ):
            solver.setOptionValue(name, value)
        solver.passModel(model)
        solver.run()
        if solver.getModelStatus() in _infeasible(highspy):
            # Presolve has been seen to call feasible models infeasible: only a second opinion without it counts.
            solver.setOptionValue("presolve", "off")
            solver.run()
        status, info = solver.getModelStatus(), solver.getInfo()
        solution = list(solver.getSolution().col_value)
    return _answer(highspy, status, info, solution, objective, shrink, ids)


def _answer(
    highspy: Any,
    status: Any,
    info: Any,
    solution: list[float],
    objective: WholeLine,
    shrink: int,
    ids: Callable[[Sequence[float]], frozenset[str]],
) -> Solution | None:
    statuses = highspy.HighsModelStatus
    if status in _infeasible(highspy):
        return None
    if status == statuses.kOptimal:
        return Solution(ids(solution), round(info.objective_function_value) * shrink + objective.constant)
    if status == statuses.kTimeLimit:
        raise Unsolved("两分钟没有算完", "用 --exclude、--owner、--known 少排一些措施再试")
    raise ArithmeticError(f"HiGHS: {status}")


def _infeasible(highspy: Any) -> tuple[Any, Any]:
    return highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible


def _matrix(rows: Sequence[SolverRow]) -> tuple[list[int], list[int], list[int], list[float]]:
    """Row-wise, each row divided by its greatest common divisor and relaxed by half a unit."""
    starts, columns, values, most = [0], [], [], []
    for row in rows:
        shrink = reduce(gcd, row.line.terms.values(), 0) or 1
        columns += list(row.line.terms)
        values += [coefficient // shrink for coefficient in row.line.terms.values()]
        starts.append(len(columns))
        limit = (row.most - row.line.constant) // shrink
        most.append(limit + HALF if max((abs(v) for v in row.line.terms.values()), default=0) > shrink else limit)
    return starts, columns, values, most


@contextmanager
def quiet_stdout() -> Iterator[None]:
    """HiGHS greets on the process's standard output whatever its options say; results must stay alone there."""
    sys.stdout.flush()
    try:
        kept = os.dup(1)
    except OSError:
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        _flush_c()
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def _flush_c() -> None:
    """Empty the C library's own buffer while standard output still leads nowhere."""
    try:
        (ctypes.CDLL("ucrtbase") if sys.platform == "win32" else ctypes.CDLL(None)).fflush(None)
    except (OSError, AttributeError, TypeError):
        return
