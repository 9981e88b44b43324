"""Chinese numerals as numbers."""

from __future__ import annotations

from typing import Final

DIGITS: Final = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
POWERS: Final = {"十": 10, "百": 100, "千": 1000}
MYRIAD: Final = "万"


def chinese_number(text: str) -> int | None:
    """Chinese numerals below a hundred million: 六, 十二, 两百零五, 一万二千.

    A last digit without 零 before it counts in the place below the one just named: 三千五 is 3500, 一万二 is 12000,
    三千零五 is 3005.
    """
    high, myriad, low = text.partition(MYRIAD)
    if not myriad:
        return _below_ten_thousand(text, shortened=True)
    if low in DIGITS:
        low = f"{low}千" if DIGITS[low] else low
    tens = _below_ten_thousand(high, shortened=False)
    rest = _below_ten_thousand(low, shortened=True) if low else 0
    return tens * 10_000 + rest if tens and rest is not None else None


def _below_ten_thousand(text: str, *, shortened: bool) -> int | None:
    """``shortened``: 三千五 may stand there, as it may not before 万."""
    if not text or any(c not in DIGITS and c not in POWERS for c in text):
        return None
    total, digit, last = 0, None, 10_000
    for i, char in enumerate(text):
        if char in POWERS:
            power = POWERS[char]
            if power >= last or (not digit and power != 10):
                return None
            total, digit, last = total + (digit or 1) * power, None, power
        elif digit:
            return None
        else:
            digit = DIGITS[char]
            if digit and i == len(text) - 1 and i and text[i - 1] in POWERS and last > 10:
                return total + digit * last // 10 if shortened else None
    return total + (digit or 0)
