"""Result files: Parquet, Arrow and CSV, whole or not at all, on a disk or in a storage service."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from checklist.batch.tables.blocks import BLOCK
from checklist.batch.tables.sound_columns import text_of
from checklist.batch.tables.storage import File, Stored, files_below, moved, new_file, refusals_of, removed
from checklist.batch.tables.table_parts import READING
from checklist.model.refusals import Refusal
from checklist.model.regular_files import put_in_place
from checklist.values.formula_starts import FORMULA_START, NUL, harmless

OUT_KINDS: Final = ("parquet", "arrow", "csv")
_NAME: Final = 20
"""Letters of a result's name that its temporary one takes over: a long name with more to it may be too long."""
_NUMBER: Final = re.compile(r"[-+]?\d+(\.\d+)?")


def temporary_of(place: File) -> Any:
    """A hidden name beside a place, of this process on this machine: another that does the same part has its own."""
    return place.with_name(f".{place.name[:_NAME]}.{socket.gethostname()}.{os.getpid()}.tmp")


@contextmanager
def whole_folder(out: File) -> Iterator[Any]:
    """A folder to write into. It becomes ``out`` when all has gone well and is gone otherwise; on a disk it takes the
    place of an older one in one step, a storage service is given one file after the other."""
    temporary = temporary_of(out)
    if not isinstance(out, Stored):
        temporary.mkdir(parents=True)
    try:
        yield temporary
        for left in [file for file in files_below(temporary) if file.name.startswith(".")]:
            removed(left)  # half a part of a worker that died; another has done it again
        _put(temporary, out)
    finally:
        with suppress(OSError, Refusal):
            removed(temporary)


def _put(temporary: File, out: File) -> None:
    if isinstance(out, Path):
        removed(out)
        put_in_place(Path(str(temporary)), out)
        return
    try:
        for file in files_below(temporary):
            moved(file, out / file.name)
    except BaseException:
        with suppress(OSError, Refusal):
            removed(out)
        raise


class Writer:
    """One result file, written beside its place and moved there when it is whole; ``abandon`` leaves nothing."""

    def __init__(self, path: File, kind: str) -> None:
        self.path, self.kind = path, kind
        self.temporary = temporary_of(path)
        self._sink: Any = None
        self._file: Any = None
        self.rows = 0

    def write(self, batch: pa.RecordBatch) -> None:
        if self.kind == "csv":
            batch = _for_csv(batch)
        self.rows += batch.num_rows
        with refusals_of(self.path):
            if self._sink is None:
                self._open(batch.schema)
            if self.kind == "parquet":
                self._sink.write_batch(batch, row_group_size=BLOCK)
            else:
                self._sink.write(batch)

    def _open(self, schema: pa.Schema) -> None:
        self._file = new_file(self.temporary)
        if self.kind == "parquet":
            import pyarrow.parquet as pq

            self._sink = pq.ParquetWriter(
                self._file, schema, compression="zstd", compression_level=1, use_dictionary=_dictionaries(schema),
                write_statistics=False,
            )  # fmt: skip
        elif self.kind == "csv":
            from pyarrow import csv

            self._file.write(b"\xef\xbb\xbf")
            self._sink = csv.CSVWriter(self._file, schema, write_options=csv.WriteOptions(quoting_style="needed"))
        else:
            options = pa.ipc.IpcWriteOptions(compression="zstd", emit_dictionary_deltas=True)
            self._sink = pa.ipc.new_file(self._file, schema, options=options)

    def close(self) -> None:
        """Flush, and put the file in its place."""
        with refusals_of(self.path):
            self._shut()
        if self._sink is not None:
            moved(self.temporary, self.path)

    def abandon(self) -> None:
        try:
            self._shut()
        except READING:
            pass
        finally:
            with suppress(OSError, Refusal):
                removed(self.temporary)

    def _shut(self) -> None:
        if self._sink is not None:
            self._sink.close()
        if self._file is not None:
            self._file.close()


def _dictionaries(schema: pa.Schema) -> list[str]:
    return [f.name for f in schema if pa.types.is_dictionary(f.type) or pa.types.is_integer(f.type)]


def _for_csv(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Names instead of dictionaries, one text for a list, and no text that a spreadsheet takes for a formula."""
    columns = [_cells(column) for column in batch.columns]
    return pa.RecordBatch.from_arrays(columns, [harmless(name) for name in batch.schema.names])


def _cells(column: Any) -> Any:
    kind = column.type
    if pa.types.is_decimal(kind) or (pa.types.is_primitive(kind) and not pa.types.is_interval(kind)):
        return column
    texts = text_of(column.dictionary_decode() if pa.types.is_dictionary(kind) else column)
    if not pc.any(pc.match_substring_regex(texts, f"^(?:{FORMULA_START.pattern})|{NUL}")).as_py():
        return texts
    found = [t if t is None or _NUMBER.fullmatch(t) else harmless(t) for t in texts.to_pylist()]
    return pa.array(found, pa.string())
