"""What became of criteria from one edition to the next (沿革): renamed, split, merged."""

from __future__ import annotations

from typing import Literal, TypeAlias

from checklist.model.noun import noun
from checklist.model.results.assessment import Finding
from checklist.model.rules.ruleset import Criterion

LineageKind: TypeAlias = Literal["renamed", "split", "merged", "regrouped"]


@noun
class Lineage:
    """Criteria of an earlier ruleset and those of a later one that took their place."""

    before: tuple[Criterion, ...]
    after: tuple[Criterion, ...]

    @property
    def kind(self) -> LineageKind:
        if len(self.before) == len(self.after) == 1:
            return "renamed"
        return "split" if len(self.before) == 1 else "merged" if len(self.after) == 1 else "regrouped"


@noun
class Regrouping:
    """What split or merged criteria came to on either side: only the sums can be compared."""

    lineage: Lineage
    before: tuple[Finding, ...]
    after: tuple[Finding, ...]
