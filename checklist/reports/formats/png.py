"""The long picture (长图): one tall page that a chat group can read on a phone."""

from __future__ import annotations

from ..brief import brief
from ..dossier import Dossier
from .svg import graded
from .typesetting import typeset


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
