"""What a table says of one community, and what stands above the table for all its rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from checklist.model.problems import Where
from checklist.model.sites import SiteTotal
from checklist.model.state import Community, NotApplicable, Reading, Site, Slot, State
from checklist.values.cells import RawCell, words


@dataclass(frozen=True, slots=True)
class Attached:
    """A photo that a submission names; the file itself comes apart from the table. ``submission`` is the server's id
    of the submission, empty when the table has none; ``site`` the id of the site that it was taken at."""

    fact: str
    name: str
    submission: str
    by: str
    where: Where
    site: str = ""


@dataclass(slots=True)
class TableAnswers:
    """What a table says of one community. ``community`` is None when the table does not tell.

    ``readings`` and ``declared`` of a site have its id. ``sites`` are those that the table names, with nothing recorded
    in them, and ``totals`` how many there are in all; ``doubted`` are kinds whose total was written and cannot be used.
    ``base`` is the record that a form was made from. ``as_of`` is the
    day the table gives for its facts; ``undated`` are those that got that day for want of one of their own. ``beside``
    are facts of the community told on rows of sites, where another day is no later look.
    """

    community: Community | None = None
    base: State | None = None
    as_of: date | None = None
    readings: list[Reading] = field(default_factory=list)
    declared: list[NotApplicable] = field(default_factory=list)
    undated: set[Slot] = field(default_factory=set)
    beside: set[str] = field(default_factory=set)
    attached: list[Attached] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)
    totals: dict[str, SiteTotal] = field(default_factory=dict)
    doubted: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Defaults:
    """What stands above the table (填报人、填报日期) or was given with the command, for rows that leave it out."""

    by: str = ""
    on: date | None = None


def names(cell: RawCell) -> tuple[str, ...]:
    """File names or descriptions, one a line or parted by semicolons."""
    return tuple(_parts(words(cell)))


def _parts(text: str) -> Iterator[str]:
    for part in re.split(r"[\n;；]", text):
        if part.strip():
            yield part.strip()
