"""Parts that may come out greater than their whole, by declaration or by what an action does to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import product
from math import lcm
from typing import TypeAlias

from checklist.engine.analysis.lattice import WholeRow, feasible
from checklist.engine.analysis.linear import STEPS
from checklist.model.problems import Problem
from checklist.model.rules.effects import Adds, Becomes, Effect, EqualTo, Reaches
from checklist.model.rules.facts import Fact, Part, parts_of
from checklist.model.rules.leaves import measures
from checklist.model.rules.measures import Share
from checklist.model.rules.ruleset import Action, Criterion, Ruleset

LinearForm: TypeAlias = tuple[dict[str, Fraction], Fraction]
"""Σ factor × fact + constant, in units (not steps)."""
EffectCase: TypeAlias = tuple[LinearForm, list[LinearForm]]
"""A value, and the lines that are zero or more where it is that value."""


def whole_problems(ruleset: Ruleset) -> Iterator[Problem]:
    """Shares of what is not declared a part, parts unlike their whole, and actions that would exceed a whole."""
    parts, facts = parts_of(ruleset.facts), ruleset.facts
    for criterion in ruleset.criteria:
        yield from _shares(criterion, facts, frozenset(parts))
    for fact in facts.values():
        if fact.part_of and fact.unit != (whole := facts[fact.part_of]).unit:
            says = f"{fact.id}（{fact.label}）写成 {whole.id}（{whole.label}）的一部分，单位却不一样"
            hint = f"单位是 {fact.unit or '无'} 和 {whole.unit or '无'}；改成一样，或去掉 part_of"
            yield Problem(fact.where, "E407", says, hint)
    by_fact: defaultdict[str, set[Part]] = defaultdict(set)
    for pair in parts:
        by_fact[pair[0]].add(pair)
        by_fact[pair[1]].add(pair)
    for action in ruleset.actions.values():
        for part, whole_id in sorted({pair for fact in action.sets for pair in by_fact[fact]}):
            near = by_fact[part] | by_fact[whole_id]
            if can_exceed(action, part, whole_id, facts, near):
                labels = f"{part}（{facts[part].label}）多于 {whole_id}（{facts[whole_id].label}）"
                hint = "一并写整体变成多少，或让部分 equal_to 整体"
                yield Problem(action.where, "E407", f"措施 {action.id} 做完可能使 {labels}", hint)


def _shares(criterion: Criterion, facts: Mapping[str, Fact], parts: Collection[Part]) -> Iterator[Problem]:
    """Whether each share is one of a part in its whole is asked once; what can exceed counts as all of it."""
    for of, to in dict.fromkeys((m.of, m.to) for m in measures(criterion) if isinstance(m, Share)):
        if (of, to) in parts:
            continue
        says = f"{criterion.id}（{criterion.title}）的占比：{of}（{facts[of].label}）没有声明是 {to}（{facts[to].label}）的一部分"
        if of == to or (to, of) in parts:
            yield Problem(criterion.where, "E407", says, "of 写部分，to 写整体；看看写反、写重没有")
        else:
            hint = f"不会比它多，就给 {of} 写 part_of: {to}；可能超额的不写，超过的按 100% 算"
            yield Problem(criterion.where, "W409", says, hint)


def can_exceed(action: Action, part: str, whole: str, facts: Mapping[str, Fact], parts: Iterable[Part]) -> bool:
    """Whether some record with every part inside its whole has part > whole once the action is done.

    ``parts`` are the pairs that records keep, those about other facts are passed over.
    """
    if whole not in action.sets and _only_lowers(action.sets[part], facts[part], whole):
        return False
    reads = {fact for name in (part, whole) if name in action.sets for fact in action.sets[name].reads}
    names = sorted({part, whole, *reads})
    if any(facts[fact].type not in STEPS for fact in names):
        return False
    ties: list[LinearForm] = [
        ({more: Fraction(1), less: Fraction(-1)}, Fraction(0))
        for less, more in sorted(set(parts))
        if less in names and more in names and less != more
    ]
    for name in names:
        ties.append(({name: Fraction(1)}, -Fraction(facts[name].low)))
        if not isinstance(facts[name].high, float):
            ties.append(({name: Fraction(-1)}, Fraction(facts[name].high)))
    for (less, when), (more, also) in product(
        _after(part, action.sets.get(part), facts), _after(whole, action.sets.get(whole), facts)
    ):
        step = Fraction(1, lcm(STEPS[facts[part].type], STEPS[facts[whole].type]) * 10_000)
        over = _sum(less, more, -1)
        rows = [*ties, *when, *also, (over[0], over[1] - step)]
        if feasible(_rows(rows, facts)):
            return True
    return False


def _only_lowers(effect: Effect, part: Fact, whole: str) -> bool:
    """The commonest remedies, seen without a proof: the part becomes its whole, or can only shrink."""
    match effect:
        case EqualTo(other):
            return other == whole
        case Becomes():
            return part.better == "lower"
        case Reaches(kind, _, _):
            return kind == "at_most"
    return False


def _after(fact: str, effect: Effect | None, facts: Mapping[str, Fact]) -> list[EffectCase]:
    """What the fact becomes, by cases."""
    now: LinearForm = ({fact: Fraction(1)}, Fraction(0))
    match effect:
        case Becomes(value) if isinstance(value, int | Fraction):
            new: LinearForm = ({}, Fraction(value))
            better = facts[fact].better
            return [(new, [])] if better is None else _better(now, new, rising=better == "higher")
        case EqualTo(other):
            return [(({other: Fraction(1)}, Fraction(0)), [])]
        case Adds(amount):
            return [(({fact: Fraction(1)}, Fraction(amount)), [])]
        case Reaches(kind, times, of):
            rising = kind == "at_least"
            limit: LinearForm = ({of: Fraction(times)}, Fraction(0)) if of else ({}, Fraction(times))
            if of and facts[fact].type == "count" and Fraction(times).denominator != 1:
                return _rounded(now, limit, rising, f"⌈{fact}⌉")
            return _better(now, limit, rising=rising)
    return [(now, [])]


def _better(now: LinearForm, new: LinearForm, *, rising: bool) -> list[EffectCase]:
    ahead = _sum(now, new, -1) if rising else _sum(new, now, -1)
    behind = _sum(new, now, -1) if rising else _sum(now, new, -1)
    return [(now, [ahead]), (new, [behind])]


def _rounded(now: LinearForm, limit: LinearForm, rising: bool, whole: str) -> list[EffectCase]:
    """The limit rounded to a whole number, up when it is to be reached and down when it is not to be passed."""
    number: LinearForm = ({whole: Fraction(1)}, Fraction(0))
    up, down = _sum(number, limit, -1), _sum(limit, number, -1)
    close = [(up[0], up[1]), _less_than_one(up)] if rising else [(down[0], down[1]), _less_than_one(down)]
    return [(value, [*when, *close]) for value, when in _better(now, number, rising=rising)]


def _less_than_one(line: LinearForm) -> LinearForm:
    """line < 1 as a line that is zero or more: the strictness is taken up by the finest fraction that can occur."""
    finest = lcm(*(factor.denominator for factor in (*line[0].values(), line[1])))
    return {fact: -factor for fact, factor in line[0].items()}, 1 - line[1] - Fraction(1, finest * 10_000)


def _sum(first: LinearForm, second: LinearForm, factor: int) -> LinearForm:
    names = {*first[0], *second[0]}
    terms = {name: first[0].get(name, Fraction(0)) + factor * second[0].get(name, Fraction(0)) for name in names}
    return terms, first[1] + factor * second[1]


def _rows(lines: list[LinearForm], facts: Mapping[str, Fact]) -> list[WholeRow]:
    """Lines in whole steps of each fact; a name that is no fact is a whole number of its own."""
    names = sorted({name for terms, _ in lines for name in terms})
    rows: list[WholeRow] = []
    for terms, constant in lines:
        scaled = [terms.get(name, Fraction(0)) / (STEPS[facts[name].type] if name in facts else 1) for name in names]
        common = lcm(*(value.denominator for value in (*scaled, constant)))
        rows.append((tuple(int(value * common) for value in scaled), int(constant * common)))
    return rows
