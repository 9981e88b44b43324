"""The kernel's arrays → the result table: exact points, levels by name, scores, verdict, band and rank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from checklist.batch.program.band_places import EXTRAS
from checklist.batch.program.column_program import TALLY, VERDICTS, ColumnProgram
from checklist.batch.run.table_ranks import DECIDED_OVER, PLACES
from checklist.batch.tables.layout import Layout, place_of_heading
from checklist.batch.tables.sound_columns import text_of
from checklist.model.refusals import Refusal
from checklist.model.results.assessment import OUTCOMES

PARTS: Final = ("totals", "modules", "levels", "points", "outcomes")
"""What a result may hold; ``totals`` are always there."""

FLAGS: Final = ("open_vetoes", "open_redlines", "undecided_vetoes", "undecided_redlines")
DECIMALS: Final = 4
"""Scores and coverage are rounded half-up to this many decimals, once; the exact points stand beside them."""
_FITS: Final = 1 << 18
"""Points over less than this are turned into a percentage in 64 bits."""


@dataclass(frozen=True, slots=True)
class Results:
    """Which columns a result has. ``long`` gives one row per community and criterion instead of one per community."""

    program: ColumnProgram
    layout: Layout
    parts: tuple[str, ...] = PARTS[:4]
    long: bool = False

    def __post_init__(self) -> None:
        own = {"community", "sites", "score_low", "score_high", "coverage", *PLACES, *self.wanted}
        kept = {name for name, column in self.layout.kept.items() if column != self.layout.community}
        if not self.long and (taken := own & kept):
            name = min(taken)
            raise Refusal(f"带着走的列“{name}”和结果的列重名", "表里先给它换个名字，或不要 --keep 它")

    @property
    def wanted(self) -> tuple[str, ...]:
        """The kernel outputs that these columns need."""
        names: list[str] = []
        if not self.long:
            names += [*TALLY, *OUTCOMES, *FLAGS, "verdict", "band_low", "band_high", *self._beside]
        if "modules" in self.parts and not self.long:
            names += [f"{m.id}.{end}" for m in self.program.ruleset.modules for end in TALLY]
        for id in self.program.criteria:
            names += [f"{id}.{end}" for end in self._of_criterion()]
        return tuple(names)

    @property
    def _beside(self) -> list[str]:
        """Points outside the score, where the ruleset has any."""
        return [name for name in EXTRAS if name in self.program.outputs]

    def _of_criterion(self) -> list[str]:
        if self.long:
            return ["worst", "best", "outcome", "low", "high"]
        found = ["worst", "best"] if "levels" in self.parts else []
        found += ["low", "high"] if "points" in self.parts else []
        return found + (["outcome"] if "outcomes" in self.parts else [])

    def table(
        self,
        batch: pa.RecordBatch,
        out: Mapping[str, NDArray[Any]],
        numbers: NDArray[Any],
        ranks: Mapping[str, NDArray[Any]] | None = None,
    ) -> pa.RecordBatch:
        """The result rows of one block. ``numbers`` are its rows' places in the table."""
        if self.long:
            return self._long(batch, out, numbers)
        columns = self._who(batch, numbers)
        if self.layout.sited:
            columns["sites"] = out["sites"].astype("i4")
        possible, over = out["possible"].astype("i8"), out.get(DECIDED_OVER)
        columns["score_low"] = _percent(out["low"], possible, 100)
        columns["score_high"] = _percent(out["high"], possible, 100)
        columns["coverage"] = _percent(out["decided"], possible, 100, over)
        bands = [*(band.name for band in self.program.ruleset.bands), ""]
        columns["verdict"] = _named(out["verdict"], VERDICTS)
        columns["band_low"], columns["band_high"] = _named(out["band_low"], bands), _named(out["band_high"], bands)
        columns.update({name: pa.array(places, mask=places == 0) for name, places in (ranks or {}).items()})
        for name in (*TALLY, *self._beside, *OUTCOMES, *FLAGS):
            columns[name] = (out[name] if name in (*OUTCOMES, *FLAGS) else self._points(out[name])).astype(
                "i4", copy=False
            )
        if over is not None:
            over = over * self.program.grain
            columns["decided"] = ((2 * out["decided"] + over) // (2 * over)).astype("i4")
        if "modules" in self.parts:
            names = [f"{m.id}.{n}" for m in self.program.ruleset.modules for n in TALLY]
            columns.update({name: self._points(out[name]) for name in names})
        for id in self.program.criteria:
            for end in self._of_criterion():
                columns[f"{id}.{end}"] = self._criterion(id, end, out[f"{id}.{end}"])
        return pa.RecordBatch.from_pydict({name: _array(value) for name, value in columns.items()})

    def _criterion(self, id: str, end: str, values: NDArray[Any]) -> Any:
        if end in ("worst", "best"):
            return _named(values, self.program.level_names[id])
        return _named(values, OUTCOMES) if end == "outcome" else self._points(values)

    def _points(self, units: NDArray[Any]) -> NDArray[Any]:
        """Ten-thousandths, rounded half up where the program counts in finer parts."""
        grain = self.program.grain
        return units if grain == 1 else (2 * units.astype("i8") + grain) // (2 * grain)

    def _who(self, batch: pa.RecordBatch, numbers: NDArray[Any]) -> dict[str, Any]:
        """The community and what is carried along; without an id the row's number."""
        columns: dict[str, Any] = {}
        if self.layout.community:
            columns["community"] = self.carried(batch, self.layout.community)
        else:
            columns["community"] = pa.array(numbers).cast(pa.string())
        for name, column in self.layout.kept.items():
            columns[name] = self.carried(batch, column)
        return columns

    def carried(self, batch: pa.RecordBatch, name: str) -> Any:
        """A column of the table as it is; text in every block where some file has text there, or a number for a name."""
        array = batch.column(name)
        names = {name, *self.layout.also.get(name, ())}
        named = pa.types.is_floating(array.type) and (name == self.layout.community or bool(place_of_heading(name)))
        return text_of(array) if names & self.layout.texts or pa.types.is_null(array.type) or named else array

    def _long(self, batch: pa.RecordBatch, out: Mapping[str, NDArray[Any]], numbers: NDArray[Any]) -> pa.RecordBatch:
        criteria, rows = self.program.criteria, batch.num_rows
        who = pa.DictionaryArray.from_arrays(
            np.repeat(np.arange(rows, dtype="i4"), len(criteria)), self._who(batch, numbers)["community"]
        )
        names = list(dict.fromkeys(n for levels in self.program.level_names.values() for n in levels))
        places = {name: i for i, name in enumerate(names)}
        columns: dict[str, Any] = {
            "community": who.dictionary_decode(),
            "criterion": _named(np.tile(np.arange(len(criteria), dtype="i2"), rows), criteria),
        }
        for end in ("worst", "best"):
            maps = [np.array([places[n] for n in self.program.level_names[id]], "u1") for id in criteria]
            columns[end] = _named(
                np.stack([m[out[f"{id}.{end}"]] for id, m in zip(criteria, maps, strict=True)], 1).ravel(), names
            )
        columns["outcome"] = _named(np.stack([out[f"{id}.outcome"] for id in criteria], 1).ravel(), OUTCOMES)
        for end in ("low", "high"):
            columns[end] = self._points(np.stack([out[f"{id}.{end}"] for id in criteria], 1).ravel()).astype("i4")
        return pa.RecordBatch.from_pydict({name: _array(value) for name, value in columns.items()})


def _percent(part: NDArray[Any], whole: NDArray[Any], per: int, over: NDArray[Any] | None = None) -> NDArray[Any]:
    """``part × per ÷ (whole × over)``, rounded half-up in integers; 0 where nothing applies."""
    unit = 10**DECIMALS
    if over is not None:
        exact: Any = "i8" if over.max(initial=1) < _FITS else object
        whole, part = whole * over.astype(exact), part.astype(exact)
    top = part.astype(whole.dtype) * (2 * per * unit) + whole
    return np.where(whole > 0, top // np.maximum(2 * whole, 1), 0).astype("f8") / unit


def _named(places: NDArray[Any], names: Sequence[str]) -> Any:
    index = places.view("i1") if places.dtype == np.uint8 and len(names) < 128 else places.astype("i2")
    return pa.DictionaryArray.from_arrays(pa.array(index), pa.array(list(names), pa.string()))


def _array(value: Any) -> Any:
    return value if isinstance(value, pa.Array) else pa.array(value)
