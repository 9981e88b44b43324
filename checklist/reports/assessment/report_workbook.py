"""A report as a workbook: overview with charts, modules, criteria, the three lists, the task table, unknown facts.

Every text is written as text: nothing that a record says becomes a formula, a link or a number.
"""

from __future__ import annotations

from datetime import date, datetime, time
from fractions import Fraction
from typing import Any, Final

from rich.cells import cell_len

from checklist.model.numbers import percent_text, points_text, rounded
from checklist.model.results.assessment import Assessment
from checklist.reports.assessment import report_lists as lists
from checklist.reports.assessment.dossier import Dossier
from checklist.reports.assessment.freshness import soon_table
from checklist.reports.assessment.report_charts import data_sheet, module_chart, outcome_chart, score_chart
from checklist.reports.assessment.tasks import Tasks
from checklist.reports.document.document import Cell, Column, Table, day_text, one_line, tidy
from checklist.reports.formats.spreadsheets import workbook_bytes
from checklist.reports.language.community_profile import community_name
from checklist.reports.language.labels import OUTCOME, VERDICT
from checklist.reports.language.names import ruleset_name
from checklist.reports.language.phrases import band_text, score_text, yuan_text

FONT: Final = {"font_name": "宋体", "font_size": 11}
LANDSCAPE_WIDER: Final = 60
A3, A4 = 8, 9
WIDEST: Final = 120
SCALE: Final = 1.7
LINE_POINTS, MOST_LINES = 15, 24


