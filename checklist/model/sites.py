"""What a record says of its sites beside their facts: how many there are in all, and what was seen wrong where."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from checklist.model.noun import noun
from checklist.model.problems import NOWHERE, Where


@noun
class SiteTotal:
    """How many sites of one kind a community has; ``reason`` says why there is none."""

    count: int
    reason: str = ""
    where: Where = NOWHERE


@noun
class RecordedDefect:
    """One thing seen wrong (问题点): ``place`` and ``what`` in the words of who saw it, ``photo`` a file's name.

    It is open from the day it was ``found`` until before the day it was ``closed``.
    """

    id: str
    found: date
    place: str = ""
    what: str = ""
    photo: str = ""
    closed: date | None = None
    where: Where = NOWHERE

    def open_on(self, day: date) -> bool:
        return self.found <= day and (self.closed is None or day < self.closed)


def open_defects(defects: Iterable[RecordedDefect], day: date) -> int:
    """How many are open on ``day``."""
    return sum(defect.open_on(day) for defect in defects)
