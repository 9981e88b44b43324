"""What the web page shows, as plain words: the template has no logic beyond loops."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from markupsafe import Markup

from checklist.model.numbers import percent_text, points_text, trimmed_points
from checklist.model.results.assessment import Assessment, Finding, Remedy
from checklist.model.results.explanation import Explanation, FactRecord, TestedCondition
from checklist.model.rules.conditions import AtLeastOf, NoneOf
from checklist.model.rules.facts import Knowledge
from checklist.model.rules.ruleset import Criterion
from checklist.reports.assessment import report_lists as lists
from checklist.reports.assessment.dossier import Dossier
from checklist.reports.assessment.explanation_screen import group_word, now_of
from checklist.reports.assessment.freshness import soon_table
from checklist.reports.assessment.task_lists import days_list, owners_list
from checklist.reports.document.document import Table, day_text, one_line, tidy
from checklist.reports.document.tidied import tidied_table
from checklist.reports.formats.html import table_html
from checklist.reports.language.action_phrases import action_text, remedy_text, unproved_text, yuan_text
from checklist.reports.language.community_profile import community_name
from checklist.reports.language.gap_phrases import (
    each_site,
    left_out,
    recorded_text,
    site_name,
    sites_text,
    way_up_text,
)
from checklist.reports.language.labels import (
    CONFIDENCE,
    FLAG,
    FLAG_STATE,
    METHOD,
    OUTCOME,
    OVER,
    SAYS,
    TAG,
    UNKNOWN,
    VERDICT,
    level_word,
)
from checklist.reports.language.names import ruleset_name
from checklist.reports.language.phrases import (
    band_text,
    condition_text,
    levels_text,
    points_range,
    score_text,
    value_text,
)
from checklist.reports.language.site_phrases import defect_text, flag_text

SITES: Final = 50
"""How many sites a page lists of one criterion; the JSON has them all."""
MARK: Final = {True: "√", False: "×", None: "?"}
SAID: Final = {True: "符合", False: "不符合", None: "未核实"}
KEY: Final = {True: "yes", False: "no", None: "open"}


def page_view(dossier: Dossier) -> dict[str, Any]:
    assessment = dossier.assessment
    community, ruleset = assessment.state.community, assessment.ruleset
    unknown, soon = lists.unknown_list(assessment), soon_table(assessment)
    return {
        "title": one_line(f"{community_name(assessment)}自查结果", 80),
        "place": one_line(
            " ".join(p for p in (community.city, community.district, community.street, community.group) if p)
        ),
        "day": day_text(assessment.as_of),
        "ruleset": one_line(ruleset_name(ruleset)),
        "disclaimer": one_line(ruleset.disclaimer),
        "score": score_text(assessment.score),
        "band": band_text(assessment.bands),
        "coverage": percent_text(assessment.coverage),
        "verdict": {"kind": assessment.verdict.kind, "text": VERDICT[assessment.verdict.kind]},
        "flags": list(_flags(assessment)),
        "outcomes": [{"key": o, "word": OUTCOME[o], "count": n} for o, n in assessment.total.outcomes.items()],
        "modules": [{"id": m.module.id, "title": one_line(m.module.title)} for m in assessment.modules],
        "gaps": [_gap(dossier, gap.finding.criterion.id) for gap in lists.serious_first(assessment)],
        "lost": points_text(sum(gap.winnable for gap in assessment.gaps)),
        "modules_table": _table(lists.modules_table(assessment), "modules"),
        "owners_table": _table(owners_list(dossier), "owners"),
        "days_table": _table(days_list(dossier), "days"),
        "unknown": len(unknown.rows),
        "unknown_table": _table(unknown, "unknown-table"),
        "soon": len(soon.rows),
        "soon_table": _table(soon, "soon-table"),
        "criteria": [_criterion(dossier, finding) for finding in assessment.findings],
        "cost": f"估计费用 {yuan_text(dossier.tasks.yuan)}。{unproved_text(dossier.tasks)}",
    }


def _flags(assessment: Assessment) -> Iterator[dict[str, str]]:
    verdict = assessment.verdict
    opened = (*verdict.open_vetoes, *verdict.open_redlines)
    for finding in (*opened, *verdict.undecided_vetoes, *verdict.undecided_redlines):
        criterion = finding.criterion
        if criterion.flag and finding.flag:
            word = f"{FLAG[criterion.flag.kind]}{FLAG_STATE[finding.flag]}"
            yield {"id": criterion.id, "title": one_line(flag_text(finding)), "state": finding.flag, "word": word}


def _table(table: Table, id: str) -> Markup:
    return Markup(table_html(tidied_table(table), id=id))


def _gap(dossier: Dossier, id: str) -> dict[str, Any]:
    assessment = dossier.assessment
    gap = next(g for g in assessment.gaps if g.finding.criterion.id == id)
    ruleset = assessment.ruleset
    criterion, finding = gap.finding.criterion, gap.finding
    tasks = dossier.tasks.for_criterion(id)
    return {
        "id": id,
        "title": one_line(criterion.title),
        "module": criterion.module,
        "module_title": one_line(next(m.title for m in ruleset.modules if m.id == criterion.module)),
        "outcome": finding.outcome,
        "outcome_word": OUTCOME[finding.outcome],
        "level": levels_text(finding.worst, finding.best),
        "serious": lists.severity(finding),
        "winnable": points_text(gap.winnable),
        "now": one_line(recorded_text(gap, ruleset) or "见说明"),
        "need": one_line(way_up_text(gap, gap.steps[-1], ruleset)) if gap.steps else "",
        "what": one_line("；".join(action_text(t.action) for t in tasks)) or "没有安排",
        "owner": one_line("、".join(tasks[0].action.owner if tasks else criterion.owner)),
        "due": min(t.due for t in tasks).isoformat() if tasks else "",
    }


def _criterion(dossier: Dossier, finding: Finding) -> dict[str, Any]:
    assessment = dossier.assessment
    criterion, ruleset = finding.criterion, assessment.ruleset
    explanation = dossier.explanations.get(criterion.id)
    graded = finding.outcome != "not_applicable"
    return {
        "id": criterion.id,
        "title": one_line(criterion.title),
        "module": criterion.module,
        "requirement": one_line(criterion.requirement),
        "outcome": finding.outcome,
        "outcome_word": OUTCOME[finding.outcome],
        "level": levels_text(finding.worst, finding.best) if graded else "",
        "points": f"{points_range(finding.low, finding.high)} / {points_text(criterion.points)}"
        if graded
        else "不计分",
        "reason": one_line(finding.reason),
        "methods": "、".join(METHOD[m] for m in criterion.methods),
        "flag": f"{FLAG[criterion.flag.kind]}：{FLAG_STATE[finding.flag]}" if criterion.flag and finding.flag else "",
        "evidence": one_line("、".join(criterion.evidence)),
        "owner": one_line("、".join(criterion.owner)),
        "levels": _levels(explanation) if explanation else [],
        "sites": list(_sites(assessment, finding, explanation)) if graded else [],
        "facts": [_fact(record, dossier.photos) for record in explanation.facts] if explanation else [],
        "remedies": [_remedy(r, criterion) for r in explanation.remedies] if explanation else [],
        "sources": [
            {
                "id": c.source,
                "title": one_line(ruleset.sources[c.source].title),
                "text": f"{TAG[ruleset.sources[c.source].tag]}；{SAYS[c.says]}，可信度{CONFIDENCE[c.confidence]}",
            }
            for c in criterion.sources
        ],
    }


def _sites(assessment: Assessment, finding: Finding, explanation: Explanation | None) -> Iterator[str]:
    """What it came to in all, then at each site, the worst first, and of which one the conditions are asked."""
    if not finding.sites:
        return
    yield one_line(f"{sites_text(finding, assessment.ruleset)}（{OVER[finding.criterion.over]}）")
    for name, told, _ in each_site(finding, assessment.ruleset, SITES):
        yield one_line(f"{name}：{told}")
    if more := left_out(finding, SITES):
        yield f"另有 {more} 处"
    if explanation and explanation.at:
        kind = assessment.ruleset.site_kinds[finding.criterion.per]
        yield one_line(f"下面看的是最差的一处：{site_name(explanation.at, kind.label)}")


def _remedy(remedy: Remedy, criterion: Criterion) -> str:
    flag = FLAG[criterion.flag.kind] if criterion.flag else ""
    cost = "、".join(yuan_text(action.yuan) for action in (remedy.action, *remedy.also))
    return one_line(f"{remedy_text(remedy, flag)}；费用 {cost}")


def _levels(explanation: Explanation) -> list[dict[str, Any]]:
    found = [
        {
            "head": f"{level_word(level.level)}（{trimmed_points(level.points)} 分）",
            **_answer(explanation.known, level.answer),
        }
        for level in explanation.levels
    ]
    if explanation.applies is not None:
        found.insert(0, {"head": "适用条件", **_answer(explanation.known, explanation.applies)})
    if explanation.flag is not None:
        found.append({"head": "碰线的情形", **_answer(explanation.known, explanation.flag)})
    return found


def _answer(known: Knowledge, answer: TestedCondition) -> dict[str, Any]:
    condition = answer.condition
    if isinstance(condition, AtLeastOf | NoneOf) and len(answer.parts) > 1:
        said, parts = group_word(condition, len(answer.parts)), [_answer(known, p) for p in answer.parts]
        return {**_mark(answer.holds), "text": said, "now": "", "parts": parts}
    if isinstance(condition, AtLeastOf) and answer.parts:
        return _answer(known, answer.parts[0])
    text = one_line(condition_text(condition, known.declared))
    return {**_mark(answer.holds), "text": text, "now": one_line(now_of(known, answer)), "parts": []}


def _mark(holds: bool | None) -> dict[str, str]:
    return {"mark": MARK[holds], "said": SAID[holds], "key": KEY[holds]}


def _fact(record: FactRecord, photos: Mapping[str, bytes]) -> dict[str, Any]:
    fact, reading = record.fact, record.reading
    because = UNKNOWN[record.unknown] if record.unknown else ""
    seen = _defects(record, photos)
    if reading is None:
        if record.value is not None:
            because = f"各点位合计 {value_text(fact, record.value)}"
        return {
            "label": one_line(fact.label),
            "value": because,
            "ask": one_line(fact.ask) if record.value is None else "",
            "known": record.value is not None,
            "defects": seen,
        }
    said = value_text(fact, reading.value) if reading.value is not None else reading.unknown or because
    sample = f"（问 {reading.sample.asked} 份，{reading.sample.agree} 份同意）" if reading.sample else ""
    stale = f"；{because}" if because and reading.value is not None else ""
    return {
        "label": one_line(fact.label),
        "value": one_line(f"{said}{sample}{stale}"),
        "known": record.unknown is None,
        "on": day_text(reading.on),
        "by": one_line(reading.by),
        "note": tidy(reading.note, 4000),
        "evidence": [one_line(name) for name in reading.evidence],
        "photos": [{"name": one_line(name), "data": photos[name]} for name in reading.evidence if name in photos],
        "defects": seen,
    }


def _defects(record: FactRecord, photos: Mapping[str, bytes]) -> list[dict[str, Any]]:
    return [
        {
            "text": one_line(f"{defect_text(defect)}，{day_text(defect.found)}发现".lstrip("，")),
            "photo": one_line(defect.photo),
            "data": photos.get(defect.photo),
        }
        for defect in record.defects
    ]
