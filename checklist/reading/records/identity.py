"""Who a community is when nobody gave it an id."""

from __future__ import annotations

import hashlib


def made_up_id(name: str) -> str:
    """An id for a community that has only a name: the same name, the same id."""
    return "c" + hashlib.sha256(name.encode("utf-8")).hexdigest()[:10]
