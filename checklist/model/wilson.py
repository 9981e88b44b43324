"""What a sample says of everybody: the Wilson score interval, worked out in whole numbers.

E. B. Wilson, Probable inference, JASA 22, 1927, at 95 % confidence. Ends are rounded outwards to 0.01 %, and 1.96 stands
for the slightly smaller normal quantile 1.95996…: the interval is never narrower than the formula's, and the same on
every machine.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Final

from checklist.model.numbers import Span

Z: Final = Fraction(196, 100)
STEP: Final = 10_000
"""Ends are whole multiples of 1/STEP, the finest that a ratio is recorded with."""


def wilson(agree: Fraction | int, asked: int) -> Span:
    """The share of all residents that ``agree`` of ``asked`` leaves open: 0 to 1, ends rounded outwards to 0.01 %.

    (2a + z² ∓ z √(z² + 4a(n − a)/n)) ÷ 2(n + z²); ``agree`` may be a fraction when a larger sample is imagined.
    """
    square = Z * Z
    middle, width = 2 * agree + square, Z * _root_above(square + Fraction(4 * agree * (asked - agree)) / asked)
    whole = 2 * (asked + square)
    low = math.floor((middle - width) / whole * STEP)
    high = math.ceil((middle + width) / whole * STEP)
    return Span(Fraction(max(low, 0), STEP), Fraction(min(high, STEP), STEP))


def _root_above(value: Fraction) -> Fraction:
    """The square root, from above, to twelve decimals."""
    scale = 10**12
    scaled = value * scale * scale
    root = math.isqrt(math.ceil(scaled))
    return Fraction(root if root * root >= scaled else root + 1, scale)
