"""A criterion with one threshold shifted by one step or one option dropped or added: what the cases should notice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TypeAlias

from checklist.engine.analysis.ladders import Graded, graded, place, questions
from checklist.engine.analysis.linear import STEPS
from checklist.engine.analysis.nudged import nudged
from checklist.engine.analysis.worlds import Bond, worlds
from checklist.model.noun import noun
from checklist.model.numbers import Number, number_text, percent_text
from checklist.model.problems import Where
from checklist.model.rules.conditions import AtLeastOf, Condition, Contains, Limit, NoneOf, OneOf
from checklist.model.rules.facts import Fact, Value
from checklist.model.rules.measures import Missing, Ratio, Share
from checklist.model.rules.ruleset import Criterion
from checklist.model.rules.scales import Ladder, Rung


@noun
class Mutant:
    """``criterion`` as it stands with one thing changed; ``says`` what, ``where`` the rule's line."""

    criterion: Criterion
    says: str
    where: Where


Change: TypeAlias = tuple[Condition, str]


def mutants(criterion: Criterion, facts: Mapping[str, Fact]) -> Iterator[Mutant]:
    """Every mutant of a criterion: applicability, each level as it is written, the flag's own condition."""
    if criterion.applies_when:
        for changed, says in variants(criterion.applies_when, facts):
            yield Mutant(replace(criterion, applies_when=changed), f"适用条件：{says}", criterion.where)
    if isinstance(criterion.scale, Ladder):
        for scale, says, where in _scales(criterion.scale, facts):
            yield Mutant(replace(criterion, scale=scale), says, where if where.line else criterion.where)
    flag = criterion.flag
    if flag and flag.opens_when:
        for changed, says in variants(flag.opens_when, facts):
            opened = replace(flag, opens_when=changed)
            yield Mutant(replace(criterion, flag=opened), f"触发条件：{says}", place(criterion, flag))


def same(criterion: Criterion, mutant: Criterion, facts: Mapping[str, Fact], bonds: Sequence[Bond]) -> bool:
    """True when no record at all can tell the two apart, decided over every record that the facts allow."""
    both = [*questions(criterion), *questions(mutant)]
    half = len(both) // 2
    flagged = criterion.flag is not None and criterion.flag.opens_when is not None
    return all(
        _seen(graded(answers[:half]), flagged) == _seen(graded(answers[half:]), flagged)
        for answers in worlds(both, facts, bonds)
    )


def _seen(result: Graded, flagged: bool) -> object:
    if result.applies is False:
        return False
    return result.applies, result.best, result.worst, result.opens if flagged else None


def _scales(scale: Ladder, facts: Mapping[str, Fact]) -> Iterator[tuple[Ladder, str, Where]]:
    """Each place that the author wrote is changed once: the conditions of ``met`` are written for all levels, the
    options of a choice count for every lower level too."""
    rungs = scale.rungs
    if scale.kind == "met" and isinstance(rungs[0].condition, AtLeastOf):
        for i, part in enumerate(rungs[0].condition.of):
            for changed, says in variants(part, facts):
                swap = lambda c, i=i, changed=changed: replace(c, of=(*c.of[:i], changed, *c.of[i + 1 :]))
                yield _each(scale, swap), f"第 {i + 1} 个条件：{says}", rungs[0].where
    elif scale.kind in ("choice", "judged"):
        yield from _choices(scale, facts)
    else:
        for i, rung in enumerate(rungs):
            for changed, says in variants(rung.condition, facts):
                yield _with_rung(scale, i, changed), f"{rung.level} 档：{says}", rung.where


def _each(scale: Ladder, swap: Callable[[Condition], Condition]) -> Ladder:
    return replace(scale, rungs=tuple(Rung(r.level, swap(r.condition), r.where) for r in scale.rungs))


def _with_rung(scale: Ladder, i: int, condition: Condition) -> Ladder:
    rung = scale.rungs[i]
    return replace(scale, rungs=(*scale.rungs[:i], Rung(rung.level, condition, rung.where), *scale.rungs[i + 1 :]))


