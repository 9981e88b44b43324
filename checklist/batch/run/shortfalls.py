"""Which criteria cost the most points across a table, as a whole or by a column such as the street."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from checklist.batch.program.column_program import ColumnProgram
from checklist.batch.tables.sound_columns import text_of


@dataclass(frozen=True, slots=True)
class Shortfall:
    """``sure`` points (ten-thousandths) that a criterion surely costs a group, ``open`` those still undecided, and how
    many communities surely lose some."""

    group: str
    criterion: str
    sure: int
    open: int
    communities: int


Losses = dict[tuple[str, str], tuple[int, int, int]]


def wanted(program: ColumnProgram) -> tuple[str, ...]:
    return tuple(f"{id}.{end}" for id in program.criteria for end in ("low", "high", "applies"))


def losses_of(program: ColumnProgram, out: Mapping[str, NDArray[Any]], groups: Any | None) -> Losses:
    """Points lost in one block, by group and criterion. ``groups`` is an Arrow column of names."""
    rows = len(out["low"]) if "low" in out else len(next(iter(out.values())))
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
        points = program.ruleset.criterion(id).points
        high, low = out[f"{id}.high"].astype("i8"), out[f"{id}.low"].astype("i8")
        sure = out[f"{id}.applies"] * np.int64(points) - high
        parts = (sure, high - low, (sure > 0).astype("i8"))
        sums = [np.add.reduceat(p if order is None else p[order], starts).tolist() for p in parts]
        for name, *added in zip(names, *sums, strict=True):
            if any(added):
                found[name, id] = (added[0], added[1], added[2])
    return found


def added(parts: Iterable[Losses]) -> Losses:
    total: Losses = {}
    for part in parts:
        for key, (sure, open, communities) in part.items():
            before = total.get(key, (0, 0, 0))
            total[key] = (before[0] + sure, before[1] + open, before[2] + communities)
    return total


def worst(losses: Losses, top: int) -> list[Shortfall]:
    """The ``top`` criteria of each group, the most costly first."""
    groups: dict[str, list[Shortfall]] = {}
    for (group, criterion), (sure, open, communities) in losses.items():
        groups.setdefault(group, []).append(Shortfall(group, criterion, sure, open, communities))
    order = {
        group: sorted(items, key=lambda s: (-s.sure, -s.open, s.criterion))[:top] for group, items in groups.items()
    }
    return [item for group in sorted(order) for item in order[group]]
