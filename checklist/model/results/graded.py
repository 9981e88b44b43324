"""One criterion where it is graded: in the community, or at one of its sites."""

from __future__ import annotations

from typing import Literal, TypeAlias

from checklist.model.noun import noun
from checklist.model.results.assessment import Finding
from checklist.model.rules.ruleset import Criterion
from checklist.model.rules.site_kinds import SiteKind
from checklist.model.state import Site


@noun
class GradedAt:
    """``site`` is None for the community itself."""

    criterion: Criterion
    site: Site | None = None

    @property
    def key(self) -> str:
        """``ENV-10``, ``ENV-10#a``: what it is called in a ledger and in JSON, whatever the site's name is today."""
        return f"{self.criterion.id}#{self.site.id}" if self.site else self.criterion.id


@noun
class Seen:
    """What a day's record says of a graded criterion. ``finding`` is None once the site does not count any more.

    ``opens`` says that a gap seen here for the first time is one of this place: one of the community is not while
    each of its sites that falls short has its own.
    """

    graded: GradedAt
    finding: Finding | None
    opens: bool = True


SiteNews: TypeAlias = Literal["opened", "listed", "closed", "dropped", "renamed", "divided", "undivided", "total"]


@noun
class SiteEvent:
    """What became of a site, or of all of a kind (``site`` None), between two records.

    ``opened`` counts since a day between them, ``listed`` was there before and nobody had listed it; ``closed`` does
    not count any more, ``dropped`` was simply left out. ``before`` and ``after`` are names, or how many there are in all.
    """

    news: SiteNews
    kind: SiteKind
    site: Site | None = None
    before: str = ""
    after: str = ""
