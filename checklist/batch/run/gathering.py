"""The findings of a criterion at the sites of every community, put together. Follows ``engine.scoring.site_findings``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from checklist.batch.columns.exact_columns import Flags
from checklist.batch.columns.grounds import Ground
from checklist.model.results.assessment import OUTCOMES
from checklist.model.rules.ruleset import Criterion

MET, PARTLY, UNMET, UNKNOWN, AWAY = range(len(OUTCOMES))
_FITS: Final = 1 << 40
"""Denominators up to here leave room for the points in 64 bits."""


@dataclass(slots=True)
class SettledPoints:
    """Points whose outcome is known, of each community: ``points ÷ over``, exactly."""

    points: NDArray[Any]
    over: NDArray[Any]

    def add(self, points: NDArray[Any], over: NDArray[Any]) -> None:
        rows = np.flatnonzero(points)
        if not len(rows):
            return
        points, over = points[rows], over[rows]
        before = self.over[rows]
        times = over // np.gcd(before, over)
        if self.over.dtype != object and int((before * times.astype(float)).max()) > _FITS:
            self.points, self.over = self.points.astype(object), self.over.astype(object)
            self.add_at(rows, points.astype(object), over.astype(object))
            return
        self.add_at(rows, points, over)

    def add_at(self, rows: NDArray[Any], points: NDArray[Any], over: NDArray[Any]) -> None:
        before = self.over[rows]
        times = over // np.gcd(before, over)
        self.points[rows] = self.points[rows] * times + points * (before * times // over)
        self.over[rows] = before * times

    def rounded(self) -> NDArray[np.int64]:
        """Half-up, once."""
        found: NDArray[np.int64] = ((2 * self.points + self.over) // (2 * self.over)).astype(np.int64)
        return found


@dataclass(slots=True)
class MadeOne:
    """Outputs by name, one row a community; ``settled`` is what the sites add to the points decided, by criterion."""

    out: dict[str, NDArray[Any]] = field(default_factory=dict)
    settled: dict[str, tuple[NDArray[Any], NDArray[Any]]] = field(default_factory=dict)


def gather(
    criterion: Criterion, names: tuple[str, ...], out: Mapping[str, NDArray[Any]], ground: Ground, nowhere: Flags,
    into: MadeOne,
) -> None:  # fmt: skip
    """One criterion; ``nowhere`` marks communities that have declared it not applicable for all their sites."""
    id, worst_only = criterion.id, criterion.over == "worst"
    starts = np.searchsorted(ground.of, np.arange(len(nowhere)))
    outcome = out[f"{id}.outcome"]
    here = (outcome != AWAY) & (ground.weight > 0) & ~nowhere[ground.of]
    weight = here * ground.weight

    def total(values: NDArray[Any]) -> NDArray[np.int64]:
        return np.add.reduceat(values, starts, dtype=np.int64)

    sites = total(weight)
    some, none = np.maximum(sites, 1), sites == 0
    found: dict[str, NDArray[Any]] = {}
    for end in ("low", "high"):
        points = out[f"{id}.{end}"].astype(np.int64)
        if worst_only:
            made = np.minimum.reduceat(np.where(here, points, criterion.points), starts)
        else:
            made = (2 * total(points * weight) + some) // (2 * some)
        found[end] = np.where(none, 0, made).astype("i4")
    for end in ("worst", "best"):
        if f"{id}.{end}" in out:
            places = np.maximum.reduceat(np.where(here, out[f"{id}.{end}"], 0), starts)
            found[end] = np.where(none, len(names) - 1, places).astype("u1")
    met, unmet, unknown = (total(weight * (outcome == place)) for place in (MET, UNMET, UNKNOWN))
    made = np.select([unknown > 0, met == sites, unmet == sites], [UNKNOWN, MET, UNMET], PARTLY)
    if worst_only and criterion.points:
        low, high = found["low"], found["high"]
        made = np.select([low != high, low == criterion.points, low == 0], [UNKNOWN, MET, UNMET], PARTLY)
    found["outcome"] = np.where(none, AWAY, made).astype("u1")
    opened, undecided = (
        np.logical_or.reduceat(here & out[f"{id}.{flag}"].astype(bool), starts)
        for flag in ("flag_open", "flag_undecided")
    )
    found["flag_open"], found["flag_undecided"] = opened, undecided & ~opened
    into.out |= {f"{id}.{name}": values for name, values in found.items()}
    counted = np.where((found["outcome"] == UNKNOWN) | none, 0, sites)
    into.settled[id] = criterion.points * (sites - unknown - counted), some
