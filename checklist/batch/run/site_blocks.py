"""The blocks of a table with sites, each with whole communities, and what they come to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from checklist.batch.columns.bad_cells import BadCell
from checklist.batch.columns.grounds import Communities, communities
from checklist.batch.columns.intake import Intake
from checklist.batch.program.site_programs import compile_sites
from checklist.batch.run.results import Results
from checklist.batch.run.site_run import SiteRun
from checklist.batch.tables.sound_columns import text_of
from checklist.batch.tables.table_parts import TablePart
from checklist.batch.tables.whole_communities import LostRows, whole


@dataclass(frozen=True, slots=True)
class Assessed:
    """Some communities, assessed: ``who`` they are and what is carried along, the number of the first row of each, every
    output. ``rows`` of the table, with ``numbers``, speak of them; ``aside`` are the numbers of those that do not."""

    who: pa.RecordBatch
    first: NDArray[Any]
    out: dict[str, NDArray[Any]]
    bad: list[BadCell]
    rows: pa.RecordBatch
    numbers: NDArray[Any]
    aside: list[int]
    untotalled: int


class SiteBlocks:
    """A table with sites, made ready once for many parts."""

    def __init__(self, intake: Intake, results: Results) -> None:
        self.results = results
        programs = compile_sites(intake.ruleset, intake.layout.shape)
        levels = results.long or "levels" in results.parts
        self.run = SiteRun(programs, intake, levels)

    def assessed(self, part: TablePart, rows: int, lost: LostRows) -> Iterator[Assessed]:
        """The communities of a part, some at a time, in the order of the table; ``lost`` grows."""
        intake = self.run.intake
        for batch, numbers in whole(part, intake.layout, rows, lost):
            found = communities(intake, intake.ruleset, batch, numbers)
            out, refused = self.run.run(found)
            out["sites"] = _sites(found)
            counted = np.flatnonzero(found.rows.group >= 0)
            aside = [] if found.read.aside is None else numbers[found.read.aside].tolist()
            first = numbers[found.first]
            yield Assessed(
                self._who(found), first, out, found.bad + refused, batch.take(pa.array(counted)), numbers[counted], aside,
                found.untotalled,
            )  # fmt: skip

    def _who(self, found: Communities) -> pa.RecordBatch:
        """The communities' ids and what is carried along, each from the first of their rows that says it."""
        layout = self.results.layout
        columns = {}
        for name in filter(None, dict.fromkeys([layout.community, *layout.kept.values()])):
            array = self.results.carried(found.batch, name)
            says = found.rows.all.first(_written(array))
            columns[name] = array.take(pa.array(np.where(says < 0, found.first, says)))
        return pa.RecordBatch.from_pydict(columns)


def _written(array: Any) -> NDArray[np.bool_]:
    blank = pc.equal(pc.utf8_length(pc.utf8_trim_whitespace(text_of(array))), 0)
    return ~np.asarray(pc.fill_null(blank, True), bool)


def _sites(found: Communities) -> NDArray[np.int64]:
    """How many sites each community is judged at."""
    count = np.zeros(found.here.told.count, np.int64)
    for ground in found.grounds.values():
        np.add.at(count, ground.of, ground.weight * ~ground.alone)
    return count
