"""How the form's cells look: white ones to fill in, grey ones that tell what was recorded."""

from __future__ import annotations

from typing import Any, Final

from checklist.model.rules.facts import Fact

OPEN: Final[dict[str, Any]] = {"locked": False}
TEXT: Final = {**OPEN, "num_format": "@"}
DAY: Final = {**OPEN, "num_format": "yyyy-mm-dd"}
"""The white cells."""
GREY: Final[dict[str, Any]] = {"font_color": "#7F7F7F", "bg_color": "#F7F7F7"}


def value_look(fact: Fact) -> dict[str, Any]:
    """Ratios are text, so that 41/50 does not turn into a date."""
    if fact.type == "date":
        return DAY
    return OPEN if fact.type in ("count", "number") else TEXT
