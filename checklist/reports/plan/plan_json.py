"""A plan, the fewest actions, a shared budget as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from checklist.model.numbers import exact_points
from checklist.model.planning.plan import Counterfactual, Plan, Proof, Remainder
from checklist.model.planning.sharing import FloorPrice, SharedPlan
from checklist.model.planning.tasks import Move, Task, yuan_of
from checklist.reports.formats.json_parts import contract, score


def plan_json(plan: Plan) -> str:
    return contract({"plan": plan_data(plan)})


def plan_data(plan: Plan) -> dict[str, Any]:
    limits = plan.limits
    return {
        "community": plan.before.state.community.id,
        "as_of": plan.before.as_of.isoformat(),
        "ruleset": plan.before.ruleset.id,
        "start": limits.start.isoformat(),
        "limits": {
            "target": None if limits.target is None else str(limits.target),
            "budget": limits.budget,
            "days": None if limits.days is None else str(limits.days),
            "by": None if limits.by is None else limits.by.isoformat(),
            "owner": limits.owner,
            "exclude": sorted(limits.exclude),
            "must": sorted(limits.must),
            "cost_end": limits.cost_end,
            "known_only": limits.known_only,
        },
        "reached": plan.reached,
        "score_before": score(plan.before.score),
        "score_after": score(plan.after.score),
        "points_won": exact_points(plan.won),
        "yuan": list(plan.tasks.yuan),
        "effort_days": str(plan.tasks.effort_days),
        "open_vetoes_after": [f.criterion.id for f in plan.after.verdict.open_vetoes],
        "open_redlines_after": [f.criterion.id for f in plan.after.verdict.open_redlines],
        "proof": _proof(plan.proof),
        "steps": [_step(step) for step in plan.steps],
        "stages": [{"horizon": s.horizon, "score": score(s.result.score)} for s in plan.stages],
        "worths": [
            {
                "criterion": w.gap.finding.criterion.id,
                "alone": exact_points(w.alone),
                "within": exact_points(w.within),
                "together": [a.id for a in w.together],
                "full": exact_points(w.full),
            }
            for w in plan.worths
        ],
        "remainder": _remainder(plan.remainder),
        **_unlisted(plan),
        "left_out": [{"action": o.action.id, "because": o.because, "finish": o.finish} for o in plan.left_out],
    }


def _unlisted(plan: Plan) -> dict[str, Any]:
    """How many sites of each kind nobody has listed, so that nothing was planned there."""
    found = plan.before.state.unlisted
    return {"unlisted_sites": found} if found else {}


def counterfactual_json(found: Counterfactual) -> str:
    return contract(
        {
            "counterfactual": {
                "target": str(found.target),
                "reachable": bool(found.ways),
                "best": score(found.best.score),
                "ways": [
                    {
                        "actions": [step.id for step in way.steps],
                        "yuan": list(yuan_of(way.steps)),
                        "score": score(way.after.score),
                    }
                    for way in found.ways
                ],
                "binding": _remainder(found.binding),
                "proof": _proof(found.proof),
            },
        }
    )


def shared_json(found: SharedPlan) -> str:
    return contract(
        {
            "shared": {
                "budget": found.limits.budget,
                "points_won": exact_points(found.won),
                "gap": str(found.gap),
                "each": None if found.each is None else str(found.each),
                "floor": None if found.floor is None else str(found.floor),
                **({"floor_price": _price(found.price)} if found.price else {}),
                "shares": [
                    {
                        "community": s.community.id,
                        "as_of": s.before.as_of.isoformat(),
                        "actions": list(s.ids),
                        "steps": [_step(step) for step in s.steps],
                        "yuan": list(s.yuan),
                        "points_won": exact_points(s.won),
                        "open_flags": list(s.flags),
                        "score_before": score(s.before.score),
                        "score_after": score(s.after.score),
                    }
                    for s in found.shares
                ],
            },
        }
    )


def _price(price: FloorPrice) -> dict[str, Any]:
    return {
        "points_won_without": exact_points(price.free),
        "bottleneck": price.bottleneck.id if price.bottleneck else None,
        "bottleneck_yuan": price.yuan,
        "points_won_without_bottleneck": exact_points(price.spared),
        "over_cap": [community.id for community in price.over],
    }


def _proof(proof: Proof) -> dict[str, Any]:
    return {
        "solver": proof.solver,
        "goal": proof.goal,
        "value": str(proof.value),
        "bound": None if proof.bound is None else str(proof.bound),
        "optimal": proof.optimal,
    }


def _step(step: Task) -> dict[str, Any]:
    return {
        "action": step.action.id,
        **({"site": step.site.id} if step.site else {}),
        "label": step.action.label,
        "owner": list(step.action.owner),
        "starts": step.starts.isoformat(),
        "due": step.due.isoformat(),
        "horizon": step.horizon,
        "yuan": list(step.action.yuan),
        "effort_days": str(step.action.effort_days),
        "points_alone": exact_points(step.alone),
        "points_within": exact_points(step.within),
        "after": list(step.after),
        "check_first": step.check_first,
        "must": step.forced,
        "moves": [_move(move) for move in step.moves],
    }


def _move(move: Move) -> dict[str, Any]:
    return {
        "criterion": move.before.criterion.id,
        "from": [move.before.worst, move.before.best],
        "to": [move.after.worst, move.after.best],
        "points": exact_points(move.points),
        "flag": [move.before.flag, move.after.flag],
    }


def _remainder(items: Sequence[Remainder]) -> list[dict[str, Any]]:
    return [
        {"criterion": r.finding.criterion.id, "because": r.because, "actions": [a.id for a in r.actions]} for r in items
    ]
