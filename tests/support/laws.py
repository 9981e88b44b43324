"""How often a law is tried: a quarter of its examples at a desk, all of them in the slow run (``CHECKLIST_DEEP``)."""

from __future__ import annotations

import os

DEEP = bool(os.environ.get("CHECKLIST_DEEP"))
USUAL = 100
"""Examples of a law that names no number."""


def examples(number: int) -> int:
    return number if DEEP else max(10, number // 4)
