"""The counterfactual on the terminal: the fewest actions that reach a score, or why nothing does."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from checklist.model.numbers import number_text, points_text, rounded
from checklist.model.planning.plan import Counterfactual, Way
from checklist.model.planning.tasks import alike, by_due, yuan_of
from checklist.reports.assessment.task_lists import level_change
from checklist.reports.document.prose import Prose
from checklist.reports.language.action_phrases import places_text, proof_text, yuan_text
from checklist.reports.language.community_profile import community_name
from checklist.reports.language.labels import LEFT_OUT, REMAINS
from checklist.reports.language.phrases import score_text
from checklist.reports.plan.plan_screen import quoted

SHOWN, FEW = 10, 5
NAMES = ("第一种", "第二种", "第三种")


def ways_screen(found: Counterfactual, file: str) -> RenderableType:
    lines: list[RenderableType] = [
        Text.assemble((community_name(found.before), "bold"), f"  最少做几项能到 {number_text(found.target)} 分"),
        Text(f"现在得分 {score_text(found.before.score)}"),
        Text(),
    ]
    if found.ways:
        lines += [line for n, way in enumerate(found.ways) for line in _way(found, NAMES[n], way)]
        lines.append(Prose(proof_text(found.proof), "dim"))
        lines.append(Text(f"按这个目标排方案：checklist plan {file} --to {number_text(found.target)}", style="dim"))
    else:
        lines += _no_way(found)
        lines.append(Text(f"看最好能做到什么：checklist plan {file}", style="dim"))
    return Group(*lines)


def _way(found: Counterfactual, name: str, way: Way) -> Iterator[RenderableType]:
    if not way.steps:
        yield Text("现在就够了，一项都不用做。", style="green")
        return
    yield Prose(
        f"{name}：{len(way.steps)} 项，{yuan_text(yuan_of(way.steps))}，做完 {score_text(way.after.score)} 分", "bold"
    )
    first = {step.id for step in found.ways[0].steps}
    here = {step.id for step in way.steps}
    if here != first:
        gone = [places_text(group) for group in alike(s for s in found.ways[0].steps if s.id not in here)]
        new = [places_text(group) for group in alike(s for s in way.steps if s.id not in first)]
        yield Prose(f"和第一种比，不做{quoted(gone)}，改做{quoted(new)}", indent=2)
    else:
        for group in alike(by_due(way.steps)):
            step = group[0]
            changes = (f"{m.before.criterion.id} {level_change(m.before, m.after)}" for s in group for m in s.moves)
            moves = "；".join(list(dict.fromkeys(changes))[:4])
            yield Prose(
                f"{places_text(group)}（{'、'.join(step.action.owner)}，{step.due} 前）{moves}",
                label=f"+{points_text(sum(s.within for s in group))} ".rjust(8),
            )
    yield Text()


def _no_way(found: Counterfactual) -> Iterator[RenderableType]:
    yield Prose(
        f"到不了。能做的全做上，确定能得的最高是 {rounded(found.best.score.low)} 分，"
        f"差 {rounded(found.target - found.best.score.low)} 分。",
        "bold red",
        label="× ",
    )
    yield Prose(proof_text(found.proof), "dim")
    short = sorted(found.binding, key=lambda r: r.finding.high - r.finding.possible)
    if short:
        yield Text("卡在这些标准上", style="bold")
    facts = found.before.ruleset.facts
    for item in short[:SHOWN]:
        finding = item.finding
        read = "、".join(facts[name].label for name in finding.criterion.facts)
        yield Prose(
            f"{finding.criterion.id} {finding.criterion.title}：{REMAINS[item.because]}；看的是 {read}",
            label=f"-{points_text(finding.possible - finding.high)} ".rjust(8),
        )
    undecided = [f for f in found.best.findings if f.outcome == "unknown"]
    if undecided:
        points = sum(f.high - f.low for f in undecided)
        yield Prose(
            f"另有 {len(undecided)} 项标准没核实、措施也定不下来，牵着 {points_text(points)} 分，核实了才算数："
            + "、".join(f.criterion.id for f in undecided[:SHOWN]),
            indent=2,
        )
    late = [item for item in found.left_out if item.because == "too_late"]
    if late:
        yield Text(f"{LEFT_OUT['too_late']}的措施 {len(late)} 项", style="bold")
    for one in late[:FEW]:
        yield Prose(f"{one.action.label}，最快要 {one.finish} 天", indent=2)
