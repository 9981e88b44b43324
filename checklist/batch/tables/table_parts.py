"""Tables and their parts: files, folders with partitions, database tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, TypeAlias
from urllib.parse import unquote

import pyarrow as pa

from checklist.batch.tables import databases
from checklist.batch.tables.csv_streams import csv_reader
from checklist.batch.tables.databases import Database, database
from checklist.batch.tables.storage import File, files_below, opened_file, service_says, stored
from checklist.model.refusals import Refusal, unreadable

Place: TypeAlias = File | Database
TableSource: TypeAlias = Place | Sequence[File]
"""One table, or the files that make one up."""

KINDS: Final = {
    ".parquet": "parquet",
    ".pq": "parquet",
    ".arrow": "arrow",
    ".feather": "arrow",
    ".ipc": "arrow",
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
}
READING: Final = (pa.ArrowException, OSError, ValueError, Refusal)
GROUPS: Final = 2
"""Row groups of a Parquet file that one part takes."""


@dataclass(frozen=True, slots=True)
class TablePart:
    """A piece of a table that one worker takes: a file, or some row groups of a Parquet file.

    ``first_row`` is the number of its first row in its file; 0 ``rows`` means not known before reading. ``fixed`` are
    the columns that its folders name, as in ``street=湖滨``; ``sizes`` the rows of each row group. Of a table with sites
    it goes ``within`` single pieces, from the row ``start`` of each to before ``stop``, with so many rows in the files
    ``before``; where the rows of a community did not lie together it is ``gathered`` from pieces with ``numbered`` rows.
    """

    place: Place
    kind: str
    groups: tuple[int, ...] = ()
    first_row: int = 1
    rows: int = 0
    fixed: tuple[tuple[str, str], ...] = ()
    sizes: tuple[int, ...] = ()
    within: tuple[TablePart, ...] = ()
    start: int = 0
    stop: int | None = None
    before: int = 0
    gathered: bool = False
    numbered: bool = False

    def pieces(self) -> Iterator[TablePart]:
        """Row group by row group, so that a damaged one takes no other with it."""
        yield from self.within
        if self.within:
            return
        first = self.first_row
        for group, rows in zip(self.groups, self.sizes, strict=True):
            yield replace(self, groups=(group,), sizes=(rows,), first_row=first, rows=rows)
            first += rows
        if not self.groups:
            yield self


def kind_of(path: Place) -> str:
    if isinstance(path, Database):
        return "sql"
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        raise unreadable(f"{path}：认不出 {path.suffix or '没有扩展名的文件'}；可以用 {'、'.join(KINDS)}")
    return kind


def place_of(text: str, endpoint: str = "") -> Place:
    """A file, a folder, a database table or an object of the storage service at ``endpoint``, as it is written on the
    command line. Raises Refusal."""
    return database(text) or stored(text, endpoint) or Path(text)


def files_of(source: TableSource, suffixes: Iterable[str] = KINDS) -> Sequence[Place]:
    """The table itself, or every table in a folder and below."""
    if isinstance(source, Database):
        return [source]
    if not isinstance(source, File):
        return source
    if not source.is_dir():
        return [source]
    found = files_below(source)
    return [f for f in found if f.suffix.lower() in suffixes and not f.name.startswith((".", "_", "~$"))]


def fixed_of(path: File) -> tuple[tuple[str, str], ...]:
    """The columns that a file's folders name: ``year=2026/street=湖滨/part-0.parquet``."""
    named = (part.partition("=") for part in path.parts[:-1] if "=" in part)
    return tuple((name, unquote(value)) for name, _, value in named if name)


def columns_of(path: Place) -> dict[str, Any]:
    """The columns of one table with their Arrow types. Raises Refusal."""
    kind = kind_of(path)
    try:
        if isinstance(path, Database):
            return databases.columns(path)
        found: dict[str, Any] = {}
        for field in _schema(path, kind):
            found.setdefault(field.name, field.type)
        return found | dict.fromkeys((name for name, _ in fixed_of(path)), pa.string())
    except FileNotFoundError:
        raise unreadable(f"{path}：没有这个文件") from None
    except READING as error:
        raise unreadable(f"{path}：{reason(kind, error)}") from error


def repeated(path: Place) -> list[str]:
    """Column names that stand more than once in a file: only the first is read."""
    if isinstance(path, Database):
        return []
    names = _schema(path, kind_of(path)).names
    return list(dict.fromkeys(name for i, name in enumerate(names) if name in names[:i]))


def _schema(path: File, kind: str) -> Any:
    if kind == "parquet":
        import pyarrow.parquet as pq

        with opened_file(path) as source:
            return pq.read_schema(source)
    if kind == "arrow":
        with opened_file(path, mapped=True) as source:
            return pa.ipc.open_file(source).schema
    with csv_reader(path, None) as reader:
        return reader.schema


def split(path: Place, groups: int = GROUPS) -> list[TablePart]:
    """The parts of one file: some row groups each for Parquet, else the file. Raises Refusal."""
    kind = kind_of(path)
    if isinstance(path, Database):
        return [TablePart(path, kind)]
    fixed = fixed_of(path)
    if kind != "parquet":
        return [TablePart(path, kind, fixed=fixed)]
    import pyarrow.parquet as pq

    try:
        with opened_file(path) as source:
            meta = pq.read_metadata(source)
    except READING as error:
        raise unreadable(f"{path}：{reason(kind, error)}") from error
    sizes = [meta.row_group(i).num_rows for i in range(meta.num_row_groups)]
    parts, first = [], 1
    for start in range(0, len(sizes), groups):
        mine = tuple(sizes[start : start + groups])
        parts.append(TablePart(path, kind, tuple(range(start, start + len(mine))), first, sum(mine), fixed, mine))
        first += sum(mine)
    return parts


def reason(kind: str, error: BaseException) -> str:
    """What a library's complaint means."""
    text = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
    if said := service_says(error):
        return said
    if isinstance(error, Refusal):
        return error.says
    if kind == "parquet" and ("magic bytes" in text or "footer" in text or "Parquet" in text or "EOF" in text):
        return f"不是完整的 Parquet 文件，可能没传完（{text}）"
    if kind == "arrow" and ("footer" in text or "Not an Arrow file" in text or "too small" in text):
        return f"不是完整的 Arrow 文件，可能没传完（{text}）"
    if kind == "csv" and "Empty CSV" in text:
        return "是空文件"
    return f"读不出来（{text}）"
