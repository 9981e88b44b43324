"""The JSON form of an assessment: the contract for everything that builds on it.

Points are decimal strings, exact to the ten-thousandth; scores and shares are exact fractions as strings beside a
rounded decimal. Ids are those of the rule files. Its version goes up when a field changes its meaning or goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from checklist.model.numbers import INF, Bound, Span, exact_points, rounded
from checklist.model.problems import Problem, Where
from checklist.model.results.assessment import Assessment, Finding, Gap, Obstacle, Step
from checklist.model.results.to_check import ToCheck
from checklist.model.rules.conditions import Limit
from checklist.model.rules.facts import Never, Value
from checklist.model.rules.survey import SurveyResult
from checklist.reports.formats.json_parts import contract, grade, points, score, share
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
        "score": score(assessment.score),
        "points": points(assessment.total),
        "coverage": share(assessment.coverage),
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
    criterion = finding.criterion
    return {
        "criterion": criterion.id,
        "title": criterion.title,
        "module": criterion.module,
        **grade(finding),
        "applies": finding.applies,
        "reason": finding.reason,
        "flag": {"kind": criterion.flag.kind, "state": finding.flag} if criterion.flag else None,
        "unknown": dict(finding.unknown or {}),
        **({"sites": _sites(finding)} if finding.sites else {}),
        "facts": {name: _reading(assessment, name) for name in criterion.facts},
        "rule": place(criterion.where),
        "sources": [{"id": c.source, "says": c.says, "confidence": c.confidence} for c in criterion.sources],
    }


def _sites(finding: Finding) -> dict[str, Any]:
    """What a criterion came to at each site; those in the total that nobody has listed stand together without an id."""
    return {
        "levels": {level or "none": count for level, count in finding.levels.items()},
        "findings": [
            {
                "id": at.site.id if at.site else None,
                "name": at.site.name if at.site else "",
                "count": at.count,
                **grade(at.finding),
                "applies": at.finding.applies,
                "reason": at.finding.reason,
                "flag": at.finding.flag,
                "unknown": dict(at.finding.unknown or {}),
            }
            for at in finding.sites
        ],
    }


def _reading(assessment: Assessment, name: str) -> dict[str, Any] | None:
    reading = assessment.state.readings.get(name)
    if reading is None:
        return None
    return {
        "value": value_data(reading.value),
        "on": reading.on.isoformat(),
        "by": reading.by,
        "note": reading.note,
        "sample": {"agree": reading.sample.agree, "asked": reading.sample.asked} if reading.sample else None,
        "evidence": list(reading.evidence),
        "unknown": assessment.state.why_unknown(assessment.ruleset.facts[name]),
        "where": place(reading.where),
    }


def value_data(value: Value | None) -> Any:
    """Numbers that are not whole as exact strings, sets as sorted lists, days as ISO dates."""
    match value:
        case None | bool() | int() | str():
            return value
        case frozenset():
            return sorted(value)
        case date():
            return value.isoformat()
        case Never():
            return value.value
    return _number(value)


def _number(value: Bound | None) -> str | int | None:
    if value is None or value == INF:
        return None
    if isinstance(value, int):
        return value
    fraction = Fraction(value)
    decimal = rounded(fraction, 6)
    return format(decimal.normalize(), "f") if Fraction(decimal) == fraction else str(fraction)


def place(where: Where) -> dict[str, Any]:
    return {"file": where.file, "line": where.line, "column": where.column}


def _gap(assessment: Assessment, gap: Gap) -> dict[str, Any]:
    values, criterion = gap.known.values, gap.finding.criterion
    return {
        "criterion": criterion.id,
        "requirement": criterion.requirement,
        "winnable": exact_points(gap.winnable),
        **({"site": gap.at.site.id if gap.at.site else None} if gap.at else {}),
        "owner": list(criterion.owner),
        "steps": [_step(assessment, step, values) for step in gap.steps],
        "actions": [
            {
                "id": r.action.id,
                "label": r.action.label,
                "owner": list(r.action.owner),
                "lead_days": r.action.lead_days,
                "effort_days": _number(r.action.effort_days),
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
        "limit": {"kind": condition.kind, "value": _number(condition.limit)} if isinstance(condition, Limit) else None,
        "now": _span(block.now),
        "short": _number(block.short),
        "target": {"fact": block.target[0], "value": value_data(block.target[1])} if block.target else None,
        "ours": condition.ours,
    }


def _span(span: Span | None) -> dict[str, Any] | None:
    return {"low": _number(span.low), "high": _number(span.high)} if span else None


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
