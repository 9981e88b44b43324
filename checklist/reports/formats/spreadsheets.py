"""What every spreadsheet that we write has in common: no text is ever a formula, and the same content is the same bytes."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from io import BytesIO, StringIO
from typing import Any, Final

from checklist.model.refusals import missing_extra
from checklist.values.headings import FORMULA

OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def harmless(text: str) -> str:
    """Text that no spreadsheet program takes for a formula; reading takes the apostrophe off again."""
    return f"'{text}" if FORMULA.match(text) else text


def csv_bytes(rows: Iterable[Sequence[str]], encoding: str = "utf-8-sig") -> bytes:
    """The rows as CSV; text in them is ``harmless`` already, numbers are not made text. UTF-8 carries the byte-order
    mark by which Excel and WPS know it."""
    stream = StringIO(newline="")
    csv.writer(stream, lineterminator="\r\n").writerows(rows)
    return stream.getvalue().encode(encoding)


def workbook_bytes(fill: Callable[[Any], None], made_on: date, title: str = "") -> bytes:
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
    fill(book)
    book.close()
    return stream.getvalue()
