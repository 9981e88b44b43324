"""The JSON form of an assessment: the contract for everything that builds on it.

Points are decimal strings, exact to the ten-thousandth; scores and shares are exact fractions as strings beside a
rounded decimal. Ids are those of the rule files. Its version goes up when a field changes its meaning or goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from checklist.model.numbers import Span, exact_points, rounded
from checklist.model.problems import Problem
from checklist.model.results.assessment import Assessment, Finding, Gap, Obstacle, Step
from checklist.model.results.to_check import ToCheck
from checklist.model.rules.conditions import Limit
from checklist.model.rules.facts import Value
from checklist.model.rules.survey import SurveyResult
from checklist.reports.exchange.recorded_json import (
    at_sites_data,
    defects_data,
    listed_data,
    number_data,
    place,
    reading_data,
    value_data,
)
from checklist.reports.formats.json_parts import beside, contract, grade, points, score, share, site_data
from checklist.reports.language.phrases import condition_text, need_text


def assessments_json(assessments: Iterable[Assessment], problems: Iterable[Problem] = ()) -> str:
    """One document for any number of assessments."""
    document = {
        "assessments": [assessment_data(a) for a in assessments],
        "problems": [{"where": str(p.where), "code": p.code, "says": p.says, "hint": p.hint} for p in problems],
    }
    return contract(document)


def assessment_data(assessment: Assessment) -> dict[str, Any]:
    ruleset, state, verdict = assessment.ruleset, assessment.state, assessment.verdict
    community = state.community
    return {
        "community": {
            "id": community.id,
            "name": community.name,
            "city": community.city,
            "district": community.district,
            "street": community.street,
            "group": community.group,
            "invented": community.invented,
        },
        "as_of": state.as_of.isoformat(),
        "ruleset": {
            "id": ruleset.id,
            "title": ruleset.title,
            "edition": ruleset.edition,
            "custom": ruleset.custom,
            "disclaimer": ruleset.disclaimer,
        },
        **listed_data(assessment),
        "score": score(assessment.score),
        "points": points(assessment.total),
        "coverage": share(assessment.coverage),
        **beside(assessment.extras),
        "bands": list(assessment.bands),
        "verdict": {
            "kind": verdict.kind,
            "open_vetoes": [f.criterion.id for f in verdict.open_vetoes],
            "open_redlines": [f.criterion.id for f in verdict.open_redlines],
            "undecided_vetoes": [f.criterion.id for f in verdict.undecided_vetoes],
            "undecided_redlines": [f.criterion.id for f in verdict.undecided_redlines],
        },
        "outcomes": dict(assessment.total.outcomes),
        "modules": [
            {"id": m.module.id, "title": m.module.title, **points(m.tally), "outcomes": dict(m.tally.outcomes)}
            for m in assessment.modules
        ],
        "findings": [_finding(assessment, finding) for finding in assessment.findings],
        "gaps": [_gap(assessment, gap) for gap in assessment.gaps],
        "to_check": [_check(check) for check in assessment.to_check],
        "expiring": [
            {
                "fact": e.fact.id,
                **({"site": e.site} if e.site else {}),
                "on": e.on.isoformat(),
                "last_day": e.last_day.isoformat(),
                "days": e.days,
            }
            for e in state.soon(ruleset.facts)
        ],
        "surveys": [_survey(survey) for survey in assessment.surveys],
    }


def _finding(assessment: Assessment, finding: Finding) -> dict[str, Any]:
    criterion, facts = finding.criterion, assessment.ruleset.facts
    return {
        "criterion": criterion.id,
        "title": criterion.title,
        "module": criterion.module,
        **grade(finding),
        "applies": finding.applies,
        "reason": finding.reason,
        "flag": {"kind": criterion.flag.kind, "state": finding.flag} if criterion.flag else None,
        "unknown": dict(finding.unknown or {}),
        **({"sites": at_sites_data(assessment, finding)} if finding.sites else {}),
        **defects_data(assessment.state, criterion.facts),
        "facts": {name: reading_data(assessment.state, facts[name]) for name in criterion.facts},
        "rule": place(criterion.where),
        "sources": [{"id": c.source, "says": c.says, "confidence": c.confidence} for c in criterion.sources],
    }


def _gap(assessment: Assessment, gap: Gap) -> dict[str, Any]:
    values, criterion = gap.known.values, gap.finding.criterion
    return {
        "criterion": criterion.id,
        "requirement": criterion.requirement,
        "winnable": exact_points(gap.winnable),
        **({"site": site_data(gap.at.site) if gap.at.site else None} if gap.at else {}),
        "owner": list(criterion.owner),
        "steps": [_step(assessment, step, values) for step in gap.steps],
        "actions": [
            {
                "id": r.action.id,
                "label": r.action.label,
                "owner": list(r.action.owner),
                "lead_days": r.action.lead_days,
                "effort_days": number_data(r.action.effort_days),
                "yuan": list(r.action.yuan),
                "horizon": r.action.horizon,
                "level_after": r.level,
                "points": exact_points(r.points),
                "clears_flag": r.clears,
                "then": [action.id for action in r.also],
            }
            for r in gap.remedies
        ],
    }


def _step(assessment: Assessment, step: Step, values: Mapping[str, Value]) -> dict[str, Any]:
    return {
        "level": step.level,
        "points": exact_points(step.points),
        "choose": step.choose,
        "blocks": [_block(assessment, block, values) for block in step.blocks],
    }


def _block(assessment: Assessment, block: Obstacle, values: Mapping[str, Value]) -> dict[str, Any]:
    facts, condition = assessment.ruleset.facts, block.condition
    return {
        "says": condition_text(condition, facts),
        "need": need_text(block, facts, values),
        "facts": list(condition.facts),
        "limit": {"kind": condition.kind, "value": number_data(condition.limit)}
        if isinstance(condition, Limit)
        else None,
        "now": _span(block.now),
        "short": number_data(block.short),
        "target": {"fact": block.target[0], "value": value_data(block.target[1])} if block.target else None,
        "ours": condition.ours,
    }


def _span(span: Span | None) -> dict[str, Any] | None:
    return {"low": number_data(span.low), "high": number_data(span.high)} if span else None


def _survey(survey: SurveyResult) -> dict[str, Any]:
    return {
        "fact": survey.fact,
        "agree": survey.sample.agree,
        "asked": survey.sample.asked,
        "span": _span(survey.span),
        "criteria": [
            {
                "criterion": settling.criterion.id,
                "worst_level": settling.worst,
                "best_level": settling.best,
                "settled": settling.settled,
                "more": settling.more,
            }
            for settling in survey.settlings
        ],
    }


def _check(check: ToCheck) -> dict[str, Any]:
    return {
        "fact": check.fact,
        "because": check.because,
        "stake": str(rounded(check.stake / 10_000, 4)),
        "minutes": check.minutes,
        **({"sites": check.sites} if check.sites else {}),
        "criteria": list(check.criteria),
    }
