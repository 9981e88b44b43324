"""What a day's assessment says of every place where a ledger may have an entry: of the community, and of its sites."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from checklist.engine.comparing.places import seen
from checklist.engine.scoring.gaps import site_gaps
from checklist.engine.scoring.sites import Bench
from checklist.model.results.assessment import Assessment, Finding, Gap
from checklist.model.results.graded import GradedAt


@dataclass(frozen=True, slots=True)
class LedgerLook:
    """``finding`` is None once the site does not count any more, ``gap`` where nothing surely falls short; only where it
    ``opens`` is a gap entered that has no entry yet, or taken for one that came back."""

    graded: GradedAt
    finding: Finding | None
    gap: Gap | None
    opens: bool


def looks(assessment: Assessment) -> Iterator[LedgerLook]:
    """Of criteria with gaps first, the costliest gap before the others; of each the community, then its sites."""
    bench = Bench(assessment.ruleset, assessment.state)
    gaps = {gap.finding.criterion.id: gap for gap in assessment.gaps}
    order = {id: place for place, id in enumerate(gaps)}
    at_sites: dict[str, dict[str, Gap]] = {}
    for one in sorted(seen(assessment), key=lambda one: order.get(one.graded.criterion.id, len(order))):
        criterion, site = one.graded.criterion.id, one.graded.site
        if site is None:
            gap = gaps.get(criterion)
            at_sites = {criterion: site_gaps(bench, one.finding)} if one.finding else {}
        else:
            gap = at_sites[criterion].get(site.id)
        yield LedgerLook(one.graded, one.finding, gap, one.opens)
