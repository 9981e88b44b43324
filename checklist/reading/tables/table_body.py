"""The rows below a table's headings: which are entries, which stand aside, which do not fit their headings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from checklist.model.problems import Problem
from checklist.reading.tables.spreadsheet import Sheet
from checklist.values.cells import RawCell, plain
from checklist.values.row_kinds import KIND_NAMES, RowKind, kind_of_row

_MOST_NAMED: Final = 8


@dataclass(frozen=True, slots=True)
class TableBody:
    """``rows`` are the entries' numbers, from 0 in the sheet. ``aside`` are totals, footers and headings that stand
    again; ``problems`` tell of them in one sentence, and of every row that is ``longer`` than the headings."""

    rows: tuple[int, ...]
    aside: Mapping[int, RowKind]
    problems: tuple[Problem, ...]
    longer: frozenset[int] = frozenset()


def body_of(
    sheet: Sheet,
    head: int,
    names: Iterable[int | None],
    is_entry: Callable[[Sequence[RawCell]], bool] = lambda _: False,
) -> TableBody:
    """The rows below row ``head``. ``names`` are the columns of communities, places or facts; what stands left of them
    all (序号) counts as one. ``is_entry`` knows rows that are entries however they look."""
    named = {at for at in names if at is not None}
    named |= set(range(min(named, default=0)))
    width, headings = _width(sheet, head), sheet.rows[head]
    rows: list[int] = []
    aside: dict[int, RowKind] = {}
    problems: list[Problem] = []
    longer: set[int] = set()
    for row in range(head + 1, len(sheet.rows)):
        cells = sheet.rows[row]
        kind: RowKind = "entry" if is_entry(cells) else kind_of_row(headings, cells, named)
        surplus = sheet.delimited and len(cells) > max(width, len(headings))
        if kind == "entry" and (surplus or _last(cells) > width):
            says = f"这一行有 {len(cells) if surplus else _last(cells)} 格，表头只有 {width} 格，这一行没有读"
            hint = "多半是内容里有没加引号的逗号（如 2,130）；旁注就给那一列加上表头“备注”"
            problems.append(Problem(sheet.where(row, width), "E232", says, hint))
            longer.add(row)
        elif kind == "entry":
            rows.append(row)
        elif kind != "blank":
            aside[row] = kind
    return TableBody(tuple(rows), aside, (*_told(sheet, aside), *problems), frozenset(longer))


def _width(sheet: Sheet, head: int) -> int:
    """How many cells the row of headings has, a merged heading over all its columns."""
    across = (right + 1 for (top, _), (bottom, right) in sheet.ranges if top <= head <= bottom)
    return max(_last(sheet.rows[head]), *across, 0)


def _last(cells: Sequence[RawCell]) -> int:
    return max((at for at, cell in enumerate(cells, 1) if plain(cell)), default=0)


def _told(sheet: Sheet, aside: Mapping[int, RowKind]) -> Iterator[Problem]:
    if aside:
        counts = Counter(KIND_NAMES[kind] for kind in aside.values())
        first = list(aside)[:_MOST_NAMED]
        places = "、".join(str(row + 1) for row in first) + (" 等" if len(aside) > len(first) else "")
        says = f"有 {len(aside)} 行是{'、'.join(counts)}，没有读：第 {places} 行"
        yield Problem(sheet.where(first[0], 0), "W240", says, "真是一条内容的，改掉这一行开头的字再来")
