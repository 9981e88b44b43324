"""The charts of the web report: the score's ruler, modules, two days side by side, where the points went."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from checklist.model.numbers import Number, rounded
from checklist.model.results.assessment import Assessment, ModuleResult
from checklist.reports.assessment.report_lists import points
from checklist.reports.document.document import day_text
from checklist.reports.formats.svg import WIDTH, Axis, bars, line, rect, svg, text
from checklist.reports.language.phrases import points_range, score_text

DOTS: Final = 30
BESIDE: Final = 12
"""Points between the ends of a score from which on their figures stand beside each other."""


def score_ruler(assessment: Assessment) -> str:
    """The score interval on a ruler from 0 to 100 with the bands' thresholds."""
    low, high = assessment.score.low, assessment.score.high
    scale = Axis(100, 8, WIDTH - 8)
    parts = [rect(scale.x(0), 26, scale.length(100), 12, "track")]
    parts.append(rect(scale.x(low), 26, scale.length(high - low), 12, "maybe"))
    for band in assessment.ruleset.bands:
        if band.at_least:
            parts.append(line(scale.x(band.at_least), 22, scale.x(band.at_least), 42, "tick"))
        middle = Fraction(band.at_least) + 3
        parts.append(text(scale.x(middle), 56, f"{band.name}", "small"))
    parts += [line(scale.x(end), 18, scale.x(end), 44, "whisker") for end in dict.fromkeys((low, high))]
    anchor = "start" if low < 50 else "end"
    if low != high and high - low < BESIDE:
        parts.append(text(scale.x(high), 13, score_text(assessment.score), "strong", anchor))
    else:
        parts.append(text(scale.x(low), 13, str(rounded(low)), "strong", anchor))
        if high != low:
            parts.append(text(scale.x(high), 13, str(rounded(high)), "strong", "end"))
    bands = "，".join(f"{b.name} {rounded(b.at_least, 0)} 分起" for b in assessment.ruleset.bands)
    return svg("ruler", "得分区间", f"得分 {score_text(assessment.score)}，满分 100。{bands}。", 62, parts)


def graded(assessment: Assessment) -> list[ModuleResult]:
    return [m for m in assessment.modules if m.tally.possible]


def module_bars(assessment: Assessment) -> str:
    """Share of each module's points."""
    rows = [
        (
            m.module.title,
            m.tally.score,
            f"{points_range(m.tally.low, m.tally.high, 1)} / {rounded(points(m.tally.possible))}",
        )
        for m in graded(assessment)
    ]
    return bars("modules", "各模块得分率", rows)


def dot_plot(assessment: Assessment, earlier: Assessment) -> str:
    """Low ends by module, then (ring) and now (dot): what has surely been won or lost."""
    scale, parts, said = Axis(1, 170, WIDTH - 8), [], []
    before = {m.module.id: m.tally for m in earlier.modules if m.tally.possible}
    modules = [m for m in graded(assessment) if m.module.id in before]
    for n, module in enumerate(modules):
        y = n * DOTS + 16
        was, now = before[module.module.id], module.tally
        old, new = Fraction(was.low, was.possible), Fraction(now.low, now.possible)
        parts.append(text(0, y + 5, module.module.title))
        parts.append(line(scale.x(0), y, scale.x(1), y, "grid"))
        parts.append(line(scale.x(old), y, scale.x(new), y, "move"))
        parts.append(f'<circle cx="{scale.x(old)}" cy="{y}" r="5" class="ring"/>')
        parts.append(f'<circle cx="{scale.x(new)}" cy="{y}" r="5" class="dot"/>')
        said.append(f"{module.module.title}由 {rounded(old * 100)}% 到 {rounded(new * 100)}%")
    title = f"确定得分率：{day_text(earlier.as_of)}（空心）与 {day_text(assessment.as_of)}（实心）"
    return svg("dots", title, "；".join(said), len(modules) * DOTS + 8, parts)


def waterfall(assessment: Assessment) -> str:
    """From the applicable points down to what is sure: points surely lost by module, then points nobody has checked."""
    rows = _falls(assessment)
    scale, parts, said = Axis(assessment.total.possible, 170, WIDTH - 62), [], []
    for n, (name, start, amount, css) in enumerate(rows):
        y = n * DOTS
        left = start - amount if css in ("lost", "maybe") else 0
        parts.append(text(0, y + 16, name))
        parts.append(rect(scale.x(left), y + 4, scale.length(amount), 16, css))
        sign = "−" if css in ("lost", "maybe") else ""
        shown = f"{sign}{rounded(points(amount), 2)}"
        parts.append(text(WIDTH, y + 17, shown, "number", "end"))
        if n + 1 < len(rows):
            edge = scale.x(left if css in ("lost", "maybe") else amount)
            parts.append(line(edge, y + 20, edge, y + DOTS + 4, "grid"))
        said.append(f"{name} {shown} 分")
    return svg("fall", "失分从哪里来", "；".join(said), len(rows) * DOTS, parts)


def _falls(assessment: Assessment) -> list[tuple[str, Number, Number, str]]:
    """Name, level before, amount, class; modules that lost most first, small ones together."""
    total = assessment.total
    lost = [(m.module.title, m.tally.possible - m.tally.high) for m in graded(assessment)]
    lost = sorted([item for item in lost if item[1]], key=lambda item: -item[1])
    rest = sum(amount for _, amount in lost[10:])
    shown = [*lost[:10], *([("其余模块", rest)] if rest else [])]
    rows: list[tuple[str, Number, Number, str]] = [("适用分值", total.possible, total.possible, "track")]
    level: Number = total.possible
    for name, amount in shown:
        rows.append((name, level, amount, "lost"))
        level -= amount
    if total.high > total.low:
        rows.append(("没有核实", level, total.high - total.low, "maybe"))
    return [*rows, ("确定得分", total.low, total.low, "sure")]


def charts(assessment: Assessment, earlier: Assessment | None) -> Sequence[tuple[str, str, str]]:
    """Name, caption and picture of each chart that has something to show."""
    found = [
        ("各模块得分率", "深色是确定得到的，浅色和横线是没核实的，可能得也可能不得。", module_bars(assessment)),
        ("失分从哪里来", "从适用分值往下扣：先扣已查明的失分，再扣没核实的，剩下是确定得分。", waterfall(assessment)),
    ]
    if earlier is not None:
        caption = f"空心是 {day_text(earlier.as_of)}，实心是 {day_text(assessment.as_of)}，只比确定得分。"
        found.append(("前后对比", caption, dot_plot(assessment, earlier)))
    return found