def _height(columns: tuple[Column, ...], row: tuple[Cell, ...]) -> float:
    """Points for the tallest cell: WPS and LibreOffice do not fit a row to its text by themselves."""
    lines = (
        sum(-(-cell_len(part) // max(int(column.width * SCALE) - 1, 1)) or 1 for part in cell.split("\n"))
        for column, cell in zip(columns, row, strict=True)
        if isinstance(cell, str)
    )
    return float(min(max(lines, default=1), MOST_LINES) * LINE_POINTS + 2)


def report(dossier: Dossier) -> bytes:
    title = one_line(f"{community_name(dossier.assessment)}自查结果")
    return workbook_bytes(lambda book: _fill(book, dossier), dossier.assessment.as_of, title)


def _fill(book: Any, dossier: Dossier) -> None:
    formats = _formats(book)
    overview = book.add_worksheet("概况")
    for table in _tables(dossier):
        _sheet(book, table, formats)
    _overview(book, overview, dossier, formats)


def _tables(dossier: Dossier) -> tuple[Table, ...]:
    assessment = dossier.assessment
    return (
        lists.modules_table(assessment),
        lists.criteria_table(assessment),
        lists.problems_list(dossier),
        lists.owners_list(dossier),
        lists.days_list(dossier),
        lists.tasks_table(dossier),
        lists.unknown_list(assessment),
        soon_table(assessment),
    )


def _formats(book: Any) -> dict[str, Any]:
    cell = {**FONT, "border": 1, "border_color": "#BFBFBF", "valign": "top"}
    made = {
        "title": {**FONT, "bold": True, "font_size": 16},
        "note": {**FONT, "text_wrap": True, "valign": "top", "font_color": "#595959"},
        "name": {**cell, "bold": True, "bg_color": "#EAF1F8"},
        "head": {
            **cell,
            "bold": True,
            "bg_color": "#DCE6F1",
            "text_wrap": True,
            "align": "center",
            "valign": "vcenter",
        },
        "text": {**cell, "text_wrap": True},
        "date": {**cell, "num_format": "yyyy-mm-dd", "align": "center"},
        "number0": {**cell, "num_format": "0.##", "align": "center"},
        "number1": {**cell, "num_format": "0.0", "align": "center"},
        "number2": {**cell, "num_format": "0.00", "align": "center"},
        "met": {"font_color": "#006100", "bg_color": "#E2F0D9"},
        "partly": {"font_color": "#7F6000", "bg_color": "#FFF2CC"},
        "unmet": {"font_color": "#9C0006", "bg_color": "#FBE0DD"},
        "unknown": {"font_color": "#1F4E79", "bg_color": "#DDEBF7"},
    }
    found = {name: book.add_format(properties) for name, properties in made.items()}
    found["whole"] = book.add_format({**cell, "num_format": "0", "align": "center"})
    return found


def _sheet(book: Any, table: Table, formats: dict[str, Any]) -> None:
    """A table with frozen head, filter, and print set-up: as wide as one page, the head on every page."""
    sheet = book.add_worksheet(table.title)
    for n, column in enumerate(table.columns):
        sheet.set_column(n, n, column.width * SCALE)
        sheet.write_string(0, n, column.title, formats["head"])
    sheet.set_row(0, 32)
    for r, row in enumerate(table.rows, 1):
        sheet.set_row(r, _height(table.columns, row))
        for n, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
            _cell(sheet, r, n, column, cell, formats)
    if not table.rows:
        sheet.write_string(1, 0, table.empty, formats["note"])
    last = len(table.rows)
    sheet.freeze_panes(1, 2 if len(table.columns) > 4 else 0)
    if last:
        sheet.autofilter(0, 0, last, len(table.columns) - 1)
        _colours(sheet, table, formats)
    width = sum(c.width for c in table.columns)
    _print(sheet, lying=width > LANDSCAPE_WIDER, paper=A3 if width > WIDEST else A4)
    sheet.repeat_rows(0)


def _cell(sheet: Any, row: int, column: int, declared: Column, cell: Cell, formats: dict[str, Any]) -> None:
    match cell:
        case None:
            sheet.write_blank(row, column, None, formats["text"])
        case str():
            sheet.write_string(row, column, tidy(cell), formats["text"])
        case date():
            sheet.write_datetime(row, column, datetime.combine(cell, time()), formats["date"])
        case int() | Fraction():
            whole = not declared.decimals and cell == int(cell)
            style = formats["whole" if whole else f"number{declared.decimals}"]
            sheet.write_number(row, column, float(rounded(cell, 4)), style)


def _colours(sheet: Any, table: Table, formats: dict[str, Any]) -> None:
    """The outcome's cell has its colour; its word says the same."""
    for n, column in enumerate(table.columns):
        if column.title == "结论":
            for outcome in ("met", "partly", "unmet", "unknown"):
                rule = {"type": "cell", "criteria": "==", "value": f'"{OUTCOME[outcome]}"', "format": formats[outcome]}
                sheet.conditional_format(1, n, len(table.rows), n, rule)


def _print(sheet: Any, *, lying: bool, paper: int = A4) -> None:
    sheet.set_paper(paper)
    if lying:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.set_footer("&L&A&R第 &P 页，共 &N 页")


def _overview(book: Any, sheet: Any, dossier: Dossier, formats: dict[str, Any]) -> None:
    assessment = dossier.assessment
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 66)
    sheet.write_string(0, 0, one_line(f"{community_name(assessment)}自查结果", 60), formats["title"])
    rows = _summary(assessment, dossier.tasks)
    for n, (name, text) in enumerate(rows, 2):
        sheet.write_string(n, 0, name, formats["name"])
        sheet.write_string(n, 1, tidy(text), formats["text"])
    sheet.set_row(len(rows) + 1, 32)
    data, at = data_sheet(book), len(rows) + 3
    for chart, lines in (
        (module_chart(book, data, assessment), 25),
        (outcome_chart(book, assessment), 20),
        (score_chart(book, data, dossier), 0),
    ):
        if chart is not None:
            sheet.insert_chart(at, 0, chart)
            at += lines
    _print(sheet, lying=False)
    sheet.fit_to_pages(1, 1)
    sheet.activate()


def _summary(assessment: Assessment, tasks: Tasks) -> list[tuple[str, str]]:
    ruleset, community = assessment.ruleset, assessment.state.community
    total = assessment.total
    verdict = assessment.verdict
    opened = [f"{f.criterion.id} {f.criterion.title}" for f in (*verdict.open_vetoes, *verdict.open_redlines)]
    place = " ".join(p for p in (community.city, community.district, community.street, community.group) if p)
    return [
        ("社区", f"{community_name(assessment)}  {place}"),
        ("现状日期", day_text(assessment.as_of)),
        ("测评体系", ruleset_name(ruleset)),
        ("得分", f"{score_text(assessment.score)} / 100"),
        ("等次", band_text(assessment.bands)),
        ("核查率", percent_text(assessment.coverage)),
        ("红线和否决", VERDICT[verdict.kind] + (f"：{'；'.join(opened)}" if opened else "")),
        ("结论", "  ".join(f"{OUTCOME[o]} {n}" for o, n in total.outcomes.items())),
        ("差距", f"{len(assessment.gaps)} 项，失 {points_text(sum(g.winnable for g in assessment.gaps))} 分"),
        ("整改任务", f"{len(tasks.steps)} 项，费用 {yuan_text(tasks.yuan)}" if tasks.steps else "没有安排"),
        ("说明", ruleset.disclaimer),
    ]
