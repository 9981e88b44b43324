"""A value as YAML that ``reading.yaml`` reads back as the same value.

Any text may be written: what a YAML file cannot hold as it is (NUL, other controls, U+0085, U+2028, a byte-order mark) is
escaped. Only half a character (a lone surrogate), which no file can hold, becomes U+FFFD. The reader's own limits stay:
numbers of 18 digits, keys of 1,000 characters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from checklist.model.problems import NotAValue
from checklist.model.rules.sheet_columns import Placed
from checklist.values.bare_words import STRANGE_BLANK, YamlData, meaning, never_closed

_BEYOND_ASCII: Final = r"\xa1-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff"
_ESCAPED = re.compile(f"[^\\x20-\\x7e{_BEYOND_ASCII}]")
_START: Final = rf"[\w/({_BEYOND_ASCII}]"
_IN_BRACKETS = re.compile(rf"{_START}[\w /().+~=%{_BEYOND_ASCII}-]*", re.ASCII)
_BEHIND_A_KEY = re.compile(rf"{_START}[\w /().+~=%!$&*,;<>?@[\]\\^`{{|}}{_BEYOND_ASCII}-]*", re.ASCII)
_WORDS: Final = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
"""What other programs that read YAML, or people, may take for something else than text."""
_NUMBERLIKE = re.compile(r"[-+.]?[0-9][-+.:_0-9eE]*|0[bx][0-9a-fA-F_]+")


def inline(value: YamlData, *, bare: bool = False) -> str:
    """A value on one line, as it may stand anywhere, also in brackets.

    ``bare`` says that it stands alone behind a key in a block, where text with commas and brackets needs no quotes.
    """
    match value:
        case Placed(inner, _):
            return inline(inner, bare=bare)
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | date():
            return str(value)
        case Decimal():
            return f"{value:f}"
        case str():
            return _quoted(value, value.lower() in _WORDS, _BEHIND_A_KEY if bare else _IN_BRACKETS)
        case Mapping():
            return "{" + ", ".join(f"{written_key(key)}: {inline(item)}" for key, item in value.items()) + "}"
    return "[" + ", ".join(map(inline, value)) + "]"


def written_key(key: object) -> str:
    """A key of a mapping, without its colon; no word is anything but text there."""
    return _quoted(str(key))


def block(value: YamlData) -> str:
    """A mapping or a list with one entry a line, each on one line: what a cell of several lines holds."""
    if isinstance(value, Mapping) and value:
        return "\n".join(f"{written_key(key)}: {inline(item)}" for key, item in value.items())
    if isinstance(value, list) and value:
        return "\n".join(f"- {inline(item)}" for item in value)
    return inline(value)


def comment_lines(text: str, indent: int = 0) -> list[str]:
    """The lines of a comment; what a file cannot hold is a blank there, since nothing can be escaped."""
    return [f"{' ' * indent}# {_ESCAPED.sub(' ', line)}".rstrip() for line in text.splitlines()]


def _quoted(text: str, mistakable: bool = False, plain: re.Pattern[str] = _IN_BRACKETS) -> str:
    """In double quotes, or without them where the same text is read back."""
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    mistakable = mistakable or text[:1] in STRANGE_BLANK or never_closed(text)
    if plain.fullmatch(text) and text == text.strip() and not mistakable and _means_itself(text):
        return text
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


def _means_itself(text: str) -> bool:
    try:
        return not _NUMBERLIKE.fullmatch(text) and meaning(text) == text
    except NotAValue:
        return False
