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


def shown_rules(folder: Path) -> str:
    """How the folder of a ruleset is named to people and in results: ``rules/ID`` for a shipped one wherever it is
    installed, so that the same record gives the same bytes on every machine; any other as it was written."""
    near = Path("rules", folder.name)
    return near.as_posix() if folder.parent == shipped("rules") and not near.exists() else str(folder)


def opened_rules(shown: str) -> Path:
    """The file behind a name that begins with what ``shown_rules`` said."""
    path = Path(shown)
    if path.exists() or path.is_absolute() or path.parts[:1] != ("rules",):
        return path
    return shipped("rules").joinpath(*path.parts[1:])
