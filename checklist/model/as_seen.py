"""Text as a reader sees it: characters that show nothing are gone, and a full-width letter is the letter."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Unicode's default-ignorable characters, and controls that are no white space."""


def as_seen(text: str) -> str:
    """The text in Unicode's compatibility form (NFKC) without what is invisible; blanks stay where they are."""
    if text.isascii() and text.isprintable():
        return text
    return INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
