"""The JSON contract as a report; its schema is ``docs/schema/assessment.json``."""

from __future__ import annotations

from ..dossier import Dossier
from ..jsonfile import assessments_json


def report(dossier: Dossier) -> bytes:
    return (assessments_json([dossier.assessment]) + "\n").encode("utf-8")
