"""How far the cells of an old ``.xls`` (``.et``) reach, read from its records before the native reader opens it.

The file is a container of sectors (OLE); its stream “Workbook” is a row of records, each a number, a length and data.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from typing import Final

from checklist.reading.tables.extent import Extent, Inside, NotReadable

MAX_SHEETS: Final = 1_000
MAX_ROWS: Final = 65_536
MAX_COLUMNS: Final = 256
_LAST_SECTOR: Final = 0xFFFFFFFA
_SMALL: Final = 4096
"""Streams shorter than this lie in sectors of 64 bytes inside the first entry's stream, with a table of their own."""
_SHEET, _PASSWORD, _DAYS, _END, _SIZE, _NUMBERS = 0x85, 0x2F, 0x22, 0x0A, 0x200, 0xBD
_CELLS: Final = frozenset({0x06, 0xD6, 0xFD, 0x203, 0x204, 0x205, 0x27E, _NUMBERS})


def look_into_xls(data: bytes, extent: Callable[[], Extent]) -> Inside:
    """Looks at every sheet's cells and its own word on its size. ``extent`` makes a new one. Raises TooBig, NotReadable."""
    from_1904 = False
    try:
        for stream in _workbooks(data):
            from_1904 |= any(number == _DAYS and any(said[:2]) for number, said in _records(stream, 0))
            starts = _sheets(stream)
            if len(starts) > MAX_SHEETS:
                raise NotReadable
            for start in starts:
                _look_at_sheet(stream, start, extent())
    except (struct.error, UnicodeDecodeError) as error:
        raise NotReadable from error
    return Inside(from_1904=from_1904)


def _sheets(stream: bytes) -> list[int]:
    """Where the sheets begin; none when a password locks them, which the native reader says by itself."""
    starts = []
    for number, data in _records(stream, 0):
        if number == _PASSWORD and any(data[:2]):
            return []
        if number == _SHEET:
            starts.append(struct.unpack_from("<I", data)[0])
    return starts


def _look_at_sheet(stream: bytes, start: int, extent: Extent) -> None:
    for number, data in _records(stream, start):
        if number in _CELLS:
            row, column = struct.unpack_from("<HH", data)
            last = struct.unpack("<H", data[-2:])[0] if number == _NUMBERS else column
            extent.reach(row + 1, last + 1)
        elif number == _SIZE:
            top, bottom, left, right = struct.unpack_from("<IIHH" if len(data) >= 12 else "<HHHH", data)
            if bottom and right and not (top < bottom <= MAX_ROWS and left < right <= MAX_COLUMNS):
                raise NotReadable("表格的大小写错了")


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    while at + 4 <= len(stream):
        number, length = struct.unpack_from("<HH", stream, at)
        if number == _END:
            return
        yield number, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _workbooks(data: bytes) -> Iterator[bytes]:
    """The streams that may be read as the workbook."""
    shift = struct.unpack_from("<H", data, 30)[0]
    if shift not in (9, 12) or struct.unpack_from("<I", data, 56)[0] != _SMALL:
        raise NotReadable
    sectors = [data[at : at + (1 << shift)] for at in range(1 << shift, len(data), 1 << shift)]
    table = [n for place in _table_places(data, sectors) for n in _numbers(_sector(sectors, place))]
    folder = b"".join(_chain(sectors, table, struct.unpack_from("<I", data, 48)[0]))
    for at in range(0, len(folder) - 127, 128):
        length, start, size = (
            struct.unpack_from(k, folder, at + n)[0] for k, n in (("<H", 64), ("<I", 116), ("<I", 120))
        )
        name = folder[at : at + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace").rstrip("\0").lower()
        if name in ("workbook", "book"):
            inside = (sectors, table) if size >= _SMALL else _small_sectors(data, sectors, table, folder)
            yield b"".join(_chain(*inside, start))[:size]


def _small_sectors(data: bytes, sectors: list[bytes], table: list[int], folder: bytes) -> tuple[list[bytes], list[int]]:
    together = b"".join(_chain(sectors, table, struct.unpack_from("<I", folder, 116)[0]))
    places = b"".join(_chain(sectors, table, struct.unpack_from("<I", data, 60)[0]))
    return [together[at : at + 64] for at in range(0, len(together), 64)], list(_numbers(places))


def _table_places(data: bytes, sectors: list[bytes]) -> Iterator[int]:
    """The sectors that hold the table of sectors: 109 in the head, the others in a chain of their own."""
    yield from (n for n in _numbers(data[76:512]) if n < _LAST_SECTOR)
    more = struct.unpack_from("<I", data, 68)[0]
    for _ in sectors:
        if more >= _LAST_SECTOR:
            return
        *places, more = _numbers(_sector(sectors, more))
        yield from (n for n in places if n < _LAST_SECTOR)


def _chain(sectors: list[bytes], table: list[int], at: int) -> Iterator[bytes]:
    for _ in sectors:
        if at >= _LAST_SECTOR:
            return
        yield _sector(sectors, at)
        at = table[at] if at < len(table) else _LAST_SECTOR
    if at < _LAST_SECTOR:
        raise NotReadable


def _sector(sectors: list[bytes], place: int) -> bytes:
    if place >= len(sectors):
        raise NotReadable
    return sectors[place]


def _numbers(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])
