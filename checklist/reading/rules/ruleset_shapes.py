"""The shapes of everything beside the criteria: facts, actions, sources, the head, tailorings and cases."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from checklist.model.rules.facts import FactType, Method, Polarity, TraceKind
from checklist.model.rules.ruleset import FlagKind, ModuleKind
from checklist.model.rules.sources import Confidence, SourceTag
from checklist.reading.records.state_shapes import Day, Raw, RulesetId, ShortText, StrictShape
from checklist.reading.rules.criterion_shapes import (
    PLAIN_ID,
    Amount,
    Coefficient,
    CriterionShape,
    ModuleId,
    Named,
    PlainId,
    Quantity,
)

KindId = Annotated[str, StringConstraints(pattern=PLAIN_ID, max_length=64)]


class RangeShape(StrictShape):
    min: Quantity | None = None
    max: Quantity | None = None


class TraceShape(StrictShape):
    kind: TraceKind
    over_days: int | None = Field(default=None, ge=1, le=3660)


class FactShape(StrictShape):
    label: ShortText
    type: FactType
    unit: str = ""
    better: Polarity | bool | None = None
    ask: ShortText
    method: Method
    place: str = ""
    minutes: int = Field(ge=1, le=1000)
    valid_for_days: int = Field(ge=1, le=36500)
    range: RangeShape | None = None
    options: dict[str, ShortText] = Field(default_factory=dict)
    evidence: list[ShortText] = Field(default_factory=list)
    part_of: PlainId | None = None
    none_is: Raw = None
    serves: Literal["sites"] | None = None
    trace: TraceShape | None = None


class TimesShape(StrictShape):
    times: Quantity
    of: PlainId


class EffectShape(StrictShape):
    """Exactly one key."""

    equal_to: PlainId | None = None
    at_least: Quantity | TimesShape | None = None
    at_most: Quantity | TimesShape | None = None
    add: Amount | None = None
    include: list[str] | Literal["all"] | None = None
    include_from: PlainId | None = None
    today: Literal[True] | None = None


class ActionShape(StrictShape):
    label: ShortText
    sets: dict[str, Raw] = Field(min_length=1)
    effort_days: Amount = Field(ge=0, le=10000)
    cost: str
    yuan: list[int] | None = Field(default=None, min_length=2, max_length=2)
    lead_days: int = Field(ge=0, le=3650)
    owner: Named = Field(min_length=1)
    needs: list[PlainId] = Field(default_factory=list)
    once: bool | None = None


class SourceShape(StrictShape):
    title: ShortText
    tag: SourceTag
    trust: Confidence
    where: str = ""
    year: int | None = None
    read: str = ""
    published: Day | None = None
    checked_on: Day | None = None
    in_force_until: Day | None = None
    superseded_by: str = ""
    note: str = ""


class ModuleShape(StrictShape):
    id: ModuleId
    title: ShortText
    points: Amount = Field(ge=0)
    kind: ModuleKind = "ordinary"
    counts: bool = False


class BandShape(StrictShape):
    name: ShortText
    at_least: Amount = Field(ge=0, le=100)
    each_module: Amount = Field(default=0, ge=0, le=100)
    modules: dict[ModuleId, Annotated[Amount, Field(ge=0, le=100)]] = Field(default_factory=dict)
    without: list[FlagKind] = Field(default_factory=list)


class CostShape(StrictShape):
    label: ShortText
    yuan: list[int] = Field(min_length=2, max_length=2)


class SiteKindShape(StrictShape):
    label: ShortText
    places: list[str] = Field(default_factory=list)


class RenamedBodyShape(StrictShape):
    now: ShortText
    since: Day
    about: list[ShortText] = Field(default_factory=list)
    source: str = ""


class EffectiveShape(StrictShape):
    from_: Day | None = Field(default=None, alias="from")
    to: Day | None = None


class RulesetShape(StrictShape):
    id: RulesetId
    title: ShortText
    edition: ShortText
    effective: EffectiveShape = EffectiveShape()
    disclaimer: ShortText
    total_points: Amount = Field(gt=0)
    not_applicable: Literal["leaves_both_sides"]
    levels: dict[str, Coefficient] = Field(min_length=1)
    bands: list[BandShape] = Field(min_length=1)
    modules: list[ModuleShape] = Field(min_length=1)
    places: dict[str, ShortText] = Field(default_factory=dict)
    site_kinds: dict[KindId, SiteKindShape] = Field(default_factory=dict)
    costs: dict[str, CostShape] = Field(min_length=1)
    bodies: dict[ShortText, RenamedBodyShape] = Field(default_factory=dict)
    notes: list[ShortText] = Field(default_factory=list)


class ModuleTitleShape(StrictShape):
    id: ModuleId
    title: ShortText


class TailoringShape(StrictShape):
    """``ruleset.yaml`` of a tailoring: only what differs from the ruleset that it extends."""

    id: RulesetId
    extends: RulesetId
    title: ShortText
    edition: ShortText
    why: ShortText
    disclaimer: str = ""
    levels: dict[str, Coefficient] = Field(default_factory=dict)
    bands: list[BandShape] = Field(default_factory=list)
    modules: list[ModuleTitleShape] = Field(default_factory=list)


class AddShape(StrictShape):
    why: ShortText
    criterion: CriterionShape


class ReplaceShape(AddShape):
    of: str = ""


class ChangeShape(StrictShape):
    """Some keys of one criterion; all others stay as they are in the ruleset beneath."""

    id: ShortText
    why: ShortText
    to: dict[str, Raw] = Field(min_length=1)


class DropShape(StrictShape):
    ids: list[ShortText] = Field(min_length=1)
    why: ShortText


class ChangesShape(StrictShape):
    change: list[ChangeShape] = Field(default_factory=list)
    replace: list[ReplaceShape] = Field(default_factory=list)
    add: list[AddShape] = Field(default_factory=list)
    drop: list[DropShape] = Field(default_factory=list)


class ExpectShape(StrictShape):
    level: str | list[str] | None = None
    outcome: Literal["met", "partly", "unmet", "unknown", "not_applicable"] | None = None
    points: Amount | Annotated[list[Amount], Field(min_length=2, max_length=2)] | None = None
    flag: Literal["open", "undecided", "clear"] | None = None


class CaseShape(StrictShape):
    """``given`` facts or a ``state`` file, and what each criterion must come to."""

    name: ShortText
    as_of: Day | None = None
    given: dict[str, Raw] = Field(default_factory=dict)
    state: str = ""
    not_applicable: dict[str, str] = Field(default_factory=dict)
    total: dict[str, Raw] = Field(default_factory=dict)
    sites: list[Raw] = Field(default_factory=list)
    expect: dict[str, Raw] = Field(min_length=1)
