"""Which declared actions remove a gap: each tried alone, by the engine itself; all together where none helps alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from checklist.model.numbers import Number
from checklist.model.results.assessment import Finding, Remedy
from checklist.model.rules.facts import Knowledge
from checklist.model.rules.ruleset import Action, Ruleset

Attempt: TypeAlias = Callable[[Sequence[Action]], Finding]
"""From actions, in the order in which they are done, to what the criterion then comes to."""


def remedies(ruleset: Ruleset, finding: Finding, attempt: Attempt, grounds: Sequence[Knowledge]) -> tuple[Remedy, ...]:
    """Every declared action that is still to do, those that help first: a cleared flag, then most points, then cheapest
    and soonest. ``grounds`` is what is known wherever the criterion is graded.

    Where no single action helps, the first is the smallest set found that does: all of the criterion's actions with
    what they need, less those that change nothing when left out.
    """
    actions = [ruleset.actions[name] for name in finding.criterion.actions]
    tried = sorted((_tried(finding, attempt, [action]) for action in actions), key=_rank)
    alone = [remedy for remedy in tried if remedy.points or remedy.clears or not _is_done(remedy, finding, grounds)]
    if any(remedy.helps for remedy in alone):
        return tuple(alone)
    together = _together(ruleset, finding, attempt, actions)
    return tuple(alone) if together is None else (together, *alone)


def _is_done(remedy: Remedy, finding: Finding, grounds: Iterable[Knowledge]) -> bool:
    """Whether all that the criterion reads is everywhere known to be as the action makes it: who has done it is not told
    to do it."""
    sets = {fact: effect for fact, effect in remedy.action.sets.items() if fact in finding.criterion.facts}
    return all(
        known.value(fact) is not None and effect.result(known.declared[fact], known) == known.value(fact)
        for known in grounds
        for fact, effect in sets.items()
    )


def _rank(remedy: Remedy) -> tuple[bool, Number, int, int]:
    return (not remedy.clears, -remedy.points, remedy.action.yuan[1], remedy.action.lead_days)


def _tried(finding: Finding, attempt: Attempt, steps: Sequence[Action]) -> Remedy:
    result = attempt(steps)
    clears = finding.flag == "open" and result.flag == "clear"
    return Remedy(steps[0], result.worst, result.low - finding.low, clears, tuple(steps[1:]))


def _together(ruleset: Ruleset, finding: Finding, attempt: Attempt, actions: Sequence[Action]) -> Remedy | None:
    steps = needs_first(ruleset, actions)
    if len(steps) < 2:
        return None
    best = _tried(finding, attempt, steps)
    if not best.helps:
        return None
    for action in reversed(steps):
        fewer = [step for step in steps if step is not action and action.id not in step.needs]
        if fewer and len(fewer) == len(steps) - 1:
            without = _tried(finding, attempt, fewer)
            if (without.points, without.clears) >= (best.points, best.clears):
                steps, best = fewer, without
    return best


def needs_first(ruleset: Ruleset, actions: Iterable[Action]) -> list[Action]:
    """The actions with all that they need, each after its needs."""
    ordered: dict[str, Action] = {}

    def add(action: Action, above: frozenset[str]) -> None:
        for need in action.needs:
            if need not in above:
                add(ruleset.actions[need], above | {action.id})
        ordered.setdefault(action.id, action)

    for action in actions:
        add(action, frozenset())
    return list(ordered.values())
