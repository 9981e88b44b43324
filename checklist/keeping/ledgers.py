"""A ledger file, a community's or one that a whole office shares: read again under its folder's lock, then changed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from checklist.files.writing import own_place, write_atomic
from checklist.keeping import history
from checklist.keeping.accepting import accept_all
from checklist.model.ledger import IN_FOLDER, Ledger
from checklist.model.problems import FilesHaveProblems, Problem
from checklist.reading.lists.ledger_file import read_ledger
from checklist.reports.ledger.ledger_files import ledger_csv, ledger_yaml

PATIENCE: Final = 120.0
"""Seconds that a writer waits for the others who share the ledger; each needs one or two."""

TOLD: Final = (
    *("提交时间", "提交人", "整改情况", "整改前后照片", "退回次数", "退回原因"),
    *("销号时间", "销号人", "反弹时间", "不适用时间"),
)
"""The columns of which the journal tells every change: who reported, sent back and closed what, and when."""
PHOTOS: Final = "整改照片"
NAMED_BY: Final = 24
"""Digits of a photo's SHA-256 that its name has."""

Revise = Callable[[Ledger], Ledger]
"""What is to become of a ledger, whatever others have written into it meanwhile."""


@dataclass(frozen=True, slots=True)
class Revised:
    """``entry`` is the number to undo, None where the file already says all of it; ``problems`` are those of the file."""

    ledger: Ledger
    entry: int | None
    problems: tuple[Problem, ...]


def opened(file: Path) -> tuple[Ledger, tuple[Problem, ...]]:
    """A ledger to look at, and the problems of single rows. Raises FilesHaveProblems when it cannot be used."""
    ledger, problems = read_ledger(file)
    if ledger is None:
        raise FilesHaveProblems(problems)
    return ledger, problems


def revise(
    file: Path,
    change: Revise,
    at: datetime,
    *,
    what: str = "",
    by: str = "",
    wait: float = PATIENCE,
) -> Revised:
    """Read the ledger under the lock, change it and write it, so that no other writer's rows are lost; what stood there
    can be undone (``history``), and who said what about whose record is in the folder's journal (``TOLD``). A folder may be
    reached by a link, the file itself may be none: what travels must not say where something is written.

    Raises FilesHaveProblems when the file cannot be used, Refusal when it cannot be written. Then nothing changed.
    """
    home = own_place(Path(os.path.realpath(file.parent)), file.name)
    with history.writing(home.parent, wait):
        before, problems = opened(home)
        ledger = change(before)
        told = tuple(_told(home.name, before, ledger, at, by))
        data = as_bytes(home, ledger)
        if home.exists() and home.read_bytes() == data:
            return Revised(ledger, None, problems)
        what = what or ("更新整改台账" if home.name == IN_FOLDER else f"更新台账 {home.name}")
        return Revised(ledger, history.commit(home.parent, {home.name: data}, what, at, told=told), problems)


def _told(name: str, before: Ledger, after: Ledger, at: datetime, by: str) -> Iterator[Mapping[str, Any]]:
    known = {record.text("编号"): record for record in before.sound}
    for record in after.sound:
        was = known.get(record.text("编号"))
        if was is None or was is record:
            continue
        changed = {column: record.text(column) for column in TOLD if record.text(column) != was.text(column)}
        if changed:
            stamp = {"at": at.isoformat(timespec="seconds"), "what": "台账", "kind": "ledger", "ledger": name}
            yield {**stamp, "id": record.text("编号"), **({"by": by} if by else {}), "changed": changed}


def keep_photos(file: Path, photos: Iterable[Path]) -> dict[Path, str]:
    """Copies beside the ledger, without the place where they were taken, each under a name made of its content; gives the
    name that the ledger writes. Raises FilesHaveProblems for what is no picture, Refusal where there is no room."""
    home = own_place(Path(os.path.realpath(file.parent)), PHOTOS)
    found: dict[Path, str] = {}
    for one in accept_all(photos, location=False):
        home.mkdir(exist_ok=True)
        name = (
            f"{hashlib.sha256(one.data).hexdigest()[:NAMED_BY]}.{one.look.kind or one.path.suffix.lower().lstrip('.')}"
        )
        place = own_place(home, name)
        if not place.exists():
            write_atomic(place, one.data)
        found[one.path] = f"{PHOTOS}/{name}"
    return found


def as_bytes(file: Path, ledger: Ledger) -> bytes:
    return ledger_csv(ledger) if file.suffix.lower() == ".csv" else ledger_yaml(ledger)
