"""Who a community is when nobody gave it an id."""

from __future__ import annotations

import hashlib

from checklist.values.look_alikes import folded


def made_up_id(name: str) -> str:
    """An id for a community that has only a name: names that look alike have the same id."""
    return "c" + hashlib.sha256(folded(name).encode("utf-8")).hexdigest()[:10]
