"""Text from elsewhere made fit to be shown: no control characters, no direction marks, no passwords."""

from __future__ import annotations

import re
from typing import Final

_CONTROL: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_IN_ADDRESS: Final = re.compile(r"(postgres(?:ql)?:/+)([^\s:@]*):\S*@")
_AS_SETTING: Final = re.compile(r"((?:ssl)?password\s*=\s*)('(?:[^'\\]|\\.)*'|[^\s&#]*)", re.IGNORECASE)
HIDDEN: Final = "***"


def clean(text: str) -> str:
    """Text from a file without control characters, direction marks or lone surrogates."""
    return _CONTROL.sub("", text.replace("\t", " "))


def on_one_line(text: str) -> str:
    """A name from a file as one line: control characters gone, every run of white space one space."""
    return " ".join(clean(" ".join(text.split())).split())


def without_passwords(text: str) -> str:
    """The same text with the passwords of database addresses left out: ``user:secret@host`` and ``?password=secret``."""
    return _AS_SETTING.sub(rf"\1{HIDDEN}", _IN_ADDRESS.sub(r"\1\2@", text))
