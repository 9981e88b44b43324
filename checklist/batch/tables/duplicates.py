"""Communities that stand in a table twice, or without an id."""

from __future__ import annotations

from collections.abc import Container, Iterator

from checklist.batch.columns.bad_cells import BadCell, refused
from checklist.batch.run.running import parts_of_table
from checklist.batch.tables.blocks import read
from checklist.batch.tables.csv_streams import Skipped, row_in_file
from checklist.batch.tables.layout import Layout
from checklist.batch.tables.sound_columns import text_of
from checklist.batch.tables.table_parts import TableSource
from checklist.model.refusals import Refusal
from checklist.values.look_alikes import folded_id, spelled
from checklist.values.site_names import no_community


def duplicates(source: TableSource, layout: Layout, aside: Container[int] = ()) -> list[BadCell]:
    """Every row whose community id another row has already; ``aside`` are rows that are no communities. A community that
    lists sites has as many rows as it likes."""
    column = layout.community
    seen: dict[str, tuple[int, str]] = {}
    found: list[BadCell] = []
    sited: set[str] = set()
    for row, id, site in _ids(source, layout):
        if row in aside:
            continue
        if site and id:
            sited.add(folded_id(id))
        elif id is None or id == "":
            found.append(refused(row, column, no_community(), then="照算，没有名字"))
        elif (key := folded_id(id)) in seen:
            first, spelling = seen[key]
            alike = "" if id == spelling else f"（那里写作“{spelled(spelling)}”，只差写法）"
            says = f"社区编号和第 {first} 行重复{alike}；两行都算了，留一行"
            found.append(BadCell(row, column, "E220", says, id, id))
        else:
            seen[key] = row, id
    return [cell for cell in found if folded_id(cell.value) not in sited] if sited else found


def _ids(source: TableSource, layout: Layout) -> Iterator[tuple[int, str | None, bool]]:
    """The id of every row that can be read, with the row's number over all files, and whether it is about a site."""
    sites = [*(layout.site[name] for name in ("site", "site_id") if name in layout.site), *layout.of_kind.values()]
    before = 0
    for part in (piece for whole in parts_of_table(source)[0] for piece in whole.pieces()):
        inside, skipped = 0, list[Skipped]()
        try:
            for batch in read(part, [layout.community, *sites], layout.also, skipped=skipped):
                named = [any(told) for told in zip(*(text_of(batch.column(s)).to_pylist() for s in sites), strict=True)]
                for id, site in zip(
                    text_of(batch.column(0)).to_pylist(), named or [False] * batch.num_rows, strict=True
                ):
                    inside += 1
                    yield before + row_in_file(inside, skipped), id, site
        except Refusal:
            pass  # told already by the run
        before += part.rows or inside + len(skipped)
