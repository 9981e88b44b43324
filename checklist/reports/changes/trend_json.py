"""The JSON form of a trend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from checklist.model.results.graded import GradedAt
from checklist.model.results.trend import Moment, Spell, Trend
from checklist.reports.formats.json_parts import basis, contract, score, share, site_data, sites_data, who
from checklist.reports.language.lineage_phrases import regrouping_data


def trend_json(trend: Trend) -> str:
    document = {
        "community": who(trend.community),
        "ruleset": basis(trend.ruleset),
        "moments": [_moment(moment) | _edition(moment, trend) for moment in trend.moments],
        "gaps": [_spell(spell) for spell in trend.spells],
        "closures": trend.closures,
        "relapses": trend.relapses,
        "relapse_rate": share(trend.relapse_rate) if trend.relapse_rate is not None else None,
    }
    return contract(document)


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
        **({"sites": sites_data(moment.sites)} if moment.sites else {}),
    }


def _edition(moment: Moment, trend: Trend) -> dict[str, Any]:
    """The ruleset of a day, where it was not always the same, and what it split or merged."""
    if moment.assessment.ruleset == trend.ruleset and not moment.regrouped:
        return {}
    grouped = [regrouping_data(one) for one in moment.regrouped]
    return {"ruleset": basis(moment.assessment.ruleset), **({"lineages": grouped} if grouped else {})}


def _ids(criteria: Sequence[GradedAt]) -> list[str]:
    return [one.key for one in criteria]


def _spell(spell: Spell) -> dict[str, Any]:
    return {
        "criterion": spell.criterion.id,
        **({"site": site_data(spell.graded.site), "gone": spell.gone} if spell.graded.site else {}),
        "since": spell.since.isoformat(),
        "until": spell.until.isoformat() if spell.until else None,
        "days": spell.days,
        "relapse": spell.relapse,
    }
