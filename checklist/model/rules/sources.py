"""Sources (依据): the documents that criteria rest on, how old each is, and the bodies that have been renamed since."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final, Literal, TypeAlias

from checklist.model.noun import noun
from checklist.model.problems import NOWHERE, Where

Confidence: TypeAlias = Literal["high", "medium", "low"]
SourceTag: TypeAlias = Literal["N", "O", "P", "L", "T", "S", "G"]
Says: TypeAlias = Literal["existence", "number"]
SourceStanding: TypeAlias = Literal["superseded", "out_of_force", "unchecked", "undated", "current"]
"""What a source is worth on a day; the first that holds."""

YEARS_UNCHECKED: Final = 3
"""A source that nobody has looked up for longer may say something else by now."""


@noun
class Source:
    """A document that a criterion rests on. ``tag``: N national, O other national, P provincial, L local, T template,
    S the seed report, G general knowledge.

    ``published`` is its day; ``year`` stands where only that is known. ``checked_on`` is the day it was last looked up,
    ``in_force_until`` the last day that it holds, ``superseded_by`` the id of the source that took its place, ``note``
    what a reader should know before he relies on it.
    """

    id: str
    title: str
    tag: SourceTag
    trust: Confidence
    found_at: str = ""
    year: int | None = None
    read: str = ""
    where: Where = NOWHERE
    published: date | None = None
    checked_on: date | None = None
    in_force_until: date | None = None
    superseded_by: str = ""
    note: str = ""

    @property
    def general(self) -> bool:
        """General knowledge: there is nothing to look up."""
        return self.tag == "G"

    @property
    def released(self) -> date | None:
        """Its day, or the last day of its year: never older than it is."""
        return self.published or (date(self.year, 12, 31) if self.year else None)

    @property
    def due(self) -> date | None:
        """When it is to be looked up again; None for what was never dated."""
        last = self.checked_on or self.released
        return None if last is None else years_later(last, YEARS_UNCHECKED)

    @property
    def age_when_checked(self) -> int | None:
        """Full years from its release to the day it was last looked up; None where either is not known."""
        if self.released is None or self.checked_on is None:
            return None
        years = self.checked_on.year - self.released.year
        return max(0, years - ((self.checked_on.month, self.checked_on.day) < (self.released.month, self.released.day)))

    def standing(self, today: date) -> SourceStanding:
        if self.superseded_by:
            return "superseded"
        if self.in_force_until is not None and self.in_force_until < today:
            return "out_of_force"
        if self.due is None:
            return "current" if self.general else "undated"
        return "unchecked" if self.due < today else "current"


def years_later(day: date, years: int) -> date:
    """The same day so many years on; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


@noun
class Citation:
    """What one source supports: that the requirement exists, or the number in it.

    ``tag`` is the kind of text that is meant where it is not the source's own: a local paper that hands on the
    national text.
    """

    source: str
    says: Says
    confidence: Confidence
    tag: SourceTag | None = None

    def kind(self, sources: Mapping[str, Source]) -> SourceTag:
        return self.tag or sources[self.source].tag


@noun
class RenamedBody:
    """An institution (机构) that is gone or has handed a task on: ``now`` answers since ``since``.

    With ``about`` it is gone only for what names one of these words, such as 志愿 for the 文明办.
    """

    name: str
    now: str
    since: date
    about: tuple[str, ...] = ()
    source: str = ""
