"""Where the shipped rules and data are: inside an installed package, or beside it in a checkout."""

from __future__ import annotations

from pathlib import Path
from typing import Final

HEAD: Final = "ruleset.yaml"
"""The file that makes a folder a ruleset."""

_PACKAGE: Final = Path(__file__).resolve().parent.parent


def shipped(name: str) -> Path:
    """The shipped folder ``rules`` or ``data``."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name
