"""The JSON form of a calibration."""

from __future__ import annotations

from typing import Any

from checklist.model.results.calibration import Agreement, Calibration
from checklist.reports.formats.json_parts import contract


def calibration_json(calibration: Calibration) -> str:
    left = calibration.left
    document = {
        "ruleset": {"id": calibration.ruleset.id, "edition": calibration.ruleset.edition},
        "visits": calibration.visits,
        "unit": "visit" if calibration.by_visit else "pair",
        "total": _agreement(calibration.total),
        "modules": [_agreement(one) for one in calibration.modules],
        "criteria": [_agreement(one) for one in calibration.criteria],
        "left": {
            "no_record": left.no_record,
            "not_known": left.not_known,
            "not_applicable": left.not_applicable,
            "no_points": left.no_points,
        },
    }
    return contract(document)


def _agreement(one: Agreement) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "pairs": one.pairs,
        "same": one.same,
        "kappa": str(one.kappa) if one.kappa is not None else None,
        "bias": str(one.bias),
        "interval": [str(end) for end in one.interval] if one.interval else None,
        "shrunk": str(one.shrunk),
    }
