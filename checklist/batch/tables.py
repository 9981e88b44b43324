"""Table files in and out, block by block: Parquet, Arrow/Feather, CSV (UTF-8 or GBK), xlsx, and folders of them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

import pyarrow as pa

from . import databases
from .databases import Database, DatabaseError, database

Place: TypeAlias = Path | Database

BLOCK: Final = 65_536
"""Rows read, scored and written at a time."""

KINDS: Final = {
    ".parquet": "parquet",
    ".pq": "parquet",
    ".arrow": "arrow",
    ".feather": "arrow",
    ".ipc": "arrow",
    ".csv": "csv",
    ".txt": "csv",
    ".xlsx": "xlsx",
}
OUT_KINDS: Final = ("parquet", "arrow", "csv")
READING: Final = (pa.ArrowException, OSError, ValueError, DatabaseError)
GROUPS: Final = 2
"""Row groups of a Parquet file that one part takes."""


class CannotRead(Exception):
    """A table that cannot be read; says why in Chinese."""

    def __init__(self, path: str, says: str) -> None:
        self.path, self.says = path, says
        super().__init__(f"{path}：{says}")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a table that one worker takes: a file, or some row groups of a Parquet file.

    ``first_row`` is the number of its first row in its file; 0 ``rows`` means not known before reading.
    """

    path: str
    kind: str
    groups: tuple[int, ...] = ()
    first_row: int = 1
    rows: int = 0


def kind_of(path: Place) -> str:
    if isinstance(path, Database):
        return "sql"
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        raise CannotRead(str(path), f"认不出 {path.suffix or '没有扩展名的文件'}；可以用 {'、'.join(KINDS)}")
    return kind


def place_of(text: str) -> Place:
    """A file, a folder or a database table, as it is written on the command line."""
    return database(text) or Path(text)


def files_of(path: Place) -> Sequence[Place]:
    """The table itself, or every table in a folder and below."""
    if isinstance(path, Database) or not path.is_dir():
        return [path]
    return sorted(
        p for p in path.rglob("*") if p.is_file() and p.suffix.lower() in KINDS and not p.name.startswith((".", "_"))
    )


def columns_of(path: Place) -> list[str]:
    """The column names of one table. Raises CannotRead."""
    kind = kind_of(path)
    try:
        if isinstance(path, Database):
            return databases.columns(path)
        if kind == "parquet":
            import pyarrow.parquet as pq

            return list(pq.read_schema(path).names)
        if kind == "arrow":
            with pa.memory_map(str(path)) as source:
                return list(pa.ipc.open_file(source).schema.names)
        if kind == "csv":
            with _csv(path, None) as reader:
                return list(reader.schema.names)
        return list(_xlsx(path).schema.names)
    except FileNotFoundError:
        raise CannotRead(str(path), "没有这个文件") from None
    except READING as error:
        raise CannotRead(str(path), _reason(kind, error)) from error


def split(path: Place, groups: int = GROUPS) -> list[Part]:
    """The parts of one file: some row groups each for Parquet, else the file. Raises CannotRead."""
    kind = kind_of(path)
    if isinstance(path, Database):
        return [Part(f"{path.uri}#{path.table}", kind)]
    if kind != "parquet":
        return [Part(str(path), kind)]
    import pyarrow.parquet as pq

    try:
        meta = pq.read_metadata(path)
    except READING as error:
        raise CannotRead(str(path), _reason(kind, error)) from error
    sizes = [meta.row_group(i).num_rows for i in range(meta.num_row_groups)]
    parts, first = [], 1
    for start in range(0, len(sizes), groups):
        rows = sum(sizes[start : start + groups])
        parts.append(Part(str(path), kind, tuple(range(start, min(start + groups, len(sizes)))), first, rows))
        first += rows
    return parts


def read(part: Part, columns: Sequence[str], rows: int = BLOCK) -> Iterator[pa.RecordBatch]:
    """The part's blocks with these columns. Raises CannotRead, also midway when the rest is damaged."""
    path = Path(part.path)
    try:
        if part.kind == "parquet":
            import pyarrow.parquet as pq

            with pq.ParquetFile(path) as file:
                yield from file.iter_batches(rows, list(part.groups) or None, list(columns), use_threads=True)
        elif part.kind == "sql":
            place = database(part.path)
            assert place is not None
            yield from databases.read(place, columns, rows)
        elif part.kind == "arrow":
            with pa.memory_map(str(path)) as source:
                reader = pa.ipc.open_file(source)
                for i in range(reader.num_record_batches):
                    yield from _sliced(reader.get_batch(i).select(list(columns)), rows)
        elif part.kind == "csv":
            with _csv(path, columns) as reader:
                for batch in reader:
                    yield from _sliced(batch, rows)
        else:
            yield from _xlsx(path).select(list(columns)).to_batches(max_chunksize=rows)
    except READING as error:
        shown = database(part.path) or part.path
        raise CannotRead(str(shown), _reason(part.kind, error)) from error


def _sliced(batch: pa.RecordBatch, rows: int) -> Iterator[pa.RecordBatch]:
    for start in range(0, batch.num_rows, rows):
        yield batch.slice(start, rows)


def _reason(kind: str, error: BaseException) -> str:
    text = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
    if isinstance(error, DatabaseError):
        return text
    if kind == "parquet" and ("magic bytes" in text or "footer" in text or "Parquet" in text or "EOF" in text):
        return f"不是完整的 Parquet 文件，可能没传完（{text}）"
    if kind == "csv" and "Empty CSV" in text:
        return "是空文件"
    return f"读不出来（{text}）"


def _csv(path: Path, columns: Sequence[str] | None) -> Any:
    """Every cell as text: what a text means is decided fact by fact."""
    from pyarrow import csv

    encoding = csv_encoding(path)
    read_options = csv.ReadOptions(encoding=encoding, block_size=1 << 24)
    with csv.open_csv(path, csv.ReadOptions(encoding=encoding, block_size=1 << 20)) as reader:
        names = reader.schema.names
    clean = {name: pa.string() for name in names}
    convert = csv.ConvertOptions(
        column_types=clean,
        include_columns=list(columns) if columns else None,
        strings_can_be_null=True,
        null_values=[""],
    )
    return csv.open_csv(path, read_options, csv.ParseOptions(newlines_in_values=True), convert)


def csv_encoding(path: Path) -> str:
    """UTF-8 (with or without its mark) where the beginning is that, else GBK."""
    with path.open("rb") as file:
        head = file.read(1 << 20)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise CannotRead(str(path), "是 UTF-16 编码，另存为 UTF-8 再来")
    for cut in range(4):
        try:
            head[: len(head) - cut].decode("utf-8")
            return "utf8"
        except UnicodeDecodeError:
            continue
    return "gb18030"


def _xlsx(path: Path) -> pa.Table:
    from python_calamine import CalamineWorkbook

    sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python(skip_empty_area=True)
    if not sheet:
        return pa.table({})
    names = [str(name).strip() for name in sheet[0]]
    columns = {name: [_text(row[i]) for row in sheet[1:]] for i, name in enumerate(names) if name}
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def _text(cell: Any) -> str | None:
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


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
