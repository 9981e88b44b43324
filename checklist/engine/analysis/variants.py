"""A condition with one of its leaves changed: a threshold one step stricter or looser, an option more or less."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TypeAlias

from checklist.engine.analysis.linear import STEPS
from checklist.engine.analysis.nudged import nudged
from checklist.model.numbers import Number, number_text, percent_text
from checklist.model.rules.conditions import AtLeastOf, Condition, Contains, Limit, NoneOf, OneOf
from checklist.model.rules.facts import Fact, Value
from checklist.model.rules.measures import Missing, Ratio, Share

Change: TypeAlias = tuple[Condition, str]


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

    every: Sequence[Value] = fact.values
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
