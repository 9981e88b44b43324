"""One criterion against what is known: outcome, levels still possible, points as an interval, flag."""

from __future__ import annotations

from collections.abc import Mapping

from checklist.model.numbers import Number
from checklist.model.results.assessment import Finding, FlagState, Outcome
from checklist.model.rules.facts import Knowledge
from checklist.model.rules.ruleset import Criterion, Ruleset
from checklist.model.rules.scales import Deduct
from checklist.model.state import NotApplicable, State, UnknownBecause


def judge(ruleset: Ruleset, criterion: Criterion, state: State, known: Knowledge) -> Finding:
    """Judge one criterion. Whatever the unknown facts turn out to be, its points lie in ``[low, high]``."""
    declared = in_force(state, criterion.id)
    if declared is not None:
        return not_applicable(criterion, declared.reason)
    applies = criterion.applies_when.holds(known) if criterion.applies_when else True
    if applies is False:
        return not_applicable(criterion, "")
    best, worst, low, high = _graded(ruleset, criterion, known)
    if applies is None:
        low, high = 0, criterion.points
    outcome = _outcome(criterion, best, worst, low, high) if applies else "unknown"
    extra: tuple[Number, Number] | None = None
    if criterion.extra != "ordinary":
        extra = (low, high) if criterion.extra == "bonus" else (criterion.points - high, criterion.points - low)
        low = high = 0
    return Finding(
        criterion=criterion,
        outcome=outcome,
        best=best,
        worst=worst,
        low=low,
        high=high,
        applies=applies,
        flag=_flag(criterion, best, worst, applies, known),
        unknown=_unknown(criterion, state, known) if outcome == "unknown" else {},
        settled=0 if outcome == "unknown" or extra else criterion.points,
        extra=extra,
    )


def in_force(state: State, criterion: str) -> NotApplicable | None:
    """The declaration that a criterion does not apply, unless it has run out."""
    declared = state.not_applicable.get(criterion)
    return None if declared is None or declared.ended(state.as_of) else declared


def not_applicable(criterion: Criterion, reason: str) -> Finding:
    """Leaves both sides, or earns full points (``na_full``); ``reason`` is empty where the facts themselves say so."""
    full = criterion.points if criterion.na_full else 0
    extra = None if criterion.extra == "ordinary" else (0, 0)
    return Finding(
        criterion, "not_applicable", None, None, full, full, False, reason=reason, unknown={}, settled=full, extra=extra
    )


def _graded(ruleset: Ruleset, criterion: Criterion, known: Knowledge) -> tuple[str | None, str | None, Number, Number]:
    scale = criterion.scale
    if isinstance(scale, Deduct):
        low, high = scale.points(known, criterion.points)
        top = next(iter(ruleset.levels))
        best = top if high == criterion.points else None
        return best, top if low == criterion.points else None, low, high
    best, worst = scale.levels(known)
    return best, worst, ruleset.level_points(criterion, worst), ruleset.level_points(criterion, best)


def _outcome(criterion: Criterion, best: str | None, worst: str | None, low: Number, high: Number) -> Outcome:
    """A criterion worth nothing is judged by its level, every other one by its points."""
    if low != high or (best != worst and not criterion.points):
        return "unknown"
    if criterion.points:
        return "met" if low == criterion.points else "unmet" if low == 0 else "partly"
    first = criterion.scale.rungs[0].level if not isinstance(criterion.scale, Deduct) else best
    return "unmet" if worst is None else "met" if worst == first else "partly"


def _flag(
    criterion: Criterion, best: str | None, worst: str | None, applies: bool | None, known: Knowledge
) -> FlagState | None:
    if criterion.flag is None:
        return None
    if criterion.flag.opens_when is not None:
        opens = criterion.flag.opens_when.holds(known)
    else:
        opens = True if best is None else None if worst is None else False
    if opens is False:
        return "clear"
    return "open" if opens and applies else "undecided"


def _unknown(criterion: Criterion, state: State, known: Knowledge) -> Mapping[str, UnknownBecause]:
    """The facts that a criterion reads and nobody can rely on, with the reason for each."""
    reasons: dict[str, UnknownBecause | None] = {
        fact: "sampled" if fact in known.values else state.why_unknown(known.declared[fact])
        for fact in criterion.facts
        if fact not in known.values or fact in known.spans
    }
    return {fact: because for fact, because in reasons.items() if because is not None}
