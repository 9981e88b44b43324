"""The JSON contract as a report, and its published schema."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from checklist.reports.assessment.dossier import Dossier
from checklist.reports.exchange.assessment_json import assessments_json

SCHEMA: Final = Path(__file__).parent / "assessment.schema.json"


def report(dossier: Dossier) -> bytes:
    return (assessments_json([dossier.assessment]) + "\n").encode("utf-8", "replace")


def schema_text() -> str:
    return SCHEMA.read_text(encoding="utf-8")
