"""A criterion with one threshold shifted by one step or one option dropped or added: what the cases should notice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from checklist.engine.analysis.item_mutants import FINE, same_items, scales_of_items
from checklist.engine.analysis.ladders import Graded, graded, place, questions
from checklist.engine.analysis.variants import variants
from checklist.engine.analysis.worlds import Bond, worlds
from checklist.model.noun import noun
from checklist.model.problems import Where
from checklist.model.rules.conditions import AtLeastOf, Condition, OneOf
from checklist.model.rules.facts import Fact, Value
from checklist.model.rules.ruleset import Criterion, Ruleset
from checklist.model.rules.scales import Deduct, Ladder, Rung


@noun
class Mutant:
    """``criterion`` as it stands with one thing changed; ``says`` what, ``where`` the rule's line."""

    criterion: Criterion
    says: str
    where: Where


def mutants(criterion: Criterion, facts: Mapping[str, Fact]) -> Iterator[Mutant]:
    """Every mutant of a criterion: applicability, each level as it is written, the flag's own condition."""
    if criterion.applies_when:
        for changed, says in variants(criterion.applies_when, facts):
            yield Mutant(replace(criterion, applies_when=changed), f"适用条件：{says}", criterion.where)
    scales = (
        scales_of_items(criterion.scale, criterion.points, facts)
        if isinstance(criterion.scale, Deduct)
        else (*_scales(criterion.scale, facts), *_needed(criterion.scale))
    )
    for scale, says, where in scales:
        yield Mutant(replace(criterion, scale=scale), says, where if where.line else criterion.where)
    yield from _points(criterion)
    flag = criterion.flag
    if flag and flag.opens_when:
        for changed, says in variants(flag.opens_when, facts):
            opened = replace(flag, opens_when=changed)
            yield Mutant(replace(criterion, flag=opened), f"触发条件：{says}", place(criterion, flag))


def _points(criterion: Criterion) -> Iterator[Mutant]:
    """The points of the criterion, and its own points for each level but the best, one finest step more."""
    if criterion.points and not criterion.worth:
        yield Mutant(replace(criterion, points=criterion.points + FINE), "分值多 0.01", criterion.where)
    for level in list(criterion.worth)[1:]:
        worth = {**criterion.worth, level: criterion.worth[level] + FINE}
        yield Mutant(replace(criterion, worth=worth), f"{level} 档的分多 0.01", criterion.where)


def with_coefficient(ruleset: Ruleset, criterion: Criterion, level: str) -> Criterion:
    """The criterion as if ``level`` earned a hundredth more of its points."""
    worth = {name: ruleset.level_points(criterion, name) for name in criterion.levels}
    return replace(criterion, worth={**worth, level: worth[level] + Fraction(criterion.points, 100)})


def _needed(scale: Ladder) -> Iterator[tuple[Ladder, str, Where]]:
    """How many of the same conditions each level needs, one more and one less."""
    for i, rung in enumerate(scale.rungs if scale.kind == "met" else ()):
        condition = rung.condition
        assert isinstance(condition, AtLeastOf)
        for needed in (condition.needed - 1, condition.needed + 1):
            if 1 <= needed <= len(condition.of):
                yield (
                    _with_rung(scale, i, replace(condition, needed=needed)),
                    f"{rung.level} 档改成做到 {needed} 条",
                    rung.where,
                )


def same(criterion: Criterion, mutant: Criterion, facts: Mapping[str, Fact], bonds: Sequence[Bond]) -> bool:
    """True when no record at all can tell the two apart, decided over every record that the facts allow."""
    if (criterion.points, criterion.worth) != (mutant.points, mutant.worth):
        return False
    if isinstance(criterion.scale, Deduct) and isinstance(mutant.scale, Deduct) and criterion.scale != mutant.scale:
        return same_items(criterion.scale, mutant.scale, facts, bonds)
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
