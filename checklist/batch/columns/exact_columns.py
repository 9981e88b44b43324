"""A fact's column as exact integers, and the raw buffers of Arrow arrays that it is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from checklist.batch.columns.bad_cells import BadCell

Flags: TypeAlias = NDArray[np.bool_]


@dataclass(slots=True)
class ExactColumn:
    """``values`` are scaled numbers, days since 1970, option codes or element bits; only those ``known`` count.

    ``known`` is None while every row is known. ``dens`` holds denominators where survey counts may stand, and
    ``counted`` says in which rows they do.
    """

    values: NDArray[Any]
    known: Flags | None = None
    dens: NDArray[Any] | None = None
    counted: Flags | None = None
    bad: list[BadCell] = field(default_factory=list)

    def forget(self, rows: Flags) -> None:
        """These rows are unknown after all."""
        self.known = ~rows if self.known is None else self.known & ~rows

    def mask(self) -> Flags:
        return np.ones(len(self.values), bool) if self.known is None else self.known


def plain_type(array: Any) -> Any:
    """The array without what only wraps it: dictionaries, views, a database's own number type."""
    if isinstance(array.type, pa.ExtensionType | pa.BaseExtensionType):
        array = array.storage
    if pa.types.is_dictionary(array.type):
        array = array.cast(array.type.value_type)
    return array.cast(pa.large_string()) if pa.types.is_string_view(array.type) else array


def is_text(kind: Any) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def known_rows(array: Any) -> Flags | None:
    """Which rows are not null; None when all are."""
    if array.null_count == 0:
        return None
    bits = np.frombuffer(array.buffers()[0], np.uint8)
    return np.unpackbits(bits, count=array.offset + len(array), bitorder="little")[array.offset :].view(np.bool_)


def raw_values(array: Any) -> NDArray[Any]:
    """The values of a column of fixed width, whatever null rows hold."""
    dtype = array.slice(0, 0).to_numpy(zero_copy_only=False).dtype  # asking the type itself wants pandas
    return np.frombuffer(array.buffers()[1], dtype, count=array.offset + len(array))[array.offset :]


def raw_bits(array: Any) -> NDArray[np.uint8]:
    """The values of a yes/no column as bytes."""
    bits = np.frombuffer(array.buffers()[1], np.uint8)
    return np.unpackbits(bits, count=array.offset + len(array), bitorder="little")[array.offset :]
