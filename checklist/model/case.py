"""A case (用例): given facts and the findings a rule author expects of them."""

from __future__ import annotations

from .assessment import FlagState, Outcome
from .noun import noun
from .problems import NOWHERE, Where
from .state import State


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
