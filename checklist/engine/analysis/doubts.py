"""What is probably wrong with a criterion though nothing proves it: told as advice, for the rule's author to look at."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Final

from checklist.engine.analysis.ladders import is_share, name
from checklist.engine.scoring.judge import judge
from checklist.engine.scoring.remedies import needs_first
from checklist.model.numbers import Number, number_text, percent_text
from checklist.model.problems import Problem
from checklist.model.rules.conditions import Limit
from checklist.model.rules.counts import Steps
from checklist.model.rules.effects import after
from checklist.model.rules.facts import ANY_DAY, NUMERIC, Fact, Value
from checklist.model.rules.leaves import conditions, leaves
from checklist.model.rules.measures import AgeDays
from checklist.model.rules.ruleset import Criterion, Ruleset
from checklist.model.rules.scales import Deduct
from checklist.model.state import Community, Reading, State

TOTALS: Final = (3, 100, 2_000, 50_000)
"""How many there are in all, in communities of several sizes."""
SHORT_LIVED: Final = 30
"""A reading that lives this much shorter than the window it is held against is stale before the window has moved."""
_SHARE = re.compile(r"(\d+(?:\.\d+)?)\s*[%％]")


def doubts(criterion: Criterion, ruleset: Ruleset) -> Iterator[Problem]:
    """Advice on one criterion: W418 to W421."""
    yield from _short_lived(criterion, ruleset.facts)
    yield from _text_says_otherwise(criterion, ruleset.facts)
    yield from _without_support(criterion, ruleset.levels.values())
    if criterion.actions and criterion.status == "active" and criterion.extra != "bonus":
        yield from _out_of_reach(criterion, ruleset)


def _limits(criterion: Criterion) -> list[Limit]:
    found = [leaf for c in conditions(criterion) for leaf in leaves(c) if isinstance(leaf, Limit)]
    if isinstance(criterion.scale, Deduct):
        counts = [part.measure for part in criterion.scale.deductions]
        found += [Limit(c.measure, "at_least", c.limit, c.ours) for c in counts if isinstance(c, Steps)]
    return found


def _short_lived(criterion: Criterion, facts: Mapping[str, Fact]) -> Iterator[Problem]:
    for limit in _limits(criterion):
        if isinstance(limit.measure, AgeDays):
            fact = facts[limit.measure.fact]
            if fact.valid_for_days * SHORT_LIVED <= limit.limit:
                window = f"{name(criterion)}看 {number_text(limit.limit)} 天以内的 {fact.id}（{fact.label}）"
                says = f"{window}，记录却只有 {fact.valid_for_days} 天有效"
                yield Problem(criterion.where, "W418", says, "看看 valid_for_days 是不是少写了一个零")


def _text_says_otherwise(criterion: Criterion, facts: Mapping[str, Fact]) -> Iterator[Problem]:
    """Shares in the requirement of which no threshold is one."""
    limits = _limits(criterion)
    shares = {limit.limit for limit in limits if is_share(limit, facts)}
    if not shares:
        return
    said = [Fraction(number) / 100 for number in _SHARE.findall(criterion.requirement)]
    if said and not shares & set(said):
        written = "、".join(percent_text(share, 2) for share in said)
        there = "、".join(percent_text(share, 2) for share in sorted(shares, reverse=True))
        says = f"{name(criterion)}的要求写着 {written}，门槛是 {there}"
        yield Problem(criterion.where, "W419", says, "两处改成一样")


def _without_support(criterion: Criterion, shares: Collection[Number]) -> Iterator[Problem]:
    """A figure that no cited source states and that is not marked as our own. 0, 1, 2 of a count and
    the ``shares`` of the ruleset's levels (66 % agree) are the scale's, not the criterion's."""
    if not criterion.sources or any(citation.says == "number" for citation in criterion.sources):
        return
    graded = _limits(replace(criterion, applies_when=None))
    bare = [limit for limit in graded if not limit.ours and limit.limit not in (0, 1, 2, *shares)]
    if bare:
        says = f"{name(criterion)}的数字 {number_text(bare[0].limit)} 没有来源支持，也没有标 ours"
        yield Problem(criterion.where, "W420", says, "来源写明支持这个数字的改成 says: number，否则标 ours: true")


def _out_of_reach(criterion: Criterion, ruleset: Ruleset) -> Iterator[Problem]:
    """All its actions together do not lead from a bad record to full marks, in a community of any size."""
    actions = needs_first(ruleset, [ruleset.actions[id] for id in criterion.actions])
    reads = {fact for action in actions for effect in action.sets.values() for fact in effect.reads}
    wanted = dict.fromkeys((*criterion.facts, *sorted(reads)))
    best = None
    for total in TOTALS:
        values = {id: _bad(ruleset.facts[id], total) for id in wanted}
        readings = {id: Reading(id, value, ANY_DAY) for id, value in values.items()}
        state = State(Community("x", "x"), ruleset.id, ANY_DAY, readings)
        known = state.knowledge(ruleset.facts)
        for action in actions:
            known = after(action.sets, known)
        found = judge(ruleset, criterion, state, known)
        if found.outcome in ("met", "not_applicable"):
            return
        best = found.worst if best is None else best
    level = f"只到 {best} 档" if best else "到不了满分"
    says = f"{name(criterion)}列的措施全做完也{level}"
    yield Problem(criterion.where, "W421", says, "补上缺的措施，或看看措施的 sets 是不是把实测项变成了不够的值")


def _bad(fact: Fact, total: int) -> Value:
    """What a community records that has done nothing; a total has its size."""
    match fact.type:
        case "bool":
            return fact.better == "false"
        case "choice":
            return list(fact.options)[-1]
        case "set":
            return frozenset() if fact.better else frozenset(fact.options)
        case "date":
            return ANY_DAY - timedelta(days=3650)
    assert fact.type in NUMERIC
    if fact.type == "ratio":
        return fact.clipped(1 if fact.better == "lower" else 0)
    return fact.clipped({"higher": 0, "lower": min(total, 10)}.get(fact.better or "", total))
