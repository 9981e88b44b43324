"""What records of several communities, held side by side, give occasion to ask (交叉核对). Questions, never verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final, Literal, TypeAlias

from checklist.model.rules.facts import Fact, Value
from checklist.model.state import Community

AskedBecause: TypeAlias = Literal["differs", "copied", "jumped", "perfect"]
ASKED: Final[tuple[AskedBecause, ...]] = ("differs", "copied", "jumped", "perfect")


@dataclass(frozen=True, slots=True)
class Question:
    """``differs``: a number that the whole ``area`` has once, and each of the ``said`` values with who gives it.
    ``copied``: ``same`` of the ``of`` figures that several communities all have are alike.
    ``jumped``: a figure went from one value to another between two ``days``.
    ``perfect``: all ``same`` criteria that were checked are met, at this ``coverage``."""

    because: AskedBecause
    communities: tuple[Community, ...]
    fact: Fact | None = None
    area: str = ""
    said: tuple[tuple[Value, tuple[Community, ...]], ...] = ()
    days: tuple[date, ...] = ()
    same: int = 0
    of: int = 0
    coverage: Fraction = Fraction(0)
