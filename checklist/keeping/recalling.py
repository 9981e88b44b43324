"""The ledgers of one community, or of those below a folder → what people have put inspectors' words to before.

The ledger is the memory: a row that came from a problem list holds the words and the criterion that somebody chose. So it
is written under the ledger's lock, a correction there counts from then on, and what is undone is forgotten.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from checklist.engine.ledger.matching import Remembered
from checklist.model.ledger import IN_FOLDER, MARK, LedgerEntry
from checklist.model.problems import Problem
from checklist.reading.lists.ledger_file import read_ledger
from checklist.values.look_alikes import criterion_id, folded


def recalled(folder: Path, *, below: bool = False) -> tuple[tuple[Remembered, ...], tuple[Problem, ...]]:
    """Oldest first, and what is wrong in ledgers that cannot be read. ``below``: of every folder in it too."""
    told: list[tuple[date, str, int, Remembered]] = []
    problems: list[Problem] = []
    for path in sorted(folder.rglob(IN_FOLDER)) if below else [folder / IN_FOLDER]:
        ledger, wrong = read_ledger(path)
        problems += wrong if ledger is None else ()
        for at, record in enumerate(ledger.sound if ledger else ()):
            if _confirmed(record):
                remembered = Remembered(record.text("问题描述"), criterion_id(record.text("对应标准")))
                told.append((record.day("发现时间") or date.min, str(path), at, remembered))
    return tuple(one for *_, one in sorted(told, key=lambda row: row[:3])), tuple(problems)


def _confirmed(record: LedgerEntry) -> bool:
    return folded(record.text("编号")).rpartition("/")[2].startswith(MARK) and bool(record.text("问题描述"))
