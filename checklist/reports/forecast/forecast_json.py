"""The JSON form of an inspection forecast. Chances and scores are exact fractions beside a rounded decimal."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from checklist.model.numbers import rounded
from checklist.model.results.forecast import CurvePoint, Forecast, Outlook, Sink, WayThere
from checklist.model.state import Site
from checklist.reports.formats.json_parts import basis, contract, share, who


def forecast_json(result: Forecast) -> str:
    drawing = result.drawing
    return contract(
        {
            "ruleset": basis(result.ruleset),
            "communities": [who(community) for community in result.communities],
            "drawing": {
                "sites": dict(drawing.sites),
                "communities": drawing.communities,
                "by_street": drawing.by_street,
                "inspected": result.inspected,
                "drawings": result.drawings,
            },
            "sites": [
                {"community": place.community.id, "kind": place.kind, "sites": place.sites, "drawn": place.drawn}
                for place in result.places
            ],
            "target": str(result.target),
            "rounded_by": str(result.error),
            "low": _outlook(result.low),
            "high": _outlook(result.high),
            "no_open_flag": {"low": share(result.clean[0]), "high": share(result.clean[1])},
            "sinks": None if result.sinks is None else [_sink(sink) for sink in result.sinks],
            "curve": {kind: [_point(point) for point in points] for kind, points in result.curve.items()},
            "reach": _reach(result.reach) if result.reach else None,
        }
    )


def _outlook(outlook: Outlook) -> dict[str, Any]:
    return {
        "reaches_target": share(outlook.passes),
        "mean": _score(outlook.mean),
        "p5": _score(outlook.fifth),
        "p95": _score(outlook.ninety_fifth),
        "by_whole_score": {str(score): share(chance) for score, chance in outlook.whole.items()},
    }


def _score(score: Fraction) -> dict[str, str]:
    return {"score": str(rounded(score, 2)), "exact": str(score)}


def _site(site: Site | None) -> dict[str, str] | None:
    return {"id": site.id, "name": site.name} if site else None


def _sink(sink: Sink) -> dict[str, Any]:
    return {
        "community": sink.community.id,
        "kind": sink.kind,
        "site": _site(sink.site),
        "count": sink.count,
        "low": share(sink.low),
        "high": share(sink.high),
    }


def _point(point: CurvePoint) -> dict[str, Any]:
    return {"bad": point.bad, "sites": point.sites, "low": share(point.low), "high": share(point.high)}


def _reach(reach: WayThere) -> dict[str, Any]:
    return {
        "wanted": share(reach.wanted),
        "chance": share(reach.chance),
        "reached": reach.reached,
        "proved": reach.proved,
        "at_least": reach.least,
        "tried": reach.tried,
        "cheapest": reach.cheapest,
        "yuan_at_least": reach.least_yuan,
        "sites": [{"site": _site(site), "actions": [action.id for action in actions]} for site, actions in reach.steps],
    }
