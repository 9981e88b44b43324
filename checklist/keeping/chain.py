"""An append-only file of JSON lines, each carrying the SHA-256 of the line before it.

A line that was altered, taken out or put in later breaks the chain at that place. The last line's own hash
(链尾) is the only thing that the file cannot prove by itself: write it down elsewhere to seal all before it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from checklist.files.writing import NO_LINK, SHARED, in_words, own_place, write_atomic
from checklist.model.refusals import Refusal, reason
from checklist.model.regular_files import read_regular

PREVIOUS: Final = "prev"


@dataclass(frozen=True, slots=True)
class Chain:
    """``broken`` are the numbers (from 1) of lines that do not follow the line before them or cannot be read."""

    entries: tuple[Mapping[str, Any], ...] = ()
    tail: str = ""
    broken: tuple[int, ...] = ()


def append(path: Path, entries: Iterable[Mapping[str, Any]]) -> None:
    """Add entries and flush them to disk. The caller holds the folder's lock.

    A last line without its newline is what a killed writer left: it was never confirmed and is cut off first.
    Raises Refusal and leaves the file as it was when the disk is full; also where the file is a link.
    """
    own_place(path.parent, path.name)
    whole = _whole(path)
    data = b"".join(line + b"\n" for line in _linked(entries, _tail(whole)))
    if not data:
        return
    end = sum(len(line) + 1 for line in whole)
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | NO_LINK | getattr(os, "O_BINARY", 0), SHARED)
    except OSError as error:
        raise in_words(path, error) from error
    try:
        if os.fstat(handle).st_nlink > 1:  # the file has another name elsewhere, which is not to grow with it
            write_atomic(path, b"".join(line + b"\n" for line in whole) + data)
            return
        os.ftruncate(handle, end)
        os.lseek(handle, end, os.SEEK_SET)
        with open(handle, "wb", closefd=False) as file:
            file.write(data)
        os.fsync(handle)
    except OSError as error:
        _cut(handle, end)
        raise in_words(path, error) from error
    finally:
        os.close(handle)


def tail_of(path: Path) -> str:
    """What the next line will carry: the hash of the last whole line, empty for an empty chain."""
    return _tail(_whole(path))


def unwritten(path: Path, after: str, entries: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """Those of ``entries`` that a killed writer still owes, who began to append them when the tail was ``after``.

    None where they all stand, and none where the chain has gone on, or was altered, since.
    """
    whole, lines = _whole(path), _linked(entries, after)
    for count in range(len(lines)):
        if whole[-count:] == lines[:count] if count else _tail(whole) == after:
            return entries[count:]
    return ()


def read_chain(path: Path) -> Chain:
    """Every whole line and whether the chain holds. A file that is not there is an empty chain."""
    entries: list[Mapping[str, Any]] = []
    broken: list[int] = []
    tail = ""
    for number, line in enumerate(_whole(path), 1):
        entry = _entry(line)
        if entry is None or entry.get(PREVIOUS) != tail:
            broken.append(number)
        entries.append(entry or {})
        tail = _hash(line)
    return Chain(tuple(entries), tail, tuple(broken))


def _entry(line: bytes) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return entry if isinstance(entry, dict) else None


def _whole(path: Path) -> list[bytes]:
    """The lines that end in a newline."""
    try:
        data = read_regular(path)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise Refusal(f"{path} 打不开：{reason(error)}", "看看是不是正被别的程序占用") from error
    return data.split(b"\n")[:-1]


def _linked(entries: Iterable[Mapping[str, Any]], tail: str) -> list[bytes]:
    """The entries as lines, the first of them following the line whose hash is ``tail``."""
    lines = []
    for entry in entries:
        line = json.dumps({**entry, PREVIOUS: tail}, ensure_ascii=False, separators=(",", ":"))
        lines.append(line.encode("utf-8", "replace"))  # a file's name need not be UTF-8
        tail = _hash(lines[-1])
    return lines


def _tail(whole: Sequence[bytes]) -> str:
    return _hash(whole[-1]) if whole else ""


def _cut(handle: int, end: int) -> None:
    try:
        os.ftruncate(handle, end)
    except OSError:
        return  # the next append cuts it


def _hash(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()
