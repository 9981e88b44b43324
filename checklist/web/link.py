"""The link of a community folder: a key that names it in addresses, and a token that opens it.

Both are kept in ``.phone/link.json`` (readable by its owner only), so that phones which still hold answers can send
them after the program was stopped and started again. A folder that travelled brings no token with it: whoever sent it
would know it. The token is therefore believed only in the very folder, of this disk, in which it was made.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from checklist.files.writing import PRIVATE, in_words, own_place, write_atomic
from checklist.model.regular_files import read_regular

FOLDER: Final = ".phone"
_FILE: Final = "link.json"
_KEY: Final = re.compile(r"[0-9a-f]{10}")
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{16,64}")


@dataclass(frozen=True, slots=True)
class Link:
    """``key`` separates one community's stored answers from another's on the same phone; it is no secret."""

    key: str
    token: str

    @property
    def path(self) -> str:
        return f"/{self.key}/?t={self.token}"


def open_link(community: Path, *, fresh: bool = False) -> Link:
    """The folder's link, made when there is none. ``fresh`` gives it a new token: old links stop working.

    Raises Refusal.
    """
    home = own_place(community, FOLDER)
    try:
        home.mkdir(mode=0o700, exist_ok=True)
        os.chmod(home, 0o700)
        here = home.stat().st_ino
    except OSError as error:
        raise in_words(home, error) from error
    file = own_place(home, _FILE)
    told = _read(file)
    key, token = str(told.get("key")), str(told.get("token"))
    if not _KEY.fullmatch(key):
        key = secrets.token_hex(5)
    if fresh or told.get("here") != here or not _TOKEN.fullmatch(token):
        token = secrets.token_urlsafe(18)
        write_atomic(file, json.dumps({"key": key, "token": token, "here": here}).encode("ascii"), PRIVATE)
    return Link(key, token)


def _read(path: Path) -> dict[str, Any]:
    """Empty where the file is not there or damaged."""
    try:
        told = json.loads(read_regular(path))
    except (OSError, ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}
