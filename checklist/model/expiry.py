"""When a recorded value stops counting: the one place that decides it. Days are whole; the last day still counts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from checklist.model.noun import noun
from checklist.model.rules.facts import Fact, Value

SOON_DAYS: Final = 7
"""What is told ahead of time, unless another span is asked for: what expires within a week."""


def days_left(fact: Fact, age: Any) -> Any:
    """For how many more days something ``age`` days old vouches for a fact: below 0 it has expired. Ages may be a
    column of whole numbers; then so is the answer."""
    return fact.valid_for_days - age


@noun
class Expiry:
    """A recorded value and for how many ``days`` it still counts after the day looked from, as ``days_left`` tells;
    ``site`` is the name of the site where it was recorded, empty for the community."""

    fact: Fact
    value: Value
    on: date
    days: int
    site: str = ""

    @property
    def label(self) -> str:
        return f"{self.site}{self.fact.label}"

    @property
    def last_day(self) -> date:
        return self.on + timedelta(days=self.fact.valid_for_days)

    @property
    def expired(self) -> bool:
        return self.days < 0
