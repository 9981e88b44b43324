"""One problem of an inspection's list, and several that a person made one of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from checklist.model.problems import Where
from checklist.values.headings import JOIN, ListColumn


@dataclass(frozen=True, slots=True)
class Spotted:
    """One problem that an inspection wrote down. ``adopted``, ``fact`` and ``value`` are what a person confirmed.

    ``term`` is the time limit in the list's own words, ``due`` the day that it names, if it names one; ``lasting`` that it
    means none. ``whole`` is the line that the problem is a part of, ``parts`` those that it was put together from; ``more``
    are the columns that nobody knows, by heading.
    """

    text: str
    point: str
    photo: str
    owner: str
    community: str
    on: date | None
    by: str
    term: str
    adopted: str
    fact: str
    value: str
    where: Where
    places: Mapping[ListColumn, Where] = field(default_factory=dict)
    due: date | None = None
    lasting: bool = False
    person: str = ""
    measure: str = ""
    note: str = ""
    whole: str = ""
    parts: tuple[str, ...] = ()
    more: Mapping[str, str] = field(default_factory=dict)

    def at(self, column: ListColumn) -> Where:
        """The cell of a column, the problem's own where the list has no such column."""
        return self.places.get(column, self.where)


def put_together(spotted: Sequence[Spotted]) -> tuple[Spotted, ...]:
    """Rows that a person put back to the one above are one problem again; the first has nothing above it."""
    found: list[Spotted] = []
    for one in spotted:
        if one.adopted != JOIN or not found:
            found.append(one)
            continue
        last = found[-1]
        parts = (*(last.parts or (last.text,)), one.text)
        whole = last.whole if last.whole and last.whole == one.whole and _is_whole(parts, last.whole) else ""
        found[-1] = replace(last, text=whole or "；".join(parts), parts=parts, whole="" if whole else last.whole)
    return tuple(found)


def _is_whole(parts: Sequence[str], whole: str) -> bool:
    """Whether nothing of a line is missing from its parts but the marks between them."""
    rest = whole
    for part in parts:
        rest = rest.replace(part, "", 1)
    return not rest.strip(" 、，,；;。\n\t")
