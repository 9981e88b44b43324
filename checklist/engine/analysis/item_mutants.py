"""A scale that counts items with one figure or one condition changed: what the cases should notice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias, get_args

from checklist.engine.analysis.variants import shifted, variants
from checklist.engine.analysis.worlds import Bond, worlds
from checklist.model.numbers import POINT, points_text
from checklist.model.problems import Where
from checklist.model.rules.conditions import Limit
from checklist.model.rules.counts import Count, Holds, StepKind, Steps, nothing_counted
from checklist.model.rules.facts import Fact
from checklist.model.rules.measures import Ratio, Share
from checklist.model.rules.scales import Deduct, Deduction, DeductionGroup

FINE: Final = POINT // 100
"""The finest step of points that a rule can write."""

ItemPart: TypeAlias = Deduction | DeductionGroup


def scales_of_items(scale: Deduct, possible: int, facts: Mapping[str, Fact]) -> Iterator[tuple[Deduct, str, Where]]:
    """Every part left out, every figure one step up and down, every condition changed. No figure beyond ``possible``
    points, which a rule cannot write, or beyond the cap of its group, which would be no other."""
    for i, part in enumerate(scale.parts):
        where, number = part.deductions[0].where, f"第 {i + 1} 项"
        if len(scale.parts) > 1:
            yield replace(scale, parts=(*scale.parts[:i], *scale.parts[i + 1 :])), f"去掉{number}", where
        for changed, says in _parts(part, possible, facts):
            yield replace(scale, parts=(*scale.parts[:i], changed, *scale.parts[i + 1 :])), f"{number}：{says}", where
    if scale.floor:
        for word, step in (("高", FINE), ("低", -FINE)):
            yield replace(scale, floor=scale.floor + step), f"最低分{word} 0.01", scale.deductions[0].where


def _parts(part: ItemPart, possible: int, facts: Mapping[str, Fact]) -> Iterator[tuple[ItemPart, str]]:
    if isinstance(part, DeductionGroup):
        yield from ((replace(part, at_most=cap), says) for cap, says in _steps("合计最多", part.at_most, possible))
        for i, one in enumerate(part.deductions):
            for changed, says in _items(one, part.at_most, facts):
                inside = (*part.deductions[:i], changed, *part.deductions[i + 1 :])
                yield replace(part, deductions=inside), f"其中第 {i + 1} 条{says}"
    else:
        yield from _items(part, possible, facts)


def _items(item: Deduction, possible: int, facts: Mapping[str, Fact]) -> Iterator[tuple[Deduction, str]]:
    if not item.whole:
        yield from ((replace(item, points=points), says) for points, says in _steps("每处", item.points, possible))
    if item.at_most is not None:
        yield from ((replace(item, at_most=cap), says) for cap, says in _steps("最多", item.at_most, possible))
    for count, says in _counts(item.measure, facts):
        yield replace(item, measure=count), says


def _steps(word: str, points: int, possible: int) -> Iterator[tuple[int, str]]:
    if points + FINE <= possible:
        yield points + FINE, f"{word} {points_text(points)} 分，多 0.01"
    if points > FINE:
        yield points - FINE, f"{word} {points_text(points)} 分，少 0.01"


def _counts(count: Count, facts: Mapping[str, Fact]) -> Iterator[tuple[Count, str]]:
    if isinstance(count, Holds):
        for condition, says in variants(count.condition, facts):
            yield Holds(condition), says
    elif isinstance(count, Steps):
        limit = nothing_counted(count)
        assert isinstance(limit, Limit)
        for changed, says in shifted(limit, facts):
            assert isinstance(changed, Limit)
            if changed.measure == count.measure:
                yield replace(count, limit=changed.limit), says
        yield replace(count, each=count.each * 2), "一步大一倍"
        if not _in_whole_steps(count, facts):
            for kind in get_args(StepKind):
                if kind != count.steps:
                    yield replace(count, steps=kind), f"steps 换成 {kind}"


def _in_whole_steps(count: Steps, facts: Mapping[str, Fact]) -> bool:
    """Whether the measure is always a whole number of steps away from the limit, so that no step is only started."""
    whole = all(facts[fact].type in ("count", "set", "date") for fact in count.facts)
    return whole and not isinstance(count.measure, Ratio | Share) and count.each == 1 and isinstance(count.limit, int)


def same_items(scale: Deduct, other: Deduct, facts: Mapping[str, Fact], bonds: Sequence[Bond]) -> bool:
    """True when only conditions differ and no record can tell them apart; a changed figure is never the same."""
    pairs = list(zip(scale.deductions, other.deductions, strict=False))
    if len(scale.deductions) != len(other.deductions):
        return False
    for mine, theirs in pairs:
        if mine == theirs:
            continue
        a, b = mine.measure, theirs.measure
        if not (isinstance(a, Holds) and isinstance(b, Holds)) or replace(mine, measure=b) != theirs:
            return False
        if any(before != after for before, after in worlds([a.condition, b.condition], facts, bonds)):
            return False
    return (scale.floor, scale.kind) == (other.floor, other.kind) and _caps(scale) == _caps(other)


def _caps(scale: Deduct) -> list[int]:
    return [part.at_most for part in scale.parts if isinstance(part, DeductionGroup)]
