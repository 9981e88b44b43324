"""Why a finding came out as it did: every condition answered, every fact with its record."""

from __future__ import annotations

from .assessment import Finding, Remedy, Step
from .conditions import Condition
from .facts import Fact, Value
from .noun import noun
from .numbers import Span
from .state import Reading, UnknownBecause


@noun
class Answer:
    """One condition and whether it holds; ``now`` is the measured span of a limit; ``parts`` the conditions inside."""

    condition: Condition
    holds: bool | None
    now: Span | None = None
    parts: tuple[Answer, ...] = ()


@noun
class LevelAnswer:
    """One level, the ten-thousandths it earns, and the answer to its condition."""

    level: str
    points: int
    answer: Answer


@noun
class FactRecord:
    """A fact that the criterion reads, its record if there is one, and why it counts as unknown if it does."""

    fact: Fact
    reading: Reading | None
    value: Value | None
    unknown: UnknownBecause | None


@noun
class Explanation:
    """All that is to be said about one finding."""

    finding: Finding
    applies: Answer | None
    levels: tuple[LevelAnswer, ...]
    flag: Answer | None
    facts: tuple[FactRecord, ...]
    steps: tuple[Step, ...]
    remedies: tuple[Remedy, ...]
