"""Two assessments of one community → Difference: facts that moved, points by criterion, community against standard.

The score is points ÷ applicable points. Both change, so a criterion's part of the change takes each effect at the mean
of the two orders in which they can be thought to happen (the Shapley value of two players), and so does the split into
what the community did and what another standard did. Both sums are exact, with no remainder to spread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Literal, TypeAlias

from checklist.engine.comparing.lineages import lineages, regrouped
from checklist.engine.comparing.places import divided, full, settled, site_changes
from checklist.model.numbers import Number
from checklist.model.results.assessment import Assessment, Finding
from checklist.model.results.difference import Difference, FactMove, Shift, SiteShift, Split
from checklist.model.results.graded import GradedAt
from checklist.model.results.lineage import Lineage
from checklist.model.state import Slot, State

End: TypeAlias = Literal["low", "high"]
_Is: TypeAlias = Callable[[Finding], bool]
_Pair: TypeAlias = tuple[GradedAt, Finding, Finding]
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
    low, high = _parts(before, after, crossed, "low"), _parts(before, after, crossed, "high")
    moves = fact_moves(before, after)
    by_fact: dict[str, list[FactMove]] = {}
    for (_, fact), move in moves.items():
        by_fact.setdefault(fact, []).append(move)
    shifts = [
        _shift(lineage, before, after, (_together(low, lineage), _together(high, lineage)), by_fact)
        for lineage in _units(before, after)
    ]
    changed = [s for s in shifts if _matters(s)]
    pairs = [pair for shift in shifts for pair in _pairs(shift)]
    return Difference(
        before=before,
        after=after,
        low=_total(low.values()),
        high=_total(high.values()),
        shifts=tuple(sorted(changed, key=lambda s: -abs(s.low.total) - abs(s.high.total))),
        newly_known=tuple(m for m in moves.values() if m.was and not m.now),
        newly_unknown=tuple(m for m in moves.values() if m.now and not m.was and m.now != "stale"),
        newly_stale=tuple(m for m in moves.values() if m.now == "stale" and not m.was),
        found=_moved(pairs, lambda f: f.outcome == "unknown" and not f.short, _short),
        closed=_moved(pairs, _short, settled),
        relapsed=_moved(pairs, full, _short),
        sites=site_changes(after.ruleset, before.state, after.state),
    )


def _short(finding: Finding) -> bool:
    return finding.short


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


def fact_moves(before: Assessment, after: Assessment) -> dict[Slot, FactMove]:
    """Facts that both rulesets declare and whose usable value is not what it was, in the community or at a site that
    counts on both days. What lies at sites in one of the records only is not compared with what lay in the community."""
    moves: dict[Slot, FactMove] = {}
    ruleset, states = after.ruleset, (before.state, after.state)
    parted = {kind for kind in ruleset.site_kinds if any(divided(state, kind) for state in states)}
    here = [name for name in ruleset.facts if ruleset.site_facts.get(name) not in parted]
    moves |= {("", move.fact.id): move for move in _moves(before, after, states, here)}
    for kind in parted:
        earlier = {site.id: site for site in before.state.sites_of(kind)}
        for site in after.state.sites_of(kind):
            if was := earlier.get(site.id):
                told = {*site.readings, *site.defects, *was.readings, *was.defects}
                names = [name for name in ruleset.facts if name in told]
                there = before.state.at(was), after.state.at(site)
                moves |= {(site.id, m.fact.id): replace(m, site=site) for m in _moves(before, after, there, names)}
    return moves


def _moves(
    before: Assessment, after: Assessment, states: tuple[State, State], names: Iterable[str]
) -> Iterator[FactMove]:
    declared = before.ruleset.facts, after.ruleset.facts
    first, second = (state.knowledge(facts) for state, facts in zip(states, declared, strict=True))
    for name in names:
        if name in declared[0] and first.value(name) != second.value(name):
            was, now = (s.why_unknown(facts[name]) for s, facts in zip(states, declared, strict=True))
            yield FactMove(declared[1][name], first.value(name), second.value(name), was, now)


def _units(before: Assessment, after: Assessment) -> Iterator[Lineage]:
    """What is compared as one, in the order of the later ruleset: a criterion of both, or those tied to one another."""
    was, now = ({f.criterion.id: f.criterion for f in one.findings} for one in (before, after))
    tied = lineages(before.ruleset, after.ruleset)
    of = {c.id: one for one in tied for c in (*one.before, *one.after)}
    order = [c.id for c in (*after.ruleset.criteria, *before.ruleset.criteria) if c.id in was or c.id in now]
    done: set[int] = set()
    for name in dict.fromkeys(order):
        one = of.get(name) or Lineage((was[name],) if name in was else (), (now[name],) if name in now else ())
        if id(one) not in done:
            done |= {id(one)} if name in of else set()
            yield one


def _together(parts: Mapping[str, Split], lineage: Lineage) -> Split:
    ids = dict.fromkeys(c.id for c in (*lineage.before, *lineage.after))
    return _total(parts[id] for id in ids if id in parts)


def _shift(
    lineage: Lineage,
    before: Assessment,
    after: Assessment,
    parts: tuple[Split, Split],
    moves: Mapping[str, Sequence[FactMove]],
) -> Shift:
    grouped = regrouped(lineage, before, after)
    facts = dict.fromkeys(name for f in (*grouped.after, *grouped.before) for name in f.criterion.facts)
    moved = tuple(move for name in facts for move in moves.get(name, ()))
    criterion = (*lineage.after, *lineage.before)[0]
    if len(lineage.before) > 1 or len(lineage.after) > 1:
        return Shift(criterion, None, None, *parts, moved, regrouped=grouped)
    was, now = (next(iter(found), None) for found in (grouped.before, grouped.after))
    return Shift(criterion, was, now, *parts, moved, tuple(sorted(_site_shifts(was, now), key=_worse)))


def _site_shifts(before: Finding | None, after: Finding | None) -> Iterator[SiteShift]:
    """Each site that came to something else; none where one of the records tells of no sites."""
    if before is None or after is None or not (before.sites and after.sites):
        return
    was, now = ({at.site.id: at for at in f.sites if at.site} for f in (before, after))
    for id in dict.fromkeys((*now, *was)):
        first, second = (found[id].finding if id in found else None for found in (was, now))
        site = (now.get(id) or was[id]).site
        if site is not None and (first is None or second is None or _came_to(first) != _came_to(second)):
            yield SiteShift(site, first, second)


def _came_to(finding: Finding) -> tuple[object, ...]:
    return finding.outcome, finding.worst, finding.best, finding.low, finding.high, finding.flag


def _worse(shift: SiteShift) -> Number:
    """By what it lost; a site that is new or gone is neither better nor worse."""
    if shift.before is None or shift.after is None:
        return 0
    return (shift.after.low + shift.after.high) - (shift.before.low + shift.before.high)


def _matters(shift: Shift) -> bool:
    parts = (shift.low.community, shift.low.standard, shift.high.community, shift.high.standard)
    if any(parts) or shift.regrouped is not None or shift.before is None or shift.after is None or shift.sites:
        return True
    return (shift.before.outcome, shift.before.flag) != (shift.after.outcome, shift.after.flag)


def _moved(pairs: Iterable[_Pair], was: _Is, now: _Is) -> tuple[GradedAt, ...]:
    return tuple(graded for graded, before, after in pairs if was(before) and now(after))


def _pairs(shift: Shift) -> Iterator[_Pair]:
    """Wherever the criterion is graded both times."""
    before, after = shift.before, shift.after
    if before is None or after is None:
        return
    if not (before.sites and after.sites):
        yield GradedAt(shift.criterion), before, after
        return
    earlier = {at.site.id: at.finding for at in before.sites if at.site}
    for at in after.sites:
        if at.site is not None and at.site.id in earlier:
            yield GradedAt(shift.criterion, at.site), earlier[at.site.id], at.finding
