"""A trend as JSON and as a self-contained page with the score band drawn as SVG (extra ``office``)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Final

from checklist.model.numbers import percent_text, rounded
from checklist.model.results.trend import Moment, Spell, Trend
from checklist.model.rules.ruleset import Criterion
from checklist.reports.changes.trend_screen import relapse_text
from checklist.reports.comparison.comparison_page import page
from checklist.reports.formats.json_parts import score, share
from checklist.reports.language.names import named, ruleset_name
from checklist.reports.language.phrases import band_text, score_text

SCHEMA_VERSION: Final = 1
WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 720, 280, 40, 30, 15


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


def trend_html(trend: Trend) -> str:
    return page(
        "trend.html",
        name=named(trend.community),
        ruleset=ruleset_name(trend.ruleset),
        disclaimer=trend.ruleset.disclaimer,
        chart=_chart(trend),
        rows=[
            {
                "day": moment.as_of,
                "score": score_text(moment.score),
                "band": band_text(moment.assessment.bands),
                "coverage": percent_text(moment.assessment.coverage),
                "counts": (len(moment.opened), len(moment.closed), len(moment.relapsed), moment.open),
            }
            for moment in trend.moments
        ],
        open=trend.still_open,
        closing=relapse_text(trend),
    )


def _chart(trend: Trend) -> dict[str, Any]:
    """Points of the band and of the grid, in SVG units: days to scale, 0 to 100 from the bottom."""
    days = [moment.as_of.toordinal() for moment in trend.moments]
    span = max(days[-1] - days[0], 1)
    across = [LEFT + Fraction((day - days[0]) * (WIDTH - 2 * LEFT), span) for day in days]
    if len(days) == 1:
        across = [Fraction(WIDTH, 2)]
    low = [_point(x, m.score.low) for x, m in zip(across, trend.moments, strict=True)]
    high = [_point(x, m.score.high) for x, m in zip(across, trend.moments, strict=True)]
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "right": WIDTH - LEFT,
        "low": " ".join(low),
        "high": " ".join(high),
        "area": " ".join((*high, *reversed(low))),
        "marks": [
            {
                "x": rounded(x, 1),
                "low": rounded(_height(m.score.low), 1),
                "high": rounded(_height(m.score.high), 1),
                "day": m.as_of,
                "label": f"{m.as_of}：{score_text(m.score)}",
                "anchor": "start" if i == 0 and len(days) > 1 else "end" if i == len(days) - 1 and i else "middle",
                "named": i in (0, len(days) - 1),
            }
            for i, (x, m) in enumerate(zip(across, trend.moments, strict=True))
        ],
        "grid": [{"value": value, "y": rounded(_height(Fraction(value)), 1)} for value in (0, 20, 40, 60, 80, 100)],
    }


def _height(value: Fraction) -> Fraction:
    return HEIGHT - BOTTOM - value * (HEIGHT - BOTTOM - TOP) / 100


def _point(x: Fraction, value: Fraction) -> str:
    return f"{rounded(x, 1)},{rounded(_height(value), 1)}"
