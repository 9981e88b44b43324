"""What a word without quotes means: YAML 1.2, no more (``yes`` and ``on`` are words, ``010`` is ten)."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, TypeAlias

from checklist.model.as_seen import as_seen
from checklist.model.problems import NotAValue

YamlData: TypeAlias = Any
"""What a YAML file holds: None, bool, int, Decimal, date, str, list or dict with str keys."""

MAX_DIGITS: Final = 18
STRANGE_BLANK: Final = {
    "\u00a0": "不间断空格",
    "\u3000": "全角空格",
    **dict.fromkeys("\u2002\u2003\u2009\u202f", "特殊空格"),
    **dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff", "看不见的字符"),
}
"""What is copied from web pages, WPS and chats, looks like a blank or like nothing, and is neither to YAML."""
_INT = re.compile(r"[-+]?[0-9]+")
_DECIMAL = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)([eE][-+]?[0-9]+)?")
_BETWEEN: Final = re.compile(r"[、，](?![^（(]*[）)])")
"""A mark between two things of a list, not one inside brackets: ``社区（网格员、楼长）`` is one."""
_PERCENTAGE = re.compile(r"[-+]?[0-9]+(\.[0-9]*)?%")
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


def each_named(raw: YamlData) -> YamlData:
    """A list whose every item is one thing: ``[物业、社区]`` are two. What is no list stays, for whoever asks for one."""
    if not isinstance(raw, list):
        return raw
    parts = [_BETWEEN.split(item) if isinstance(item, str) else [item] for item in raw]
    return [part.strip() if isinstance(part, str) else part for some in parts for part in some]


def never_closed(text: str) -> bool:
    """Whether it begins with a Chinese quotation mark that nothing closes: a comma has cut it, as YAML sees it."""
    return text[:1] in ("“", "‘") and "”" not in text and "’" not in text


def _without_disguise(text: str) -> YamlData:
    """A number, a share or a day in full-width letters, or with what is invisible about it; other words are what they
    are."""
    seen = as_seen(text).strip()
    if _PERCENTAGE.fullmatch(seen):
        return seen
    found = meaning(seen) if seen.isascii() and seen != text else text
    return text if isinstance(found, str) or found is None else found


@lru_cache(4096)
def meaning(text: str) -> YamlData:
    """What a word without quotes is: nothing, yes or no, a number, a day, else itself. Raises NotAValue.

    Remembered, because records say the same days and words over and over.
    """
    if text in _WORDS:
        return _WORDS[text]
    first = text[0]
    if not first.isdigit() and first not in "-+." and (first.isascii() or first.isalnum()):
        return text
    if not text.isascii():
        return _without_disguise(text)
    if len(text) > MAX_DIGITS and (_INT.fullmatch(text) or _DECIMAL.fullmatch(text)):
        raise NotAValue("E109", "数字太长", f"最多 {MAX_DIGITS} 位")
    if _INT.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        if "e" in text.lower():
            raise NotAValue("E109", f"不支持科学计数法 {text}", "把数字完整写出来")
        return Decimal(text)
    if match := _DATE.fullmatch(text):
        try:
            return date(*map(int, match.groups()))
        except ValueError:
            return text  # no such day: whoever wants one here says so
    return text
