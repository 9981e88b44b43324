"""The shapes of the criteria's YAML, as pydantic sees them at the door. The JSON Schemas for editors come from here.

A shape mirrors what a person writes; ``build`` turns shapes into the nouns of ``model``. Conditions and measures are
flat on purpose: a misspelt key gives one message, not one for every member of a union.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema

from checklist.model.rules.counts import StepKind
from checklist.model.rules.facts import Method
from checklist.model.rules.ruleset import FlagKind, Status, Tier
from checklist.model.rules.site_kinds import Over
from checklist.model.rules.sources import Confidence, Says, SourceTag
from checklist.reading.records.state_shapes import Raw, ShortText, StrictShape
from checklist.values.bare_words import each_named

PLAIN_ID: Final = r"^[a-z][a-z0-9_]*$"
PlainId = Annotated[
    str,
    StringConstraints(max_length=64),
    WithJsonSchema({"type": "string", "pattern": PLAIN_ID, "maxLength": 64}),
]
"""An id that is looked up among those declared: who writes the Chinese label instead is told the id."""
Named = Annotated[list[ShortText], BeforeValidator(each_named)]
"""People and words, one an item: ``[物业、社区]`` are two."""
CriterionId = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]*-[0-9]{2,4}$", max_length=16)]
ModuleId = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]*$", max_length=8)]
Amount = int | Decimal
Percent = Annotated[str, StringConstraints(pattern=r"^[0-9]+(\.[0-9]+)?%$")]
Quantity = Annotated[Amount | Percent, Field(union_mode="left_to_right")]
Parts = Annotated[str, StringConstraints(pattern=r"^[0-9]+/[1-9][0-9]*$")]
Coefficient = Annotated[Amount | Percent | Parts, Field(union_mode="left_to_right")]


class LimitShape(StrictShape):
    """A threshold with a mark, or with points of its own: ``{is: 90%, ours: true}``, ``{is: 80%, points: 9}``."""

    is_: Quantity = Field(alias="is")
    ours: bool = False
    points: Amount | None = None


Threshold = Quantity | LimitShape


class RatioShape(StrictShape):
    of: PlainId
    to: PlainId
    per: Amount = 1


class ShareShape(StrictShape):
    of: PlainId
    to: PlainId


class MissingShape(StrictShape):
    required: PlainId
    present: PlainId


class MeasureShape(StrictShape):
    """Exactly one key."""

    fact: PlainId | None = None
    sum: list[PlainId] | None = None
    ratio: RatioShape | None = None
    share: ShareShape | None = None
    count: PlainId | None = None
    missing: MissingShape | None = None
    age_days: PlainId | None = None


class ConditionShape(MeasureShape):
    """A measure or fact with one test, or ``all`` / ``any`` / ``none`` of other conditions."""

    at_least: Threshold | None = None
    at_most: Threshold | None = None
    more_than: Threshold | None = None
    less_than: Threshold | None = None
    is_: Raw = Field(default=None, alias="is")
    one_of: list[Raw] | None = None
    contains: list[str] | None = None
    within_days: Threshold | None = None
    all: list[ConditionShape] | None = None
    any: list[ConditionShape] | None = None
    none: list[ConditionShape] | None = None
    of: list[ConditionShape] | None = None
    ours: bool = False


class RungShape(ConditionShape):
    """The condition of one level, with points of its own if it has them."""

    points: Amount | None = None


class OptionsShape(StrictShape):
    """Choice options with a mark, or with points of their own: ``{is: [leased], ours: true}``."""

    is_: list[str] = Field(alias="is")
    ours: bool = False
    points: Amount | None = None


class SurveyShape(StrictShape):
    fact: PlainId
    at_least: dict[str, Threshold]


class JudgedShape(StrictShape):
    fact: PlainId


class DeductionShape(MeasureShape):
    """One item: a measure for each, a condition (``when``), a shortfall or an excess; or a group with a cap (``of``)."""

    measure: MeasureShape | None = None
    when: ConditionShape | None = None
    short_of: Threshold | None = None
    below: Threshold | None = None
    over: Threshold | None = None
    each: Quantity | None = None
    steps: StepKind = "full"
    points: Amount | None = None
    at_most: Amount | None = None
    whole: bool = False
    because: ShortText | None = None
    of: list[DeductionShape] | None = None


class ProportionShape(StrictShape):
    """Full points from ``full_at`` on, in proportion below it."""

    measure: MeasureShape
    full_at: Quantity


class FlagShape(StrictShape):
    kind: FlagKind
    opens_when: ConditionShape | None = None


class CitationShape(StrictShape):
    id: str
    says: Says
    confidence: Confidence
    tag: SourceTag | None = None


_TEXT: Final = {"type": "string", "minLength": 1}
_ELSE: Final = {"description": "上面这句没说的时候才说的：一句，或一串分句", "type": ["string", "object", "array"]}
_CLAUSE: Final = [_TEXT, {"type": "object", "additionalProperties": _TEXT, "properties": {"else": _ELSE}}]
Phrase = Annotated[Any, WithJsonSchema({"anyOf": [*_CLAUSE, {"type": "array", "items": {"anyOf": _CLAUSE}}]})]
"""A text, ``fact: text`` with ``else``, or a list of both; read in ``criteria``."""


class PhrasesShape(StrictShape):
    met: Phrase = None
    unmet: Phrase = None


class CriterionShape(StrictShape):
    id: CriterionId
    title: ShortText
    requirement: ShortText
    methods: list[Method] = Field(min_length=1)
    points: Amount = Field(ge=0)
    tier: Tier = "full"
    status: Status = "active"
    per: PlainId | None = None
    over: Over | None = None
    flag: FlagKind | FlagShape | None = None
    applies_when: ConditionShape | None = None
    na_when: str = ""
    measure: MeasureShape | None = None
    at_least: dict[str, Threshold] | None = None
    at_most: dict[str, Threshold] | None = None
    met: list[ConditionShape] | None = None
    ours: list[str] = Field(default_factory=list)
    levels: dict[str, RungShape] | None = None
    choice: dict[str, Raw] | None = None
    survey: SurveyShape | None = None
    judged: JudgedShape | None = None
    deduct: list[DeductionShape] | None = None
    earn: list[DeductionShape] | None = None
    proportional: ProportionShape | None = None
    floor: Amount = 0
    coefficients: dict[str, Coefficient] | None = None
    not_applicable: Literal["leaves_both_sides", "full_points"] = "leaves_both_sides"
    evidence: list[ShortText] = Field(default_factory=list)
    owner: Named = Field(default_factory=list)
    actions: list[PlainId] = Field(default_factory=list)
    keywords: Named = Field(default_factory=list)
    sources: list[CitationShape] = Field(default_factory=list)
    records: list[PlainId] = Field(default_factory=list)
    notes: list[ShortText] = Field(default_factory=list)
    supersedes: list[CriterionId] = Field(default_factory=list)
    phrases: PhrasesShape | None = None
