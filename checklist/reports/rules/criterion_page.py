"""One criterion as the rulebook prints it, and the list of rulesets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from checklist.model.numbers import points_text, trimmed_points
from checklist.model.rules.ruleset import Criterion, Ruleset
from checklist.model.rules.scales import Deduct
from checklist.reports.document.prose import Pieces, Prose, clean
from checklist.reports.language.action_phrases import action_text, yuan_text
from checklist.reports.language.clauses import written_phrases
from checklist.reports.language.deduction_phrases import scale_lines
from checklist.reports.language.labels import (
    FLAG,
    METHOD,
    SCALE,
    STATUS,
    TIER,
    level_word,
)
from checklist.reports.language.names import ruleset_name, site_rule
from checklist.reports.language.phrases import condition_text
from checklist.reports.rules.source_lines import support_lines


def criterion_screen(criterion: Criterion, ruleset: Ruleset) -> RenderableType:
    """Requirement, levels, how to check, evidence, actions, sources."""
    return Group(
        *_heading(criterion, ruleset),
        *level_lines(criterion, ruleset),
        *_how_to_check(criterion, ruleset),
        *_actions(criterion, ruleset),
        *(Prose(phrase, label=name) for name, phrase in written_phrases(criterion, ruleset.facts)),
        *sources_lines(criterion, ruleset),
        Text(f"规则文件：{clean(criterion.where.file)} 第 {criterion.where.line} 行", style="dim"),
    )


def _heading(criterion: Criterion, ruleset: Ruleset) -> Iterator[RenderableType]:
    module = next(m for m in ruleset.modules if m.id == criterion.module)
    yield Text.assemble((f"{criterion.id} {clean(criterion.title)}", "bold"), f"  {points_text(criterion.points)} 分")
    status = "" if criterion.status == "active" else f"  {STATUS[criterion.status]}"
    yield Text(
        f"{module.title}  {TIER[criterion.tier]}  {'、'.join(METHOD[m] for m in criterion.methods)}{status}",
        style="dim",
    )
    yield Prose(criterion.requirement, label="要求：")
    if criterion.flag:
        when = "达不到任何一档即碰线"
        if criterion.flag.opens_when:
            when = f"{condition_text(criterion.flag.opens_when, ruleset.facts)} 即碰线"
        yield Prose(when, "red", label=f"{FLAG[criterion.flag.kind]}：")
    if criterion.applies_when:
        yield Prose(condition_text(criterion.applies_when, ruleset.facts), label="适用于：")
    if criterion.na_when:
        yield Prose(criterion.na_when, label="可以声明不适用：")
    yield Text()


def level_lines(criterion: Criterion, ruleset: Ruleset) -> Iterator[RenderableType]:
    scale = criterion.scale
    yield Text(f"怎么评（{SCALE[scale.kind]}{site_rule(criterion, ruleset)}）")
    if isinstance(scale, Deduct):
        for text, deep in scale_lines(scale, ruleset.facts):
            yield Prose(text, label="· ", indent=2 + 2 * deep)
        return
    for rung in scale.rungs:
        points = trimmed_points(ruleset.level_points(criterion, rung.level))
        yield Prose(
            condition_text(rung.condition, ruleset.facts),
            label=f"{level_word(rung.level)}（{points} 分）：",
            indent=2,
        )
    yield Prose("都达不到，不得分", "dim", indent=2)


def _how_to_check(criterion: Criterion, ruleset: Ruleset) -> Iterator[RenderableType]:
    yield Text("怎么核")
    for name in (*criterion.facts, *criterion.records):
        fact = ruleset.facts[name]
        place = f"，{ruleset.places[fact.place]}" if fact.place else ""
        yield Prose(
            f"{fact.ask}（{name}，约 {fact.minutes} 分钟{place}，{fact.valid_for_days} 天内有效）", label="· ", indent=2
        )
    if criterion.evidence:
        yield Prose("、".join(criterion.evidence), label="佐证材料：")
    if criterion.owner:
        yield Prose("、".join(criterion.owner), label="责任单位：")


def _actions(criterion: Criterion, ruleset: Ruleset) -> Iterator[RenderableType]:
    if criterion.actions:
        yield Text("怎么改")
    for name in criterion.actions:
        action = ruleset.actions[name]
        yield Prose(f"{action_text(action)}  {yuan_text(action.yuan)}", label="· ", indent=2)


def sources_lines(criterion: Criterion, ruleset: Ruleset) -> Iterator[RenderableType]:
    """What is to be known of the criterion, and each source with what it supports and how far to trust it."""
    if criterion.supersedes:
        yield Prose(f"替代上一版的 {'、'.join(criterion.supersedes)}", label="沿革：")
    for note in criterion.notes:
        yield Prose(note, label="说明：")
    yield Text("依据")
    for id, text in support_lines(criterion, ruleset):
        yield Prose(text, label=f"{id} ", indent=2)


def rulesets_screen(rulesets: Sequence[tuple[Ruleset, int]]) -> RenderableType:
    """Every ruleset's counts and total, its title and edition under them; the second number is its cases."""
    lines: list[RenderableType] = []
    for ruleset, cases in rulesets:
        core = sum(c.tier == "core" for c in ruleset.active)
        total = points_text(ruleset.total_points)
        counts = {"标准": len(ruleset.active), "核心": core, "总分": total, "实测项": len(ruleset.facts)}
        counts |= {"措施": len(ruleset.actions), "用例": cases}
        lines.append(Pieces((ruleset.id, *(f"{word} {count}" for word, count in counts.items()))))
        lines.append(Prose(ruleset_name(ruleset), indent=2))
    return Group(*lines, Text(), Text("看一条标准：checklist rules show FAC-01", style="dim"))


def criteria_screen(ruleset: Ruleset) -> RenderableType:
    """Every criterion in a line, module by module."""
    lines: list[RenderableType] = []
    for module in ruleset.modules:
        lines.append(Text(f"{module.id} {clean(module.title)}  {points_text(module.points)} 分", style="bold"))
        for criterion in ruleset.of_module(module.id):
            flag = f"  {FLAG[criterion.flag.kind]}" if criterion.flag else ""
            lines.append(
                Prose(
                    f"{criterion.title}（{points_text(criterion.points)} 分，{TIER[criterion.tier]}{flag}）",
                    label=f"{criterion.id}  ",
                    indent=2,
                )
            )
    return Group(*lines)
