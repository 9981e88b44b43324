"""Earlier versions: before anything is replaced, what stood there goes into ``.history/``, and ``undo`` brings it back.

One entry is one act of saving: ``.history/000012/entry.json`` tells when, what and which files (with the SHA-256
before and after), and ``0.bak``, ``1.bak`` … are the files as they were. Undoing is itself an entry, so an undo can
be undone. An entry also holds the lines that it owes the journal: they are appended once the files stand, and where a
kill or a full disk came between, by whoever writes next (``writing``). Callers hold the folder's lock.
"""

from __future__ import annotations

import re
import shutil
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from checklist.files.writing import flush_folder, in_words, own_place, remove, write_atomic
from checklist.keeping import chain
from checklist.keeping.entry import (
    FOLDER,
    RECORD,
    Entry,
    Touched,
    are_ours,
    as_json,
    entries,
    hash_of,
    hash_of_file,
    home,
    newest,
    next_number,
    places,
    standing,
)
from checklist.keeping.folder import EVIDENCE, JOURNAL
from checklist.keeping.lock import WAIT_SECONDS, locked
from checklist.model.refusals import Refusal, reason
from checklist.model.regular_files import put_in_place, read_regular

KEPT: Final = 300
"""How many entries are kept; older ones are removed."""
FEWEST, ROOM = 20, 200_000_000
"""Of large files fewer are kept, as many as lie in so many bytes."""

_TEMPORARY = r"\.(\d{4}-\d\d-\d\d\.yaml|[0-9a-f]{24}\.\w{1,5}%s)-\w{8}"


class KeptIsLost(Refusal):
    """The file as it was before an entry is gone, or is not the one that the entry tells of."""


