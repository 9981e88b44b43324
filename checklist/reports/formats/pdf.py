"""A paper as PDF in official layout."""

from __future__ import annotations

from ..dossier import Dossier
from ..paper import Paper
from ..workreport import work_report
from .typesetting import typeset


def report(dossier: Dossier) -> bytes:
    return render(work_report(dossier))


def render(paper: Paper) -> bytes:
    return typeset(paper, "paper.typ", "pdf")
