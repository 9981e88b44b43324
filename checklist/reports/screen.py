"""One assessment on the terminal: verdict, score, modules, gaps, what to check next."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.console import Group, RenderableType
from rich.text import Text

from ..model.assessment import OUTCOMES, Assessment, Finding, Gap, ModuleResult, Tally, ToCheck
from ..model.facts import Value
from ..model.numbers import percent_text, points_text, rounded
from .prose import Prose, clean
from .surveys import survey_lines
from .wording import (
    band_text,
    levels_text,
    nearest_and_top,
    points_range,
    recorded_text,
    remedy_text,
    score_text,
    step_text,
)
from .words import CUSTOM, FLAG, INVENTED, METHOD, OUTCOME, OUTCOME_SHORT, OUTCOME_STYLE, UNKNOWN, VERDICT, level_word

BAR_CELLS = 10
MODULE_CELLS = 24
MANY = 3
SURE, POSSIBLE = "█", "·"


@dataclass(frozen=True, slots=True)
class View:
    """What to show: ``top`` gaps and checks (None: all), one ``module`` only, the ``file`` and ``options`` of the next command."""

    top: int | None = 8
    module: str | None = None
    file: str = ""
    options: str = ""


def assessment_screen(assessment: Assessment, view: View) -> RenderableType:
    """The whole report of one community."""
    values = assessment.state.knowledge(assessment.ruleset.facts).values
    gaps = [g for g in assessment.gaps if view.module in (None, g.finding.criterion.module)]
    checks = [c for c in assessment.to_check if _of_module(c, view.module)]
    return Group(
        *_heading(assessment),
        *_verdict(assessment, values),
        *_score(assessment),
        _modules(assessment, view.module),
        *_gaps(assessment, gaps, values, view.top),
        *survey_lines(assessment),
        *_checks(assessment, checks, view.top),
        *_stale(assessment),
        *_closing(assessment, view, gaps),
    )


def _of_module(check: ToCheck, module: str | None) -> bool:
    return module is None or any(id.startswith(f"{module}-") for id in check.criteria)


def title(assessment: Assessment) -> str:
    """``桃李社区（示例数据）``: an invented community always says so."""
    community = assessment.state.community
    name = clean(community.name)
    return f"{name}（{INVENTED}）" if community.invented and INVENTED not in name else name


def _heading(assessment: Assessment) -> Iterator[RenderableType]:
    community, ruleset = assessment.state.community, assessment.ruleset
    place = " ".join(part for part in (community.city, community.district, community.street, community.group) if part)
    yield Text.assemble((title(assessment), "bold"), f"  {clean(place)}" if place else "")
    custom = f"（{CUSTOM}：{len(ruleset.changes)} 处改动）" if ruleset.custom else ""
    yield Prose(f"按 {assessment.as_of} 的记录自查  {ruleset.title}（{ruleset.edition}）{custom}")
    yield Prose(ruleset.disclaimer, "dim")
    yield Text()


def _verdict(assessment: Assessment, values: dict[str, Value] | object) -> Iterator[RenderableType]:
    verdict = assessment.verdict
    style = {"veto": "bold red", "redline": "bold red", "undecided": "bold yellow", "clear": "bold green"}[verdict.kind]
    mark = {"veto": "×", "redline": "×", "undecided": "?", "clear": "√"}[verdict.kind]
    yield Text(f"{mark} {VERDICT[verdict.kind]}", style=style)
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
        f"{criterion.id} {criterion.title}：{criterion.requirement}",
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
    yield Prose(_counts(total) + f"  合计 {sum(total.outcomes.values())} 项")
    unknown = total.outcomes["unknown"]
    if unknown:
        yield Prose(f"得分是区间，因为有 {unknown} 项没核实；核实一项，区间就窄一点，真实得分总在区间里。", "dim")
    yield Text()


def _counts(tally: Tally) -> str:
    return "  ".join(f"{OUTCOME[outcome]} {tally.outcomes[outcome]}" for outcome in OUTCOMES)


def _modules(assessment: Assessment, only: str | None) -> RenderableType:
    counts = "".join(_right(OUTCOME_SHORT[outcome], 5) for outcome in OUTCOMES)
    lines = [Text(f"{_left('模块', MODULE_CELLS + BAR_CELLS + 2)}{_right('得分/分值', 14)}{counts}", style="dim")]
    shown = (r for r in assessment.modules if only in (None, r.module.id))
    return Group(*lines, *(_module_row(result) for result in shown), Text())


def _module_row(result: ModuleResult) -> Text:
    tally = result.tally
    earned = "不计分"
    if tally.possible:
        earned = f"{points_range(tally.low, tally.high, 1)}/{points_text(tally.possible, 1)}".replace(" ", "")
    return Text.assemble(
        _left(f"{result.module.id} {clean(result.module.title)}", MODULE_CELLS + 1),
        _bar(tally),
        _right(earned, 15),
        *((_right(str(n) if n else "·", 5), OUTCOME_STYLE[o] if n else "dim") for o, n in tally.outcomes.items()),
        no_wrap=True,
    )


def _left(text: str, cells: int) -> str:
    return set_cell_size(text, cells)


def _right(text: str, cells: int) -> str:
    return " " * (cells - cell_len(text)) + text


def _bar(tally: Tally) -> Text:
    """Sure points as solid cells, possible points as dots, lost points as blanks."""
    if not tally.possible:
        return Text(" " * BAR_CELLS)
    sure = tally.low * BAR_CELLS // tally.possible
    possible = sure if tally.low == tally.high else -(-tally.high * BAR_CELLS // tally.possible)
    return Text.assemble((SURE * sure, "green"), (POSSIBLE * (possible - sure), "cyan"), " " * (BAR_CELLS - possible))


def _gaps(assessment: Assessment, gaps: Sequence[Gap], values: object, top: int | None) -> Iterator[RenderableType]:
    if not gaps:
        yield Text("没有查出差距。" if assessment.total.decided else "还没有核实过任何一项，谈不上差距。")
        yield Text()
        return
    shown = gaps[:top]
    won = sum(gap.winnable for gap in gaps)
    at_least = "至少" if any(not gap.finding.decided for gap in gaps) else ""
    yield Text(f"差距 {len(gaps)} 项，{at_least}可挽回 {points_text(won)} 分", style="bold")
    for gap in shown:
        yield from _gap(assessment, gap)
    if len(gaps) > len(shown):
        yield Text(f"另有 {len(gaps) - len(shown)} 项差距，加 --all 全部列出", style="dim")
    yield Text()


def _gap(assessment: Assessment, gap: Gap) -> Iterator[RenderableType]:
    finding, facts = gap.finding, assessment.ruleset.facts
    criterion = finding.criterion
    values = assessment.state.knowledge(facts).values
    flag = f"  {FLAG[criterion.flag.kind]}" if criterion.flag and finding.flag == "open" else ""
    yield Text.assemble(
        (f"+{points_text(gap.winnable)}".rjust(6) if gap.winnable else "不计分", "bold"),
        (f"  {criterion.id}", "bold"),
        f"  {clean(criterion.title)}  ",
        (f"{OUTCOME[finding.outcome]}（{levels_text(finding.worst, finding.best)}）", OUTCOME_STYLE[finding.outcome]),
        (flag, "bold red"),
        overflow="fold",
    )
    yield Prose(criterion.requirement, label="要求：", indent=8, label_style="dim")
    yield Prose(recorded_text(gap, facts, values) or "见规则", label="现状：", indent=8, label_style="dim")
    for step in nearest_and_top(gap):
        yield Prose(
            f"{step_text(step, facts, values)}{_wins(step.points)}",
            label=f"到 {level_word(step.level)}：",
            indent=8,
            label_style="dim",
        )
    if gap.remedies:
        word = FLAG[criterion.flag.kind] if criterion.flag else ""
        yield Prose(remedy_text(gap.remedies[0], word), label="下一步：", indent=8, label_style="dim")


def _wins(points: int) -> str:
    return f"（+{points_text(points)} 分）" if points else ""


def _checks(assessment: Assessment, checks: Sequence[ToCheck], top: int | None) -> Iterator[RenderableType]:
    if not checks:
        return
    shown = [c for c in checks[:top]]
    minutes = sum(c.minutes for c in checks)
    heading = f"没核实的实测项 {len(checks)} 个，全部核完约 {rounded(minutes, 0)} 分钟；先核每分钟最值的"
    yield Prose(heading, "bold")
    for check in shown:
        fact = assessment.ruleset.facts[check.fact]
        note = "" if check.because == "unrecorded" else f"（{UNKNOWN[check.because]}）"
        yield Prose(
            f"{fact.label}{note}  {METHOD[fact.method]}，约 {check.minutes} 分钟  {'、'.join(check.criteria)}",
            label=f"最多 {rounded(check.stake / 10_000, 2)} 分  ",
            indent=2,
        )
    if len(checks) > len(shown):
        yield Text(f"  另有 {len(checks) - len(shown)} 个，加 --all 全部列出", style="dim")
    yield Text()


def _stale(assessment: Assessment) -> Iterator[RenderableType]:
    stale = [fact for fact in assessment.ruleset.facts.values() if assessment.state.why_unknown(fact) == "stale"]
    if stale:
        yield Prose(
            "、".join(fact.label for fact in stale[:12]) + (" 等" if len(stale) > 12 else ""),
            "yellow",
            label=f"记录过期 {len(stale)} 个，按未核实处理：",
        )
        yield Text()


def _closing(assessment: Assessment, view: View, gaps: Sequence[Gap]) -> Iterator[RenderableType]:
    yield Text.assemble(
        f"{VERDICT[assessment.verdict.kind]}；得分 ",
        (score_text(assessment.score), "bold"),
        f"，{band_text(assessment.bands)}，核查率 {percent_text(assessment.coverage)}",
    )
    options = f"{_quoted(view.file)}{view.options}"
    if gaps:
        yield _command("看懂一项", f"explain {gaps[0].finding.criterion.id} {options}")
        yield _command("排整改", f"plan {options or '--example'}")
    elif assessment.to_check:
        yield _command("先核什么", f"next {options} --minutes 120")


def _quoted(file: str) -> str:
    return shlex.quote(clean(file)) if file else ""


def _command(label: str, command: str) -> Text:
    """Never wrapped, so that it can be copied."""
    return Text(f"{label}：checklist {command}".rstrip(), style="dim", no_wrap=True, overflow="ignore")
