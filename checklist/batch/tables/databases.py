"""Tables of a PostgreSQL or SQLite database, in and out through Arrow (ADBC)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

import pyarrow as pa

from checklist.model.refusals import Refusal, unreadable
from checklist.values.visible import HIDDEN, without_passwords

SCHEMES: Final = ("postgresql://", "postgres://", "sqlite://")
_ESCAPED: Final = r"(?:[^@:/?#%\[\]\s]|%[0-9A-Fa-f]{2})*"
_ADDRESS: Final = re.compile(
    rf"postgres(?:ql)?://(?:{_ESCAPED}(?::({_ESCAPED}))?@)?[^@/?#\s]*(?:/[^@?#\s]*)?(?:\?([^#\s]*))?"
)
_SETTING: Final = re.compile(r"(?:ssl)?password=([^&]*)")


@dataclass(frozen=True, slots=True)
class Database:
    """One table: ``postgresql://user@host/db#table`` or ``sqlite:///file.db#table`` (an absolute path has four slashes)."""

    uri: str
    table: str

    def __str__(self) -> str:
        return without_passwords(f"{self.uri}#{self.table}")

    @property
    def shown(self) -> str:
        """The address without a password."""
        return without_passwords(self.uri)

    @property
    def secrets(self) -> tuple[str, ...]:
        """The password as it stands in the address and as the server is told it, the longest first."""
        given = _ADDRESS.fullmatch(self.uri)
        written = [given[1] or "", *_SETTING.findall(given[2] or "")] if given else []
        return tuple(sorted(filter(None, {*written, *map(unquote, written)}), key=len, reverse=True))

    @property
    def file(self) -> Path | None:
        """SQLite's file; None for a server."""
        return Path(self.uri.removeprefix("sqlite:///")) if self.dynamic else None

    @property
    def dynamic(self) -> bool:
        """SQLite lets every cell have a type of its own: each is read as text, like a cell of a CSV file."""
        return self.uri.startswith("sqlite://")

    @property
    def quoted(self) -> str:
        return ".".join(quoted(part) for part in self.table.split("."))


def database(text: str) -> Database | None:
    """The database table that a text names; None when it names something else."""
    if not text.startswith(SCHEMES):
        return None
    first, _, rest = text.partition("#")
    between, _, table = rest.rpartition("#") if text.startswith("postgres") else ("", "", rest)
    return Database(f"{first}#{between}" if between else first, table)  # a password may hold the mark, unescaped


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def connect(place: Database) -> Any:
    """A connection; raises Refusal. Nothing is kept unless it is committed."""
    if not place.dynamic and not _ADDRESS.fullmatch(place.uri):  # the driver would repeat parts of the password
        raise unreadable("数据库的地址看不懂；用户名、密码里的 @ : / ? # % 要写成 %40 %3A %2F %3F %23 %25")
    try:
        if place.dynamic:
            from adbc_driver_sqlite import dbapi as sqlite

            return sqlite.connect(str(place.file))
        from adbc_driver_postgresql import dbapi as postgresql

        return postgresql.connect(place.uri)
    except ModuleNotFoundError:
        raise
    except Exception as error:
        raise _said(error, place) from None


def columns(place: Database) -> dict[str, Any]:
    """The table's columns with their Arrow types."""
    with connect(place) as connection, connection.cursor() as cursor:
        schema = _asked(cursor, place, f"SELECT * FROM {place.quoted} LIMIT 1").fetch_arrow_table().schema
        return {field.name: pa.string() if place.dynamic else field.type for field in schema}


def read(place: Database, names: Sequence[str], rows: int) -> Iterator[pa.RecordBatch]:
    """The table's blocks, streamed, with at most ``rows`` rows each."""
    # a text in every cell: a column that begins with nothing would be taken for numbers
    cell = "COALESCE(CAST({0} AS TEXT), '') AS {0}" if place.dynamic else "{0}"
    listed = ", ".join(cell.format(quoted(name)) for name in names)
    with connect(place) as connection, connection.cursor() as cursor:
        _asked(cursor, place, f"SELECT {listed} FROM {place.quoted}")
        try:
            for batch in cursor.fetch_record_batch():
                for start in range(0, batch.num_rows, rows):
                    yield batch.slice(start, rows)
        except Exception as error:
            raise _said(error, place) from None


def _asked(cursor: Any, place: Database, statement: str) -> Any:
    try:
        cursor.execute(statement)
    except Exception as error:
        raise _said(error, place) from None
    return cursor


def identity(place: Database) -> tuple[object, ...] | None:
    """What names the table in its database, whatever address and letters lead to it; None when there is none."""
    with connect(place) as connection, connection.cursor() as cursor:
        if place.file is not None:
            wanted = place.table.casefold()
            names = _asked(cursor, place, "SELECT name FROM sqlite_master").fetchall()
            found = any(name.casefold() == wanted for (name,) in names)
            return (place.file.resolve(), wanted) if found else None
        name = place.quoted.replace("'", "''")
        asked = f"SELECT to_regclass('{name}')::oid::int8, current_database()::text, pg_postmaster_start_time()::text"
        (row,) = _asked(cursor, place, asked).fetchall()
        return None if row[0] is None else tuple(row)


def name_for_the_old(place: Database) -> Database:
    """Where a table that is to be replaced is kept: ``名_旧``, a name that nothing has yet."""
    n = 1
    while identity(old := replace(place, table=f"{place.table}_旧{n if n > 1 else ''}")) is not None:
        n += 1
    return old


class TableWriter:
    """The result as a table, put there in one transaction: readers see the old one until the new one is whole. A table
    that stands there already is kept under ``name_for_the_old``."""

    def __init__(self, place: Database) -> None:
        self.place, self.rows, self.begun = place, 0, False
        self.old = name_for_the_old(place) if identity(place) is not None else None
        self._connection = connect(place)

    def write(self, batch: pa.RecordBatch) -> None:
        plain = [c.dictionary_decode() if pa.types.is_dictionary(c.type) else c for c in batch.columns]
        batch = pa.RecordBatch.from_arrays(plain, batch.schema.names)
        schema, _, name = self.place.table.rpartition(".")
        more = {"db_schema_name": schema} if schema else {}
        try:
            with self._connection.cursor() as cursor:
                if not self.begun and self.old is not None:
                    kept = quoted(self.old.table.rpartition(".")[2])
                    cursor.execute(f"ALTER TABLE {self.place.quoted} RENAME TO {kept}")
                cursor.adbc_ingest(name, batch, mode="append" if self.begun else "create", **more)
        except Exception as error:
            raise _said(error, self.place) from None
        self.rows, self.begun = self.rows + batch.num_rows, True

    def close(self) -> None:
        self._connection.commit()
        self._connection.close()

    def abandon(self) -> None:
        self._connection.rollback()
        self._connection.close()


def _said(error: Exception, place: Database) -> Refusal:
    """What the database said, and never the password, however it is written in the address."""
    told = without_passwords(str(error).strip())
    for secret in place.secrets:
        told = told.replace(secret, HIDDEN)
    return unreadable(f"数据库说：{(told.splitlines() or [type(error).__name__])[0][:200]}")
