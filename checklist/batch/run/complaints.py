"""What is wrong with whole rows: declarations that their facts speak against, damaged cells that would be carried along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from checklist.batch.columns.bad_cells import BadCell
from checklist.batch.tables.layout import Layout
from checklist.batch.tables.sound_columns import LOST, text_of
from checklist.model.rules.ruleset import Criterion, Ruleset

_LOST_DIGITS: Final = r"^\d+(\.\d*[1-9]\d*|(\.\d+)?[eE]\+\d+)$"
"""An id that a spreadsheet has written as 3.40603E+11, or a program as 12.5."""


@dataclass(frozen=True, slots=True)
class RowComplaints:
    """Finds them in the blocks of one table."""

    ruleset: Ruleset
    layout: Layout

    def refused(self, batch: pa.RecordBatch, out: Mapping[str, NDArray[Any]], numbers: NDArray[Any]) -> list[BadCell]:
        """Declarations that a criterion does not apply, although the recorded facts say that it does."""
        found = []
        for criterion in self.layout.declared:
            name = self.layout.na.get(criterion, self.layout.lines)
            says = refused_text(self.ruleset.criterion(criterion))
            refused = out[f"{criterion}.refused"].astype(bool, copy=False)
            found += self._cells(refused, name, "E323", says, batch, numbers)
        return found

    def damaged(self, batch: pa.RecordBatch, numbers: NDArray[Any]) -> list[BadCell]:
        """Cells carried into the result that hold bytes which are no text, and ids that have lost digits."""
        layout, found = self.layout, []
        for name in filter(None, dict.fromkeys([layout.community, *layout.kept.values()])):
            column = batch.column(name)
            if pa.types.is_primitive(column.type) and not pa.types.is_floating(column.type):
                continue
            texts = text_of(column)
            says = f"这一格不是 UTF-8 文字，认不出的地方在结果里写成 {LOST}"
            lost = np.asarray(pc.fill_null(pc.match_substring(texts, LOST), False), bool)
            found += self._cells(lost, name, "E102", says, batch, numbers, texts)
            if name == layout.community:
                says = "社区编号存成了小数或科学计数法，后面的位数已经丢了；把这一列设成文本，从原表重新导出"
                lost = np.asarray(pc.fill_null(pc.match_substring_regex(texts, _LOST_DIGITS), False), bool)
                found += self._cells(lost, name, "E206", says, batch, numbers, texts)
        return found

    def _cells(
        self, rows: NDArray[np.bool_], name: str, code: str, says: str, batch: pa.RecordBatch, numbers: NDArray[Any],
        texts: Any = None,
    ) -> list[BadCell]:  # fmt: skip
        """The same complaint about every marked row; ``texts`` are the cells to show."""
        at = np.flatnonzero(rows)
        if not len(at):
            return []
        ids = text_of(batch.column(self.layout.community)) if self.layout.community else None
        return [
            BadCell(
                int(numbers[row]), name, code, says,
                "" if texts is None else texts[int(row)].as_py()[:60],
                "" if ids is None else ids[int(row)].as_py() or "",
            )
            for row in at
        ]  # fmt: skip


def refused_text(criterion: Criterion) -> str:
    """What is said of a declaration that a criterion does not apply, although the recorded facts say that it does."""
    return f"{criterion.id}（{criterion.title}）声明为不适用，但记录的实测项表明它适用；这条声明没有采用"
