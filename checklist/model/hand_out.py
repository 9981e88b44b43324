"""A 交办单 and what comes back on it: the columns, and a code by which an altered number is known."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias

from checklist.model.ledger import LedgerEntry
from checklist.model.problems import NOWHERE, Where

NUMBER, CODE, LEADS = "编号", "核对码", "牵头单位"
DONE, AFTER, FINISHED, HANDLER = "整改情况", "整改后照片", "完成日期", "经办人"
ReturnKind: TypeAlias = Literal["new", "same", "older", "sent_back", "closed"]
"""What a return is to the ledger: taken, known already, older than what is known, sent back before, too late."""
ANSWERS: Final = (DONE, AFTER, FINISHED, HANDLER)
"""The columns that the unit fills in (回执)."""
_LETTERS: Final = "ACDEFHJKLMNPRTUX"


@dataclass(frozen=True, slots=True)
class Return:
    """One answered row. ``finished`` is None where no day stands; ``photos`` are names of files."""

    number: str
    code: str
    done: str
    photos: tuple[str, ...]
    finished: date | None
    handler: str
    where: Where = NOWHERE


def code_of(record: LedgerEntry) -> str:
    """Four letters that belong to this number and this finding: another number does not fit them. No digits: a
    spreadsheet makes a number of 91e2."""
    told = "\0".join(record.text(column) for column in (NUMBER, "发现时间", "问题描述"))
    return "".join(
        _LETTERS[byte % len(_LETTERS)] for byte in hashlib.sha256(told.encode("utf-8", "replace")).digest()[:4]
    )
