"""What a word without quotes means: YAML 1.2, no more (``yes`` and ``on`` are words, ``010`` is ten)."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, TypeAlias

YamlData: TypeAlias = Any
"""What a YAML file holds: None, bool, int, Decimal, date, str, list or dict with str keys."""

MAX_DIGITS: Final = 18
_INT = re.compile(r"[-+]?[0-9]+")
_DECIMAL = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)([eE][-+]?[0-9]+)?")
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_WORDS: dict[str, bool | None] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}


class NotPlain(Exception):
    """A word without quotes that means nothing: code, what is wrong, the way out."""


@lru_cache(4096)
def meaning(text: str) -> YamlData:
    """What a word without quotes is: nothing, yes or no, a number, a day, else itself. Raises NotPlain.

    Remembered, because records say the same days and words over and over.
    """
    if text in _WORDS:
        return _WORDS[text]
    if not text[0].isdigit() and text[0] not in "-+.":
        return text
    if len(text) > MAX_DIGITS and (_INT.fullmatch(text) or _DECIMAL.fullmatch(text)):
        raise NotPlain("E109", "数字太长", f"最多 {MAX_DIGITS} 位")
    if _INT.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        if "e" in text.lower():
            raise NotPlain("E109", f"不支持科学计数法 {text}", "把数字完整写出来")
        return Decimal(text)
    if match := _DATE.fullmatch(text):
        try:
            return date(*map(int, match.groups()))
        except ValueError:
            raise NotPlain("E110", f"没有 {text} 这一天", "日期写成 2026-03-01 这样") from None
    return text
