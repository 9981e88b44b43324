"""Runs a compiled program over arrays, chunk by chunk, in buffers that stay in the processor's cache."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from checklist.batch.program.column_program import ColumnProgram
from checklist.batch.program.emit import Arrays, emit
from checklist.batch.program.nodes import OBJECT, ColumnNode

CHUNK: Final = 32_768
"""Rows worked on at once: enough to drown the cost of a call, few enough for the buffers to stay in cache."""


class Runner:
    """The kernel of a program for some outputs, with its buffers. Not for two threads at once."""

    def __init__(self, program: ColumnProgram, wanted: Iterable[str] | None = None, chunk: int = CHUNK) -> None:
        self.names = tuple(program.outputs if wanted is None else wanted)
        self.code = emit(program.nodes, {name: program.outputs[name] for name in self.names})
        self.dtypes = {name: _dtype(program.outputs[name]) for name in self.names}
        self.chunk = chunk
        self._kernel = self.code.function()
        self._buffers: dict[str, NDArray[Any]] = {}

    @property
    def inputs(self) -> tuple[str, ...]:
        return self.code.inputs

    def run(self, arrays: Arrays, rows: int) -> dict[str, NDArray[Any]]:
        """Every wanted output for ``rows`` rows."""
        out = {name: np.empty(rows, dtype) for name, dtype in self.dtypes.items()}
        for start in range(0, rows, self.chunk):
            stop = min(start + self.chunk, rows)
            piece = {name: arrays[name][start:stop] for name in self.code.inputs}
            self._kernel(piece, {name: array[start:stop] for name, array in out.items()}, self._memory(stop - start))
        return out

    def _memory(self, rows: int) -> Mapping[str, NDArray[Any]]:
        if not self._buffers:
            self._buffers = {name: np.empty(self.chunk, dtype) for name, dtype in self.code.buffers.items()}
        if rows == self.chunk:
            return self._buffers
        return {name: buffer[:rows] for name, buffer in self._buffers.items()}


def _dtype(value: ColumnNode | int) -> np.dtype[Any]:
    """The type of an output; whole numbers of points get the four bytes that every engine has."""
    if isinstance(value, int):
        return np.dtype(np.int64 if abs(value) >= 2**31 else np.int32)
    return np.dtype(np.int64 if value.dtype == OBJECT else "i4" if value.dtype == "i2" else value.dtype)
