"""The JSON form of a difference: exact fractions as strings, and beside them the figures that the screen prints; both add
up for whoever adds them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from checklist.model.results.assessment import Assessment, Finding
from checklist.model.results.difference import Difference, FactMove, Shift, SiteShift, Split
from checklist.reports.changes.printed_change import change, printed_parts
from checklist.reports.exchange.recorded_json import value_data
from checklist.reports.formats.json_parts import basis, contract, grade, score, share, site_data, sites_data, who
from checklist.reports.language.lineage_phrases import regrouping_data


def difference_json(difference: Difference) -> str:
    lows, highs = printed_parts(difference, "low"), printed_parts(difference, "high")
    document = {
        "before": _side(difference.before),
        "after": _side(difference.after),
        "same_rules": difference.same_rules,
        "low": _split(difference.low, change(difference, "low")),
        "high": _split(difference.high, change(difference, "high")),
        "criteria": [
            {
                "criterion": shift.criterion.id,
                "title": shift.criterion.title,
                "before": _finding(shift.before),
                "after": _finding(shift.after),
                "low": _split(shift.low, low),
                "high": _split(shift.high, high),
                "facts": [_move(move) for move in shift.moves],
                **({"sites": [_site_shift(at) for at in shift.sites]} if shift.sites else {}),
                **_lineage(shift),
            }
            for shift, low, high in zip(difference.shifts, lows, highs, strict=True)
        ],
        "newly_known": _moves(difference.newly_known),
        "newly_unknown": _moves(difference.newly_unknown),
        "newly_stale": _moves(difference.newly_stale),
        "closed": [one.key for one in difference.closed],
        "found": [one.key for one in difference.found],
        "relapsed": [one.key for one in difference.relapsed],
        **({"sites": sites_data(difference.sites)} if difference.sites else {}),
    }
    return contract(document)


def _lineage(shift: Shift) -> dict[str, Any]:
    """Under which other id it stood before, or with which it was split or merged; nothing for most."""
    if shift.regrouped is not None:
        return {"lineage": regrouping_data(shift.regrouped)}
    old = shift.before.criterion.id if shift.before else shift.criterion.id
    return {} if old == shift.criterion.id else {"was": old}


def _side(assessment: Assessment) -> dict[str, Any]:
    ruleset, community = assessment.ruleset, assessment.state.community
    return {
        "community": who(community),
        "as_of": assessment.as_of.isoformat(),
        "ruleset": basis(ruleset),
        "score": score(assessment.score),
        "coverage": share(assessment.coverage),
        "bands": list(assessment.bands),
        "verdict": assessment.verdict.kind,
    }


def _split(split: Split, printed: Decimal) -> dict[str, Any]:
    return {
        "total": str(split.total),
        "community": str(split.community),
        "standard": str(split.standard),
        "rounded": str(printed),
    }


def _finding(finding: Finding | None) -> dict[str, Any] | None:
    if finding is None:
        return None
    return {
        **grade(finding),
        "flag": finding.flag,
    }


def _site_shift(at: SiteShift) -> dict[str, Any]:
    return {**site_data(at.site), "before": _finding(at.before), "after": _finding(at.after)}


def _moves(moves: Sequence[FactMove]) -> list[dict[str, Any]]:
    return [_move(move) for move in moves]


def _move(move: FactMove) -> dict[str, Any]:
    return {
        "fact": move.fact.id,
        **({"site": site_data(move.site)} if move.site else {}),
        "before": value_data(move.before),
        "after": value_data(move.after),
        "unknown_before": move.was,
        "unknown_after": move.now,
    }
