"""A comparison as a table to work with: CSV for any program, xlsx with a heat map (extra ``office``)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any, Final

from checklist.model.numbers import points_text, rounded
from checklist.model.results.comparison import Comparison
from checklist.reports.comparison.ranking_rows import (
    COLUMNS,
    PERCENT,
    RANK_NOTE,
    Cell,
    basis_text,
    days_text,
    heads,
    rows,
    title_text,
)
from checklist.reports.document.prose import clean
from checklist.reports.formats.csv_text import csv_bytes
from checklist.reports.formats.spreadsheets import A3, HEAT, Looks, print_setup, workbook_bytes
from checklist.reports.language.phrases import action_text

_COMMON: Final = ("标准", "名称", "核过的社区", "没得满分", "没核", "一共丢分", "一起做的措施", "见效社区", "一共挽回")


def comparisons_csv(comparisons: Iterable[Comparison]) -> bytes:
    """One table after another when rulesets differ."""
    lines: list[list[object]] = []
    for comparison in comparisons:
        lines += [[]] if lines else []
        lines.append(["测评体系", *heads(comparison)])
        basis = basis_text(comparison)
        lines += [[basis, *(_csv_cell(cell) for cell in row)] for row in rows(comparison)]
    return csv_bytes(lines)


def _csv_cell(cell: Cell) -> object:
    if isinstance(cell, str):
        return clean(cell)
    return rounded(cell, 2) if isinstance(cell, Fraction) else cell


def comparisons_xlsx(comparisons: Sequence[Comparison]) -> bytes:
    """A workbook: the ranking, the module heat map and the common problems of each ruleset. Same input, same bytes."""
    last = max(comparison.days[1] for comparison in comparisons)
    return workbook_bytes(lambda book, looks: _fill(book, looks, comparisons), last, "社区比较")


def _fill(book: Any, formats: Looks, comparisons: Sequence[Comparison]) -> None:
    for i, comparison in enumerate(comparisons):
        suffix = f" {i + 1}" if len(comparisons) > 1 else ""
        _ranking_sheet(book, f"排名{suffix}", comparison, formats)
        _common_sheet(book, f"举一反三{suffix}", comparison, formats)


def _ranking_sheet(book: Any, name: str, comparison: Comparison, formats: Looks) -> None:
    sheet = book.add_worksheet(name)
    formats.put(sheet, 0, 0, f"按{title_text(comparison)}  {basis_text(comparison)}  {days_text(comparison)}", "note")
    formats.put(sheet, 1, 0, RANK_NOTE + comparison.ruleset.disclaimer, "note")
    table = list(rows(comparison))
    _write(sheet, 2, heads(comparison), table, formats)
    sheet.freeze_panes(3, 6)
    sheet.autofilter(2, 0, 2 + len(table), len(heads(comparison)) - 1)
    sheet.set_column(0, len(COLUMNS) - 1, 11)
    sheet.set_column(5, 5, 24)
    sheet.set_column(len(COLUMNS), len(heads(comparison)) - 1, 8)
    sheet.conditional_format(3, len(COLUMNS), 2 + len(table), len(heads(comparison)) - 1, _heat())
    print_setup(sheet, 2, paper=A3)


def _heat() -> dict[str, Any]:
    """Colour beside the number: red at no points, white in the middle, green at all of them."""
    return {
        **HEAT,
        "min_value": 0,
        "mid_value": PERCENT * 6 // 10,
        "max_value": PERCENT,
    }


def _common_sheet(book: Any, name: str, comparison: Comparison, formats: Looks) -> None:
    sheet = book.add_worksheet(name)
    table: list[list[Cell]] = [
        [
            common.criterion.id,
            common.criterion.title,
            common.decided,
            common.missing,
            common.unknown,
            Fraction(points_text(common.lost)),
            action_text(common.action) if common.action else "要几条一起做",
            common.helped,
            Fraction(points_text(common.won)),
        ]
        for common in comparison.common
    ]
    _write(sheet, 0, list(_COMMON), table, formats)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 0, 10)
    sheet.set_column(1, 1, 24)
    sheet.set_column(6, 6, 60)


def _write(sheet: Any, top: int, names: Sequence[str], table: Sequence[Sequence[Cell]], formats: Looks) -> None:
    """Text is written as text, whatever it begins with; numbers as numbers."""
    formats.head(sheet, top, names)
    for i, row in enumerate(table, top + 1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                formats.put(sheet, i, column, clean(cell))
            else:
                look = {"num_format": "0.00"} if isinstance(cell, Fraction) else {}
                formats.put(sheet, i, column, cell, "number", **look)
