"""The shape of a state file, apart from the shapes of rules: building these few is all that most runs need."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema

RulesetId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$", max_length=64)]
ShortText = Annotated[str, StringConstraints(min_length=1, max_length=500)]
Raw = Annotated[Any, WithJsonSchema({"description": "值：数字、95%、true/false、选项、选项列表或日期"})]


class StrictShape(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, populate_by_name=False)


class CommunityShape(StrictShape):
    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=64)]
    name: ShortText
    city: str = ""
    district: str = ""
    street: str = ""
    group: str = ""
    invented: bool = False


class SampleShape(StrictShape):
    agree: int = Field(ge=0)
    asked: int = Field(ge=1)


class ReadingShape(StrictShape):
    value: Raw = None
    sample: SampleShape | None = None
    unknown: str | None = None
    on: date | None = None
    by: str = ""
    note: Annotated[str, StringConstraints(max_length=20000)] = ""
    evidence: list[str] = Field(default_factory=list)


class NotApplicableShape(StrictShape):
    reason: ShortText
    until: date | None = None


class StateShape(StrictShape):
    community: CommunityShape
    ruleset: RulesetId
    as_of: date
    facts: dict[str, Raw] = {}
    not_applicable: dict[str, NotApplicableShape] = {}