def _choices(scale: Ladder, facts: Mapping[str, Fact]) -> Iterator[tuple[Ladder, str, Where]]:
    before: tuple[Value, ...] = ()
    for i, rung in enumerate(scale.rungs):
        assert isinstance(rung.condition, OneOf)
        fact, now = facts[rung.condition.fact], rung.condition.values
        for value in now[len(before) :]:
            says = f"{rung.level} 档：去掉选项“{fact.options[str(value)]}”"
            yield _each(scale, _without(value)), says, rung.where
        for value in fact.options:
            if value not in now:
                says = f"{rung.level} 档：加上选项“{fact.options[value]}”"
                yield _joined(scale, i, value), says, rung.where
        before = now


def _without(value: Value) -> Callable[[Condition], Condition]:
    return lambda c: replace(c, values=tuple(v for v in c.values if v != value)) if isinstance(c, OneOf) else c


def _joined(scale: Ladder, i: int, value: Value) -> Ladder:
    rungs = tuple(
        Rung(r.level, replace(r.condition, values=(*r.condition.values, value)), r.where)
        if k >= i and isinstance(r.condition, OneOf)
        else r
        for k, r in enumerate(scale.rungs)
    )
    return replace(scale, rungs=rungs)


def variants(condition: Condition, facts: Mapping[str, Fact]) -> Iterator[Change]:
    """The condition with each of its leaves changed in turn."""
    match condition:
        case AtLeastOf(_, of) | NoneOf(of):
            for i, part in enumerate(of):
                for changed, says in variants(part, facts):
                    yield replace(condition, of=(*of[:i], changed, *of[i + 1 :])), says
        case Limit():
            yield from shifted(condition, facts)
        case OneOf(name, values):
            yield from _one_of(condition, facts[name], values)
        case Contains(name, elements):
            options = facts[name].options
            for element in elements:
                kept = tuple(e for e in elements if e != element)
                yield replace(condition, elements=kept), f"不再要求包含“{options[element]}”"
            for option in options:
                if option not in elements:
                    yield replace(condition, elements=(*elements, option)), f"还要求包含“{options[option]}”"


def _one_of(condition: OneOf, fact: Fact, values: Sequence[Value]) -> Iterator[Change]:
    def label(value: Value) -> str:
        return ("是" if value else "否") if isinstance(value, bool) else fact.options[str(value)]

    every: Sequence[Value] = (True, False) if fact.type == "bool" else tuple(fact.options)
    for value in values:
        changed = replace(condition, values=tuple(v for v in values if v != value))
        yield changed, f"{fact.label}为“{label(value)}”不再算数"
    for value in every:
        if value not in values:
            yield replace(condition, values=(*values, value)), f"{fact.label}为“{label(value)}”也算数"


def shifted(limit: Limit, facts: Mapping[str, Fact]) -> Iterator[Change]:
    """One step stricter and one step looser. A quotient moves by one unit of its part, because what a step of the
    quotient itself means depends on the whole."""
    for word, by in (("严一步", 1), ("松一步", -1)):
        yield nearby(limit, facts, by), f"门槛 {limit_text(limit, facts)} {word}"


def nearby(limit: Limit, facts: Mapping[str, Fact], steps: int) -> Limit:
    """The limit ``steps`` stricter (looser below zero)."""
    sign = steps if limit.kind == "at_least" else -steps
    measure = limit.measure
    if isinstance(measure, Ratio | Share):
        return nudged(limit, Fraction(-sign, STEPS[facts[measure.of].type]))
    return replace(limit, limit=limit.limit + sign * step_of(limit, facts))


def step_of(limit: Limit, facts: Mapping[str, Fact]) -> Number:
    """The finest step of what is measured: 1 for counts, days and elements, 0.01 for numbers, 0.01 % for ratios."""
    if isinstance(limit.measure, Missing):
        return 1
    return Fraction(1, max(STEPS.get(facts[fact].type, 1) for fact in limit.facts))


def limit_text(limit: Limit, facts: Mapping[str, Fact]) -> str:
    sign = "≥" if limit.kind == "at_least" else "≤"
    share = isinstance(limit.measure, Share) or facts[limit.facts[0]].type == "ratio"
    labels = "、".join(facts[fact].label for fact in limit.facts)
    return f"{labels} {sign} {percent_text(limit.limit, 2) if share else number_text(limit.limit)}"
