"""Which rows of a table are of one community: every way of writing an id gets one number."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from checklist.batch.tables.sound_columns import text_of
from checklist.values.look_alikes import folded_id

_PLAIN: Final = re.compile(r"[0-9a-z_]+")
"""What is its own folded form."""


@dataclass(slots=True)
class CommunityCodes:
    """Numbers communities as they come. ``size`` is how many there are so far."""

    size: int = 0
    _known: dict[str, int] = field(default_factory=dict)

    def of(self, array: Any) -> NDArray[np.int64]:
        """The number of each row's community, by its column of ids; -1 where none stands."""
        coded = text_of(array).dictionary_encode()
        texts = coded.dictionary.to_pylist()
        codes = np.array([self._code(text) for text in texts] + [-1], np.int64)
        found: NDArray[np.int64] = codes[np.asarray(pc.fill_null(coded.indices, len(texts)))]
        return found

    def _code(self, text: str) -> int:
        id = text if _PLAIN.fullmatch(text) else folded_id(text)
        if not id:
            return -1
        code = self._known.setdefault(id, self.size)
        self.size += code == self.size
        return code
