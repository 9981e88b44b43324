"""Communities that stand in a table twice, or without an id."""

from __future__ import annotations

from collections.abc import Container, Iterator

from checklist.batch.columns.bad_cells import BadCell
from checklist.batch.run.running import parts_of_table
from checklist.batch.tables.blocks import read
from checklist.batch.tables.csv_streams import Skipped, row_in_file
from checklist.batch.tables.layout import Layout
from checklist.batch.tables.table_parts import TableSource
from checklist.model.refusals import Refusal


def duplicates(source: TableSource, layout: Layout, aside: Container[int] = ()) -> list[BadCell]:
    """Every row whose community id another row has already; ``aside`` are rows that are no communities."""
    column = layout.community
    seen: dict[object, int] = {}
    found: list[BadCell] = []
    for row, id in _ids(source, layout):
        if row in aside:
            continue
        if id is None or id == "":
            found.append(BadCell(row, column, "E220", "没有社区编号", ""))
        elif id in seen:
            says = f"社区编号和第 {seen[id]} 行重复；两行都算了，留一行"
            found.append(BadCell(row, column, "E220", says, str(id), str(id)))
        else:
            seen[id] = row
    return found


def _ids(source: TableSource, layout: Layout) -> Iterator[tuple[int, object]]:
    """The id of every row that can be read, with the row's number over all files."""
    before = 0
    for part in (piece for whole in parts_of_table(source)[0] for piece in whole.pieces()):
        inside, skipped = 0, list[Skipped]()
        try:
            for batch in read(part, [layout.community], layout.also, skipped=skipped):
                for id in batch.column(0).to_pylist():
                    inside += 1
                    yield before + row_in_file(inside, skipped), id
        except Refusal:
            pass  # told already by the run
        before += part.rows or inside + len(skipped)
