"""Records of communities with sites, as files and as states of a ruleset of one criterion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from textwrap import indent

from checklist.model.rules.ruleset import Ruleset
from checklist.model.sites import SiteTotal
from checklist.model.state import Community, Reading, Site, State

FACT, CRITERION = "dead_corners", "ENV-10"
"""A criterion of the shipped rules that is graded per estate: no dead corner is full marks, nine are nothing."""


def narrow(ruleset: Ruleset) -> Ruleset:
    """The shipped ruleset with that criterion only."""
    return replace(ruleset, criteria=(ruleset.criterion(CRITERION),))


def state_of(
    ruleset: Ruleset, day: date, sites: Mapping[str, str] | None, unlisted: int = 0, alone: str = "?"
) -> State:
    """``0`` nothing found, ``1`` something found, ``?`` not recorded, ``x`` closed; ``sites`` None: a record without
    sites, of which ``alone`` says the same."""
    state = State(Community("jia", "甲社区"), ruleset.id, day, readings(alone, day))
    if sites is None:
        return state
    listed = tuple(
        Site(id, "estate", f"{id} 区", readings(what, day), closed=day if what == "x" else None)
        for id, what in sites.items()
    )
    count = sum(what != "x" for what in sites.values()) + unlisted
    return replace(state, readings={}, sites=listed, totals={"estate": SiteTotal(count, "" if count else "都拆了")})


def readings(what: str, day: date) -> dict[str, Reading]:
    return {FACT: Reading(FACT, 9 * int(what), day)} if what in "01" else {}


def sited_file(
    path: Path, day: str, sites: str, total: int, *, id: str = "jia", name: str = "甲社区", more: str = ""
) -> Path:
    """``sites`` is the YAML under ``sites:``, ``more`` further keys of the record."""
    path.parent.mkdir(parents=True, exist_ok=True)
    head = f"community: {{id: {id}, name: {name}, street: 湖滨街道}}\nruleset: civilized-city-community\nas_of: {day}\n"
    body = f"total: {{estate: {total}}}\nsites:\n{indent(sites, '  ')}\n{more}\n" if sites else f"{more}\n"
    path.write_text(head + body, encoding="utf-8")
    return path
