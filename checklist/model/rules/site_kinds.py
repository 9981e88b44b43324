"""Kinds of site (点位类别) and which facts lie at one: what a ruleset says about the places that inspectors draw."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final, Literal, Protocol, TypeAlias

from checklist.model.noun import noun

Over: TypeAlias = Literal["mean", "worst", "sum"]
"""How the sites of a criterion make one result: the mean, the worst one, or one grading of their facts added up."""

COMMUNITY: Final = "community"
"""Written instead of a kind: graded in the community, wherever its facts are checked."""


@noun
class SiteKind:
    """One kind of site; ``places`` are the places to check that lie inside such a site."""

    id: str
    label: str
    places: tuple[str, ...] = ()


class PerSite(Protocol):
    """What is asked of a criterion here."""

    @property
    def per(self) -> str: ...
    @property
    def facts(self) -> tuple[str, ...]: ...
    @property
    def records(self) -> tuple[str, ...]: ...


def kinds_of(criteria: Iterable[PerSite], served: Collection[str]) -> dict[str, str]:
    """Fact → kind of site for every fact of a criterion graded per site, but those ``served`` by the community.

    A fact that is only recorded with such a criterion lies there too, unless a criterion of the community grades it.
    """
    found: dict[str, str] = {}
    counted = list(criteria)
    for criterion in counted:
        if criterion.per:
            found |= {fact: found.get(fact, criterion.per) for fact in criterion.facts if fact not in served}
    community = {fact for c in counted if not c.per for fact in (*c.facts, *c.records)}
    for criterion in counted:
        if criterion.per:
            kept = (f for f in criterion.records if f not in served and f not in community)
            found |= {fact: found.get(fact, criterion.per) for fact in kept}
    return found
