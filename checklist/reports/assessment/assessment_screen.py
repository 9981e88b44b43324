"""One assessment on the terminal: verdict, score, modules, gaps, what to check next."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.text import Text

from checklist.model.numbers import percent_text, rounded
from checklist.model.results.assessment import OUTCOMES, Assessment, Finding, Gap, Tally
from checklist.model.results.to_check import ToCheck
from checklist.reports.assessment.gaps_screen import gap_lines
from checklist.reports.assessment.module_table import modules_table
from checklist.reports.assessment.soon import soon_text
from checklist.reports.assessment.survey_table import survey_lines
from checklist.reports.document.prose import Prose, clean, on_one_line
from checklist.reports.language.action_phrases import remedy_text
from checklist.reports.language.labels import FLAG, METHOD, OUTCOME, UNKNOWN, VERDICT
from checklist.reports.language.names import named, ruleset_name
from checklist.reports.language.phrases import band_text, extra_text, score_text
from checklist.reports.language.site_phrases import flag_text

MANY = 3
MARK = {
    "veto": ("× ", "bold red"),
    "redline": ("× ", "bold red"),
    "undecided": ("? ", "bold yellow"),
    "clear": ("√ ", "bold green"),
    "none": ("", "bold"),
}


@dataclass(frozen=True, slots=True)
class View:
    """What to show: ``top`` gaps and checks (None: all), one ``module`` only, the ``file`` and ``options`` of the next command."""

    top: int | None = 8
    module: str | None = None
    file: str = ""
    options: str = ""


def assessment_screen(assessment: Assessment, view: View) -> RenderableType:
    """The whole report of one community."""
    gaps = [g for g in assessment.gaps if view.module in (None, g.finding.criterion.module)]
    checks = [c for c in assessment.to_check if _of_module(c, view.module)]
    return Group(
        *_heading(assessment),
        *_verdict(assessment),
        *_score(assessment),
        modules_table([r for r in assessment.modules if view.module in (None, r.module.id)]),
        Text(),
        *gap_lines(assessment, gaps, view.top),
        *survey_lines(assessment),
        *_checks(assessment, checks, view.top),
        *_stale(assessment, view),
        *_ended(assessment),
        *_closing(assessment, view, gaps),
    )


def _of_module(check: ToCheck, module: str | None) -> bool:
    return module is None or any(id.startswith(f"{module}-") for id in check.criteria)


def _heading(assessment: Assessment) -> Iterator[RenderableType]:
    community, ruleset = assessment.state.community, assessment.ruleset
    place = " ".join(part for part in (community.city, community.district, community.street, community.group) if part)
    yield Text.assemble((named(community), "bold"), f"  {on_one_line(place)}" if place else "")
    yield Prose(f"按 {assessment.as_of} 的记录自查  {ruleset_name(ruleset)}")
    yield Prose(ruleset.disclaimer, "dim")
    yield Text()


def _verdict(assessment: Assessment) -> Iterator[RenderableType]:
    verdict = assessment.verdict
    mark, style = MARK[verdict.kind]
    yield Text(f"{mark}{VERDICT[verdict.kind]}", style=style)
    for finding in (*verdict.open_vetoes, *verdict.open_redlines):
        yield from _open_flag(assessment, finding)
    for word, findings in (("一票否决", verdict.undecided_vetoes), ("红线", verdict.undecided_redlines)):
        if findings:
            few = len(findings) <= MANY
            names = "、".join(f"{f.criterion.id} {f.criterion.title}" if few else f.criterion.id for f in findings)
            yield Prose(names, "yellow", label=f"? {word}待核 {len(findings)} 项：", indent=2)
    yield Text()


def _open_flag(assessment: Assessment, finding: Finding) -> Iterator[RenderableType]:
    criterion = finding.criterion
    assert criterion.flag is not None
    gap = next((g for g in assessment.gaps if g.finding is finding), None)
    yield Prose(
        f"{criterion.id} {flag_text(finding)}：{criterion.requirement}",
        "red",
        label=f"× {FLAG[criterion.flag.kind]} ",
        indent=2,
    )
    if gap and gap.remedies:
        yield Prose(remedy_text(gap.remedies[0], FLAG[criterion.flag.kind]), label="先做：", indent=4)


def _score(assessment: Assessment) -> Iterator[RenderableType]:
    total = assessment.total
    yield Text.assemble(
        "得分 ",
        (score_text(assessment.score), "bold"),
        " / 100    等次 ",
        (band_text(assessment.bands), "bold"),
        f"    核查率 {percent_text(assessment.coverage)}",
    )
    for extra in assessment.extras:
        yield Prose(extra_text(extra))
    yield from _sites(assessment)
    yield Prose(_counts(total) + f"  合计 {sum(total.outcomes.values())} 项")
    unknown = total.outcomes["unknown"]
    if unknown:
        yield Prose(f"得分是区间，因为有 {unknown} 项没核实；核实一项，区间就窄一点，真实得分总在区间里。", "dim")
    yield Text()


def _sites(assessment: Assessment) -> Iterator[RenderableType]:
    """How many sites of each kind were looked at; nothing for a community that is its own one site."""
    for kind in assessment.ruleset.site_kinds.values():
        listed, total = assessment.state.sites_of(kind.id), assessment.state.totals.get(kind.id)
        if listed or total:
            more = max(total.count - len(listed), 0) if total else 0
            missing = f"，另有 {more} 个没列出来，按未核实评" if more else ""
            none = (
                f"没有（{total.reason}）"
                if total and total.reason and not listed
                else f"列出 {len(listed)} 个{missing}"
            )
            yield Prose(none, label=f"{kind.label}：")


def _counts(tally: Tally) -> str:
    return "  ".join(f"{OUTCOME[outcome]} {tally.outcomes[outcome]}" for outcome in OUTCOMES)


def _checks(assessment: Assessment, checks: Sequence[ToCheck], top: int | None) -> Iterator[RenderableType]:
    if not checks:
        return
    shown = [c for c in checks[:top]]
    minutes = sum(c.minutes for c in checks)
    heading = f"没核实的实测项 {len(checks)} 个，全部核完约 {rounded(minutes, 0)} 分钟；先核每分钟最值的"
    yield Prose(heading, "bold")
    for check in shown:
        fact = assessment.ruleset.facts[check.fact]
        where = f"（{check.sites} 个点位）" if check.sites else ""
        note = "" if check.because == "unrecorded" else f"（{UNKNOWN[check.because]}）"
        yield Prose(
            f"{fact.label}{note}{where}  {METHOD[fact.method]}，约 {check.minutes} 分钟  {'、'.join(check.criteria)}",
            label=f"最多 {rounded(check.stake / 10_000, 2)} 分  ",
            indent=2,
        )
    if len(checks) > len(shown):
        yield Text(f"  另有 {len(checks) - len(shown)} 个，加 --all 全部列出", style="dim")
    yield Text()


def _stale(assessment: Assessment, view: View) -> Iterator[RenderableType]:
    """What is out of date, and what will be within a week."""
    stale = assessment.state.expired(assessment.ruleset.facts)
    if stale:
        yield Prose(
            "、".join(expiry.label for expiry in stale[:12]) + (" 等" if len(stale) > 12 else ""),
            "yellow",
            label=f"记录过期 {len(stale)} 个，按未核实处理：",
        )
    if coming := soon_text(assessment.ruleset, assessment.state, MANY):
        yield Prose(coming, "yellow")
    if stale or coming:
        if view.file:
            seen = view.options if "--as-of" in view.options else f"{view.options} --as-of {assessment.as_of}"
            yield command_line("全部列出", f"fresh {quoted(view.file)}{seen}")
        yield Text()


def _ended(assessment: Assessment) -> Iterator[RenderableType]:
    """Declarations that no longer count; their criteria are judged like any other."""
    judged = {finding.criterion.id for finding in assessment.findings}
    ended = [d for d in assessment.state.ended if d.criterion in judged]
    if ended:
        yield Prose(
            "、".join(f"{d.criterion}（{d.until} 到期）" for d in ended) + "；按没有声明评，仍不适用的重新声明",
            "yellow",
            label=f"不适用声明已到期 {len(ended)} 条：",
        )
        yield Text()


def _closing(assessment: Assessment, view: View, gaps: Sequence[Gap]) -> Iterator[RenderableType]:
    yield Text.assemble(
        f"{VERDICT[assessment.verdict.kind]}；得分 ",
        (score_text(assessment.score), "bold"),
        f"，{band_text(assessment.bands)}，核查率 {percent_text(assessment.coverage)}",
    )
    options = f"{quoted(view.file)}{view.options}"
    if gaps:
        yield command_line("看懂一项", f"explain {gaps[0].finding.criterion.id} {options}")
        yield command_line("排整改", f"plan {options or '--example'}")
    elif assessment.to_check:
        yield command_line("先核什么", f"next {options} --minutes 120")


def quoted(file: str) -> str:
    """A file's name as a shell takes it."""
    return shlex.quote(clean(file)) if file else ""


def command_line(label: str, command: str) -> Text:
    """Never wrapped, so that it can be copied."""
    return Text(f"{label}：checklist {command}".rstrip(), style="dim", no_wrap=True, overflow="ignore")