@contextmanager
def writing(folder: Path, wait: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold the folder's lock, with everything that a killed writer left put in order first.

    Raises Refusal, also where a part of the folder is a link that leads out of it.
    """
    with locked(folder, wait):
        sweep(folder)
        settle(folder)
        yield


def commit(
    folder: Path,
    writes: Mapping[str, bytes | None],
    what: str,
    at: datetime,
    undoes: int | None = None,
    told: Sequence[Mapping[str, Any]] = (),
) -> int:
    """Keep what stands, write (None removes) every file, all of them or none, then tell the journal.

    ``writes`` maps names that are ours (``are_ours``) to their new contents. Returns the entry's number. Raises
    Refusal; then nothing changed. Journal lines that find no room are owed, not lost.
    """
    if not are_ours(list(writes)):
        raise ValueError(f"history does not keep {list(writes)}")
    for name in (*writes, JOURNAL):
        own_place(folder, name)
    number = next_number(folder)
    touched = tuple(Touched(name, hash_of_file(folder / name), hash_of(data)) for name, data in writes.items())
    journal = folder / JOURNAL
    entry = Entry(number, at.isoformat(timespec="seconds"), what, touched, undoes, tuple(told), chain.tail_of(journal))
    _keep(folder, entry)
    try:
        for name, data in writes.items():
            _put(folder, name, data)
    except Refusal:
        with suppress(Refusal):  # else whoever writes next takes it back
            _take_back(folder, entry)
        raise
    with suppress(Refusal):
        chain.append(journal, told)
    size = 1 + sum(len(data) for data in writes.values() if data)
    for old in places(folder)[: -max(FEWEST, min(KEPT, ROOM // size))]:
        shutil.rmtree(old, ignore_errors=True)
    return number


def settle(folder: Path) -> None:
    """Make the last entry true: taken back when a kill came before or between its files, told when one came before
    its journal lines. Raises Refusal."""
    last = newest(folder)
    match standing(folder, last) if last else None:
        case "not done" | "half" if last:
            with suppress(KeptIsLost):  # what cannot be put back stays as it is, and stops nobody
                _take_back(folder, last)
        case "done" if last:
            journal = folder / JOURNAL
            chain.append(journal, chain.unwritten(journal, last.after, last.told))


def undoable(folder: Path, name: str = "") -> Entry | None:
    """The last act of saving (of the file ``name``) that still stands and is not itself an undo; one whose undo was
    undone stands again."""
    taken_back: set[int] = set()
    for entry in reversed(entries(folder)):
        if entry.number in taken_back or (name and name not in (file.name for file in entry.files)):
            continue
        if entry.undoes is not None:
            taken_back.add(entry.undoes)
        elif standing(folder, entry) != "not done":
            return entry
    return None


def undo(folder: Path, entry: Entry, at: datetime, *, force: bool = False) -> int:
    """Put back what stood before ``entry``. Raises Refusal unless ``force``."""
    if not force and standing(folder, entry) == "edited":
        names = "、".join(file.name for file in entry.files)
        raise Refusal(f"{names} 在那以后又改过", "撤销会丢掉后来的改动；先撤销后来那次，或加 --force")
    back: dict[str, bytes | None] = {}
    for i, file in enumerate(entry.files):
        back[file.name] = _kept(folder, entry, i)
    what = f"撤销第 {entry.number} 次：{entry.what}"
    line = {"at": at.isoformat(timespec="seconds"), "what": what, "kind": "undone", "undoes": entry.number}
    return commit(folder, back, what, at, entry.number, [line])


def _take_back(folder: Path, entry: Entry) -> None:
    """Every file as the entry found it, and the entry forgotten, unless somebody else changed one of them since."""
    if standing(folder, entry) not in ("not done", "half"):
        return
    changed = [i for i, file in enumerate(entry.files) if hash_of_file(folder / file.name) != file.before]
    back = {entry.files[i].name: _kept(folder, entry, i) for i in changed}
    for name, data in back.items():
        _put(folder, name, data)
    shutil.rmtree(home(folder, entry.number), ignore_errors=True)


def _put(folder: Path, name: str, data: bytes | None) -> None:
    path = own_place(folder, name)
    remove(path) if data is None else write_atomic(path, data)


def sweep(folder: Path) -> None:
    """Remove what a killed writer left: temporary files beside their targets (records, evidence, what the last act wrote)
    and half-made entries."""
    evidence, kept = own_place(folder, EVIDENCE), own_place(folder, FOLDER)
    last = newest(folder)
    ours = re.compile(_TEMPORARY % "".join(f"|{re.escape(file.name[:40])}" for file in (last.files if last else ())))
    for left in (*folder.glob(".*-*"), *evidence.glob(".*-*")):
        if ours.fullmatch(left.name) and not stat.S_ISDIR(left.lstat().st_mode):
            left.unlink(missing_ok=True)
    for half in kept.glob("new-*"):
        if half.is_symlink() or not half.is_dir():
            half.unlink(missing_ok=True)
        shutil.rmtree(half, ignore_errors=True)


def _kept(folder: Path, entry: Entry, i: int) -> bytes | None:
    """The ``i``-th file as it was before the entry, None where there was none. Raises KeptIsLost."""
    file, path = entry.files[i], home(folder, entry.number) / f"{i}.bak"
    if not file.before:
        return None
    try:
        data = read_regular(own_place(home(folder, entry.number), path.name))
    except Refusal as link:
        raise KeptIsLost(link.says, "留底不能用，这一次撤销不了") from None
    except OSError as error:
        raise KeptIsLost(f"{path} 打不开：{reason(error)}", "留底不在了，这一次撤销不了") from error
    if hash_of(data) != file.before:
        raise KeptIsLost(f"{path} 不是当时留的底，改过了", "这一次撤销不了")
    return data


def _keep(folder: Path, entry: Entry) -> None:
    place = home(folder, entry.number)
    making = own_place(folder, FOLDER, f"new-{entry.number:06}")
    try:
        making.mkdir(parents=True)
        for i, file in enumerate(entry.files):
            if file.before:
                write_atomic(making / f"{i}.bak", read_regular(folder / file.name))
        write_atomic(making / RECORD, as_json(entry))
        put_in_place(making, place)
        flush_folder(place.parent)
    except OSError as error:
        shutil.rmtree(making, ignore_errors=True)
        raise in_words(place.parent, error) from error
    except Refusal:
        shutil.rmtree(making, ignore_errors=True)
        raise
