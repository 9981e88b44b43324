"""Rows in which a part that was counted at a site is greater than a whole that the community recorded for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from checklist.batch.columns.day_columns import EPOCH
from checklist.batch.columns.encoding import Encoding, Numeric
from checklist.batch.columns.exact_columns import ExactColumn
from checklist.batch.columns.row_values import value_in
from checklist.model.numbers import INF, Bound
from checklist.model.rules.facts import Fact, Knowledge


def set_right(
    arrays: dict[str, NDArray[Any]],
    columns: Mapping[str, ExactColumn],
    rows: NDArray[Any],
    facts: Mapping[str, Fact],
    forms: Mapping[str, Encoding],
) -> None:
    """Put the spans of unknown counts in these few rows as ``Knowledge`` has them: columns narrow only what agrees."""
    counts = [name for name, column in columns.items() if facts[name].type in ("count", "number")]
    unknown = [name for name in facts if f"{name}.hi" in arrays and facts[name].type in ("count", "number")]
    for row in rows.tolist():
        values = {
            name: value_in(forms[name], facts[name].type, columns[name], row)
            for name in counts
            if columns[name].mask()[row]
        }
        known = Knowledge(facts, values, EPOCH)
        for name in unknown:
            if name not in values:
                span = known.span(name)
                for end, bound in (("lo", span.low), ("hi", span.high)):
                    array = arrays[f"{name}.{end}"] = np.array(arrays[f"{name}.{end}"])
                    array[row] = _written(forms[name], bound)


def _written(form: Encoding, bound: Bound) -> int:
    assert isinstance(form, Numeric)
    return form.top if bound == INF else int(bound * form.scale)
