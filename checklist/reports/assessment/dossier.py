"""What one report is made of: everything that the roof has worked out about one community."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from checklist.model.planning.tasks import Tasks
from checklist.model.results.assessment import Assessment
from checklist.model.results.explanation import Explanation


@dataclass(frozen=True, slots=True)
class Dossier:
    """``earlier`` is the same community before, judged by the same ruleset. ``explanations`` by criterion id and
    ``photos`` (the evidence's name → JPEG bytes) are filled only for the formats that show them. ``template`` is the
    office's own Word template."""

    assessment: Assessment
    tasks: Tasks
    earlier: Assessment | None = None
    explanations: Mapping[str, Explanation] = field(default_factory=dict)
    photos: Mapping[str, bytes] = field(default_factory=dict)
    template: bytes | None = None
