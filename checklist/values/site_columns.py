"""The sheets of a form that have a column for each site: how they are headed, and words that stand for one of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from checklist.model.state import Site
from checklist.values.headings import FORM_HEADINGS, column_of
from checklist.values.look_alikes import folded

BEFORE: Final = "上次"
"""Heads the column of what was recorded, before that of each site."""

UNCHANGED: Final = "不变"
"""Written in a site's cell: it is as it was recorded, and was seen again."""

_UNCHANGED: Final = frozenset({UNCHANGED, "没变", "没变化", "同上次", "仍然如此"})


def says_unchanged(text: str) -> bool:
    return folded(text) in _UNCHANGED


def site_headings(sites: Sequence[Site]) -> dict[str, Site]:
    """Heading → site: its name, with the id behind it where the name alone would not tell."""
    names = Counter(folded(site.name) for site in sites)

    def clear(name: str) -> bool:
        return names[folded(name)] == 1 and column_of(name) is None and name not in (*FORM_HEADINGS, BEFORE)

    return {site.name if clear(site.name) else f"{site.name}（{site.id}）": site for site in sites}


def addressed(parts: Iterable[str], headings: Mapping[str, Site]) -> dict[str, list[str]]:
    """Words by the id of the site that stands before their colon; under an empty id those that are for every site."""
    by_heading = {folded(heading): site.id for heading, site in headings.items()}
    found: dict[str, list[str]] = {}
    for part in parts:
        name, colon, rest = part.replace(":", "：", 1).partition("：")
        id = by_heading.get(folded(name)) if colon else None
        found.setdefault(id or "", []).append(rest.strip() if id else part)
    return found
