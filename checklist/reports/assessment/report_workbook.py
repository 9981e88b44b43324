"""A report as a workbook: overview with charts, modules, criteria, the three lists, the task table, unknown facts.

Every text is written as text: nothing that a record says becomes a formula, a link or a number.
"""

from __future__ import annotations

from typing import Any

from checklist.model.numbers import percent_text, points_text
from checklist.model.planning.tasks import Tasks
from checklist.model.results.assessment import Assessment
from checklist.reports.assessment import report_lists as lists
from checklist.reports.assessment.dossier import Dossier
from checklist.reports.assessment.freshness import soon_table
from checklist.reports.assessment.report_charts import data_sheet, module_chart, outcome_chart, score_chart
from checklist.reports.assessment.task_lists import days_list, owners_list, problems_list, tasks_table
from checklist.reports.document.document import Column, Content, Document, Table
from checklist.reports.document.tidied import tidied
from checklist.reports.formats.spreadsheets import Looks, workbook_bytes
from checklist.reports.formats.xlsx import add_sheet, sheets_of
from checklist.reports.language.action_phrases import unproved_text, yuan_text
from checklist.reports.language.community_profile import community_name
from checklist.reports.language.labels import OUTCOME, VERDICT
from checklist.reports.language.names import ruleset_name
from checklist.reports.language.phrases import band_text
from checklist.reports.language.site_phrases import flag_text


def report(dossier: Dossier) -> bytes:
    document = workbook_document(dossier)

    def fill(book: Any, looks: Looks) -> None:
        first, *_ = [add_sheet(book, looks, sheet) for sheet in sheets_of(document)]
        _charts(book, first, dossier)

    return workbook_bytes(fill, dossier.assessment.as_of, document.title)


def workbook_document(dossier: Dossier) -> Document:
    assessment = dossier.assessment
    return tidied(
        Document(
            title=f"{community_name(assessment)}自查结果",
            parts=(
                _overview(assessment, dossier.tasks),
                lists.modules_table(assessment),
                lists.criteria_table(assessment),
                problems_list(dossier),
                owners_list(dossier),
                days_list(dossier),
                tasks_table(dossier),
                lists.unknown_list(assessment),
                soon_table(assessment),
            ),
            day=assessment.as_of,
        )
    )


def _charts(book: Any, sheet: Any, dossier: Dossier) -> None:
    data, at = data_sheet(book), sheet.dim_rowmax + 2
    for chart, lines in (
        (module_chart(book, data, dossier.assessment), 25),
        (outcome_chart(book, dossier.assessment), 20),
        (score_chart(book, data, dossier), 0),
    ):
        if chart is not None:
            sheet.insert_chart(at, 0, chart)
            at += lines
    sheet.fit_to_pages(1, 1)
    sheet.activate()


def _overview(assessment: Assessment, tasks: Tasks) -> Table:
    ruleset, community = assessment.ruleset, assessment.state.community
    total = assessment.total
    verdict = assessment.verdict
    opened = [f"{f.criterion.id} {flag_text(f)}" for f in (*verdict.open_vetoes, *verdict.open_redlines)]
    place = " ".join(p for p in (community.city, community.district, community.street, community.group) if p)
    rows: tuple[tuple[str, Content], ...] = (
        ("社区", f"{community_name(assessment)}  {place}"),
        ("现状日期", assessment.as_of),
        ("测评体系", ruleset_name(ruleset)),
        ("得分（满分 100）", assessment.score),
        ("等次", band_text(assessment.bands)),
        ("核查率", percent_text(assessment.coverage)),
        ("红线和否决", VERDICT[verdict.kind] + (f"：{'；'.join(opened)}" if opened else "")),
        ("结论", "  ".join(f"{OUTCOME[o]} {n}" for o, n in total.outcomes.items())),
        ("差距", f"{len(assessment.gaps)} 项，失 {points_text(sum(g.winnable for g in assessment.gaps))} 分"),
        ("整改任务", f"{len(tasks.steps)} 项，费用 {yuan_text(tasks.yuan)}" if tasks.steps else "没有安排"),
        *((("怎么排的", said),) if (said := unproved_text(tasks)) else ()),
        ("说明", ruleset.disclaimer),
    )
    return Table("概况", (Column("项目", 10), Column("内容", 40)), rows)
