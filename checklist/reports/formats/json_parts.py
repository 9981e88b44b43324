"""What every JSON contract says in the same words: its version, a score, a share, and what a finding came to."""

from __future__ import annotations

import json
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from checklist.model.numbers import exact_points, rounded
from checklist.model.results.assessment import Finding, Score, Tally
from checklist.model.results.bands import ExtraPoints
from checklist.model.results.graded import SiteEvent
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import Community, Site


def contract(parts: dict[str, Any], version: int = 1) -> str:
    """A contract as text; ``version`` goes up when a field changes its meaning."""
    return json.dumps({"schema_version": version, **parts}, ensure_ascii=False, indent=2)


def who(community: Community) -> dict[str, Any]:
    return {"id": community.id, "name": community.name, "invented": community.invented}


def site_data(site: Site) -> dict[str, str]:
    return {"id": site.id, "name": site.name}


def sites_data(changes: Iterable[SiteEvent]) -> list[dict[str, str | None]]:
    """What became of sites; ``before`` and ``after`` are names, or how many there are of a kind."""
    return [
        {"news": c.news, "kind": c.kind.id, "site": c.site.id if c.site else None, "before": c.before, "after": c.after}
        for c in changes
    ]


def basis(ruleset: Ruleset) -> dict[str, Any]:
    """What it was judged by."""
    return {"id": ruleset.id, "edition": ruleset.edition, "custom": ruleset.custom}


def score(value: Score) -> dict[str, str]:
    """Both ends, rounded for reading and exact for reckoning."""
    return {
        "low": str(rounded(value.low)),
        "high": str(rounded(value.high)),
        "exact_low": str(value.low),
        "exact_high": str(value.high),
    }


def share(value: Fraction) -> dict[str, str]:
    """A part of a whole, as a percentage for reading and as an exact fraction."""
    return {"percent": str(rounded(value * 100)), "exact": str(value)}


def points(tally: Tally) -> dict[str, str]:
    """What was earned at least and at most, and what there is to earn."""
    return {"low": exact_points(tally.low), "high": exact_points(tally.high), "possible": exact_points(tally.possible)}


def beside(extras: Iterable[ExtraPoints]) -> dict[str, list[dict[str, Any]]]:
    """Bonus and penalty modules with what they come to; nothing where the ruleset has none."""
    told = [
        {
            "module": e.module.id,
            "kind": e.module.kind,
            "counts": e.module.counts,
            "low": exact_points(e.low),
            "high": exact_points(e.high),
            "most": exact_points(e.module.points),
        }
        for e in extras
    ]
    return {"extras": told} if told else {}


def grade(finding: Finding) -> dict[str, Any]:
    """Outcome, levels and points of one finding."""
    return {
        "outcome": finding.outcome,
        "worst_level": finding.worst,
        "best_level": finding.best,
        "low": exact_points(finding.low),
        "high": exact_points(finding.high),
        "possible": exact_points(finding.possible),
        **({"extra": [exact_points(end) for end in finding.extra]} if finding.extra else {}),
    }
