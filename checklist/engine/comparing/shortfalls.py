"""What communities miss, and what most of them miss with the one action against it (举一反三)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from checklist.engine.scoring.judge import judge
from checklist.engine.scoring.sites import Bench
from checklist.model.numbers import Number
from checklist.model.results.comparison import Mark, Standing
from checklist.model.results.shortfalls import CommonProblem, Shortfall, costliest_first
from checklist.model.rules.effects import after
from checklist.model.rules.ruleset import Action, Criterion
from checklist.model.state import State

MOST: Final = 20
"""Problems that are worked out in full: the costliest ones. Trying an action on thousands of communities takes time."""


def shortfalls(standings: Sequence[Standing], module: str | None = None) -> tuple[Shortfall, ...]:
    """Every criterion (of ``module``) that somebody misses, the costliest first."""
    active = standings[0].ruleset.active
    counted = (
        _counted(criterion, [standing.marks[i] for standing in standings])
        for i, criterion in enumerate(active)
        if module in (None, criterion.module)
    )
    return tuple(costliest_first(found for found in counted if found.missing))


def common_problems(standings: Sequence[Standing], missed: Iterable[Shortfall]) -> tuple[CommonProblem, ...]:
    """What most of them miss, with the action against it; the costliest ``MOST``."""
    places = {c.id: i for i, c in enumerate(standings[0].ruleset.active)}
    found = [shortfall for shortfall in missed if shortfall.common][:MOST]
    benches = {
        s.community.id: Bench(s.ruleset, s.sited, sampling=s.sampling)
        for s in standings
        if found and s.sited is not None
    }
    return tuple(_with_action(shortfall, places[shortfall.criterion.id], standings, benches) for shortfall in found)


def _counted(criterion: Criterion, marks: Sequence[Mark]) -> Shortfall:
    short = [mark for mark in marks if mark.short]
    unknown = sum(mark.outcome == "unknown" and not mark.short for mark in marks)
    return Shortfall(
        criterion=criterion,
        missing=len(short),
        decided=sum(mark.outcome != "not_applicable" for mark in marks) - unknown,
        unknown=unknown,
        lost=sum(mark.possible - mark.high for mark in short),
        open=sum(mark.high - mark.low for mark in marks),
    )


def _with_action(
    shortfall: Shortfall, at: int, standings: Sequence[Standing], benches: Mapping[str, Bench]
) -> CommonProblem:
    """The one action that wins most when all of them take it; the cheaper and sooner one when two win the same."""
    criterion = shortfall.criterion
    missing = [standing for standing in standings if standing.marks[at].short]
    best: tuple[Number, int, int, int] | None = None
    chosen, helped = None, 0
    for name in criterion.actions:
        action = missing[0].ruleset.actions[name]
        wins = [won for standing in missing if (won := _won(standing, at, criterion, action, benches)) > 0]
        worth = (sum(wins), len(wins), -action.yuan[1], -action.lead_days)
        if wins and (best is None or worth > best):
            best, chosen, helped = worth, action, len(wins)
    if best is None or chosen is None:
        return CommonProblem(shortfall)
    return CommonProblem(shortfall, chosen, helped, best[0])


def _won(standing: Standing, at: int, criterion: Criterion, action: Action, benches: Mapping[str, Bench]) -> Number:
    """Points that the action adds to the low end of this criterion, by the engine itself, on the whole record; where
    it is graded at sites, done at every one."""
    if bench := benches.get(standing.community.id):
        return bench.finding(criterion, [action]).low - standing.marks[at].low
    state = State(standing.community, standing.ruleset.id, standing.as_of, {})
    return judge(standing.ruleset, criterion, state, after(action.sets, standing.known)).low - standing.marks[at].low
