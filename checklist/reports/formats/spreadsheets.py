"""What every workbook that we write has in common: one set of looks, print set-up, text that stays text, and the same
content is the same bytes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from fractions import Fraction
from io import BytesIO
from typing import Any, Final, TypeAlias

from rich.cells import cell_len

from checklist.model.refusals import missing_extra
from checklist.values.formula_starts import FORMULA_START, harmless

OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
CellValue: TypeAlias = str | int | Fraction | date | None
"""What a cell can be given: None leaves it empty."""

CREATED: Final = date(2026, 1, 1)
"""The day of a workbook that has no day of its own."""
LONGEST: Final = 32_767
"""Characters that Excel keeps in one cell."""
DIGITS: Final = 10**15
"""A spreadsheet holds fifteen digits; longer numbers are written as text."""
A3, A4 = 8, 9
LONGEST_NAME: Final = 31
LONGEST_RULE: Final = 255
"""Characters that a drop-down may have which is written into its cell."""
_NOT_IN_NAMES: Final = re.compile(r"[\[\]:*?/\\']|[^ -\uffff]")
LINE_POINTS, MOST_LINES = 14, 24

_PLAIN: Final = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
_CELL: Final = {**_PLAIN, "border": 1, "border_color": "#BFBFBF", "text_wrap": True}
_LOOKS: Final[dict[str, dict[str, Any]]] = {
    "plain": _PLAIN,
    "title": {**_PLAIN, "font_name": "黑体", "font_size": 16},
    "note": {**_PLAIN, "font_color": "#595959"},
    "head": {**_CELL, "bold": True, "bg_color": "#DCE6F1", "align": "center"},
    "name": {**_CELL, "bold": True, "bg_color": "#EAF1F8"},
    "text": _CELL,
    "number": {**_CELL, "align": "center"},
    "met": {"font_color": "#006100", "bg_color": "#E2F0D9"},
    "partly": {"font_color": "#7F6000", "bg_color": "#FFF2CC"},
    "unmet": {"font_color": "#9C0006", "bg_color": "#FBE0DD"},
    "unknown": {"font_color": "#1F4E79", "bg_color": "#DDEBF7"},
}
HEAT: Final = {
    **{"type": "3_color_scale", "min_type": "num", "mid_type": "num", "max_type": "num"},
    **{"min_color": "#E6866B", "mid_color": "#FFFFFF", "max_color": "#7DB98F"},
}
"""Colour beside a number: red at none, white in the middle, green at all."""


class Looks:
    """The looks of one workbook, each made when it is first used, and the writing of a cell in one of them."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[object, ...], Any] = {}

    def of(self, name: str, **more: object) -> Any:
        """A look by its name, with ``more`` of xlsxwriter's format properties."""
        key = (name, *sorted(more.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({**_LOOKS[name], **more})
        return self._made[key]

    def put(self, sheet: Any, row: int, column: int, value: CellValue, name: str = "text", **more: object) -> None:
        """Days become days, numbers numbers, text always text: also when somebody edits the cell that begins like a
        formula. Reading takes one apostrophe off such text, so one that is its own gets a second."""
        match value:
            case None | "":
                sheet.write_blank(row, column, None, self.of(name, **more))
            case str():
                text = (harmless(value) if value.startswith("'") else value)[:LONGEST]
                quoted = {"quote_prefix": True} if FORMULA_START.match(text) else {}
                sheet.write_string(row, column, text, self.of(name, **more, **quoted))
            case date():
                look = {"num_format": "yyyy-mm-dd", **more}
                sheet.write_datetime(row, column, datetime.combine(value, time()), self.of(name, **look))
            case _ if fits(value):
                sheet.write_number(row, column, float(value), self.of(name, **more))
            case _:
                sheet.write_string(row, column, plain_number(value), self.of(name, **more))

    def head(self, sheet: Any, row: int, titles: Iterable[str]) -> None:
        for column, title in enumerate(titles):
            self.put(sheet, row, column, title, "head")


def sheet_name(book: Any, text: str) -> str:
    """The text as a sheet's name: without what Excel forbids, short, and not yet taken."""
    taken = {sheet.get_name().lower() for sheet in book.worksheets()}
    plain = _NOT_IN_NAMES.sub("", text).strip()[:LONGEST_NAME] or "表"
    numbered = (f"{plain[: LONGEST_NAME - 4]} {n}" for n in range(2, 1000))
    return plain if plain.lower() not in taken else next(name for name in numbered if name.lower() not in taken)


def fits(value: int | Fraction) -> bool:
    return bool(abs(Fraction(value)) * 100 < DIGITS)


def plain_number(value: int | Fraction) -> str:
    """All digits of a whole number, fifteen of any other."""
    return f"{float(value):.15g}" if isinstance(value, Fraction) and value.denominator > 1 else str(int(value))


def row_height(texts: Sequence[CellValue], widths: Sequence[float]) -> float:
    """Points for the tallest text: WPS and LibreOffice do not fit a row to its text by themselves."""
    lines = (
        sum(max(1, -(-cell_len(part) // max(int(width) - 1, 1))) for part in text.split("\n"))
        for text, width in zip(texts, widths, strict=False)
        if isinstance(text, str)
    )
    return float(min(max(lines, default=1), MOST_LINES) * LINE_POINTS + 2)


def print_setup(sheet: Any, head: int | None = 0, *, lying: bool = True, paper: int = A4) -> None:
    """As wide as one page, the row of the head on every page, pages numbered."""
    sheet.set_paper(paper)
    if lying:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&L&A&R第 &P 页，共 &N 页")
    if head is not None:
        sheet.repeat_rows(head)


def drop_down(sheet: Any, first: tuple[int, int], last: tuple[int, int], options: Sequence[str]) -> None:
    """Something else may be typed, after a warning."""
    if len(",".join(options)) <= LONGEST_RULE:
        rule = {"validate": "list", "source": list(options), "error_type": "warning"}
        sheet.data_validation(*first, *last, rule)


def workbook_bytes(fill: Callable[[Any, Looks], None], made_on: date = CREATED, title: str = "") -> bytes:
    """The workbook that ``fill`` writes into, dated ``made_on``: no clock, so the same content gives the same bytes.

    Raises Refusal without xlsxwriter.
    """
    try:
        import xlsxwriter
    except ImportError:
        raise missing_extra("xlsxwriter", "office") from None
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, OPTIONS)
    book.set_properties({"title": title, "author": "checklist", "created": datetime.combine(made_on, time())})
    fill(book, Looks(book))
    book.close()
    return stream.getvalue()
