"""CSV files as streams of text cells, in UTF-8, GBK or UTF-16, parted by commas, tabs or semicolons."""

from __future__ import annotations

import codecs
from bisect import bisect_left
from collections.abc import Sequence
from csv import reader as cell_rows
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from checklist.batch.tables.storage import File, opened_file
from checklist.values.row_kinds import RowKind, kind_of_row

_HEAD: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Skipped:
    """A line with too many or too few cells, and what it is; ``row`` counts from 1 below the headings."""

    row: int
    cells: int
    wanted: int
    text: str
    kind: RowKind


def row_in_file(row: int, skipped: Sequence[Skipped]) -> int:
    """The number in the file of the ``row``-th line that was not left out."""
    return row + bisect_left(range(len(skipped)), row, key=lambda i: skipped[i].row - 1 - i)


def rows_in_file(rows: NDArray[Any], skipped: Sequence[Skipped]) -> NDArray[Any]:
    """The same of many lines."""
    return rows + np.searchsorted([line.row - 1 - i for i, line in enumerate(skipped)], rows)


def csv_reader(path: File, columns: Sequence[str] | None, skipped: list[Skipped] | None = None) -> Any:
    """A streaming reader with every cell as text: what a text means is decided fact by fact.

    Columns that the file does not have are left out. Lines that do not fit are left out and told in ``skipped``.
    """
    from pyarrow import csv

    encoding, delimiter = _looked_at(path)

    def leave_out(row: Any) -> str:
        if skipped is not None:
            cells = next(cell_rows([row.text], delimiter=delimiter), [])
            kind = kind_of_row(names, cells, (0,))
            skipped.append(Skipped((row.number or 1) - 1, row.actual_columns, row.expected_columns, row.text, kind))
        return "skip"

    parsing = csv.ParseOptions(newlines_in_values=True, delimiter=delimiter)
    parsing.invalid_row_handler = lambda row: "skip"
    with csv.open_csv(_as_utf8(path, encoding), csv.ReadOptions(block_size=_HEAD), parsing) as reader:
        names = reader.schema.names
    convert = csv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""], check_utf8=False
    )
    if columns and len(set(names)) == len(names):  # Arrow does not know which of two it is to read
        convert.include_columns = [name for name in columns if name in names]
    parsing.invalid_row_handler = leave_out
    reading = csv.ReadOptions(block_size=16 * _HEAD, use_threads=False)  # else no line has a number
    return csv.open_csv(_as_utf8(path, encoding), reading, parsing, convert)


def _looked_at(path: File) -> tuple[str, str]:
    """The encoding ("" for clean UTF-8) and the delimiter, by the beginning: of UTF-8 and GBK the one of most lines."""
    with opened_file(path) as file:
        head = file.read(_HEAD)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16", _delimiter(codecs.getincrementaldecoder("utf-16")("replace").decode(head).encode())
    lines = [
        line for line in (head[: head.rfind(b"\n")] if len(head) == _HEAD else head).splitlines() if not line.isascii()
    ]
    whole = sum(map(_is_utf8, lines))
    twice = head.startswith(2 * codecs.BOM_UTF8)
    encoding = "" if whole == len(lines) and not twice else "utf-8" if 2 * whole > len(lines) else "gb18030"
    return encoding, _delimiter(head)


def _delimiter(head: bytes) -> str:
    first = head.split(b"\n", 1)[0]
    return max((b",", b"\t", b";"), key=first.count).decode()


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _as_utf8(path: File, encoding: str) -> Any:
    """The file as UTF-8, with U+FFFD for bytes that are nothing in its encoding, without marks at its beginning."""
    if not encoding:
        return opened_file(path)
    decoder = codecs.getincrementaldecoder(encoding)("replace")

    def told(part: Any) -> bytes:
        return decoder.decode(part.to_pybytes(), not part).lstrip("\ufeff").encode()

    return pa.TransformInputStream(opened_file(path), told)
