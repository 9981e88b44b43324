"""The long picture (长图): one tall page that a chat group can read on a phone."""

from __future__ import annotations

from checklist.reports.assessment.brief import brief
from checklist.reports.assessment.dossier import Dossier
from checklist.reports.formats.svg import graded
from checklist.reports.formats.typesetting import typeset


def report(dossier: Dossier) -> bytes:
    assessment = dossier.assessment
    bars = [
        {
            "title": module.module.title,
            "low": float(module.tally.score.low) / 100,
            "high": float(module.tally.score.high) / 100,
        }
        for module in graded(assessment)
    ]
    return typeset(brief(dossier), "picture.typ", "png", {"bars": bars})
