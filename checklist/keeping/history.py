"""Earlier versions: before anything is replaced, what stood there goes into ``.history/``, and ``undo`` brings it back.

One entry is one act of saving: ``.history/000012/entry.json`` tells when, what and which files (with the SHA-256
before and after), and ``0.bak``, ``1.bak`` … are the files as they were. Undoing is itself an entry, so an undo can
be undone. Callers hold the folder's lock.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

from ..writing import CannotWrite, in_words, write_atomic

FOLDER: Final = ".history"
KEPT: Final = 300
"""How many entries are kept; older ones are removed."""

_RECORD: Final = "entry.json"


@dataclass(frozen=True, slots=True)
class Touched:
    """One file of an entry. A hash is empty where there was no file."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """``undoes`` is the number of the entry that this one took back."""

    number: int
    at: str
    what: str
    files: tuple[Touched, ...]
    undoes: int | None = None


class EditedSince(CannotWrite):
    """A file was changed by hand after the entry; undoing would lose that."""


def commit(folder: Path, writes: Mapping[str, bytes | None], what: str, at: datetime, undoes: int | None = None) -> int:
    """Keep what stands, then write (None removes) each file, each whole or not at all. Returns the entry's number.

    ``writes`` maps a name in the folder to its new content. Raises CannotWrite.
    """
    sweep(folder)
    number = max((entry.number for entry in entries(folder)), default=0) + 1
    touched = tuple(Touched(name, _hash_file(folder / name), _hash(data)) for name, data in writes.items())
    _keep(folder, Entry(number, at.isoformat(timespec="seconds"), what, touched, undoes))
    for name, data in writes.items():
        if data is None:
            (folder / name).unlink(missing_ok=True)
        else:
            write_atomic(folder / name, data)
    for old in sorted((folder / FOLDER).glob("[0-9]*"))[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    return number


def entries(folder: Path) -> tuple[Entry, ...]:
    """Everything saved in this folder, oldest first."""
    found = (_read(path / _RECORD) for path in sorted((folder / FOLDER).glob("[0-9]*")))
    return tuple(entry for entry in found if entry is not None)


def standing(folder: Path, entry: Entry) -> Literal["done", "not done", "edited"]:
    """Whether the files are as the entry left them, as it found them (a kill, or undone), or neither."""
    now = {file.name: _hash_file(folder / file.name) for file in entry.files}
    if all(now[file.name] == file.after for file in entry.files):
        return "done"
    return "not done" if all(now[file.name] == file.before for file in entry.files) else "edited"


def undoable(folder: Path) -> Entry | None:
    """The last act of saving that still stands and is not itself an undo."""
    listed = entries(folder)
    taken_back = {e.undoes for e in listed if e.undoes is not None}
    for entry in reversed(listed):
        if entry.undoes is None and entry.number not in taken_back and standing(folder, entry) != "not done":
            return entry
    return None


def undo(folder: Path, entry: Entry, at: datetime, *, force: bool = False) -> int:
    """Put back what stood before ``entry``. Raises EditedSince unless ``force``."""
    if not force and standing(folder, entry) == "edited":
        names = "、".join(file.name for file in entry.files)
        raise EditedSince(f"{names} 在那以后又改过", "撤销会丢掉后来的改动；先撤销后来那次，或加 --force")
    back: dict[str, bytes | None] = {}
    for i, file in enumerate(entry.files):
        back[file.name] = (folder / FOLDER / f"{entry.number:06}" / f"{i}.bak").read_bytes() if file.before else None
    return commit(folder, back, f"撤销第 {entry.number} 次：{entry.what}", at, undoes=entry.number)


def sweep(folder: Path) -> None:
    """Remove what a killed writer left: temporary files beside their targets and half-made entries."""
    for kind in ("yaml", "csv"):
        for left in folder.glob(f".*.{kind}-*"):
            left.unlink(missing_ok=True)
    for half in (folder / FOLDER).glob("new-*"):
        shutil.rmtree(half, ignore_errors=True)


def _keep(folder: Path, entry: Entry) -> None:
    home = folder / FOLDER
    making = home / f"new-{entry.number:06}"
    try:
        making.mkdir(parents=True)
        for i, file in enumerate(entry.files):
            if file.before:
                write_atomic(making / f"{i}.bak", (folder / file.name).read_bytes())
        write_atomic(making / _RECORD, json.dumps(_told(entry), ensure_ascii=False, indent=1).encode("utf-8"))
        os.rename(making, home / f"{entry.number:06}")
    except OSError as error:
        shutil.rmtree(making, ignore_errors=True)
        raise in_words(home, error) from error
    except CannotWrite:
        shutil.rmtree(making, ignore_errors=True)
        raise


def _told(entry: Entry) -> dict[str, Any]:
    files = [{"name": f.name, "before": f.before, "after": f.after} for f in entry.files]
    return {"number": entry.number, "at": entry.at, "what": entry.what, "undoes": entry.undoes, "files": files}


def _read(path: Path) -> Entry | None:
    try:
        told = json.loads(path.read_bytes())
        files = tuple(Touched(str(f["name"]), str(f["before"]), str(f["after"])) for f in told["files"])
        return Entry(int(told["number"]), str(told["at"]), str(told["what"]), files, told["undoes"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _hash(data: bytes | None) -> str:
    return "" if data is None else hashlib.sha256(data).hexdigest()


def _hash_file(path: Path) -> str:
    try:
        return _hash(path.read_bytes())
    except FileNotFoundError:
        return ""
