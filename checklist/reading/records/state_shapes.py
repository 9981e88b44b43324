"""The shape of a state file, apart from the shapes of rules: building these few is all that most runs need."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from checklist.model.days import is_day, written_day
from checklist.model.problems import NotAValue

RulesetId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$", max_length=64)]
ShortText = Annotated[str, StringConstraints(min_length=1, max_length=500)]
Day = Annotated[date, BeforeValidator(lambda raw: _day(raw))]
Raw = Annotated[Any, WithJsonSchema({"description": "值：数字、95%、true/false、选项、选项列表或日期"})]

SiteId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=64)]


def _day(raw: Any) -> Any:
    """A day in any of its spellings; the reason why it is none goes through pydantic as it stands."""
    if isinstance(raw, bool) or not isinstance(raw, int | str | Decimal | date) or is_day(raw):
        return raw
    try:
        return written_day(str(raw))
    except NotAValue as reason:
        told = {"says": reason.says, "hint": reason.hint}
        raise PydanticCustomError(reason.code, "{says}", told) from None


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
    on: Day | None = None
    by: str = ""
    note: Annotated[str, StringConstraints(max_length=20000)] = ""
    evidence: list[str] = Field(default_factory=list)


class NotApplicableShape(StrictShape):
    reason: ShortText
    until: Day | None = None


class DefectShape(StrictShape):
    id: SiteId
    found: Day
    where: str = ""
    what: str = ""
    photo: str = ""
    closed: Day | None = None


class StateShape(StrictShape):
    community: CommunityShape
    ruleset: RulesetId
    as_of: Day
    facts: dict[str, Raw] = {}
    not_applicable: dict[str, NotApplicableShape] = {}
    total: dict[str, Raw] = {}
    sites: list[Raw] = []
    defects: dict[str, list[DefectShape]] = {}
