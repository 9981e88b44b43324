"""The shapes of the sites of a record; apart from the others, since most records have none and a start must be quick."""

from __future__ import annotations

from pydantic import Field

from checklist.reading.records.state_shapes import (
    Day,
    DefectShape,
    NotApplicableShape,
    Raw,
    ShortText,
    SiteId,
    StrictShape,
)


class SiteShape(StrictShape):
    id: SiteId
    kind: str
    name: ShortText
    opened: Day | None = None
    closed: Day | None = None
    facts: dict[str, Raw] = {}
    not_applicable: dict[str, NotApplicableShape] = {}
    defects: dict[str, list[DefectShape]] = {}


class TotalShape(StrictShape):
    count: int = Field(ge=0, le=1_000_000)
    reason: str = ""
