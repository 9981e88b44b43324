"""The findings of one criterion at its sites put together (docs/design.md 点位)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from checklist.engine.scoring.judge import not_applicable
from checklist.model.numbers import Number, exact
from checklist.model.results.assessment import Finding, FlagState, Outcome, SiteFinding
from checklist.model.rules.ruleset import Criterion
from checklist.model.rules.scales import Deduct
from checklist.model.state import UnknownBecause


def combined(criterion: Criterion, found: Sequence[SiteFinding], grain: int = 1) -> Finding:
    """The finding that those of the sites make; not applicable only where none of them is applicable."""
    counts: Counter[int] = Counter()
    distinct: dict[int, Finding] = {}
    for at in found:
        if at.finding.outcome != "not_applicable":
            distinct[id(at.finding)] = at.finding
            counts[id(at.finding)] += at.count
    if not distinct:
        reasons = "；".join(dict.fromkeys(at.finding.reason for at in found if at.finding.reason))
        return replace(not_applicable(criterion, reasons), sites=tuple(found))
    counted = [(finding, counts[key]) for key, finding in distinct.items()]
    place = level_places(criterion)
    low = made_one(criterion, [(finding.low, count) for finding, count in counted], grain)
    high = made_one(criterion, [(finding.high, count) for finding, count in counted], grain)
    outcome = _outcome(criterion, [finding for finding, _ in counted], low, high)
    unknown: dict[str, UnknownBecause] = {}
    for finding, _ in counted:
        unknown = {**(finding.unknown or {}), **unknown}
    decided = sum(count for finding, count in counted if finding.decided)
    return Finding(
        criterion=criterion,
        outcome=outcome,
        best=max((finding.best for finding, _ in counted), key=lambda level: place[level]),
        worst=max((finding.worst for finding, _ in counted), key=lambda level: place[level]),
        low=low,
        high=high,
        applies=True if any(finding.applies for finding, _ in counted) else None,
        flag=_flag([finding.flag for finding, _ in counted]),
        unknown=unknown if outcome == "unknown" else {},
        sites=tuple(found),
        settled=exact(Fraction(criterion.points * decided, counts.total())),
    )


def level_places(criterion: Criterion) -> Mapping[str | None, int]:
    """The levels of its scale numbered from the best down, no level last; what takes points off has one level only."""
    if isinstance(criterion.scale, Deduct):
        return defaultdict(int, {None: 1})
    levels = dict.fromkeys((*(rung.level for rung in criterion.scale.rungs), None))
    return {level: place for place, level in enumerate(levels)}


def made_one(criterion: Criterion, points: Iterable[tuple[Number, int]], grain: int) -> Number:
    """Points of sites, each with how many have them, made one: the fewest, or the mean rounded half up once."""
    if criterion.over == "worst":
        return min(some for some, _ in points)
    total: Number = 0
    sites = 0
    for some, count in points:
        total, sites = total + some * count, sites + count
    return mean_points(total, sites, grain)


def mean_points(total: Number, sites: int, grain: int = 1) -> Number:
    """Half up, to the ruleset's unit: a ten-thousandth in ``grain`` parts."""
    units = int((2 * total * grain + sites) // (2 * sites))
    return units if grain == 1 else exact(Fraction(units, grain))


def _outcome(criterion: Criterion, counted: Iterable[Finding], low: Number, high: Number) -> Outcome:
    """Of the worst site its points decide; of the mean every site has a say."""
    if criterion.over == "worst" and criterion.points:
        if low != high:
            return "unknown"
        return "met" if low == criterion.points else "unmet" if low == 0 else "partly"
    outcomes = {finding.outcome for finding in counted}
    if "unknown" in outcomes:
        return "unknown"
    return outcomes.pop() if len(outcomes) == 1 else "partly"


def _flag(states: Sequence[FlagState | None]) -> FlagState | None:
    """Open anywhere is open; clear is clear everywhere."""
    worst: tuple[FlagState, ...] = ("open", "undecided", "clear")
    return next((state for state in worst if state in states), None)
