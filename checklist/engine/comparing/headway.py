"""Two assessments of one community → Headway: gaps mended, gaps found, and gaps of which nothing is said any more."""

from __future__ import annotations

from checklist.engine.comparing.places import full
from checklist.model.results.assessment import Assessment
from checklist.model.results.difference import Headway


def headway(before: Assessment, after: Assessment) -> Headway:
    """Both by one ruleset; a criterion that only one of them has counts as not short in the other."""
    was = {f.criterion.id for f in before.findings if f.short}
    now = {f.criterion.id for f in after.findings if f.short}
    mended = {f.criterion.id for f in after.findings if full(f)}
    return Headway(before, closed=len(was & mended), found=len(now - was), silent=len(was - now - mended))
