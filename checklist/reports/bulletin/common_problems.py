"""Problems that communities share: which criteria fall short, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from checklist.model.results.assessment import Assessment, Gap
from checklist.model.rules.ruleset import Criterion


@dataclass(frozen=True, slots=True)
class Shared:
    """One criterion that falls short in these communities; ``judged`` is in how many its outcome is known."""

    criterion: Criterion
    where: tuple[tuple[Assessment, Gap], ...]
    judged: int

    @property
    def lost(self) -> int:
        return sum(gap.winnable for _, gap in self.where)

    @property
    def flagged(self) -> int:
        return sum(gap.finding.flag == "open" for _, gap in self.where)


def shared_problems(assessments: Sequence[Assessment]) -> list[Shared]:
    """Criteria by how many communities fall short: open flags first, then most communities, then most points."""
    where: dict[str, list[tuple[Assessment, Gap]]] = {}
    for assessment in assessments:
        for gap in assessment.gaps:
            where.setdefault(gap.finding.criterion.id, []).append((assessment, gap))
    judged: dict[str, int] = {}
    for assessment in assessments:
        for finding in assessment.findings:
            known = finding.outcome in ("met", "partly", "unmet")
            judged[finding.criterion.id] = judged.get(finding.criterion.id, 0) + known
    found = [
        Shared(pairs[0][1].finding.criterion, tuple(pairs), max(judged[id], len(pairs))) for id, pairs in where.items()
    ]
    return sorted(found, key=lambda s: (-s.flagged, -len(s.where), -s.lost))
