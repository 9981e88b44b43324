"""What ``.history/`` knows of one act of saving: ``entry.json``.

A folder may have come from somebody else, history and all. An entry is believed only where it could be ours: in the
place that its number has, naming files that history itself writes. Any other is passed over, and ``unreadable`` says so.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

from checklist.keeping.folder import FORM, HEAD, README
from checklist.model.ledger import IN_FOLDER
from checklist.model.regular_files import read_regular

FOLDER: Final = ".history"
RECORD: Final = "entry.json"
_PLACE: Final = re.compile(r"\d{6,12}")
_HASH: Final = re.compile(r"(?:[0-9a-f]{64})?")
_OURS: Final = re.compile("|".join([r"\d{4}-\d\d-\d\d\.yaml", *map(re.escape, (HEAD, IN_FOLDER, README, FORM))]))
"""The names of files that history writes, all of them in the folder itself."""
_LEDGER: Final = re.compile(r"[^./\\:\x00-\x1f\x7f][^/\\:\x00-\x1f\x7f]*\.(?:csv|ya?ml)", re.IGNORECASE)
"""A ledger has the name that an office gave it."""


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


def are_ours(names: Sequence[str]) -> bool:
    """Whether one act of saving may have written these: files of a community, or one ledger and nothing beside it."""
    alone = len(names) == 1 and _LEDGER.fullmatch(names[0]) is not None
    return alone or all(_OURS.fullmatch(name) for name in names)


def entries(folder: Path) -> tuple[Entry, ...]:
    """Everything saved in this folder, oldest first."""
    return tuple(entry for place in places(folder) if (entry := _read(place)) is not None)


def unreadable(folder: Path) -> tuple[str, ...]:
    """What lies among the entries and is none of ours, or was changed since."""
    believed = {home(folder, entry.number).name for entry in entries(folder)}
    return tuple(sorted({path.name for path in (folder / FOLDER).glob("[0-9]*")} - believed))


def newest(folder: Path) -> Entry | None:
    """The last act of saving."""
    return next((entry for place in reversed(places(folder)) if (entry := _read(place)) is not None), None)


def next_number(folder: Path) -> int:
    """A number whose place is free, after every other."""
    number = max((int(place.name) for place in places(folder)), default=0) + 1
    while os.path.lexists(home(folder, number)):
        number += 1
    return number


def places(folder: Path) -> list[Path]:
    """Where entries stand, oldest first, believed or not."""
    listed = (folder / FOLDER).glob("[0-9]*")
    return sorted((p for p in listed if _PLACE.fullmatch(p.name) and not p.is_symlink()), key=lambda p: int(p.name))


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
    return json.dumps(told, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def _read(place: Path) -> Entry | None:
    """None where any part of it is not as we write it."""
    try:
        told = json.loads(read_regular(place / RECORD))
        files = tuple(Touched(*(_text(f[key]) for key in ("name", "before", "after"))) for f in told["files"])
        owed = told.get("journal") or {"after": "", "lines": ()}
        lines, after = tuple(map(dict, owed["lines"])), _text(owed["after"])
        entry = Entry(told["number"], _text(told["at"]), _text(told["what"]), files, told["undoes"], lines, after)
        datetime.fromisoformat(entry.at)
        return entry if _could_be_ours(entry, place) else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _could_be_ours(entry: Entry, place: Path) -> bool:
    names = [file.name for file in entry.files]
    return (
        type(entry.number) is int
        and type(entry.undoes) in (int, type(None))
        and place == home(place.parent.parent, entry.number)
        and len(set(names)) == len(names)
        and are_ours(names)
        and all(_HASH.fullmatch(told) for file in entry.files for told in (file.before, file.after))
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def hash_of(data: bytes | None) -> str:
    return "" if data is None else hashlib.sha256(data).hexdigest()


def home(folder: Path, number: int) -> Path:
    return folder / FOLDER / f"{number:06}"


def hash_of_file(path: Path) -> str:
    """A question mark where a link stands or what cannot be read: it is neither what was there nor what was written."""
    try:
        return "?" if path.is_symlink() else hash_of(read_regular(path))
    except FileNotFoundError:
        return ""
    except OSError:
        return "?"
