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
    Cell,
    days_text,
    heads,
    rows,
    title_text,
)
from checklist.reports.document.prose import clean
from checklist.reports.formats.spreadsheets import csv_bytes, harmless, workbook_bytes
from checklist.reports.language.names import ruleset_name
from checklist.reports.language.phrases import action_text
from checklist.reports.language.ranking import RANK_NOTE

_COMMON: Final = ("标准", "名称", "核过的社区", "没得满分", "没核", "一共丢分", "一起做的措施", "见效社区", "一共挽回")


def comparisons_csv(comparisons: Iterable[Comparison]) -> bytes:
    """One table after another when rulesets differ."""
    lines: list[list[str]] = []
    for comparison in comparisons:
        lines += [[]] if lines else []
        lines.append(["测评体系", *heads(comparison)])
        basis = harmless(ruleset_name(comparison.ruleset))
        lines += [[basis, *(_csv_cell(cell) for cell in row)] for row in rows(comparison)]
    return csv_bytes(lines)


def _csv_cell(cell: Cell) -> str:
    if isinstance(cell, str):
        return harmless(clean(cell))
    return str(cell) if isinstance(cell, int) else str(rounded(cell, 2))


def comparisons_xlsx(comparisons: Sequence[Comparison]) -> bytes:
    """A workbook: the ranking, the module heat map and the common problems of each ruleset. Same input, same bytes."""
    last = max(comparison.days[1] for comparison in comparisons)
    return workbook_bytes(lambda book: _fill(book, comparisons), last, "社区比较")


def _fill(book: Any, comparisons: Sequence[Comparison]) -> None:
    formats = {
        "head": book.add_format(
            {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#DDE6F0", "border": 1}
        ),
        "cell": book.add_format({"border": 1, "valign": "vcenter"}),
        "number": book.add_format({"border": 1, "valign": "vcenter", "num_format": "0.00"}),
        "note": book.add_format({"italic": True, "font_color": "#555555"}),
    }
    for i, comparison in enumerate(comparisons):
        suffix = f" {i + 1}" if len(comparisons) > 1 else ""
        _ranking_sheet(book, f"排名{suffix}", comparison, formats)
        _common_sheet(book, f"举一反三{suffix}", comparison, formats)


def _ranking_sheet(book: Any, name: str, comparison: Comparison, formats: dict[str, Any]) -> None:
    sheet = book.add_worksheet(name)
    sheet.write_string(0, 0, f"按{title_text(comparison)}  {ruleset_name(comparison.ruleset)}  {days_text(comparison)}")
    sheet.write_string(1, 0, RANK_NOTE + comparison.ruleset.disclaimer, formats["note"])
    table = list(rows(comparison))
    _write(sheet, 2, heads(comparison), table, formats)
    sheet.freeze_panes(3, 6)
    sheet.autofilter(2, 0, 2 + len(table), len(heads(comparison)) - 1)
    sheet.set_column(0, len(COLUMNS) - 1, 11)
    sheet.set_column(5, 5, 24)
    sheet.set_column(len(COLUMNS), len(heads(comparison)) - 1, 8)
    sheet.conditional_format(3, len(COLUMNS), 2 + len(table), len(heads(comparison)) - 1, _heat())
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)


def _heat() -> dict[str, Any]:
    """Colour beside the number: red at no points, white in the middle, green at all of them."""
    return {
        "type": "3_color_scale",
        "min_type": "num",
        "mid_type": "num",
        "max_type": "num",
        "min_value": 0,
        "mid_value": PERCENT * 6 // 10,
        "max_value": PERCENT,
        "min_color": "#E6866B",
        "mid_color": "#FFFFFF",
        "max_color": "#7DB98F",
    }


def _common_sheet(book: Any, name: str, comparison: Comparison, formats: dict[str, Any]) -> None:
    sheet = book.add_worksheet(name)
    table: list[list[Cell]] = [
        [
            common.shortfall.criterion.id,
            common.shortfall.criterion.title,
            common.shortfall.decided,
            common.shortfall.missing,
            common.shortfall.unknown,
            Fraction(points_text(common.shortfall.lost)),
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


def _write(
    sheet: Any, top: int, names: Sequence[str], table: Sequence[Sequence[Cell]], formats: dict[str, Any]
) -> None:
    """Text is written as text, whatever it begins with; numbers as numbers."""
    for column, name in enumerate(names):
        sheet.write_string(top, column, name, formats["head"])
    for i, row in enumerate(table, top + 1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(i, column, clean(cell), formats["cell"])
            else:
                number = formats["cell"] if isinstance(cell, int) else formats["number"]
                sheet.write_number(i, column, float(cell), number)
