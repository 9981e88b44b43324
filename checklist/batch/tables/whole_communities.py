"""A table with sites in parts and blocks that hold whole communities: cut at their borders, or gathered first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from checklist.batch.columns.exact_columns import plain_type
from checklist.batch.tables.blocks import BLOCK, read
from checklist.batch.tables.community_codes import CommunityCodes
from checklist.batch.tables.csv_streams import Skipped, rows_in_file
from checklist.batch.tables.databases import Database
from checklist.batch.tables.layout import Layout
from checklist.batch.tables.sound_columns import text_of
from checklist.batch.tables.table_parts import TablePart
from checklist.model.refusals import Refusal

NumberedRows: TypeAlias = tuple[pa.RecordBatch, NDArray[Any]]
"""Rows, and their numbers in the table."""
NUMBER: Final = "\ue000row"
"""The column that says, in a table that was gathered, where a row stood."""
_MOST_FILES: Final = 128


@dataclass(slots=True)
class LostRows:
    """What of a table could not be read: in words, and the lines that do not fit, by their number in the table."""

    broken: list[str] = field(default_factory=list)
    lines: list[Skipped] = field(default_factory=list)


def blocks(part: TablePart, layout: Layout, rows: int, lost: LostRows) -> Iterator[NumberedRows]:
    """The blocks of a part as they stand in the table."""
    for piece in part.pieces():
        skipped: list[Skipped] = []
        inside = piece.first_row + piece.start
        columns = [*layout.columns, NUMBER] if piece.numbered else layout.columns
        try:
            for batch in read(piece, columns, layout.also, rows, skipped):
                if piece.numbered:
                    yield batch.drop_columns([NUMBER]), np.asarray(batch.column(NUMBER))
                else:
                    numbers = np.arange(inside, inside + batch.num_rows)
                    yield batch, piece.before + rows_in_file(numbers, skipped)
                inside += batch.num_rows
        except Refusal as error:
            lost.broken.append(str(error))
        lost.lines += [replace(line, row=line.row + piece.before) for line in skipped]


def whole(part: TablePart, layout: Layout, rows: int, lost: LostRows) -> Iterator[NumberedRows]:
    """Blocks with all rows of every community in them: of a part that was gathered all at once, else in the order of the
    table, the last community of each block held until its end has come."""
    if part.gathered:
        held = list(blocks(part, layout, rows, lost))
        if held:
            yield _joined(held)
        return
    held, codes, before = [], CommunityCodes(), -1
    for batch, numbers in blocks(part, layout, rows, lost):
        found = _as_before(codes.of(batch.column(layout.community)), before)
        new = np.flatnonzero(np.diff(found, prepend=before))
        if len(new):
            cut = int(new[-1])
            if held or cut:
                yield _joined([*held, (batch.slice(0, cut), numbers[:cut])])
            held = [(batch.slice(cut), numbers[cut:])]
        else:
            held.append((batch, numbers))
        before = int(found[-1]) if len(found) else before
    if held:
        yield _joined(held)


def _as_before(codes: NDArray[np.int64], before: int) -> NDArray[np.int64]:
    """A row without an id lies where the row above it does."""
    places = np.maximum.accumulate(np.where(codes >= 0, np.arange(1, len(codes) + 1), 0))
    return np.concatenate([[before], codes])[places]


def _joined(held: Sequence[NumberedRows]) -> NumberedRows:
    """Blocks one behind the other; a column that files write in different ways is text."""
    if len(held) == 1:
        return held[0]
    columns = []
    for name in held[0][0].schema.names:
        parts = [plain_type(batch.column(name)) for batch, _ in held if batch.num_rows]
        if len({part.type for part in parts}) > 1:
            parts = [text_of(part) for part in parts]
        columns.append(pa.concat_arrays(parts))
    return pa.RecordBatch.from_arrays(columns, names=held[0][0].schema.names), np.concatenate([n for _, n in held])


@dataclass(slots=True)
class _PieceSeen:
    """A piece of the table as it was looked through, and the numbers of the rows that it gave."""

    piece: TablePart
    numbers: NDArray[Any]

    @property
    def rows(self) -> int:
        return len(self.numbers)


def _looked_through(
    parts: Sequence[TablePart], layout: Layout
) -> tuple[list[_PieceSeen], CommunityCodes, NDArray[np.int64]]:
    """The pieces of a table, its communities numbered, and that of every row."""
    codes, found, seen = CommunityCodes(), [np.zeros(0, np.int64)], list[_PieceSeen]()
    before, in_file, place = 0, 0, parts[0].place if parts else None
    for piece in (piece for part in parts for piece in part.pieces()):
        if piece.place != place:
            before, in_file, place = before + in_file, 0, piece.place
        rows, skipped = 0, list[Skipped]()
        try:
            for batch in read(piece, [layout.community], layout.also, skipped=skipped):
                found.append(codes.of(batch.column(0)))
                rows += batch.num_rows
        except Refusal:
            pass  # told by the run
        in_file += piece.rows or rows + len(skipped)
        numbers = before + rows_in_file(np.arange(piece.first_row, piece.first_row + rows), skipped)
        seen.append(_PieceSeen(replace(piece, before=before), numbers))
    return seen, codes, _as_before(np.concatenate(found), -1)


def rows_of_community(parts: Sequence[TablePart], layout: Layout, row: int) -> NumberedRows | None:
    """All rows of the community that row ``row`` of the table speaks of."""
    seen, _, every = _looked_through(parts, layout)
    numbers = np.concatenate([np.zeros(0, np.int64), *(one.numbers for one in seen)])
    at = np.flatnonzero(numbers == row)
    if not len(at):
        return None
    wanted, held = numbers[every == every[at[0]]], list[NumberedRows]()
    for one in seen:
        if np.isin(one.numbers, wanted).any():
            for batch, told in blocks(one.piece, layout, BLOCK, LostRows()):
                mine = np.flatnonzero(np.isin(told, wanted))
                held.append((batch.take(pa.array(mine)), told[mine]))
    return _joined(held)


def parts_of_communities(
    parts: list[TablePart], layout: Layout, *, far: bool, folder: Path, lost: LostRows
) -> list[TablePart]:
    """Parts with whole communities in each. Where rows of one do not lie together they are gathered in ``folder``.

    Raises Refusal where workers are ``far`` and see no such folder, and without a column of communities.
    """
    if not layout.community:
        raise Refusal("表里有点位，没有“社区”这一列，不知道是哪个社区的点位", "加一列“社区编号”或“社区”")
    seen, codes, every = _looked_through(parts, layout)
    begins = np.flatnonzero(np.diff(every, prepend=-2))
    stable = not any(isinstance(part.place, Database) for part in parts)
    if stable and len(begins) == len(np.unique(every)):
        return _cut(parts, seen, begins, len(every))
    if far:
        says = "同一个社区的行不挨着，不能分给集群算" if stable else "数据库里行的次序不定，有点位的表不能分给集群算"
        raise Refusal(says, "先按社区排好序存成 .parquet，或去掉 --engine 在本机算")
    return _gathered(seen, layout, codes, every, folder, lost)


def _cut(parts: list[TablePart], seen: Sequence[_PieceSeen], begins: NDArray[Any], rows: int) -> list[TablePart]:
    """The parts, each from where a community begins in it to where one begins in a later part."""
    waiting = iter(seen)
    pieces = [[next(waiting) for _ in part.pieces()] for part in parts]
    starts = np.cumsum([0, *(sum(one.rows for one in mine) for mine in pieces)])[:-1]
    first = np.append(begins, rows)[np.searchsorted(begins, starts)]
    ends = np.append(first[1:], rows)
    found, edges = list[TablePart](), np.cumsum([0, *(one.rows for one in seen)])
    for part, start, stop in zip(parts, first.tolist(), ends.tolist(), strict=True):
        mine = [
            replace(one.piece, start=max(start - a, 0), stop=min(stop, b) - a)
            for one, a, b in zip(seen, edges[:-1].tolist(), edges[1:].tolist(), strict=True)
            if max(start, a) < min(stop, b)
        ]
        broken = [one.piece for one in pieces[len(found)] if not one.rows]
        found.append(replace(part, groups=(), sizes=(), rows=0, within=(*mine, *broken)))
    return [part for part in found if part.within]


def _gathered(
    seen: Sequence[_PieceSeen], layout: Layout, codes: CommunityCodes, every: NDArray[Any], folder: Path, lost: LostRows
) -> list[TablePart]:
    """The rows of every community together in one of several files, each small enough to be scored at once."""
    sizes = np.bincount(np.maximum(every, 0), minlength=1)
    most = max(BLOCK, len(every) // _MOST_FILES + 1)
    bucket_of = (np.cumsum(sizes) - sizes) // most
    files: dict[tuple[int, Any], tuple[Path, Any]] = {}
    held: dict[int, list[TablePart]] = {}
    before = -1
    try:
        for one in seen:
            for batch, numbers in blocks(one.piece, layout, BLOCK, lost):
                found = _as_before(codes.of(batch.column(layout.community)), before)
                before = int(found[-1]) if len(found) else before
                buckets = bucket_of[np.clip(found, 0, len(bucket_of) - 1)]
                flat = [plain_type(column) for column in batch.columns]
                flat = pa.RecordBatch.from_arrays([*flat, pa.array(numbers)], names=[*batch.schema.names, NUMBER])
                for bucket in np.unique(buckets).tolist():
                    key = (bucket, flat.schema.to_string())
                    if key not in files:
                        path = folder / f"{bucket:05}-{len(files):05}.arrow"
                        options = pa.ipc.IpcWriteOptions(compression="lz4")
                        files[key] = path, pa.ipc.new_file(str(path), flat.schema, options=options)
                        held.setdefault(bucket, []).append(TablePart(path, "arrow", numbered=True))
                    files[key][1].write(flat.take(pa.array(np.flatnonzero(buckets == bucket))))
    finally:
        for _, writer in files.values():
            writer.close()
    return [replace(pieces[0], within=tuple(pieces), gathered=True) for _, pieces in sorted(held.items())]
