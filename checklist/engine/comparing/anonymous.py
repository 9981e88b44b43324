"""Names replaced by stable codes (匿名): the same community has the same code in every run with the same key."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from checklist.model.results.comparison import RecordFaults, Standing
from checklist.model.state import Community

DIGITS: Final = 6
"""Hexadecimal digits of a code; more where two communities of one comparison would share one."""


def anonymous(standings: Sequence[Standing], key: str = "") -> list[Standing]:
    """Community, street and district as codes; city, file and day of record names gone; the group stays.

    Without a key anyone who can guess an id can work out its code.
    """
    places = codes((s.community.id for s in standings), key, "社区")
    streets = codes((f"{s.community.district}/{s.community.street}" for s in standings), key, "街道")
    return [
        replace(s, community=_hidden(s.community, places, streets), file="", faults=_unnamed(s.faults))
        for s in standings
    ]


def _unnamed(faults: RecordFaults) -> RecordFaults:
    """A file may be called after its community."""
    return replace(faults, unread="一份" if faults.unread else "")


def codes(names: Iterable[str], key: str, kind: str) -> dict[str, str]:
    """A code for each name; digits are added until all differ."""
    wanted = sorted(set(names))
    digests = {n: hmac.new(key.encode(), f"{kind}/{n}".encode(), hashlib.sha256).hexdigest() for n in wanted}
    digits = DIGITS
    while len({digest[:digits] for digest in digests.values()}) < len(wanted):
        digits += 1
    return {name: f"{kind}{digest[:digits].upper()}" for name, digest in digests.items()}


def _hidden(community: Community, places: dict[str, str], streets: dict[str, str]) -> Community:
    code = places[community.id]
    street = streets[f"{community.district}/{community.street}"] if community.street else ""
    return Community(code, code, street=street, group=community.group, invented=community.invented)
