"""Two assessments of one community → Difference: facts that moved, points by criterion, community against standard.

The score is points ÷ applicable points. Both change, so a criterion's part of the change takes each effect at the mean
of the two orders in which they can be thought to happen (the Shapley value of two players), and so does the split into
what the community did and what another standard did. Both sums are exact, with no remainder to spread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Literal, TypeAlias

from checklist.model.results.assessment import Assessment, Finding
from checklist.model.results.difference import Difference, FactMove, Shift, Split
from checklist.model.rules.ruleset import Criterion

End: TypeAlias = Literal["low", "high"]
_Is: TypeAlias = Callable[[Finding], bool]
ZERO = Fraction(0)


def difference(
    before: Assessment, after: Assessment, crossed: tuple[Assessment, Assessment] | None = None
) -> Difference:
    """What changed from ``before`` to ``after``.

    ``crossed`` is needed when the rulesets differ: the later state under the earlier ruleset, and the earlier state
    under the later ruleset. Raises ValueError without it.
    """
    if crossed is None:
        if before.ruleset != after.ruleset:
            raise ValueError("two rulesets need the crossed assessments")
        crossed = (after, before)
    criteria = {f.criterion.id: f.criterion for f in (*after.findings, *before.findings)}
    ids = [c.id for c in (*after.ruleset.criteria, *before.ruleset.criteria) if c.id in criteria]
    low, high = _parts(before, after, crossed, "low"), _parts(before, after, crossed, "high")
    moves = fact_moves(before, after)
    shifts = [
        _shift(id, before, after, low.get(id, Split(ZERO, ZERO)), high.get(id, Split(ZERO, ZERO)), moves)
        for id in dict.fromkeys(ids)
    ]
    changed = [s for s in shifts if _matters(s)]
    return Difference(
        before=before,
        after=after,
        low=_total(low.values()),
        high=_total(high.values()),
        shifts=tuple(sorted(changed, key=lambda s: -abs(s.low.total) - abs(s.high.total))),
        newly_known=tuple(m for m in moves.values() if m.was and not m.now),
        newly_unknown=tuple(m for m in moves.values() if m.now and not m.was and m.now != "stale"),
        newly_stale=tuple(m for m in moves.values() if m.now == "stale" and not m.was),
        found=_moved(shifts, lambda f: f.outcome == "unknown" and not f.short, _short),
        closed=_moved(shifts, _short, settled),
        relapsed=_moved(shifts, full, _short),
    )


def _short(finding: Finding) -> bool:
    return finding.short


def full(finding: Finding) -> bool:
    return finding.outcome == "met" and finding.flag != "open"


def settled(finding: Finding) -> bool:
    """No gap any more: full marks, or it does not apply."""
    return finding.outcome == "not_applicable" or full(finding)


def contributions(before: Assessment, after: Assessment, end: End) -> dict[str, Fraction]:
    """Each criterion's part of the change of one end of the score; they add up to the change exactly.

    With N points of P applicable, N′/P′ − N/P = (N′ − N)·½(1/P + 1/P′) − ½(N + N′)·(P′ − P)/(P·P′): points won count
    at the mean worth of a point, applicable points at the mean score; both are sums over criteria.
    """
    first, second = _points(before, end), _points(after, end)
    whole, now_whole = before.total.possible, after.total.possible
    won, now_won = getattr(before.total, end), getattr(after.total, end)
    ids = dict.fromkeys((*second, *first))
    if not whole or not now_whole:
        return {id: _alone(second.get(id), now_whole) - _alone(first.get(id), whole) for id in ids}
    worth = (Fraction(100, whole) + Fraction(100, now_whole)) / 2
    dilution = Fraction(50 * (won + now_won), whole * now_whole)
    parts = {}
    for id in ids:
        (points, possible), (now_points, now_possible) = first.get(id, (0, 0)), second.get(id, (0, 0))
        parts[id] = (now_points - points) * worth - (now_possible - possible) * dilution
    return parts


def _points(assessment: Assessment, end: End) -> dict[str, tuple[int, int]]:
    return {f.criterion.id: (getattr(f, end), f.possible) for f in assessment.findings}


def _alone(points: tuple[int, int] | None, whole: int) -> Fraction:
    return Fraction(points[0] * 100, whole) if points and whole else ZERO


def _parts(before: Assessment, after: Assessment, crossed: tuple[Assessment, Assessment], end: End) -> dict[str, Split]:
    """Both orders averaged: the community moves first and the standard second, and the other way round."""
    later_state, later_rules = crossed
    community = contributions(before, later_state, end), contributions(later_rules, after, end)
    standard = contributions(before, later_rules, end), contributions(later_state, after, end)
    ids = dict.fromkeys(id for part in (*community, *standard) for id in part)
    return {id: Split(_mean(community, id), _mean(standard, id)) for id in ids}


def _mean(orders: tuple[Mapping[str, Fraction], Mapping[str, Fraction]], id: str) -> Fraction:
    return (orders[0].get(id, ZERO) + orders[1].get(id, ZERO)) / 2


def _total(parts: Iterable[Split]) -> Split:
    listed = list(parts)
    return Split(sum((p.community for p in listed), ZERO), sum((p.standard for p in listed), ZERO))


def fact_moves(before: Assessment, after: Assessment) -> dict[str, FactMove]:
    """Facts that both rulesets declare and whose usable value is not what it was."""
    first, second = (a.state.knowledge(a.ruleset.facts) for a in (before, after))
    moves = {}
    for name, fact in after.ruleset.facts.items():
        if name in before.ruleset.facts and first.value(name) != second.value(name):
            was = before.state.why_unknown(before.ruleset.facts[name])
            now = after.state.why_unknown(fact)
            moves[name] = FactMove(fact, first.value(name), second.value(name), was, now)
    return moves


def _shift(
    id: str, before: Assessment, after: Assessment, low: Split, high: Split, moves: Mapping[str, FactMove]
) -> Shift:
    was, now = (next((f for f in a.findings if f.criterion.id == id), None) for a in (before, after))
    criterion: Criterion = (now or was).criterion  # type: ignore[union-attr]
    facts = dict.fromkeys(name for finding in (now, was) if finding for name in finding.criterion.facts)
    return Shift(criterion, was, now, low, high, tuple(moves[name] for name in facts if name in moves))


def _matters(shift: Shift) -> bool:
    parts = (shift.low.community, shift.low.standard, shift.high.community, shift.high.standard)
    if any(parts) or shift.before is None or shift.after is None:
        return True
    return (shift.before.outcome, shift.before.flag) != (shift.after.outcome, shift.after.flag)


def _moved(shifts: Iterable[Shift], was: _Is, now: _Is) -> tuple[Criterion, ...]:
    return tuple(s.criterion for s in shifts if s.before and s.after and was(s.before) and now(s.after))
