"""What most communities miss (举一反三): one criterion, one action, how many communities, how many points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from checklist.engine.scoring.judge import judge
from checklist.model.results.comparison import Common, Mark, Standing
from checklist.model.rules.effects import changes
from checklist.model.rules.facts import Knowledge
from checklist.model.rules.ruleset import Action, Criterion
from checklist.model.state import State

MOST: Final = 20
"""Problems that are worked out in full: the costliest ones. Trying an action on thousands of communities takes time."""

AT_LEAST: Final = 2


def common_problems(standings: Sequence[Standing], module: str | None = None) -> tuple[Common, ...]:
    """Criteria that at least half of the communities with an answer surely miss, most points lost first."""
    ruleset = standings[0].ruleset
    found: list[tuple[Common, int, list[Standing]]] = []
    active = (c for c in ruleset.criteria if c.status == "active")
    for i, criterion in enumerate(active):
        if module in (None, criterion.module):
            marks = [standing.marks[i] for standing in standings]
            missing = [standing for standing in standings if standing.marks[i].missed]
            problem = _counted(criterion, marks)
            if problem.missing >= AT_LEAST and 2 * problem.missing >= problem.decided:
                found.append((problem, i, missing))
    found.sort(key=lambda item: -item[0].lost)
    return tuple(_with_action(*item) for item in found[:MOST])


def _counted(criterion: Criterion, marks: Sequence[Mark]) -> Common:
    """A criterion surely short counts as decided even where its exact level is open."""
    missed = [mark for mark in marks if mark.missed]
    unknown = sum(mark.outcome == "unknown" and not mark.missed for mark in marks)
    return Common(
        criterion=criterion,
        missing=len(missed),
        decided=sum(mark.outcome != "not_applicable" for mark in marks) - unknown,
        unknown=unknown,
        lost=sum(mark.possible - mark.high for mark in missed),
    )


def _with_action(problem: Common, at: int, missing: Sequence[Standing]) -> Common:
    """The one action that wins most when all of them take it; the cheaper and sooner one when two win the same."""
    criterion = problem.criterion
    best: tuple[int, int, int, int] | None = None
    chosen, helped = None, 0
    for name in criterion.actions:
        action = missing[0].ruleset.actions[name]
        wins = [won for standing in missing if (won := _won(standing, at, criterion, action)) > 0]
        worth = (sum(wins), len(wins), -action.yuan[1], -action.lead_days)
        if wins and (best is None or worth > best):
            best, chosen, helped = worth, action, len(wins)
    if best is None or chosen is None:
        return problem
    return replace(problem, action=chosen, helped=helped, won=best[0])


def _won(standing: Standing, at: int, criterion: Criterion, action: Action) -> int:
    """Points that the action adds to the low end of this criterion, by the engine itself, on the facts it looks at."""
    known = standing.known
    read = (*criterion.facts, *action.sets, *(fact for effect in action.sets.values() for fact in effect.reads))
    values = {fact: known.values[fact] for fact in read if fact in known.values}
    small = Knowledge(known.declared, values, known.as_of, known.spans)
    after = small.with_values(changes(action.sets, small))
    state = State(standing.community, standing.ruleset.id, standing.as_of, {})
    return judge(standing.ruleset, criterion, state, after).low - standing.marks[at].low
