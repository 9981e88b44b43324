"""Whose record is not the one that was sent: a later file that could not be read, or mistakes in the one that was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from checklist.files.picking import pick
from checklist.model.days import written_day
from checklist.model.problems import NotAValue, Problem
from checklist.model.results.comparison import SOUND, RecordFaults


@dataclass(frozen=True, slots=True)
class Unread:
    """By community's id what speaks against its record; and the files of which nobody can say whose they are."""

    faults: dict[str, RecordFaults]
    nobodys: tuple[Path, ...]

    def of(self, id: str) -> RecordFaults:
        return self.faults.get(id, SOUND)


def unread(files: Iterable[Path], problems: Iterable[Problem], records: Iterable[tuple[str, date, str]]) -> Unread:
    """``files`` yielded nothing; ``records`` are the latest of each community: its id, own day and file.

    A file belongs to the community that alone has its records in the same folder, and is a later one unless the day
    that it is named after says that it is not.
    """
    wrong = Counter(problem.where.file for problem in problems if not problem.is_advice)
    found, homes = {}, dict[Path, list[tuple[str, date]]]()
    for id, day, file in records:
        homes.setdefault(pick(Path(file))[0].parent, []).append((id, day))
        if wrong[file]:
            found[id] = RecordFaults(mistakes=wrong[file])
    nobodys = []
    for path in files:
        here = homes.get(path.parent, [])
        if len(here) != 1:
            nobodys.append(path)
        elif (named := _day(path)) is None or named > here[0][1]:
            found[here[0][0]] = RecordFaults(path.name, found.get(here[0][0], SOUND).mistakes)
    return Unread(found, tuple(nobodys))


def unread_files(files: Iterable[Path], read: Iterable[str]) -> list[Path]:
    """Those in which none of the records that were ``read`` stands."""
    whole = {pick(Path(file))[0] for file in read}
    return [file for file in files if file not in whole]


def _day(path: Path) -> date | None:
    try:
        return None if path.stem.isdecimal() else written_day(path.stem)
    except NotAValue:
        return None
