"""What ``.history/`` knows of one act of saving: ``entry.json``."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

FOLDER: Final = ".history"
RECORD: Final = "entry.json"


@dataclass(frozen=True, slots=True)
class Touched:
    """One file of an entry. A hash is empty where there was no file."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """``undoes`` is the number of the entry that this one took back; ``told`` are its journal lines, ``after`` the
    journal's tail before them."""

    number: int
    at: str
    what: str
    files: tuple[Touched, ...]
    undoes: int | None = None
    told: tuple[Mapping[str, Any], ...] = ()
    after: str = ""


def entries(folder: Path) -> tuple[Entry, ...]:
    """Everything saved in this folder, oldest first."""
    found = (_read(path / RECORD) for path in sorted((folder / FOLDER).glob("[0-9]*")))
    return tuple(entry for entry in found if entry is not None)


def newest(folder: Path) -> Entry | None:
    """The last act of saving."""
    listed = sorted((folder / FOLDER).glob("[0-9]*"))
    return _read(listed[-1] / RECORD) if listed else None


def next_number(folder: Path) -> int:
    return max((int(p.name) for p in (folder / FOLDER).glob("[0-9]*") if p.name.isdecimal()), default=0) + 1


def standing(folder: Path, entry: Entry) -> Literal["done", "half", "not done", "edited"]:
    """Whether the files are as the entry left them, as it found them (a kill, or undone), some so and some so, or
    neither."""
    now = {file.name: hash_of_file(folder / file.name) for file in entry.files}
    if all(now[file.name] == file.after for file in entry.files):
        return "done"
    if all(now[file.name] == file.before for file in entry.files):
        return "not done"
    return "half" if all(now[file.name] in (file.before, file.after) for file in entry.files) else "edited"


def as_json(entry: Entry) -> bytes:
    files = [{"name": f.name, "before": f.before, "after": f.after} for f in entry.files]
    told: dict[str, Any] = {
        "number": entry.number,
        "at": entry.at,
        "what": entry.what,
        "undoes": entry.undoes,
        "files": files,
    }
    told["journal"] = {"after": entry.after, "lines": entry.told}
    return json.dumps(told, ensure_ascii=False, indent=1).encode("utf-8")


def _read(path: Path) -> Entry | None:
    try:
        told = json.loads(path.read_bytes())
        files = tuple(Touched(str(f["name"]), str(f["before"]), str(f["after"])) for f in told["files"])
        owed = told.get("journal") or {"after": "", "lines": ()}
        lines, after = tuple(map(dict, owed["lines"])), str(owed["after"])
        return Entry(int(told["number"]), str(told["at"]), str(told["what"]), files, told["undoes"], lines, after)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def hash_of(data: bytes | None) -> str:
    return "" if data is None else hashlib.sha256(data).hexdigest()


def home(folder: Path, number: int) -> Path:
    return folder / FOLDER / f"{number:06}"


def hash_of_file(path: Path) -> str:
    try:
        return hash_of(path.read_bytes())
    except FileNotFoundError:
        return ""
