"""The form's summary sheet: how much is filled in, counted as one types, and where the community stood when it was made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from checklist.model.results.assessment import Assessment
from checklist.reports.formats.spreadsheets import Looks, print_setup

SHARE: Final = {"num_format": "0%"}


@dataclass(frozen=True, slots=True)
class Filling:
    """What is to be filled in together: rows ``first`` to ``last`` (from 0) of a ``sheet``, of which ``asked`` are
    answered in any of ``columns`` (their letters) and ``done`` already are."""

    title: str
    sheet: str
    columns: tuple[str, ...]
    first: int
    last: int
    asked: int
    done: int


def summary_sheet(
    book: Any,
    sheet: Any,
    looks: Looks,
    ranges: Sequence[Filling],
    assessment: Assessment,
) -> None:
    """Two small tables, a native chart for each. The only formulas in the workbook are the counts written here; they
    carry their present value, for programs that show a file without counting."""
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 3, 11)
    looks.head(sheet, 0, ("填报进度", "应填", "已填", "完成"))
    counted, share = looks.of("number"), looks.of("number", **SHARE)
    for row, part in enumerate(ranges, 1):
        looks.put(sheet, row, 0, part.title)
        looks.put(sheet, row, 1, part.asked, "number")
        name = part.sheet if part.sheet.isalpha() else "'" + part.sheet.replace("'", "''") + "'"
        either = "+".join(f'({name}!{c}{part.first + 1}:{c}{part.last + 1}<>"")' for c in part.columns)
        sheet.write_formula(row, 2, f"=SUMPRODUCT(--(({either})>0))", counted, part.done)
        sheet.write_formula(row, 3, f"=C{row + 1}/B{row + 1}", share, part.done / part.asked)
    if ranges:
        _progress_chart(book, sheet, len(ranges))
    _modules(book, sheet, max(len(ranges) + 3, 20), assessment, looks)
    print_setup(sheet, None)
    sheet.fit_to_pages(1, 1)


def _progress_chart(book: Any, sheet: Any, rows: int) -> None:
    chart = book.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": "完成",
            "categories": [sheet.name, 1, 0, rows, 0],
            "values": [sheet.name, 1, 3, rows, 3],
            "fill": {"color": "#4472C4"},
        }
    )
    chart.set_title({"name": "填报进度", "name_font": {"size": 12}})
    chart.set_x_axis({"min": 0, "max": 1, "num_format": "0%"})
    chart.set_y_axis({"reverse": True, "interval_unit": 1, "num_font": {"size": 8}})
    chart.set_legend({"none": True})
    chart.set_size({"width": 560, "height": 380})
    sheet.insert_chart("F1", chart)


def _modules(book: Any, sheet: Any, top: int, assessment: Assessment, looks: Looks) -> None:
    looks.head(sheet, top, ("模块（制表时的记录）", "至少", "还可能多得"))
    rows = 0
    for result in assessment.modules:
        module, tally = result.module, result.tally
        if not tally.possible:
            continue
        rows += 1
        looks.put(sheet, top + rows, 0, f"{module.id} {module.title}")
        for column, points in enumerate((tally.low, tally.high - tally.low), 1):
            looks.put(sheet, top + rows, column, Fraction(points, tally.possible), "number", **SHARE)
    if not rows:
        return
    chart = book.add_chart({"type": "bar", "subtype": "stacked"})
    for column, name, colour in ((1, "至少", "#70AD47"), (2, "还可能多得", "#D9D9D9")):
        chart.add_series(
            {
                "name": name,
                "categories": [sheet.name, top + 1, 0, top + rows, 0],
                "values": [sheet.name, top + 1, column, top + rows, column],
                "fill": {"color": colour},
            }
        )
    chart.set_title({"name": "各模块得分率（制表时）", "name_font": {"size": 12}})
    chart.set_x_axis({"min": 0, "max": 1, "num_format": "0%"})
    chart.set_y_axis({"reverse": True, "interval_unit": 1, "num_font": {"size": 8}})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 560, "height": 420})
    sheet.insert_chart(top, 5, chart)
