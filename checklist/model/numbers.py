"""Exact numbers: points in whole ten-thousandths, measured numbers as fractions, spans that contain the truth."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final, TypeAlias

from checklist.model.noun import noun

POINT: Final = 10_000
"""One point. Points are integers of 1/10,000 point: two decimals times a two-decimal coefficient fit exactly."""

INF: Final = math.inf
"""The open upper end of a span; the only float in the engine, compared but never added into a score."""

Number: TypeAlias = int | Fraction
Bound: TypeAlias = int | Fraction | float


@noun
class Span:
    """Every value that a number may still take: ``low`` to ``high``, both inclusive."""

    low: Bound
    high: Bound

    @property
    def known(self) -> bool:
        return self.low == self.high

    def at_least(self, limit: Number) -> bool | None:
        """True or False when every value in the span agrees, None when they differ."""
        if self.low >= limit:
            return True
        return False if self.high < limit else None

    def at_most(self, limit: Number) -> bool | None:
        if self.high <= limit:
            return True
        return False if self.low > limit else None


ANYTHING: Final = Span(0, INF)
WHOLE_SHARE: Final = Span(0, 1)


def exact(value: int | Decimal | Fraction) -> Number:
    """An int where the value is whole, else a Fraction, without rounding."""
    if isinstance(value, int):
        return value
    fraction = Fraction(value)
    return fraction.numerator if fraction.denominator == 1 else fraction


def ceiling(value: Number) -> int:
    return math.ceil(value)


def floor(value: Number) -> int:
    return math.floor(value)


def rounded(value: Number, decimals: int = 1) -> Decimal:
    """Half-up, once, when printing."""
    scaled = Fraction(value) * 10**decimals
    whole = math.floor(abs(scaled) + Fraction(1, 2))
    return (
        Decimal(whole if scaled >= 0 else -whole)
        .scaleb(-decimals)
        .quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    )


def points_text(points: Number, decimals: int = 2) -> str:
    """Ten-thousandths as a plain decimal: ``7800`` → ``0.78``."""
    return str(rounded(Fraction(points) / POINT, decimals))


def exact_points(points: Number) -> str:
    """Ten-thousandths to four decimals, which only thirds and the like must be rounded to: ``5148`` → ``0.5148``."""
    if isinstance(points, int):
        return f"{Decimal(points).scaleb(-4):.4f}"
    return f"{rounded(Fraction(points) / POINT, 4):.4f}"


def percent_text(share: Number, decimals: int = 1) -> str:
    """``Fraction(19, 20)`` → ``95%``; trailing zeros dropped."""
    return number_text(Fraction(share) * 100, decimals) + "%"


def trimmed_points(points: Number) -> str:
    """Ten-thousandths without trailing zeros: ``5148`` → ``0.5148``, ``10000`` → ``1``."""
    return number_text(Fraction(points) / POINT, 4)


def number_text(value: Bound, decimals: int = 2) -> str:
    """A number as one writes it: no trailing zeros, ``∞`` never appears on its own line of a report."""
    if isinstance(value, float):
        return "不限" if value == INF else number_text(exact(Decimal(str(value))), decimals)
    text = str(rounded(value, decimals))
    return text.rstrip("0").rstrip(".") if "." in text else text
