"""HiGHS: the least of a whole-number line under whole-number rows. One thread, one seed, nothing on standard output.

Every row is divided by its greatest common divisor and relaxed by half a unit, so that the solver's tolerances decide
nothing between whole numbers.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial, reduce
from importlib import import_module
from importlib.util import find_spec
from math import gcd
from typing import Any, Final, NamedTuple

from checklist.model.refusals import Refusal

HALF = 0.5
OPTIONS: Final = (
    ("output_flag", False),
    ("random_seed", 1),
    ("mip_rel_gap", 0.0),
    ("mip_abs_gap", HALF),
    ("time_limit", 120.0),
)
OPTIMAL, TIME_LIMIT, INFEASIBLE = 7, 13, (8, 9)
"""HiGHS's own numbers for how a run ended, the same in every build."""
IN_A_PAGE: Final = "checklist_highs"
"""The module through which a page offers HiGHS in WebAssembly: ``solve``, JSON in and out."""


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
    solver = _solver()
    if any(not row.line.terms and row.line.constant > row.most for row in rows):
        return None
    if not width:
        return Solution(frozenset(), objective.constant)
    shrink = reduce(gcd, objective.terms.values(), 0) or 1
    cost = [float(objective.terms.get(column, 0) // shrink) for column in range(width)]
    starts, columns, values, most = _matrix(rows)
    least = [m if row.equal else None for row, m in zip(rows, most, strict=True)]
    for presolve in ("choose", "off"):
        answer = solver(SolverProgram(cost, starts, columns, values, least, most, binaries, presolve))
        if answer.status not in INFEASIBLE:
            break  # presolve has been seen to call feasible models infeasible: only a second opinion without it counts
    if answer.status in INFEASIBLE:
        return None
    if answer.status == OPTIMAL:
        return Solution(ids(answer.columns), round(answer.objective) * shrink + objective.constant)
    if answer.status == TIME_LIMIT:
        raise Unsolved("两分钟没有算完", "用 --exclude、--owner、--known 少排一些措施再试")
    raise ArithmeticError(f"HiGHS: {answer.status}")


@dataclass(frozen=True, slots=True)
class SolverProgram:
    """A program as plain numbers, the same to every build of HiGHS: columns from zero to one, the first ``binaries``
    of them whole; row-wise, a row without a lower end has None."""

    cost: list[float]
    starts: list[int]
    columns: list[int]
    values: list[int]
    least: list[float | None]
    most: list[float]
    binaries: int
    presolve: str


class SolverAnswer(NamedTuple):
    status: int
    objective: float
    columns: list[float]


def _solver() -> Callable[[SolverProgram], SolverAnswer]:
    """The package, else the build that 社区自查.html has put into its interpreter. Errors: ``Unsolved``."""
    try:
        import highspy
    except ImportError as error:
        if find_spec(IN_A_PAGE) is None:
            raise Unsolved("需要 highspy", 'pip install "civic-checklist[plan]"') from error
        return _in_a_page
    return partial(_native, highspy)


def _in_a_page(program: SolverProgram) -> SolverAnswer:
    asked = {**asdict(program), "options": dict(OPTIONS)}
    return SolverAnswer(**json.loads(import_module(IN_A_PAGE).solve(json.dumps(asked))))


def _native(highspy: Any, program: SolverProgram) -> SolverAnswer:
    import numpy as np

    width = len(program.cost)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = width, len(program.most)
    model.col_lower_, model.col_upper_ = np.zeros(width), np.ones(width)
    model.col_cost_ = np.array(program.cost)
    model.row_lower_ = np.array([-highspy.kHighsInf if m is None else m for m in program.least])
    model.row_upper_ = np.array(program.most)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.array(program.starts, dtype=np.int32)
    model.a_matrix_.index_ = np.array(program.columns, dtype=np.int32)
    model.a_matrix_.value_ = np.array(program.values, dtype=float)
    kinds = highspy.HighsVarType
    model.integrality_ = [kinds.kInteger if n < program.binaries else kinds.kContinuous for n in range(width)]
    with quiet_stdout():
        solver = highspy.Highs()
        for name, value in (*OPTIONS, ("threads", 1), ("presolve", program.presolve)):
            solver.setOptionValue(name, value)
        solver.passModel(model)
        solver.run()
        solution = list(solver.getSolution().col_value)
    return SolverAnswer(int(solver.getModelStatus()), solver.getInfo().objective_function_value, solution)


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
