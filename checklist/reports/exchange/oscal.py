"""An assessment as OSCAL 1.2.1 assessment results (NIST), for systems that keep such records.

A criterion is a control, a finding its status, a recorded fact an observation, an open gap a risk. Identifiers are
UUIDs of version 5 from what they name, so that the same input gives the same document.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid5

from checklist.model.numbers import exact_points, rounded
from checklist.model.results.assessment import Assessment, Finding, Gap
from checklist.model.state import Slot, State
from checklist.reports.assessment.dossier import Dossier
from checklist.reports.assessment.report_lists import facts_text
from checklist.reports.document.document import one_line, tidy
from checklist.reports.language.action_phrases import remedy_text
from checklist.reports.language.community_profile import community_name
from checklist.reports.language.gap_phrases import way_up_text
from checklist.reports.language.labels import METHOD, OUTCOME, UNKNOWN
from checklist.reports.language.names import ruleset_name
from checklist.reports.language.phrases import levels_text, value_text

VERSION: Final = "1.2.1"
ROOT: Final = UUID("6f0d3b5e-7d0e-5f1c-9a44-2f4f6a0c8e11")
NAMESPACE: Final = "https://civic-checklist.example/ns/oscal"
METHODS: Final = {
    "materials_review": "EXAMINE",
    "field_inspection": "EXAMINE",
    "questionnaire": "INTERVIEW",
    "hearing": "INTERVIEW",
    "web": "EXAMINE",
}
_TOKEN: Final = re.compile(r"[^0-9A-Za-z._-]")


def report(dossier: Dossier) -> bytes:
    assessment = dossier.assessment
    return (json.dumps(oscal_data(assessment), ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def oscal_data(assessment: Assessment) -> dict[str, Any]:
    key = f"{assessment.ruleset.id}/{assessment.ruleset.edition}/{assessment.state.community.id}/{assessment.as_of}"
    when = _moment(assessment.as_of)
    title = one_line(f"{community_name(assessment)}自查结果")
    return {
        "assessment-results": {
            "uuid": _uuid(key, "document"),
            "metadata": {
                "title": title,
                "last-modified": when,
                "version": assessment.as_of.isoformat(),
                "oscal-version": VERSION,
                "remarks": tidy(assessment.ruleset.disclaimer),
            },
            "import-ap": {
                "href": f"#{_uuid(key, 'plan')}",
                "remarks": one_line(f"测评体系 {ruleset_name(assessment.ruleset)}"),
            },
            "results": [_result(assessment, key, when, title)],
            "back-matter": {"resources": [{"uuid": _uuid(key, "plan"), "title": one_line(assessment.ruleset.title)}]},
        }
    }


def _result(assessment: Assessment, key: str, when: str, title: str) -> dict[str, Any]:
    state, score = assessment.state, assessment.score
    counting = {site.id: site for site in state.sites if site.counts_on(state.as_of)}
    read: dict[str, list[Slot]] = {}
    for slot in state.slots:
        if not slot[0] or slot[0] in counting:
            read.setdefault(slot[1], []).append(slot)
    findings = [f for f in assessment.findings if f.outcome != "not_applicable"]
    result: dict[str, Any] = {
        "uuid": _uuid(key, "result"),
        "title": title,
        "description": f"得分 {rounded(score.low)} 至 {rounded(score.high)}，满分 100。",
        "start": when,
        "end": when,
        "props": [
            _prop("score-low", str(rounded(score.low, 4))),
            _prop("score-high", str(rounded(score.high, 4))),
            _prop("coverage-percent", str(rounded(assessment.coverage * 100, 4))),
            _prop("verdict", assessment.verdict.kind),
        ],
        "reviewed-controls": {
            "control-selections": [{"include-controls": [{"control-id": _token(f.criterion.id)} for f in findings]}]
            if findings
            else [{"description": "没有适用的标准"}]
        },
    }
    if read:
        there = {"": state, **{id: state.at(site) for id, site in counting.items()}}
        result["observations"] = [
            _observation(assessment, key, slot, there[slot[0]])
            for fact in assessment.ruleset.facts
            for slot in read.get(fact, ())
        ]
    if assessment.gaps:
        result["risks"] = [_risk(assessment, key, gap) for gap in assessment.gaps]
    if findings:
        gaps = {gap.finding.criterion.id for gap in assessment.gaps}
        result["findings"] = [_finding(assessment, key, f, read, gaps) for f in findings]
    return result


def _finding(
    assessment: Assessment, key: str, finding: Finding, read: Mapping[str, Sequence[Slot]], gaps: set[str]
) -> dict[str, Any]:
    criterion = finding.criterion
    seen = [slot for fact in criterion.facts for slot in read.get(fact, ())]
    data: dict[str, Any] = {
        "uuid": _uuid(key, "finding", criterion.id),
        "title": one_line(f"{criterion.id} {criterion.title}"),
        "description": one_line(
            f"{OUTCOME[finding.outcome]}，{levels_text(finding.worst, finding.best)}。{facts_text(assessment, finding)}"
        ),
        "props": [
            _prop("outcome", finding.outcome),
            _prop("points-low", exact_points(finding.low)),
            _prop("points-high", exact_points(finding.high)),
            _prop("points-possible", exact_points(criterion.points)),
        ],
        "target": {
            "type": "objective-id",
            "target-id": _token(criterion.id),
            "status": {
                "state": "satisfied" if finding.outcome == "met" else "not-satisfied",
                "reason": {"met": "pass", "unknown": "other"}.get(finding.outcome, "fail"),
                "remarks": OUTCOME[finding.outcome],
            },
        },
    }
    if seen:
        data["related-observations"] = [{"observation-uuid": _observed_as(key, slot)} for slot in seen]
    if criterion.id in gaps:
        data["related-risks"] = [{"risk-uuid": _uuid(key, "risk", criterion.id)}]
    return data


def _observed_as(key: str, slot: Slot) -> str:
    """The identifier of an observation, by the fact and the site's id where it is of a site."""
    return _uuid(key, "observation", *([slot[0]] if slot[0] else []), slot[1])


