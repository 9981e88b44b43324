"""One row of a table as a state, for the single engine to explain."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from checklist.batch.columns.bad_cells import BadCell
from checklist.batch.columns.day_columns import EPOCH
from checklist.batch.columns.intake import Intake
from checklist.batch.columns.row_values import readings_in
from checklist.batch.program.column_program import compile_ruleset
from checklist.batch.run.running import parts_of_table
from checklist.batch.run.scoring import Job
from checklist.batch.tables.blocks import read
from checklist.batch.tables.csv_streams import Skipped
from checklist.batch.tables.layout import Layout
from checklist.batch.tables.sound_columns import text_of
from checklist.batch.tables.table_parts import TableSource
from checklist.model.state import Community, NotApplicable, State
from checklist.values.declared_reason import declared_lines


def state_of_row(job: Job, source: TableSource, row: int) -> tuple[State | None, list[BadCell]]:
    """The state that row ``row`` (from 1, over all files) records, and its bad cells. None when there is no such row,
    or, with bad cells, one that is not scored."""
    at = 0
    for part in (piece for whole in parts_of_table(source)[0] for piece in whole.pieces()):
        if part.rows and at + part.rows < row:
            at += part.rows
            continue
        skipped: list[Skipped] = []
        inside = 0
        for batch in read(part, job.layout.columns, job.layout.also, job.block, skipped):
            wanted = row - at - sum(at + line.row < row for line in skipped)
            if inside < wanted <= inside + batch.num_rows:
                return _state(job, batch.slice(wanted - inside - 1, 1), row)
            inside += batch.num_rows
        at += inside + len(skipped)
    return None, []


def _state(job: Job, batch: pa.RecordBatch, row: int) -> tuple[State | None, list[BadCell]]:
    program = compile_ruleset(job.ruleset, job.layout.shape)
    # one row with its own buffers: a slice would still point into the whole block
    batch = pa.RecordBatch.from_arrays([pa.concat_arrays([c]) for c in batch.columns], schema=batch.schema)
    intake = Intake(program, job.layout, job.today, job.judged_on)
    found = intake.read(batch, row)
    if found.left_out is not None:
        return None, found.bad
    record = EPOCH + timedelta(days=int(np.ravel(found.record)[0]))
    unusable = {cell.column for cell in found.bad}
    readings = readings_in(job.ruleset.facts, program.encodings, found.columns, found.on, 0, record)
    bad_facts = frozenset(f for f, c in job.layout.facts.items() if c in unusable and f not in readings)
    state = State(_community(job, batch, row), job.ruleset.id, record, readings, {}, bad_facts)
    known = state.knowledge(job.ruleset.facts)
    not_here = {}
    for id in (id for id, rows in intake.declarations(batch, found.judged)[0].items() if rows[0]):
        applies = job.ruleset.criterion(id).applies_when
        if applies is None or applies.holds(known) is not True:
            not_here[id] = NotApplicable(id, reason_of(job.layout, batch, id))
    return replace(state, not_applicable=not_here), found.bad


def reason_of(layout: Layout, batch: pa.RecordBatch, criterion: str, row: int = 0) -> str:
    """Why a row declares a criterion not applicable: in the criterion's own column, else in its line of 不适用."""
    name, lines = layout.na.get(criterion), layout.lines
    written = batch.column(name)[row].as_py() if name else None
    told = declared_lines(str(batch.column(lines)[row].as_py() or "")) if lines else ()
    said = next((line.reason for line in told if line.criterion == criterion), "")
    return written if isinstance(written, str) and written else said or "表里声明不适用"


def _community(job: Job, batch: pa.RecordBatch, row: int) -> Community:
    id = text_of(batch.column(job.layout.community))[0].as_py() or "" if job.layout.community else ""
    return community_of(job.layout, batch, id or f"row-{row}")


def community_of(layout: Layout, batch: pa.RecordBatch, id: str, row: int = 0) -> Community:
    """The community of this id, with what a row says of where it lies."""
    kept: dict[str, Any] = {
        name: text_of(batch.column(column))[row].as_py() or ""
        for name, column in layout.kept.items()
        if name in ("name", "city", "district", "street", "group")
    }
    return Community(**{"id": id, "name": id, **{k: v for k, v in kept.items() if v}})
