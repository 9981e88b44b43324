"""The gaps of one assessment: what was required, what was recorded, what each level asks and what to do first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from checklist.model.numbers import Number, points_text
from checklist.model.results.assessment import Assessment, Gap
from checklist.reports.document.prose import Prose, clean
from checklist.reports.language.action_phrases import remedy_text
from checklist.reports.language.gap_phrases import nearest_and_top, recorded_text, way_up_text
from checklist.reports.language.labels import FLAG, OUTCOME, OUTCOME_STYLE, level_word
from checklist.reports.language.phrases import levels_text


def gap_lines(assessment: Assessment, gaps: Sequence[Gap], top: int | None) -> Iterator[RenderableType]:
    """The first ``top`` of ``gaps`` (None: all) and what all of them could win back."""
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
    finding, ruleset = gap.finding, assessment.ruleset
    criterion = finding.criterion
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
    yield Prose(recorded_text(gap, ruleset) or "见规则", label="现状：", indent=8, label_style="dim")
    for step in nearest_and_top(gap):
        yield Prose(
            f"{way_up_text(gap, step, ruleset)}{_wins(step.points)}",
            label=f"到 {level_word(step.level)}：",
            indent=8,
            label_style="dim",
        )
    if gap.remedies:
        word = FLAG[criterion.flag.kind] if criterion.flag else ""
        yield Prose(remedy_text(gap.remedies[0], word), label="下一步：", indent=8, label_style="dim")


def _wins(points: Number) -> str:
    return f"（+{points_text(points)} 分）" if points else ""
