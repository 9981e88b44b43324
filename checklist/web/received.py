"""Which answers were taken, by the id that the phone gave them: an answer that is sent again is not taken again."""

from __future__ import annotations

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
        size = self._path.stat().st_size if self._path.exists() else 0
        if size != self._size:
            self._known = {str(entry.get("id")): entry for entry in chain.read_chain(self._path).entries}
            self._size = size
