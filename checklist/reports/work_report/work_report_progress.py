"""工作开展情况及成效: what was recorded, module by module, and what has changed since an earlier record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from checklist.model.numbers import points_text
from checklist.model.results.assessment import Assessment, Finding, ModuleResult
from checklist.model.state import State
from checklist.reports.assessment.report_lists import facts_text
from checklist.reports.document.document import Block, Text, day_text, one_line
from checklist.reports.document.numbering import second_level
from checklist.reports.language.achievements import achievements
from checklist.reports.language.community_profile import PROFILE
from checklist.reports.language.labels import OUTCOME
from checklist.reports.language.phrases import levels_text, points_range, score_text, value_text

TOPICS: Final = {"REN": "旧城改造（老旧小区改造）", "FAC": "社区办公用房和综合服务设施"}
"""Modules that work reports know under another name."""
FEW: Final = 8
NOTE: Final = 80


def progress_blocks(assessment: Assessment, earlier: Assessment | None) -> Iterator[Block]:
    number = 0
    if earlier is not None:
        number += 1
        yield second_level(number, f"与{day_text(earlier.as_of)}相比")
        yield from _since(assessment, earlier)
    silent, said = [], achievements(assessment)
    for result in assessment.modules:
        findings = [f for f in assessment.findings if f.criterion.module == result.module.id]
        texts = list(_module(assessment, result, findings, said))
        if texts:
            number += 1
            yield second_level(number, TOPICS.get(result.module.id, result.module.title))
            yield from texts
        else:
            silent.append(result.module.title)
    if silent:
        yield Text(f"{'、'.join(silent)}方面没有记录，情况不明。")


def _module(
    assessment: Assessment, result: ModuleResult, findings: list[Finding], said: Mapping[str, str]
) -> Iterator[Block]:
    """Nothing when nobody recorded anything that the module reads."""
    told = [_score(result)] if result.tally.decided else []
    told += _reached(assessment, [f for f in findings if f.outcome == "met"], "达标", said)
    told += _reached(assessment, [f for f in findings if f.outcome == "partly"], "部分达标", {})
    told += _recorded(assessment, findings)
    told += _said_unknown(assessment, findings)
    if told:
        yield Text("".join(told))


def _score(result: ModuleResult) -> str:
    tally = result.tally
    return f"本项 {points_text(tally.possible)} 分，得 {points_range(tally.low, tally.high)} 分。"


def _reached(assessment: Assessment, findings: list[Finding], word: str, said: Mapping[str, str]) -> list[str]:
    if not findings:
        return []
    level = word != "达标"
    shown = [
        said.get(f.criterion.id)
        or f"{f.criterion.title}（{f'{levels_text(f.worst, f.best)}，' if level else ''}{facts_text(assessment, f, 3)}）"
        for f in findings[: FEW if not level else FEW // 2]
    ]
    more = f"等 {len(findings)} 项" if len(findings) > len(shown) else ""
    return [f"{word} {len(findings)} 项：{'；'.join(shown)}{more}。"]


def _recorded(assessment: Assessment, findings: list[Finding]) -> list[str]:
    """Known facts of criteria that cannot be told yet or are not met: recorded, and not said above."""
    known, facts = assessment.state.knowledge(assessment.ruleset.facts).values, assessment.ruleset.facts
    told = {n for f in findings if f.outcome in ("met", "partly") for n in f.criterion.facts}
    here = [n for f in findings for n in (*f.criterion.facts, *f.criterion.records)]
    common = {n for n in PROFILE if n in facts and facts[n].better is None}
    names = [n for n in dict.fromkeys(here) if n in known and n not in told and n not in common]
    if not names:
        return []
    said = "；".join(f"{facts[n].label} {value_text(facts[n], known[n])}" for n in names[:FEW])
    more = f"等 {len(names)} 项" if len(names) > FEW else ""
    return [f"另有记录：{said}{more}。"]


def _said_unknown(assessment: Assessment, findings: list[Finding]) -> list[str]:
    """Facts whose record says that it is not known, with its reason."""
    facts, readings = assessment.ruleset.facts, assessment.state.readings
    names = dict.fromkeys(n for f in findings for n in (*f.criterion.facts, *f.criterion.records))
    said = [
        f"{facts[n].label}（{one_line(readings[n].unknown, NOTE)}）"
        for n in names
        if n in readings and readings[n].value is None and readings[n].unknown
    ]
    if not said:
        return []
    more = f"等 {len(said)} 项" if len(said) > FEW else ""
    return [f"记录里写明不清楚的：{'；'.join(said[:FEW])}{more}。"]


def _since(assessment: Assessment, earlier: Assessment) -> Iterator[Block]:
    unsure = not (assessment.score.known and earlier.score.known)
    yield Text(
        f"得分由 {score_text(earlier.score)} 分变为 {score_text(assessment.score)} 分。"
        + "有没核实的项，区间可能重叠，不能只看数字比高低。" * unsure
    )
    changes = _changes(assessment, earlier)
    rises = [_rise(earlier, f) for f in assessment.findings if _rose(earlier, f)]
    for word, said in (
        ("有好转的", changes["better"]),
        ("档次提高的", rises),
        ("变差的", changes["worse"]),
        ("其他变化", changes["other"]),
    ):
        if said:
            more = f"等 {len(said)} 项" if len(said) > FEW * 2 else ""
            yield Text(f"{word}：{'；'.join(said[: FEW * 2])}{more}。")
    if not rises and not any(changes.values()):
        yield Text("两次都有记录的实测项中没有变化。")


def _changes(assessment: Assessment, earlier: Assessment) -> dict[str, list[str]]:
    """Facts recorded both times with different values, by the way they went; dates only move on and are left out."""
    facts = assessment.ruleset.facts
    found: dict[str, list[str]] = {"better": [], "worse": [], "other": []}
    for where, was, is_now in _both(earlier.state, assessment.state):
        before, now = was.knowledge(earlier.ruleset.facts).values, is_now.knowledge(facts).values
        for name in (name for name in facts if name in before and name in now):
            fact, old, new = facts[name], before[name], now[name]
            if old == new or fact.type == "date":
                continue
            way = "other" if fact.better is None else "better" if fact.better_of(old, new) == new else "worse"
            found[way].append(f"{where}{fact.label}由 {value_text(fact, old)}变为 {value_text(fact, new)}")
    return found


def _both(before: State, after: State) -> Iterator[tuple[str, State, State]]:
    """The community, then each site that counts on both days, by the name that it has now."""
    yield "", before, after
    earlier = {site.id: site for site in before.sites if site.counts_on(before.as_of)}
    for site in after.sites:
        if site.counts_on(after.as_of) and site.id in earlier:
            yield site.name, before.at(earlier[site.id]), after.at(site)


def _rose(earlier: Assessment, finding: Finding) -> bool:
    was = next((f for f in earlier.findings if f.criterion.id == finding.criterion.id), None)
    return was is not None and was.decided and finding.decided and finding.low > was.low


def _rise(earlier: Assessment, finding: Finding) -> str:
    was = earlier.finding(finding.criterion.id)
    return (
        f"{finding.criterion.title}由{OUTCOME[was.outcome]}变为{OUTCOME[finding.outcome]}"
        f"（{levels_text(was.worst, was.best)} → {levels_text(finding.worst, finding.best)}）"
    )
