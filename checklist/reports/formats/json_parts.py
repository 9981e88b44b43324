"""What every JSON file says in the same words: a score, a share, and what a finding came to."""

from __future__ import annotations

from fractions import Fraction

from checklist.model.numbers import exact_points, rounded
from checklist.model.results.assessment import Finding, Score, Tally


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


def grade(finding: Finding) -> dict[str, str | None]:
    """Outcome, levels and points of one finding."""
    return {
        "outcome": finding.outcome,
        "worst_level": finding.worst,
        "best_level": finding.best,
        "low": exact_points(finding.low),
        "high": exact_points(finding.high),
        "possible": exact_points(finding.possible),
    }
