"""Why a finding came out as it did: every condition answered, every fact with its record."""

from __future__ import annotations

from checklist.model.noun import noun
from checklist.model.numbers import Number, Span
from checklist.model.results.assessment import Finding, Remedy, SiteFinding, Step
from checklist.model.rules.conditions import Condition
from checklist.model.rules.facts import Fact, Knowledge, Value
from checklist.model.rules.scales import Deduction, DeductionGroup, Taken
from checklist.model.sites import RecordedDefect
from checklist.model.state import Reading, UnknownBecause


@noun
class TestedCondition:
    """One condition and whether it holds; ``now`` is the measured span of a limit; ``parts`` the conditions inside."""

    condition: Condition
    holds: bool | None
    now: Span | None = None
    parts: tuple[TestedCondition, ...] = ()


@noun
class LevelAnswer:
    """One level, the ten-thousandths it earns, and the answer to its condition."""

    level: str
    points: Number
    answer: TestedCondition


@noun
class ItemAnswer:
    """One item of a scale that counts items, or a group of them with a cap of its own.

    ``taken`` are the ten-thousandths that it takes off (or earns) at least and at most, ``count`` how often it counts;
    ``answer`` is that of the condition which counts it once.
    """

    part: Deduction | DeductionGroup
    taken: Taken
    count: Span | None = None
    answer: TestedCondition | None = None
    parts: tuple[ItemAnswer, ...] = ()


@noun
class FactRecord:
    """A fact that the criterion reads, its record if there is one, and why it counts as unknown if it does."""

    fact: Fact
    reading: Reading | None
    value: Value | None
    unknown: UnknownBecause | None
    defects: tuple[RecordedDefect, ...] = ()


@noun
class Explanation:
    """All that is to be said about one finding; ``known`` and ``at`` say where its conditions were asked."""

    finding: Finding
    applies: TestedCondition | None
    levels: tuple[LevelAnswer, ...]
    flag: TestedCondition | None
    facts: tuple[FactRecord, ...]
    steps: tuple[Step, ...]
    remedies: tuple[Remedy, ...]
    known: Knowledge
    at: SiteFinding | None = None
    items: tuple[ItemAnswer, ...] = ()
