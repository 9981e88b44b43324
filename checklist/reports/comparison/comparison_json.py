"""The JSON form of a comparison. Scores are exact fractions as strings beside a rounded decimal; see ``jsonfile``."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from checklist.model.numbers import exact_points, rounded
from checklist.model.results.assessment import ModuleResult, Score
from checklist.model.results.comparison import Comparison, Section, Standing
from checklist.model.results.ranks import Rank
from checklist.model.results.shortfalls import CommonProblem
from checklist.reports.comparison.ranking_columns import column_data, tally_of
from checklist.reports.formats.json_parts import beside, contract, points, score, share


def comparisons_json(comparisons: Iterable[Comparison], *, files: bool = True) -> str:
    """One document; each comparison holds the communities of one ruleset. ``files`` False leaves records unnamed."""
    document = {"comparisons": [_comparison(c, files) for c in comparisons]}
    return contract(document)


def _comparison(comparison: Comparison, files: bool) -> dict[str, Any]:
    ruleset, module = comparison.ruleset, comparison.module
    return {
        "ruleset": {
            "id": ruleset.id,
            "title": ruleset.title,
            "edition": ruleset.edition,
            "custom": ruleset.custom,
            "disclaimer": ruleset.disclaimer,
        },
        "by": {"id": module.id, "title": module.title} if module else None,
        "min_coverage": share(comparison.min_coverage),
        "days": [day.isoformat() for day in comparison.days],
        "ranked": [
            {
                "rank": _rank(item.rank),
                "peer_rank": _rank(item.peer) if item.peer else None,
                **_standing(item.standing, item.score, item.coverage, files),
                "strong": [m.module.id for m in item.strong],
                "weak": [m.module.id for m in item.weak],
                **column_data(item, comparison),
            }
            for item in comparison.ranked
        ],
        "apart": [
            {
                "because": apart.because,
                **_standing(apart.standing, tally_of(apart, comparison).score, apart.coverage, files),
                **column_data(apart, comparison),
            }
            for apart in comparison.apart
        ],
        "groups": [_section(section) for section in comparison.groups],
        "streets": [_section(section) for section in comparison.streets],
        "common": [_common(common) for common in comparison.common],
    }


def _rank(rank: Rank) -> dict[str, int]:
    return {"place": rank.place, "best": rank.best, "worst": rank.worst}


def _standing(standing: Standing, ranked_by: Score, coverage: Fraction, files: bool) -> dict[str, Any]:
    community = standing.community
    return {
        "community": {
            "id": community.id,
            "name": community.name,
            "street": community.street,
            "group": community.group,
            "invented": community.invented,
        },
        "as_of": standing.as_of.isoformat(),
        "file": standing.file if files else None,
        "score": score(ranked_by),
        "coverage": share(coverage),
        **beside(standing.extras),
        "bands": list(standing.bands),
        "verdict": {"kind": standing.verdict, "open": list(standing.opened), "undecided": standing.undecided},
        "outcomes": dict(standing.total.outcomes),
        "modules": [_module(result) for result in standing.modules],
    }


def _module(result: ModuleResult) -> dict[str, Any]:
    tally = result.tally
    return {
        "id": result.module.id,
        **points(tally),
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "name": section.name,
        "count": section.count,
        "mean": score(Score(section.low, section.high)),
        "lowest": str(rounded(section.lowest)),
        "highest": str(rounded(section.highest)),
        **({"undivided": section.undivided} if section.undivided else {}),
        **({"apart": section.apart} if section.apart else {}),
    }


def _common(common: CommonProblem) -> dict[str, Any]:
    action, shortfall = common.action, common.shortfall
    return {
        "criterion": shortfall.criterion.id,
        "title": shortfall.criterion.title,
        "missing": shortfall.missing,
        "decided": shortfall.decided,
        "unknown": shortfall.unknown,
        "lost": exact_points(shortfall.lost),
        "action": {"id": action.id, "label": action.label, "owner": list(action.owner)} if action else None,
        "helped": common.helped,
        "won": exact_points(common.won),
    }
