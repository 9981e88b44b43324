"""Whether a better value can lower a level: the declared ``better`` of a fact against what the criteria make of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from checklist.engine.analysis.ladders import Graded, graded, name, questions
from checklist.engine.analysis.worlds import Answers, Bond, worlds
from checklist.model.problems import Problem
from checklist.model.rules.conditions import AtLeastOf, Condition, Contains, Limit, NoneOf, OneOf
from checklist.model.rules.counts import Count, Holds, Steps, negated
from checklist.model.rules.facts import ANY_DAY, Fact, Knowledge
from checklist.model.rules.measures import AgeDays, CountOf, FactValue, Measure, Missing, Ratio, Share, Sum
from checklist.model.rules.ruleset import Criterion
from checklist.model.rules.scales import Deduct, Deduction, DeductionGroup, Ladder, Rung

RISING = ("higher", "true", "first", "more", "later")
AGAIN = "′"
"""Marks the same fact in an improved record."""


def direction_problems(criterion: Criterion, facts: Mapping[str, Fact], bonds: Sequence[Bond]) -> Iterator[Problem]:
    """Facts whose better value can cost a level or open the flag, and graded facts that decide applicability."""
    if criterion.applies_when:
        for fact in criterion.applies_when.facts:
            if facts[fact].better:
                says = f"{name(criterion)}的适用条件用了有好坏之分的实测项 {fact}（{facts[fact].label}）"
                hint = "做得好坏不该决定适不适用；换一个不分好坏的实测项，或去掉它的 better"
                yield Problem(criterion.where, "E411", says, hint)
    for fact in criterion.facts:
        if facts[fact].better and _can_lose(criterion, fact, facts, bonds):
            says = f"{name(criterion)}里 {fact}（{facts[fact].label}）变好，结果反而变差"
            hint = f"它的 better 是 {facts[fact].better}；改这里的条件，或改实测项的 better"
            yield Problem(criterion.where, "E410", says, hint)


def _can_lose(criterion: Criterion, fact: str, facts: Mapping[str, Fact], bonds: Sequence[Bond]) -> bool:
    """Signs settle nearly every criterion; where one points the wrong way, every improved record is looked at."""
    if isinstance(criterion.scale, Deduct):
        items = criterion.scale.deductions
        lost = any(_item_can_lose(criterion, part.measure, facts[fact], facts, bonds) for part in items)
        return (lost and not _together_better(criterion.scale, facts[fact])) or _flag_can_lose(
            criterion, fact, facts, bonds
        )
    _, opens, *rungs = questions(criterion)
    signs = {sign for rung in rungs if rung for sign in _signs(rung, facts[fact])}
    signs |= {-sign for sign in (_signs(opens, facts[fact]) if opens else ())}
    return not signs <= {1} and _proved(criterion, fact, facts, bonds)


def _item_can_lose(
    criterion: Criterion, count: Count, fact: Fact, facts: Mapping[str, Fact], bonds: Sequence[Bond]
) -> bool:
    """Whether improving a fact can make an item of a deduction count more often, or one that earns less often."""
    if fact.id not in count.facts:
        return False
    taking = isinstance(criterion.scale, Deduct) and criterion.scale.kind == "deduct"
    if isinstance(count, Holds):
        wanted = negated(count.condition) if taking else count.condition
        if set(_signs(wanted, fact)) <= {1}:
            return False
        one = replace(criterion, scale=Ladder("levels", (Rung("", wanted),)), flag=None)
        return _proved(one, fact.id, facts, bonds)
    measure = count.measure if isinstance(count, Steps) else count
    rises = _rises(measure, fact.id) * (-1 if isinstance(count, Steps) and count.side == "below" else 1)
    improving = rises if fact.better in RISING else -rises
    return improving > 0 if taking else improving < 0


def _together_better(scale: Deduct, fact: Fact) -> bool:
    """Whether items that read nothing but one yes/no or choice fact come to no less for each better value: those that
    exclude each other (没有扣 5 分，不规范扣 3 分) are looked at together."""
    from_best = sorted(fact.values, key=lambda value: (value is not True) == (fact.better == "true"))
    parts = [part.deductions for part in scale.parts if isinstance(part, DeductionGroup)]
    parts.append(tuple(part for part in scale.parts if isinstance(part, Deduction)))
    known = [Knowledge({fact.id: fact}, {fact.id: value}, ANY_DAY) for value in from_best]
    for part in parts:
        mine = [one for one in part if fact.id in one.measure.facts]
        if not known or any(one.measure.facts != (fact.id,) for one in mine):
            return False
        points = [sum(one.taken(world)[0] for one in mine) for world in known]
        if points != sorted(points, reverse=scale.kind != "deduct"):
            return False
    return True


def _flag_can_lose(criterion: Criterion, fact: str, facts: Mapping[str, Fact], bonds: Sequence[Bond]) -> bool:
    opens = criterion.flag.opens_when if criterion.flag else None
    return opens is not None and not set(_signs(opens, facts[fact])) <= {-1} and _proved(criterion, fact, facts, bonds)


def _proved(criterion: Criterion, fact: str, facts: Mapping[str, Fact], bonds: Sequence[Bond]) -> bool:
    """A record and the same record with the fact improved: does the second ever come out worse?"""
    again = fact + AGAIN
    asked = questions(criterion)
    both = [*asked, *(c and renamed(c, fact, again) for c in asked)]
    order = Bond(again, fact) if facts[fact].better in ("lower", "later") else Bond(fact, again)
    twice = [Bond(*(again if f == fact else f for f in (b.less, b.more))) for b in bonds if fact in (b.less, b.more)]
    declared = {**facts, again: replace(facts[fact], id=again)}
    return any(_worse(*_pair(answers)) for answers in worlds(both, declared, [*bonds, *twice, order]))


def _pair(answers: Answers) -> tuple[Graded, Graded]:
    half = len(answers) // 2
    return graded(answers[:half]), graded(answers[half:])


def _worse(before: Graded, after: Graded) -> bool:
    if not (before.applies and after.applies):
        return False
    return after.worst > before.worst or (after.opens is True and before.opens is False)


def _signs(condition: Condition, fact: Fact) -> Iterator[int]:
    """+1 where improving the fact can only help the condition hold, −1 where it can only hurt, 0 where it may do
    either."""
    match condition:
        case AtLeastOf(_, of):
            for part in of:
                yield from _signs(part, fact)
        case NoneOf(of):
            for part in of:
                yield from (-sign for sign in _signs(part, fact))
        case Limit(measure, kind, _):
            if fact.id in measure.facts:
                helps = _rises(measure, fact.id) * (1 if kind == "at_least" else -1)
                yield helps if fact.better in RISING else -helps
        case OneOf(name, values) if name == fact.id:
            yield _option_sign(fact, values)
        case Contains(name, _) if name == fact.id:
            yield 1


def _option_sign(fact: Fact, values: Sequence[object]) -> int:
    """Options from the best down: a leading part of them is helped by improving, a trailing part hurt."""
    order: list[object] = list(fact.options)
    if fact.type == "bool":
        order = [True, False] if fact.better == "true" else [False, True]
    chosen = [value in values for value in order]
    if chosen == sorted(chosen, reverse=True):
        return 1
    return -1 if chosen == sorted(chosen) else 0


def _rises(measure: Measure, fact: str) -> int:
    """Whether the measured number rises (+1) or falls (−1) with the fact; 0 where it may do either. A later date is
    a smaller age; a set with more elements counts more."""
    match measure:
        case FactValue() | CountOf() | Sum():
            return 1
        case AgeDays():
            return -1
        case Ratio(of, to) | Share(of, to):
            return 0 if of == to else 1 if fact == of else -1
        case Missing(required, present):
            return 0 if required == present else 1 if fact == required else -1
    return 0


def renamed(condition: Condition, old: str, new: str) -> Condition:
    """The condition asked of another fact."""
    match condition:
        case AtLeastOf(_, of) | NoneOf(of):
            return replace(condition, of=tuple(renamed(part, old, new) for part in of))
        case Limit(measure, _, _):
            return replace(condition, measure=_measured(measure, old, new))
        case OneOf() | Contains():
            return replace(condition, fact=new) if condition.fact == old else condition


def _measured(measure: Measure, old: str, new: str) -> Measure:
    def swap(fact: str) -> str:
        return new if fact == old else fact

    match measure:
        case FactValue(fact) | CountOf(fact) | AgeDays(fact):
            return replace(measure, fact=swap(fact))
        case Sum(of):
            return Sum(tuple(swap(fact) for fact in of))
        case Ratio(of, to, per):
            return Ratio(swap(of), swap(to), per)
        case Share(of, to):
            return Share(swap(of), swap(to))
        case Missing(required, present):
            return Missing(swap(required), swap(present))
