"""Numbered headings of a paper, as 公文 count them."""

from __future__ import annotations

from typing import Final

from checklist.reports.document.document import Heading

_DIGITS: Final = "零一二三四五六七八九十"


def chinese(number: int) -> str:
    """1 to 99 as headings count: ``十七``."""
    tens, ones = divmod(number, 10)
    if number <= 10:
        return _DIGITS[number]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def first_level(number: int, text: str) -> Heading:
    return Heading(f"{chinese(number)}、{text}", 1)


def second_level(number: int, text: str) -> Heading:
    return Heading(f"（{chinese(number)}）{text}", 2)
