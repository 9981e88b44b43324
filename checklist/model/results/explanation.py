"""Why a finding came out as it did: every condition answered, every fact with its record."""

from __future__ import annotations

from checklist.model.noun import noun
from checklist.model.numbers import Span
from checklist.model.results.assessment import Finding, Remedy, SiteFinding, Step
from checklist.model.rules.conditions import Condition
from checklist.model.rules.facts import Fact, Knowledge, Value
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
    points: int
    answer: TestedCondition


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