def _observation(assessment: Assessment, key: str, slot: Slot, there: State) -> dict[str, Any]:
    fact, reading = assessment.ruleset.facts[slot[1]], there.readings[slot[1]]
    name = next((site.name for site in assessment.state.sites if site.id == slot[0]), "")
    because = there.why_unknown(fact)
    said = value_text(fact, reading.value) if reading.value is not None else reading.unknown
    data: dict[str, Any] = {
        "uuid": _observed_as(key, slot),
        "title": one_line(f"{name} {fact.label}" if name else fact.label),
        "description": one_line(said) or UNKNOWN[because or "said_unknown"],
        "props": [_prop("fact", fact.id), *([_prop("unknown-because", because)] if because else [])],
        "methods": [METHODS[fact.method]],
        "collected": _moment(reading.on),
        "remarks": one_line(f"{METHOD[fact.method]}；{reading.by}；{reading.note}"),
    }
    if reading.evidence:
        data["relevant-evidence"] = [{"description": one_line(name) or "佐证材料"} for name in reading.evidence]
    return data


def _risk(assessment: Assessment, key: str, gap: Gap) -> dict[str, Any]:
    criterion = gap.finding.criterion
    need = way_up_text(gap, gap.steps[-1], assessment.ruleset) if gap.steps else ""
    data: dict[str, Any] = {
        "uuid": _uuid(key, "risk", criterion.id),
        "title": one_line(criterion.title),
        "description": one_line(need) or one_line(criterion.requirement),
        "statement": one_line(criterion.requirement),
        "props": [_prop("points-winnable", exact_points(gap.winnable))],
        "status": "open",
    }
    if gap.remedies:
        data["remediations"] = [
            {
                "uuid": _uuid(key, "remedy", criterion.id, remedy.action.id, *(a.id for a in remedy.also)),
                "lifecycle": "recommendation",
                "title": one_line("；再".join(a.label for a in (remedy.action, *remedy.also))),
                "description": one_line(remedy_text(remedy)),
            }
            for remedy in gap.remedies
        ]
    return data


def _prop(name: str, value: str) -> dict[str, str]:
    return {"name": name, "ns": NAMESPACE, "value": value}


def _uuid(key: str, *names: str) -> str:
    return str(uuid5(ROOT, "/".join((key, *names)).encode("utf-8", "replace").decode("utf-8")))


def _token(id: str) -> str:
    """A control id as OSCAL allows it: letters, digits, dot, dash, underscore, beginning with a letter."""
    token = _TOKEN.sub("_", id)
    return token if token[:1].isalpha() else f"c-{token}"


def _moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00+08:00"
