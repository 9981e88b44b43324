"""A ledger file, a community's or one that a whole office shares: read again under its folder's lock, then changed."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from checklist.keeping import history
from checklist.model.ledger import IN_FOLDER, Ledger
from checklist.model.problems import FilesHaveProblems, Problem
from checklist.reading.lists.ledger_file import read_ledger
from checklist.reports.ledger.ledger_files import ledger_csv, ledger_yaml

PATIENCE: Final = 120.0
"""Seconds that a writer waits for the others who share the ledger; each needs one or two."""

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
    told: Sequence[Mapping[str, Any]] = (),
    wait: float = PATIENCE,
) -> Revised:
    """Read the ledger under the lock, change it and write it, so that no other writer's rows are lost; what stood there
    can be undone (``history``). ``told`` goes into the folder's journal. A link is followed: all who share a file have to
    meet at one lock.

    Raises FilesHaveProblems when the file cannot be used, Refusal when it cannot be written. Then nothing changed.
    """
    home = Path(os.path.realpath(file))
    with history.writing(home.parent, wait):
        ledger, problems = opened(home)
        ledger = change(ledger)
        data = as_bytes(home, ledger)
        if home.exists() and home.read_bytes() == data and not told:
            return Revised(ledger, None, problems)
        what = what or ("更新整改台账" if home.name == IN_FOLDER else f"更新台账 {home.name}")
        return Revised(ledger, history.commit(home.parent, {home.name: data}, what, at, told=told), problems)


def as_bytes(file: Path, ledger: Ledger) -> bytes:
    return ledger_csv(ledger) if file.suffix.lower() == ".csv" else ledger_yaml(ledger)
