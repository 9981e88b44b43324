"""Words that people typed, made fit to be kept: no control characters, no direction marks, no endless text."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from checklist.model.state import Reading

LONGEST: Final = 20_000
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufffe\uffff]"
)


def clean(text: str) -> str:
    """The same words without what cannot be seen; at most 20,000 characters, and saying so when cut."""
    told = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return told if len(told) <= LONGEST else told[: LONGEST - 6] + "…（已截短）"


def clean_reading(reading: Reading) -> Reading:
    return replace(
        reading,
        by=clean(reading.by).replace("\n", " "),
        note=clean(reading.note),
        unknown=clean(reading.unknown),
        evidence=tuple(filter(None, map(clean, reading.evidence))),
    )
