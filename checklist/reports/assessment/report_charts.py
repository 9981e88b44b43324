"""Native charts of the workbook: they stay editable and print with the office's own fonts."""

from __future__ import annotations

from typing import Any, Final

from checklist.model.numbers import rounded
from checklist.model.results.assessment import Assessment
from checklist.reports.assessment.dossier import Dossier
from checklist.reports.assessment.report_lists import modules_table
from checklist.reports.document.document import day_text, one_line
from checklist.reports.language.labels import OUTCOME

SURE, MAYBE, LOST = "#2F6DA8", "#A9C9E8", "#E8E8E8"
OUTCOME_COLOUR: Final = {
    "met": "#4C9A5B",
    "partly": "#E0B23C",
    "unmet": "#C8504B",
    "unknown": "#7FA8D1",
    "not_applicable": "#BFBFBF",
}
GRID: Final = {"visible": True, "line": {"color": LOST}}
DATA: Final = "图表数据"
FONT: Final = {"name": "宋体", "size": 10}


def _titles(assessment: Assessment) -> dict[str, int]:
    return {column.title: n for n, column in enumerate(modules_table(assessment).columns)}


def data_sheet(book: Any) -> Any:
    """The hidden sheet that holds what the charts draw."""
    sheet = book.add_worksheet(DATA)
    sheet.hide()
    return sheet


def module_chart(book: Any, sheet: Any, assessment: Assessment) -> Any:
    """Share of points by module: sure (low end), then what is still possible (up to the high end)."""
    graded = [m for m in assessment.modules if m.tally.possible]
    for n, name in enumerate(("测评模块", "已确定（%）", "未核实（%）")):
        sheet.write_string(0, n, name)
    for row, module in enumerate(graded, 1):
        low, high = module.tally.score.low, module.tally.score.high
        sheet.write_string(row, 0, one_line(module.module.title))
        sheet.write_number(row, 1, float(rounded(low, 2)))
        sheet.write_number(row, 2, float(rounded(high - low, 2)))
    chart = _chart(book, "bar", "各模块得分率", stacked=True)
    for column, colour in ((1, SURE), (2, MAYBE)):
        chart.add_series(_series(0, column, len(graded), colour))
    chart.set_x_axis({"min": 0, "max": 100, "num_font": FONT, "major_gridlines": GRID, "label_position": "high"})
    chart.set_y_axis({"reverse": True, "num_font": FONT, "interval_unit": 1})
    chart.set_size({"width": 620, "height": 470})
    return chart


def _chart(book: Any, kind: str, title: str, *, stacked: bool) -> Any:
    chart = book.add_chart({"type": kind, "subtype": "stacked"} if stacked else {"type": kind})
    chart.set_title({"name": title, "name_font": {**FONT, "size": 12}})
    chart.set_legend({"position": "bottom", "font": FONT})
    return chart


def _series(first: int, column: int, count: int, colour: str) -> dict[str, Any]:
    """A column of the data sheet whose names stand in column ``first``."""
    return {
        "name": [DATA, 0, column],
        "categories": [DATA, 1, first, count, first],
        "values": [DATA, 1, column, count, column],
        "fill": {"color": colour},
        "gap": 40,
    }


def outcome_chart(book: Any, assessment: Assessment) -> Any:
    """How many criteria of each module came out how."""
    columns = _titles(assessment)
    first = columns["核查率（%）"] + 1
    count = len(assessment.modules)
    chart = _chart(book, "column", "各模块结论（项）", stacked=True)
    for n, (outcome, colour) in enumerate(OUTCOME_COLOUR.items()):
        chart.add_series(
            {
                "name": OUTCOME[outcome],
                "categories": ["各模块得分", 1, 0, count, 0],
                "values": ["各模块得分", 1, first + n, count, first + n],
                "fill": {"color": colour},
                "gap": 40,
            }
        )
    chart.set_x_axis({"num_font": {**FONT, "rotation": -45}, "interval_unit": 1})
    chart.set_y_axis({"num_font": FONT, "major_gridlines": GRID})
    chart.set_size({"width": 620, "height": 360})
    return chart


def score_chart(book: Any, sheet: Any, dossier: Dossier) -> Any:
    """Before, now and after the tasks, as far as they are known; None when there is only now."""
    moments = [(day_text(a.as_of), a) for a in (dossier.earlier, dossier.assessment) if a is not None]
    if dossier.tasks.after is not None:
        moments.append(("整改完成后", dossier.tasks.after))
    if len(moments) < 2:
        return None
    for n, name in enumerate(("时间", "最低得分", "最高得分"), 4):
        sheet.write_string(0, n, name)
    for row, (name, moment) in enumerate(moments, 1):
        sheet.write_string(row, 4, name)
        sheet.write_number(row, 5, float(rounded(moment.score.low, 2)))
        sheet.write_number(row, 6, float(rounded(moment.score.high, 2)))
    chart = _chart(book, "column", "整改前后得分", stacked=False)
    labels = {"data_labels": {"value": True, "num_format": "0.0", "font": FONT}}
    for column, colour in ((5, SURE), (6, MAYBE)):
        chart.add_series({**_series(4, column, len(moments), colour), **labels})
    chart.set_y_axis({"min": 0, "max": 100, "num_font": FONT, "major_gridlines": GRID})
    chart.set_x_axis({"num_font": FONT})
    chart.set_size({"width": 620, "height": 300})
    return chart
