"""A paper as PDF in official layout."""

from __future__ import annotations

from checklist.reports.assessment.dossier import Dossier
from checklist.reports.assessment.work_report import work_report
from checklist.reports.document.document import Document
from checklist.reports.formats.typesetting import typeset


def report(dossier: Dossier) -> bytes:
    return render(work_report(dossier))


def render(paper: Document) -> bytes:
    return typeset(paper, "paper.typ", "pdf")
