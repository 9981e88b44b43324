"""Which records of a ledger are wanted, and in which order a person should see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from checklist.model.ledger import LedgerEntry, LedgerStatus
from checklist.values.look_alikes import folded

ORDER: Final[tuple[LedgerStatus, ...]] = (
    *("relapsed", "overdue", "submitted", "doing", "open"),
    *("not_applicable", "closed", "rechecked"),
)


@dataclass(frozen=True, slots=True)
class LedgerChoice:
    """Records that say one of each kind of words; no words of a kind ask for nothing. ``due`` leaves what is open and due
    by that day, late or not."""

    streets: tuple[str, ...] = ()
    communities: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    statuses: tuple[LedgerStatus, ...] = ()
    severities: tuple[str, ...] = ()
    due: date | None = None


def chosen(
    records: Iterable[LedgerEntry], choice: LedgerChoice, today: date, words: Mapping[str, str]
) -> tuple[LedgerEntry, ...]:
    """Those that are wanted. A place or a unit is known by a part of its name (湖滨 for 湖滨街道); ``words`` names the
    severities."""

    def wanted(record: LedgerEntry) -> bool:
        due = record.day("时限")
        return (
            _says(choice.streets, (record.text("街道"),))
            and _says(choice.communities, (record.text("社区"), record.text("编号").partition("/")[0]))
            and _says(choice.owners, (*record.units, record.text("责任人")))
            and (not choice.statuses or record.status(today) in choice.statuses)
            and (not choice.severities or (record.text("严重程度") or words[""]) in choice.severities)
            and (choice.due is None or (record.open and due is not None and due <= choice.due))
        )

    return tuple(filter(wanted, records))


def _says(words: Iterable[str], texts: Iterable[str]) -> bool:
    told = [folded(text) for text in texts]
    words = [folded(word) for word in words]
    return not words or any(word in text for word in words for text in told)


def urgent_first(records: Iterable[LedgerEntry], today: date, words: Mapping[str, str]) -> tuple[LedgerEntry, ...]:
    """Red lines and vetoes that are overdue, then what came back, then what else is overdue, then the rest: the gravest
    and what is due soonest first. Records that are closed or set aside are last. ``words`` names the severities."""
    gravity = {words["veto"]: 0, words["redline"]: 1}

    def rank(record: LedgerEntry) -> tuple[int, int, int, int, str]:
        status, due = record.status(today), record.day("时限") or date.max
        place, grave = ORDER.index(status), gravity.get(record.text("严重程度"), 2)
        back = record.open and record.day("反弹时间") is not None
        late = record.late(today)
        group = 4 if not record.open else 0 if late and grave < 2 else 1 if back else 2 if late else 3
        day = due.toordinal()
        first, second = (place, day) if group == 4 else (day, grave) if back else (grave, day)
        return group, first, second, place, record.text("编号")

    return tuple(sorted(records, key=rank))
