"""Where a table's communities fall short, as a whole or by a column such as the street: ``Shortfall`` in columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from checklist.batch.program.column_program import ColumnProgram
from checklist.batch.tables.sound_columns import text_of
from checklist.model.numbers import exact
from checklist.model.results.assessment import OUTCOMES
from checklist.model.results.shortfalls import Shortfall, costliest_first
from checklist.model.rules.ruleset import Ruleset

Losses: TypeAlias = dict[tuple[str, str], tuple[int, ...]]
"""By group and criterion what a ``Shortfall`` counts: missing, decided, unknown, lost, open."""

_ENDS: Final = ("low", "high", "outcome", "flag_open")
_BELOW: Final = [OUTCOMES.index("partly"), OUTCOMES.index("unmet")]
_UNKNOWN: Final = OUTCOMES.index("unknown")
_AWAY: Final = OUTCOMES.index("not_applicable")


def wanted(program: ColumnProgram) -> tuple[str, ...]:
    return tuple(f"{id}.{end}" for id in program.criteria for end in _ENDS)


def losses_of(program: ColumnProgram, out: Mapping[str, NDArray[Any]], groups: Any | None) -> Losses:
    """What one block falls short of. ``groups`` is an Arrow column of names."""
    rows = len(next(iter(out.values())))
    if groups is None:
        names, order, starts = [""], None, np.array([0])
    else:
        coded = text_of(groups).fill_null("").dictionary_encode()
        codes = np.asarray(coded.indices)
        order = np.argsort(codes, kind="stable")
        present, starts = np.unique(codes[order], return_index=True)
        names = [coded.dictionary[int(code)].as_py() for code in present]
    found: Losses = {}
    for id in program.criteria if rows else ():
        criterion = program.ruleset.criterion(id)
        points = criterion.points * program.grain if criterion.extra == "ordinary" else 0
        below = [] if criterion.extra == "bonus" else _BELOW  # who has no bonus falls short of nothing
        parts = _counted(points, below, *(out[f"{id}.{end}"] for end in _ENDS))
        sums = [np.add.reduceat(p if order is None else p[order], starts, dtype="i8").tolist() for p in parts]
        found |= {(name, id): tuple(counts) for name, *counts in zip(names, *sums, strict=True)}
    return found


def _counted(
    points: int, below: list[int], low: NDArray[Any], high: NDArray[Any], outcome: NDArray[Any], flagged: NDArray[Any]
) -> tuple[NDArray[Any], ...]:
    """``Finding.short`` and what ``Shortfall`` counts, row by row."""
    applies = outcome != _AWAY
    lost = applies * np.int64(points) - high
    short = (lost > 0) | np.isin(outcome, below) | (flagged > 0)
    unknown = (outcome == _UNKNOWN) & ~short
    return short, applies & ~unknown, unknown, lost * short, high.astype("i8") - low


def added(parts: Iterable[Losses]) -> Losses:
    total: Losses = {}
    for part in parts:
        for key, counts in part.items():
            before = total.get(key)
            total[key] = counts if before is None else tuple(map(sum, zip(before, counts, strict=True)))
    return total


def costliest(losses: Losses, ruleset: Ruleset, top: int) -> dict[str, list[Shortfall]]:
    """Group → the ``top`` criteria that cost it the most; one that costs nothing and has nothing open is left out."""
    found: dict[str, list[Shortfall]] = {group: [] for group, _ in sorted(losses)}
    grain = ruleset.grain
    for group, shortfalls in found.items():
        for criterion in ruleset.criteria:
            counts = losses.get((group, criterion.id))
            if counts is not None:
                missing, decided, unknown, lost, still = counts
                points = (exact(Fraction(units, grain)) for units in (lost, still))
                shortfalls.append(Shortfall(criterion, missing, decided, unknown, *points))
    return {
        group: costliest_first(s for s in shortfalls if s.missing or s.open)[:top]
        for group, shortfalls in found.items()
    }
