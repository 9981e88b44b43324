"""Which answers were taken, by the id that the phone gave them: an answer that is sent again is not taken again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from checklist.keeping import chain
from checklist.keeping.lock import locked

FILE: Final = "received.jsonl"


class Received:
    """The receipts of one folder. Another process may add to them: the file is read again when it has grown."""

    def __init__(self, home: Path) -> None:
        self._path = home / FILE
        self._size = -1
        self._known: dict[str, Mapping[str, Any]] = {}

    def get(self, id: str) -> Mapping[str, Any] | None:
        """What became of the answer, as the phone was told."""
        self._refresh()
        return self._known.get(id)

    def add(self, results: Iterable[Mapping[str, Any]]) -> None:
        """Raises Refusal."""
        with locked(self._path.parent):
            chain.append(self._path, results)

    def _refresh(self) -> None:
        try:
            size = self._path.stat().st_size
        except OSError:
            size = 0
        if size != self._size:
            entries = chain.read_chain(self._path).entries
            self._known = {str(entry["id"]): entry for entry in entries if _receipt(entry)}
            self._size = size


def _receipt(entry: Mapping[str, Any]) -> bool:
    """Whether a line is a receipt as we write it, and can be told again."""
    try:
        json.dumps(entry, ensure_ascii=False, allow_nan=False).encode("utf-8")
    except ValueError:
        return False
    return all(isinstance(entry.get(name), str) for name in ("id", "fact", "kind", "says"))
