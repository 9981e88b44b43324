"""What was recorded, in the JSON of an assessment: values, readings, sites and what was seen wrong at them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any

from checklist.model.numbers import INF, Bound, rounded
from checklist.model.problems import Where
from checklist.model.results.assessment import Assessment, Finding
from checklist.model.rules.facts import Fact, Never, Value
from checklist.model.rules.ruleset import Criterion
from checklist.model.state import Site, State
from checklist.reports.formats.json_parts import grade, site_data


def listed_data(assessment: Assessment) -> dict[str, Any]:
    """The sites that count, and how many there are in all; nothing for a community that is its own one site."""
    state = assessment.state
    sites = [{**site_data(s), "kind": s.kind} for s in state.sites if s.counts_on(state.as_of)]
    totals = {kind: total.count for kind, total in state.totals.items()}
    return {"sites": sites, "totals": totals} if sites or totals else {}


def at_sites_data(assessment: Assessment, finding: Finding) -> dict[str, Any]:
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
                **(_seen_at(assessment, at.site, at.finding.criterion) if at.site else {}),
            }
            for at in finding.sites
        ],
    }


def _seen_at(assessment: Assessment, site: Site, criterion: Criterion) -> dict[str, Any]:
    """What was recorded at the site of all that the criterion reads; nothing where nobody recorded any of it."""
    named = [name for name in criterion.facts if name in site.readings]
    state = assessment.state.at(site) if named or site.defects else assessment.state
    facts = {name: reading_data(state, assessment.ruleset.facts[name]) for name in named}
    return ({"facts": facts} if facts else {}) | (defects_data(state, criterion.facts) if site.defects else {})


def defects_data(state: State, facts: Iterable[str]) -> dict[str, Any]:
    """What is open of what was seen wrong, under its key; nothing where nothing is."""
    found = [(fact, one) for fact in facts for one in state.defects.get(fact, ()) if one.open_on(state.as_of)]
    told = [
        {"id": d.id, "fact": fact, "where": d.place, "what": d.what, "photo": d.photo, "found": d.found.isoformat()}
        for fact, d in found
    ]
    return {"defects": told} if told else {}


def reading_data(state: State, fact: Fact) -> dict[str, Any] | None:
    reading = state.readings.get(fact.id)
    if reading is None:
        return None
    return {
        "value": value_data(reading.value),
        "on": reading.on.isoformat(),
        "by": reading.by,
        "note": reading.note,
        "sample": {"agree": reading.sample.agree, "asked": reading.sample.asked} if reading.sample else None,
        "evidence": list(reading.evidence),
        "unknown": state.why_unknown(fact),
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
    return number_data(value)


def number_data(value: Bound | None) -> str | int | None:
    if value is None or value == INF:
        return None
    if isinstance(value, int):
        return value
    fraction = Fraction(value)
    decimal = rounded(fraction, 6)
    return format(decimal.normalize(), "f") if Fraction(decimal) == fraction else str(fraction)


def place(where: Where) -> dict[str, Any]:
    return {"file": where.file, "line": where.line, "column": where.column}
