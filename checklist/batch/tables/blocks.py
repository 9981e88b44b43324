"""The blocks of a part of a table, one after the other, each with the columns that were asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import pyarrow as pa

from checklist.batch.tables import databases
from checklist.batch.tables.csv_streams import Skipped, csv_reader
from checklist.batch.tables.databases import Database
from checklist.batch.tables.sound_columns import sound
from checklist.batch.tables.storage import Stored, opened_file
from checklist.batch.tables.table_parts import READING, TablePart, reason
from checklist.model.refusals import unreadable

BLOCK: Final = 32_768
"""Rows read, scored and written at a time."""


def read(
    part: TablePart, columns: Sequence[str], also: Mapping[str, Sequence[str]], rows: int = BLOCK,
    skipped: list[Skipped] | None = None,
) -> Iterator[pa.RecordBatch]:  # fmt: skip
    """The part's blocks with these columns, under these names; ``also`` gives the other names that a file may use. One
    that the file does not have is empty, of two the first is taken.

    Lines of a CSV file that do not fit go to ``skipped``. Raises Refusal, also midway when the rest is damaged.
    """
    fixed = dict(part.fixed)
    try:
        called = {name: (name, *also.get(name, ())) for name in columns}
        every = [one for names in called.values() for one in names if one not in fixed]
        before = 0
        for batch in _batches(part, every, rows, skipped):
            picked = _picked(batch, called, fixed)
            if part.start or part.stop is not None:
                stop = picked.num_rows if part.stop is None else max(min(part.stop - before, picked.num_rows), 0)
                start = max(min(part.start - before, stop), 0)
                before += picked.num_rows
                picked = picked.slice(start, stop - start)
            for start in range(0, picked.num_rows, rows):
                yield picked.slice(start, rows)
            if part.stop is not None and before >= part.stop:
                return
    except READING as error:
        raise unreadable(f"{part.place}：{reason(part.kind, error)}") from error


def _batches(
    part: TablePart, columns: Sequence[str], rows: int, skipped: list[Skipped] | None
) -> Iterator[pa.RecordBatch]:
    if isinstance(part.place, Database):
        yield from databases.read(part.place, columns, rows)
    elif part.kind == "parquet":
        import pyarrow.parquet as pq

        far = isinstance(part.place, Stored)  # few long answers instead of one for each column
        with opened_file(part.place) as source, pq.ParquetFile(source, pre_buffer=far) as file:
            yield from file.iter_batches(rows, list(part.groups) or None, list(columns), use_threads=True)
    elif part.kind == "arrow":
        with opened_file(part.place, mapped=True) as source:
            reader = pa.ipc.open_file(source)
            for i in range(reader.num_record_batches):
                yield reader.get_batch(i)
    else:
        with csv_reader(part.place, columns, skipped) as reader:
            yield from reader


def _picked(batch: pa.RecordBatch, called: Mapping[str, Sequence[str]], fixed: dict[str, str]) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([_column(batch, names, fixed) for names in called.values()], names=list(called))


def _column(batch: pa.RecordBatch, names: Sequence[str], fixed: dict[str, str]) -> Any:
    for name in names:
        if name in fixed:
            return pa.array([fixed[name]] * batch.num_rows, pa.string())
        if at := batch.schema.get_all_field_indices(name):
            return sound(batch.column(at[0]))
    return pa.nulls(batch.num_rows)
