"""What is to be done, as phrases: cost, time, who, and what it brings."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from checklist.model.numbers import number_text, percent_text, points_text, rounded
from checklist.model.planning.plan import Proof
from checklist.model.planning.tasks import Task, Tasks
from checklist.model.results.assessment import Remedy
from checklist.model.rules.ruleset import Action

MANY: Final = 8


def yuan_text(yuan: tuple[int, int]) -> str:
    """A cost range: ``不花钱``, ``300 ～ 3,000 元``, ``5 ～ 20 万元``."""
    low, high = yuan
    if high == 0:
        return "不花钱"
    if low >= 10_000:
        return f"{number_text(Fraction(low, 10_000))} ～ {number_text(Fraction(high, 10_000))} 万元"
    return f"{low:,} ～ {high:,} 元"


def places_text(tasks: Sequence[Task]) -> str:
    """One action with the sites where it is done: ``清运楼道堆物：A 区、B 区``."""
    names = [task.site.name for task in tasks if task.site]
    more = f"等 {len(names)} 处" if len(names) > MANY else ""
    label = tasks[0].action.label
    return f"{label}：{'、'.join(names[:MANY])}{more}" if names else label


def lead_text(days: int) -> str:
    return "当天" if days == 0 else f"{days} 天"


def action_text(action: Action) -> str:
    """An action with who does it and how long it takes."""
    return f"{action.label}（{'、'.join(action.owner)}，{lead_text(action.lead_days)}）"


def remedy_text(remedy: Remedy, flag: str = "") -> str:
    """What to do, who and how long, and what it brings; ``flag`` is the word for an open red line or veto."""
    steps = "；再".join(action_text(action) for action in (remedy.action, *remedy.also))
    if remedy.clears:
        wins = f"，得 {points_text(remedy.points)} 分" if remedy.points else ""
        return f"{steps}，做完解除{flag or '红线'}{wins}"
    if remedy.points > 0:
        return f"{steps}，做完得 {points_text(remedy.points)} 分"
    if remedy.points < 0:
        return f"{steps}，单做会先丢 {points_text(-remedy.points)} 分，要接着做别的措施"
    return f"{steps}，单做不加分，要配合别的措施"


def proof_text(proof: Proof) -> str:
    """How good the plan is known to be, in a sentence."""
    goal = {"cost": "花钱更少", "score": "得分更高", "actions": "措施更少"}[proof.goal]
    if proof.solver == "highs" and proof.optimal:
        return f"求解器证明：同样条件下没有{goal}的方案。"
    way = "求解器到时间停了" if proof.solver == "highs" else "没有用求解器，是逐步挑选出来的"
    if proof.distance is None:
        return f"{way}；离最好的方案有多远不知道。"
    if not proof.distance:
        return f"{way}；刚好等于理论界限，没有{goal}的方案。"
    unit = {"cost": "元", "score": "分", "actions": "项"}[proof.goal]
    bound, value = (f"{rounded(x, 0 if proof.goal == 'cost' else 2)} {unit}" for x in (proof.bound or 0, proof.value))
    return f"{way}：{value}，理论界限 {bound}，最多差 {percent_text(proof.distance)}。"


def unproved_text(tasks: Tasks) -> str:
    """What a paper has to say of tasks that were chosen without a solver; empty for all others."""
    return proof_text(tasks.proof) if tasks.proof is not None and tasks.proof.solver == "greedy" else ""
