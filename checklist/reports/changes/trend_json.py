"""The JSON form of a trend."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from checklist.model.results.trend import Moment, Spell, Trend
from checklist.model.rules.ruleset import Criterion
from checklist.reports.formats.json_parts import score, share

SCHEMA_VERSION: Final = 1


def trend_json(trend: Trend) -> str:
    document = {
        "schema_version": SCHEMA_VERSION,
        "community": {
            "id": trend.community.id,
            "name": trend.community.name,
            "invented": trend.community.invented,
        },
        "ruleset": {"id": trend.ruleset.id, "edition": trend.ruleset.edition, "custom": trend.ruleset.custom},
        "moments": [_moment(moment) for moment in trend.moments],
        "gaps": [_spell(spell) for spell in trend.spells],
        "closures": trend.closures,
        "relapses": trend.relapses,
        "relapse_rate": share(trend.relapse_rate) if trend.relapse_rate is not None else None,
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _moment(moment: Moment) -> dict[str, Any]:
    return {
        "as_of": moment.as_of.isoformat(),
        "score": score(moment.score),
        "coverage": share(moment.assessment.coverage),
        "bands": list(moment.assessment.bands),
        "verdict": moment.assessment.verdict.kind,
        "opened": _ids(moment.opened),
        "closed": _ids(moment.closed),
        "relapsed": _ids(moment.relapsed),
        "open": moment.open,
    }


def _ids(criteria: Sequence[Criterion]) -> list[str]:
    return [criterion.id for criterion in criteria]


def _spell(spell: Spell) -> dict[str, Any]:
    return {
        "criterion": spell.criterion.id,
        "since": spell.since.isoformat(),
        "until": spell.until.isoformat() if spell.until else None,
        "days": spell.days,
        "relapse": spell.relapse,
    }
