"""The link of a community folder: a key that names it in addresses, and a token that opens it.

Both are kept in ``.phone/link.json`` (readable by its owner only), so that phones which still hold answers can send
them after the program was stopped and started again.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from checklist.files.writing import in_words, write_atomic

FOLDER: Final = ".phone"
_FILE: Final = "link.json"


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
    home = community / FOLDER
    link = _read(home / _FILE)
    if link is not None and not fresh:
        return link
    link = Link(link.key if link else secrets.token_hex(5), secrets.token_urlsafe(18))
    try:
        home.mkdir(mode=0o700, exist_ok=True)
        os.chmod(home, 0o700)
    except OSError as error:
        raise in_words(home, error) from error
    write_atomic(home / _FILE, json.dumps({"key": link.key, "token": link.token}).encode("ascii"))
    return link


def _read(path: Path) -> Link | None:
    try:
        told = json.loads(path.read_bytes())
        link = Link(told["key"], told["token"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    good = isinstance(link.key, str) and isinstance(link.token, str) and link.key.isalnum() and len(link.token) >= 16
    return link if good else None
