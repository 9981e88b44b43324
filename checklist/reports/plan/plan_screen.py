"""A plan on the terminal: what it promises, the steps by horizon, what remains, the proof, the next command."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rich.console import Group, RenderableType
from rich.text import Text

from checklist.model.numbers import number_text, percent_text, points_text, rounded
from checklist.model.planning.plan import Impossible, Plan, Remainder, Stage
from checklist.model.planning.tasks import Task, alike, by_due, yuan_of
from checklist.model.results.assessment import Assessment
from checklist.reports.assessment.task_lists import level_change
from checklist.reports.document.prose import Prose
from checklist.reports.language.action_phrases import places_text, proof_text, yuan_text
from checklist.reports.language.community_profile import community_name
from checklist.reports.language.labels import FLAG, HORIZON, LEFT_OUT, REMAINS, VERDICT
from checklist.reports.language.names import ruleset_name
from checklist.reports.language.phrases import band_text, score_text
from checklist.reports.language.site_phrases import unlisted_text

UNTIL: Final = {"immediate": "3 天内", "short": "30 天内", "long": "30 天以上"}
FEW: Final = 5
MARGIN: Final = 18


@dataclass(frozen=True, slots=True)
class PlanView:
    """``top`` steps of each horizon (None: all), the state file for the next command."""

    top: int | None = 8
    file: str = ""


def plan_screen(plan: Plan, view: PlanView) -> RenderableType:
    return Group(
        *_heading(plan),
        *(line for stage in plan.stages for line in _stage(plan, stage, view)),
        *_worths(plan, view),
        *_remainder(plan.remainder, view),
        *_left_out(plan),
        *_closing(plan, view),
    )


def _heading(plan: Plan) -> Iterator[RenderableType]:
    before, after = plan.before, plan.after
    yield Text.assemble((community_name(before), "bold"), f"  整改方案，{plan.limits.start} 起")
    yield Prose(f"按 {before.as_of} 的记录  {ruleset_name(before.ruleset)}", "dim")
    yield Prose(_asked(plan), "dim", label="条件：")
    yield Text()
    yield Prose(
        f"得分 {score_text(before.score)}  →  {score_text(after.score)}    等次 {band_text(after.bands)}", "bold"
    )
    yield Prose(
        f"{len(plan.steps)} 项措施，费用 {yuan_text(yuan_of(plan.steps))}，{number_text(plan.tasks.effort_days)} 工日，"
        f"确定多得 {points_text(plan.won)} 分"
    )
    yield from _target(plan)
    yield from _flags(before, after)
    yield Prose(proof_text(plan.proof), "dim")
    if any(step.check_first for step in plan.steps):
        count = sum(step.check_first for step in plan.steps)
        yield Prose(f"标“先核”的 {count} 项，对应的标准还没核实过：先去看，已经达标就不用做。", "dim")
    if names := unlisted_text(before.state, before.ruleset):
        yield Prose(f"还有 {names}没有列出来，那里要做什么没有人知道，方案里没有排；先去看，记下来再排。", "dim")
    yield Text()


def _asked(plan: Plan) -> str:
    limits, end = plan.limits, "费用按上限算" if plan.limits.cost_end == "high" else "费用按下限算"
    parts = []
    if limits.target is not None:
        parts.append(f"目标 {number_text(limits.target)} 分")
    if limits.budget is not None:
        parts.append(f"预算 {limits.budget:,} 元")
    if limits.days is not None:
        parts.append(f"{number_text(limits.days)} 工日以内")
    if limits.by is not None:
        parts.append(f"{limits.by} 前做完")
    if limits.owner:
        parts.append(f"只排{limits.owner}能做的")
    if limits.known_only:
        parts.append("只对查明的差距")
    if limits.must or limits.exclude:
        parts.append(f"必做 {len(limits.must)} 项、不做 {len(limits.exclude)} 项")
    return "，".join([*(parts or ["没有限制，得分越高越好"]), end])


def _target(plan: Plan) -> Iterator[RenderableType]:
    target = plan.limits.target
    if target is None:
        return
    if plan.reached:
        yield Prose(f"达到目标 {number_text(target)} 分", "green", label="√ ")
        return
    yield Prose(
        f"到不了 {number_text(target)} 分：这些条件下确定能得的最高是 {rounded(plan.after.score.low)} 分，下面是这样的方案",
        "bold red",
        label="× ",
    )


def _flags(before: Assessment, after: Assessment) -> Iterator[RenderableType]:
    was = (*before.verdict.open_vetoes, *before.verdict.open_redlines)
    still = {f.criterion.id for f in (*after.verdict.open_vetoes, *after.verdict.open_redlines)}
    for finding in was:
        flag = finding.criterion.flag
        assert flag is not None
        cleared = finding.criterion.id not in still
        yield Prose(
            f"{FLAG[flag.kind]} {finding.criterion.id} {finding.criterion.title}：{'解除' if cleared else '解除不了'}",
            "green" if cleared else "bold red",
            label="√ " if cleared else "× ",
        )


def quoted(labels: Iterable[str]) -> str:
    """``“甲”“乙”``: labels have commas of their own."""
    return "".join(f"“{label}”" for label in labels)


def _stage(plan: Plan, stage: Stage, view: PlanView) -> Iterator[RenderableType]:
    yield Prose(
        f"{HORIZON[stage.horizon]}（{UNTIL[stage.horizon]}）  {len(stage.steps)} 项  {yuan_text(yuan_of(stage.steps))}  "
        f"做完 {score_text(stage.result.score)} 分",
        "bold",
    )
    ranked = sorted(by_due(stage.steps), key=lambda s: (not s.clears_flag, -max(s.within, s.alone)))
    groups = alike(ranked)
    shown = {group[0].id: group for group in groups[: view.top]}
    for first in by_due(group[0] for group in shown.values()):
        yield from _step(shown[first.id])
    hidden = len(ranked) - sum(map(len, shown.values()))
    if hidden:
        yield Text(f"  另有 {hidden} 项，加 --all 全部列出", style="dim")
    yield Text()


def _step(group: Sequence[Task]) -> Iterator[RenderableType]:
    """One action, at one place or at several sites."""
    step = group[0]
    marks = ("必做 " if step.forced else "") + ("先核 " if step.check_first else "")
    yield Prose(
        f"{marks}{places_text(group)}",
        "bold" if step.clears_flag else "",
        label=f"{step.due} +{points_text(sum(one.within for one in group))}  ".rjust(MARGIN),
    )
    changes: dict[str, dict[str, None]] = {}
    for move in (move for one in group for move in one.moves):
        name = f"{move.before.criterion.id} {move.before.criterion.title}"
        changes.setdefault(name, {})[level_change(move.before, move.after)] = None
    moves = "；".join([f"{name} {'、'.join(told)}" for name, told in changes.items()][:FEW])
    yield Prose(
        f"{'、'.join(step.action.owner)}，{yuan_text(yuan_of(group))}，{step.starts} 开始"
        + (f"。{moves}" if moves else "。为后面的措施打基础"),
        "dim",
        indent=MARGIN,
    )


def _worths(plan: Plan, view: PlanView) -> Iterator[RenderableType]:
    several = [w for w in plan.worths if len(w.together) > 1 and w.full > w.alone]
    if not several:
        return
    yield Prose("要几项措施一起做才够的差距", "bold")
    for worth in several[: view.top]:
        finding = worth.gap.finding
        yield Prose(
            f"{finding.criterion.title}：单做一项最多 +{points_text(worth.alone)}，一起做 +{points_text(worth.full)}："
            + quoted(action.label for action in worth.together),
            label=f"{finding.criterion.id} ",
            indent=2,
        )
    yield Text()


def _remainder(items: Sequence[Remainder], view: PlanView) -> Iterator[RenderableType]:
    if not items:
        return
    yield Prose(f"做完还剩 {len(items)} 项差距", "bold")
    for because, says in REMAINS.items():
        group = [item for item in items if item.because == because]
        if group:
            names = "、".join(f"{r.finding.criterion.id} {r.finding.criterion.title}" for r in group[: view.top])
            more = f" 等 {len(group)} 项" if view.top is not None and len(group) > view.top else ""
            yield Prose(f"{says}：", "dim", indent=2)
            yield Prose(names + more, indent=4)
    yield Text()


def _left_out(plan: Plan) -> Iterator[RenderableType]:
    """The actions that are too slow for the deadline, as far as one of the remaining gaps waits for them."""
    waiting = {action.id for item in plan.remainder if item.because == "too_late" for action in item.actions}
    late = [item for item in plan.left_out if item.action.id in waiting]
    if not late:
        return
    yield Prose(f"{LEFT_OUT['too_late']}的措施", "bold")
    for item in late[:FEW]:
        yield Prose(f"{item.action.label}，最快要 {item.finish} 天", indent=2)
    if len(late) > FEW:
        yield Text(f"  等 {len(late)} 项", style="dim")
    yield Text()


def _closing(plan: Plan, view: PlanView) -> Iterator[RenderableType]:
    after = plan.after
    yield Prose(
        f"做完：{VERDICT[after.verdict.kind]}；得分 {score_text(after.score)}，{band_text(after.bands)}，"
        f"核查率 {percent_text(after.coverage)}"
    )
    if any(step.check_first for step in plan.steps):
        yield Text(f"先核什么：checklist next {view.file} --minutes 120", style="dim")
    else:
        yield Text(f"存成表格：checklist plan {view.file} --format xlsx -o 整改方案.xlsx", style="dim")


def impossible_text(found: Impossible) -> tuple[str, str]:
    """Why the limits contradict each other, and the way out."""
    names = quoted(action.label for action in found.actions[:FEW])
    if found.kind == "must_left_out" and found.left_out is not None:
        return f"必做的{names}排不进去：{LEFT_OUT[found.left_out.because]}", "去掉这项 --must，或放宽别的条件"
    needed, allowed = number_text(found.needed), number_text(found.allowed)
    if found.kind == "must_over_budget":
        return f"必做的措施要 {needed} 元，预算只有 {allowed} 元：{names}", "加预算，或少写几项 --must"
    if found.kind == "must_over_days":
        return f"必做的措施要 {needed} 工日，限了 {allowed} 工日：{names}", "加工日，或少写几项 --must"
    return f"必做的几项一项接一项，到期限做不完：{names}", "把 --by 推后，或少写几项 --must"
