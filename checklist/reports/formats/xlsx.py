"""A document as a workbook: every table a typed sheet of its own, what stands between the tables above them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from io import BytesIO
from typing import Any, Final

from checklist.model.results.assessment import Score
from checklist.reports.document.document import (
    Block,
    Bullets,
    Column,
    Content,
    Document,
    Heading,
    Jump,
    Table,
    Text,
    Thumbnail,
    cell_text,
    sure_percent,
)
from checklist.reports.formats.spreadsheets import (
    A3,
    A4,
    CREATED,
    HEAT,
    CellValue,
    Looks,
    drop_down,
    print_setup,
    row_height,
    sheet_name,
    workbook_bytes,
)
from checklist.reports.language.labels import OUTCOME

SCALE: Final = 1.7
"""A sheet's width unit is a digit, a column's a Chinese character."""
LIES_FROM, A3_FROM = 60, 120
FROZEN_FROM: Final = 4
PICTURE_POINTS, PICTURE_SCALE = 64.0, 1 / 6
"""Thumbnails have up to 480 pixels a side: a sixth of that is seen, all of it is printed."""


@dataclass(frozen=True, slots=True)
class TableSheet:
    """A table with the lines above and below it. ``frozen`` columns stay in sight. ``choices`` are the drop-downs of
    single cells, by row (from 0, below the headings) and column."""

    table: Table
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    frozen: int | None = None
    choices: Mapping[tuple[int, int], Sequence[str]] | None = None


def render(document: Document) -> bytes:
    """Raises Refusal without xlsxwriter."""
    return sheets_xlsx(sheets_of(document), document.day or CREATED, document.title)


def sheets_xlsx(sheets: Iterable[TableSheet], made_on: date = CREATED, title: str = "") -> bytes:
    """Raises Refusal without xlsxwriter."""

    def fill(book: Any, looks: Looks) -> None:
        for sheet in sheets:
            add_sheet(book, looks, sheet)

    return workbook_bytes(fill, made_on, title)


def sheets_of(document: Document) -> list[TableSheet]:
    """The tables in their order; text after the last one and the notes stand below it."""
    found: list[TableSheet] = []
    name, lines = document.title, list[str]()
    for block in _blocks(document):
        match block:
            case Heading(text):
                name = text
            case Text(text, lead) if block.only != "pages":
                lines.append(f"{lead.rstrip('：。')}：{text}" if lead else text)
            case Bullets(items):
                lines += items
            case Table() if block.only != "pages":
                table = block.on("sheets")
                found.append(TableSheet(replace(table, title=table.title or name), tuple(lines)))
                lines = []
            case Table():
                lines = []  # what was said of a table that only pages have
    last = found.pop() if found else TableSheet(Table(document.title, (Column(document.title, 40),), ()))
    return [*found, replace(last, below=(*lines, *document.notes))]


def _blocks(document: Document) -> Iterator[Block]:
    yield from document.parts
    for attachment in document.attachments:
        yield Heading(attachment.title)
        yield from attachment.parts


def add_sheet(book: Any, looks: Looks, made: TableSheet) -> Any:
    """Frozen head, filter, drop-downs, and print set-up: as wide as one page, the head on every page."""
    table, top = made.table, len(made.above)
    sheet = book.add_worksheet(sheet_name(book, table.title))
    widths = [column.width * SCALE for column in table.columns]
    for n, width in enumerate(widths):
        sheet.set_column(n, n, width)
    for n, line in enumerate(made.above):
        looks.put(sheet, n, 0, line, "note")
    looks.head(sheet, top, (column.title for column in table.columns))
    sheet.set_row(top, max(32, row_height([column.title for column in table.columns], widths)))
    for r, row in enumerate(table.rows, top + 1):
        least = PICTURE_POINTS if any(isinstance(c, Thumbnail) for c in row) else 0
        sheet.set_row(r, max(least, row_height([c if isinstance(c, str) else None for c in row], widths)))
        for n, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
            _cell(looks, sheet, (r, n), column, cell)
    last = top + len(table.rows)
    if table.rows:
        sheet.autofilter(top, 0, last, len(table.columns) - 1)
        _rules(sheet, looks, table.columns, top + 1, last)
    else:
        looks.put(sheet, top + 1, 0, table.empty, "note")
    for (r, n), options in (made.choices or {}).items():
        drop_down(sheet, (top + 1 + r, n), (top + 1 + r, n), options)
    for n, line in enumerate(made.below, last + (2 if table.rows else 3)):
        looks.put(sheet, n, 0, line, "note")
    few = 2 if len(table.columns) > FROZEN_FROM else 0
    sheet.freeze_panes(top + 1, few if made.frozen is None else made.frozen)
    width = sum(column.width for column in table.columns)
    print_setup(sheet, top, lying=width > LIES_FROM, paper=A3 if width > A3_FROM else A4)
    return sheet


def _cell(looks: Looks, sheet: Any, at: tuple[int, int], column: Column, cell: Content) -> None:
    """What a cell holds decides its type, the column how it looks: figures and days stand in the middle of theirs."""
    if isinstance(cell, Thumbnail):
        size = {"x_scale": PICTURE_SCALE, "y_scale": PICTURE_SCALE, "x_offset": 2, "y_offset": 2, "object_position": 1}
        sheet.insert_image(*at, cell.name, {"image_data": BytesIO(cell.data), "description": cell.name, **size})
        looks.put(sheet, *at, None)
        return
    value, look = _written(column, cell)
    centred = column.kind != "text" and isinstance(value, int | Fraction | date)
    looks.put(sheet, at[0], at[1], value, "number" if centred else "text", **look)


def _written(column: Column, cell: Content) -> tuple[CellValue, dict[str, Any]]:
    match cell:
        case Score() if column.heat:
            return sure_percent(cell.low), {"num_format": "0" if cell.known else '0"?"'}
        case Score() if cell.known:
            return cell.low, {"num_format": _zeros(column.decimals or 1)}
        case Score() | Jump() | Thumbnail():
            return cell_text(column, cell), {}
        case int() | Fraction() if column.kind == "share":
            return cell, _shown(column, f"{_zeros(column.decimals or 1)}%")
        case int() | Fraction() if column.decimals:
            return cell, _shown(column, _zeros(column.decimals))
    return cell, {}


def _shown(column: Column, digits: str) -> dict[str, Any]:
    return {"num_format": f"+{digits};-{digits};{digits}" if column.signed else digits}


def _zeros(decimals: int) -> str:
    return f"0.{'0' * decimals}"


def _rules(sheet: Any, looks: Looks, columns: tuple[Column, ...], first: int, last: int) -> None:
    """Drop-downs; colours for shades and outcomes, whose numbers and words say the same."""
    for n, column in enumerate(columns):
        if column.choices:
            drop_down(sheet, (first, n), (last, n), column.choices)
        if column.heat:
            whole = 1.0 if column.kind == "share" else 100.0
            shade = {**HEAT, "min_value": 0, "mid_value": whole * 0.6, "max_value": whole}
            sheet.conditional_format(first, n, last, n, shade)
        if column.title == "结论":
            for outcome in ("met", "partly", "unmet", "unknown"):
                rule = {"type": "cell", "criteria": "==", "value": f'"{OUTCOME[outcome]}"'}
                sheet.conditional_format(first, n, last, n, {**rule, "format": looks.of(outcome)})
