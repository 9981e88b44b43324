"""The shapes of the YAML files, as pydantic sees them at the door. The JSON Schemas for editors come from here.

A shape mirrors what a person writes; ``build`` turns shapes into the nouns of ``model``. Conditions and measures are
flat on purpose: a misspelt key gives one message, not one for every member of a union.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from ..model.facts import FactType, Method, Polarity
from ..model.ruleset import Confidence, FlagKind, SourceTag, Status, Tier
from .state_shapes import Raw, RulesetId, Shape, StateShape, Text

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
CriterionId = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]*-[0-9]{2,4}$", max_length=16)]
ModuleId = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]*$", max_length=8)]
Amount = int | Decimal
Percent = Annotated[str, StringConstraints(pattern=r"^[0-9]+(\.[0-9]+)?%$")]
Quantity = Annotated[Amount | Percent, Field(union_mode="left_to_right")]


class LimitShape(Shape):
    """A threshold with a mark: ``{is: 90%, ours: true}``."""

    is_: Quantity = Field(alias="is")
    ours: bool = False


Threshold = Quantity | LimitShape


class RatioShape(Shape):
    of: Id
    to: Id
    per: Amount = 1


class ShareShape(Shape):
    of: Id
    to: Id


class MissingShape(Shape):
    required: Id
    present: Id


class MeasureShape(Shape):
    """Exactly one key."""

    fact: Id | None = None
    sum: list[Id] | None = None
    ratio: RatioShape | None = None
    share: ShareShape | None = None
    count: Id | None = None
    missing: MissingShape | None = None
    age_days: Id | None = None


class ConditionShape(MeasureShape):
    """A measure or fact with one test, or ``all`` / ``any`` / ``none`` of other conditions."""

    at_least: Threshold | None = None
    at_most: Threshold | None = None
    is_: Raw = Field(default=None, alias="is")
    one_of: list[Raw] | None = None
    contains: list[str] | None = None
    within_days: Threshold | None = None
    all: list[ConditionShape] | None = None
    any: list[ConditionShape] | None = None
    none: list[ConditionShape] | None = None
    ours: bool = False


class OptionsShape(Shape):
    """Choice options with a mark: ``{is: [leased], ours: true}``."""

    is_: list[str] = Field(alias="is")
    ours: bool = False


class SurveyShape(Shape):
    fact: Id
    at_least: dict[str, Threshold]


class JudgedShape(Shape):
    fact: Id


class DeductionShape(Shape):
    measure: MeasureShape
    points: Amount


class FlagShape(Shape):
    kind: FlagKind
    opens_when: ConditionShape | None = None


class CitationShape(Shape):
    id: str
    says: Literal["existence", "number"]
    confidence: Confidence


class CriterionShape(Shape):
    id: CriterionId
    title: Text
    requirement: Text
    methods: list[Method] = Field(min_length=1)
    points: Amount = Field(ge=0)
    tier: Tier = "full"
    status: Status = "active"
    flag: FlagKind | FlagShape | None = None
    applies_when: ConditionShape | None = None
    na_when: str = ""
    measure: MeasureShape | None = None
    at_least: dict[str, Threshold] | None = None
    at_most: dict[str, Threshold] | None = None
    met: list[ConditionShape] | None = None
    levels: dict[str, ConditionShape] | None = None
    choice: dict[str, Raw] | None = None
    survey: SurveyShape | None = None
    judged: JudgedShape | None = None
    deduct: list[DeductionShape] | None = None
    floor: Amount = 0
    evidence: list[Text] = Field(default_factory=list)
    owner: list[Text] = Field(default_factory=list)
    actions: list[Id] = Field(default_factory=list)
    keywords: list[Text] = Field(default_factory=list)
    sources: list[CitationShape] = Field(default_factory=list)
    records: list[Id] = Field(default_factory=list)


class RangeShape(Shape):
    min: Quantity | None = None
    max: Quantity | None = None


class FactShape(Shape):
    label: Text
    type: FactType
    unit: str = ""
    better: Polarity | bool | None = None
    ask: Text
    method: Method
    place: str = ""
    minutes: int = Field(ge=1, le=1000)
    valid_for_days: int = Field(ge=1, le=36500)
    range: RangeShape | None = None
    options: dict[str, Text] = Field(default_factory=dict)
    evidence: list[Text] = Field(default_factory=list)


class TimesShape(Shape):
    times: Quantity
    of: Id


class EffectShape(Shape):
    """Exactly one key."""

    equal_to: Id | None = None
    at_least: Quantity | TimesShape | None = None
    at_most: Quantity | TimesShape | None = None
    add: Amount | None = None
    include: list[str] | Literal["all"] | None = None
    include_from: Id | None = None
    today: Literal[True] | None = None


class ActionShape(Shape):
    label: Text
    sets: dict[str, Raw] = Field(min_length=1)
    effort_days: Amount = Field(ge=0, le=10000)
    cost: str
    yuan: list[int] | None = Field(default=None, min_length=2, max_length=2)
    lead_days: int = Field(ge=0, le=3650)
    owner: list[Text] = Field(min_length=1)
    needs: list[Id] = Field(default_factory=list)


class SourceShape(Shape):
    title: Text
    tag: SourceTag
    trust: Confidence
    where: str = ""
    year: int | None = None
    read: str = ""


class ModuleShape(Shape):
    id: ModuleId
    title: Text
    points: Amount = Field(ge=0)


class BandShape(Shape):
    name: Text
    at_least: Amount = Field(ge=0, le=100)


class CostShape(Shape):
    label: Text
    yuan: list[int] = Field(min_length=2, max_length=2)


class EffectiveShape(Shape):
    from_: date | None = Field(default=None, alias="from")
    to: date | None = None


class RulesetShape(Shape):
    id: RulesetId
    title: Text
    edition: Text
    effective: EffectiveShape = EffectiveShape()
    disclaimer: Text
    total_points: Amount = Field(gt=0)
    not_applicable: Literal["leaves_both_sides"]
    levels: dict[str, Quantity] = Field(min_length=1)
    bands: list[BandShape] = Field(min_length=1)
    modules: list[ModuleShape] = Field(min_length=1)
    places: dict[str, Text] = Field(default_factory=dict)
    costs: dict[str, CostShape] = Field(min_length=1)


class TailoringShape(Shape):
    """``ruleset.yaml`` of a tailoring: only what differs from the ruleset that it extends."""

    id: RulesetId
    extends: RulesetId
    title: Text
    edition: Text
    why: Text
    disclaimer: str = ""


class ReplaceShape(Shape):
    why: Text
    criterion: CriterionShape


class DropShape(Shape):
    ids: list[CriterionId] = Field(min_length=1)
    why: Text


class ChangesShape(Shape):
    replace: list[ReplaceShape] = Field(default_factory=list)
    add: list[ReplaceShape] = Field(default_factory=list)
    drop: list[DropShape] = Field(default_factory=list)


class ExpectShape(Shape):
    level: str | list[str] | None = None
    outcome: Literal["met", "partly", "unmet", "unknown", "not_applicable"] | None = None
    points: Amount | list[Amount] | None = None
    flag: Literal["open", "undecided", "clear"] | None = None


class CaseShape(Shape):
    """``given`` facts or a ``state`` file, and what each criterion must come to."""

    name: Text
    as_of: date | None = None
    given: dict[str, Raw] = Field(default_factory=dict)
    state: str = ""
    not_applicable: dict[str, str] = Field(default_factory=dict)
    expect: dict[str, Raw] = Field(min_length=1)


__all__ = ["StateShape"]
