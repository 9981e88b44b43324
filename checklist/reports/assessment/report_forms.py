"""One community's report in each format: the paper for most, for some what only this format can show."""

from __future__ import annotations

from importlib import import_module
from typing import Final

from checklist.reports.assessment.brief import brief
from checklist.reports.assessment.dossier import Dossier
from checklist.reports.formats import FORMATS
from checklist.reports.work_report.work_report import work_report

OWN: Final = {
    "xlsx": "assessment.report_workbook",
    "html": "assessment.web_report",
    "csv": "assessment.criteria_csv",
    "json": "exchange.json_report",
    "junit": "exchange.junit",
    "oscal": "exchange.oscal",
}
"""Modules with ``report(dossier) -> bytes``: a workbook with charts, a page to click through, criteria line by line."""


def report(dossier: Dossier, format: str) -> bytes:
    """``format`` is one of ``FORMATS``. Raises Refusal where this machine cannot make it."""
    if format in OWN:
        data: bytes = import_module(f"checklist.reports.{OWN[format]}").report(dossier)
        return data
    if format == "docx" and dossier.template is not None:
        from checklist.reports.formats.docx import poured

        return poured(work_report(dossier), dossier.template)
    return FORMATS[format].render(brief(dossier) if format == "png" else work_report(dossier))
