"""Rounding that still adds up: printed parts whose sum is the printed whole."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction


def adding_up(parts: Sequence[Fraction], whole: Decimal, decimals: int = 2) -> list[Decimal]:
    """Each part rounded to ``decimals`` so that together they are exactly ``whole`` (the largest-remainder method).

    ``whole`` is the rounded sum, or the difference of two rounded sums: at most one unit from the exact one. Parts
    that are zero stay zero, unless all are.
    """
    scale = 10**decimals
    floors = [math.floor(part * scale) for part in parts]
    missing = int(whole * scale) - sum(floors)
    by_remainder = sorted(range(len(parts)), key=lambda i: (not parts[i], floors[i] - parts[i] * scale, i))
    step = 1 if missing > 0 else -1
    order = by_remainder if missing > 0 else [i for i in reversed(by_remainder) if parts[i]] or by_remainder
    for turn in range(abs(missing)):
        floors[order[turn % len(order)]] += step
    return [Decimal(units).scaleb(-decimals) for units in floors]
