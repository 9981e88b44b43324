"""What became of one community's gaps from one record to a later one."""

from __future__ import annotations

from checklist.model.noun import noun
from checklist.model.results.assessment import Assessment


@noun
class Progress:
    """Counts of criteria. ``closed`` fell short and now have full marks, ``found`` fall short and did not before;
    ``silent`` fell short and nobody can tell any more, or does no longer apply: neither is a gap mended."""

    before: Assessment
    closed: int
    found: int
    silent: int
