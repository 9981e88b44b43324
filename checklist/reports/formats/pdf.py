"""A paper as PDF in official layout."""

from __future__ import annotations

from checklist.reports.document.document import Document
from checklist.reports.formats.typesetting import typeset


def render(paper: Document) -> bytes:
    return typeset(paper, "paper.typ", "pdf")
