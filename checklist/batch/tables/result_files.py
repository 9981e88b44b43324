"""Result files: Parquet, Arrow and CSV, whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from checklist.batch.tables.blocks import BLOCK
from checklist.batch.tables.table_parts import READING

OUT_KINDS: Final = ("parquet", "arrow", "csv")


class Writer:
    """One result file, written beside its place and moved there when it is whole; ``abandon`` leaves nothing."""

    def __init__(self, path: Path, kind: str) -> None:
        self.path, self.kind = path, kind
        self.temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        self._sink: Any = None
        self._file: Any = None
        self.rows = 0

    def write(self, batch: pa.RecordBatch) -> None:
        if self.kind == "csv":
            batch = _decoded(batch)
        if self._sink is None:
            self._open(batch.schema)
        self.rows += batch.num_rows
        if self.kind == "parquet":
            self._sink.write_batch(batch, row_group_size=BLOCK)
        else:
            self._sink.write(batch)

    def _open(self, schema: pa.Schema) -> None:
        self._file = pa.OSFile(str(self.temporary), "wb")
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
        self._shut()
        if self._sink is not None:
            with open(self.temporary, "rb+") as file:
                os.fsync(file.fileno())
            os.replace(self.temporary, self.path)

    def abandon(self) -> None:
        try:
            self._shut()
        except READING:
            pass
        finally:
            self.temporary.unlink(missing_ok=True)

    def _shut(self) -> None:
        if self._sink is not None:
            self._sink.close()
        if self._file is not None:
            self._file.close()


def _dictionaries(schema: pa.Schema) -> list[str]:
    return [f.name for f in schema if pa.types.is_dictionary(f.type) or pa.types.is_integer(f.type)]


def _decoded(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Names instead of dictionaries, and one text for a list: what CSV can hold."""
    columns = [c.dictionary_decode() if pa.types.is_dictionary(c.type) else c for c in batch.columns]
    return pa.RecordBatch.from_arrays(columns, batch.schema.names)
