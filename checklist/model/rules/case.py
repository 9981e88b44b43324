"""A case (用例): given facts and the findings a rule author expects of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from checklist.model.noun import noun
from checklist.model.problems import NOWHERE, Where
from checklist.model.results.assessment import Finding, FlagState, Outcome, Step
from checklist.model.rules.facts import Value
from checklist.model.rules.ruleset import Criterion
from checklist.model.rules.scales import Rung
from checklist.model.state import State


@noun
class Expectation:
    """What one criterion must come to; what is None is not compared. ``levels`` and ``points`` are (low, high)."""

    criterion: str
    levels: tuple[str | None, str | None] | None = None
    outcome: Outcome | None = None
    points: tuple[int, int] | None = None
    flag: FlagState | None = None
    where: Where = NOWHERE


@noun
class Whole:
    """What a whole community must come to: score and coverage as printed, verdict, band range."""

    score: tuple[str, str] | None = None
    coverage: str | None = None
    verdict: str | None = None
    bands: tuple[str, str] | None = None
    where: Where = NOWHERE


@noun
class Case:
    """Given facts and what is expected of them."""

    name: str
    state: State
    expects: tuple[Expectation, ...]
    whole: Whole | None = None
    where: Where = NOWHERE


@noun
class Mismatch:
    """One expectation that did not come true: the words compared, expected and got."""

    case: Case
    criterion: str
    what: str
    expected: str
    got: str
    where: Where


@noun
class Failure:
    """One criterion of one case that came out otherwise: what differs, what it came to, and the level that tells why.

    ``rung`` is the level that was expected and not reached (``step``: what blocks it), or that was reached all the
    same. ``criterion`` is None for a mismatch of the whole community.
    """

    case: Case
    mismatches: tuple[Mismatch, ...]
    criterion: Criterion | None = None
    finding: Finding | None = None
    rung: Rung | None = None
    step: Step | None = None
    values: Mapping[str, Value] = field(default_factory=dict)


@noun
class Untouched:
    """A level or threshold that some record reaches and no case does."""

    criterion: str
    what: str
    where: Where


@noun
class Survivor:
    """A changed rule that every case lets pass although some record would tell it from the real one."""

    criterion: str
    says: str
    where: Where


@noun
class CaseSurvey:
    """``made`` counts the mutants tried, ``equal`` those that no record at all can tell from the rule."""

    untouched: tuple[Untouched, ...]
    survivors: tuple[Survivor, ...]
    made: int = 0
    equal: int = 0
