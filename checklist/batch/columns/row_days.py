"""The days of a row: that of its record, the one on which all of it was checked, those of single facts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from checklist.batch.columns.bad_cells import BadCell, placed
from checklist.batch.columns.day_columns import days, read_days
from checklist.batch.columns.exact_columns import ExactColumn, Flags
from checklist.batch.tables.layout import Layout


@dataclass(frozen=True, slots=True)
class RowDays:
    """Reads the columns of days of one table; ``today`` is the day of rows that name none."""

    layout: Layout
    today: date

    def of_rows(
        self, batch: pa.RecordBatch, bad: list[BadCell], first_row: int
    ) -> tuple[Any, ExactColumn | None, ExactColumn | None, Flags | None]:
        """The day of each row's record, the day that the row names, the one on which all of it was checked, and the rows
        whose day is written and cannot be read."""
        record: Any = days(self.today)
        day = left_out = None
        if self.layout.as_of:
            day = self._day(batch, self.layout.as_of, "这一行没有算", bad, first_row)
            record, left_out = np.where(day.mask(), day.values, record), day.counted
        if not self.layout.checked:
            return record, day, None, left_out
        checked = self._day(batch, self.layout.checked, "这一行的实测项按未核实处理", bad, first_row)
        later = (
            checked.values if day is None else np.where(day.mask(), np.maximum(record, checked.values), checked.values)
        )
        return np.where(checked.mask(), later, record), day, checked, left_out

    def _day(self, batch: pa.RecordBatch, name: str, then: str, bad: list[BadCell], first_row: int) -> ExactColumn:
        """A column of days; what is no day is listed, and marked in ``counted``."""
        column = read_days(batch.column(name), self.today)
        bad += [replace(cell, says=f"{cell.says}；{then}") for cell in placed(column.bad, name, first_row)]
        return column

    def of_fact(
        self, batch: pa.RecordBatch, fact: str, checked: ExactColumn | None, bad: list[BadCell], first_row: int
    ) -> ExactColumn:
        column = self._day(batch, self.layout.on[fact], "这一项按未核实处理", bad, first_row)
        if checked is None:
            return column
        own, wrong = column.mask(), column.counted
        if checked.counted is not None:
            wrong = (checked.counted & ~own) if wrong is None else wrong | (checked.counted & ~own)
        return replace(
            column, values=np.where(own, column.values, checked.values), known=own | checked.mask(), counted=wrong
        )
