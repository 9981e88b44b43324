"""Scales that count items: ``deduct``, ``earn`` and ``proportional``, from their written shape to ``Deduct``."""

from __future__ import annotations

from typing import Final

from checklist.model.numbers import exact, points_text
from checklist.model.rules.counts import Count, Holds, Side, Steps
from checklist.model.rules.measures import Measure, Share
from checklist.model.rules.scales import Deduct, Deduction, DeductionGroup
from checklist.reading.rules.building import Forms, given
from checklist.reading.rules.conditions import condition
from checklist.reading.rules.criterion_shapes import CriterionShape, DeductionShape, MeasureShape
from checklist.reading.rules.measures import MEASURES, measure
from checklist.reading.yaml.shape_mistakes import Loc

LIMITS: Final[dict[str, Side]] = {"short_of": "below", "below": "below", "over": "above"}
EXAMPLE: Final = "例：{measure: {fact: x}, points: 1}，或 {when: {fact: x, is: false}, points: 5}"


def deduct(forms: Forms, shape: CriterionShape, loc: Loc) -> Deduct:
    """Points off, item by item."""
    possible = forms.points(shape.points, (*loc, "points"))
    parts = _items(forms, shape.deduct or [], possible, (*loc, "deduct"))
    floor = forms.points(shape.floor, (*loc, "floor"))
    if floor < 0 or (floor and floor >= possible):
        says = f"最低 {shape.floor} 分不在 0 到满分之间"
        raise forms.wrong((*loc, "floor"), "E207", says, "floor 要小于这一条的分值；扣完为止就不写")
    return Deduct(parts, floor)


def earn(forms: Forms, shape: CriterionShape, loc: Loc) -> Deduct:
    """Points given, item by item."""
    _no_floor(forms, shape, loc)
    possible = forms.points(shape.points, (*loc, "points"))
    parts = _items(forms, shape.earn or [], possible, (*loc, "earn"))
    for i, part in enumerate(parts):
        if any(one.whole for one in part.deductions):
            raise forms.wrong((*loc, "earn", i, "whole"), "E306", "whole 是一出现就不得分，只写在 deduct 里")
    return Deduct(parts, kind="earn")


def proportional(forms: Forms, shape: CriterionShape, loc: Loc) -> Deduct:
    """Points in proportion to a measure."""
    _no_floor(forms, shape, loc)
    assert shape.proportional is not None
    at = (*loc, "proportional")
    full, _ = forms.threshold(shape.proportional.full_at, (*at, "full_at"))
    if full <= 0:
        raise forms.wrong((*at, "full_at"), "E207", "full_at 必须大于 0", "写达到多少得满分，如 4 或 90%")
    measured = measure(forms, shape.proportional.measure, (*at, "measure"))
    possible = forms.points(shape.points, (*loc, "points"))
    return Deduct((Deduction(Steps(measured, "above", 0, full, "exact"), possible),), kind="proportional")


def _no_floor(forms: Forms, shape: CriterionShape, loc: Loc) -> None:
    if shape.floor:
        raise forms.wrong((*loc, "floor"), "E306", "floor 只和 deduct 一起写")


def _items(
    forms: Forms, written: list[DeductionShape], possible: int, loc: Loc
) -> tuple[Deduction | DeductionGroup, ...]:
    if not written:
        raise forms.wrong(loc, "E306", "一项都没有写", EXAMPLE)
    return tuple(_part(forms, shape, possible, (*loc, i)) for i, shape in enumerate(written))


def _part(forms: Forms, shape: DeductionShape, possible: int, loc: Loc) -> Deduction | DeductionGroup:
    if shape.of is None:
        return _item(forms, shape, possible, loc)
    others = [name for name in shape.model_fields_set if name not in ("of", "at_most", "because")]
    if shape.at_most is None or others or not shape.of:
        raise forms.wrong(loc, "E306", "几项合计写 of 和 at_most", "例：{at_most: 5, of: [{…}, {…}]}")
    at = (*loc, "of")
    parts = tuple(_item(forms, one, possible, (*at, i)) for i, one in enumerate(shape.of))
    if any(part.whole for part in parts):
        raise forms.wrong(at, "E306", "whole 是整条不得分，不写在合计里", "单独写一项")
    return DeductionGroup(parts, _cap(forms, shape, possible, loc), shape.because or "")


def _item(forms: Forms, shape: DeductionShape, possible: int, loc: Loc) -> Deduction:
    if shape.of is not None:
        raise forms.wrong((*loc, "of"), "E306", "合计里面不能再套合计")
    count = _count(forms, shape, loc)
    if shape.whole:
        if shape.points is not None or shape.at_most is not None:
            raise forms.wrong((*loc, "whole"), "E306", "whole 是一出现就不得分，不再写 points 和 at_most")
        return Deduction(count, possible, because=shape.because or "", whole=True, where=forms.document.where(loc))
    if shape.points is None:
        raise forms.wrong(loc, "E202", "没有写 points：每处多少分", EXAMPLE)
    points = forms.points(shape.points, (*loc, "points"))
    if points <= 0:
        raise forms.wrong((*loc, "points"), "E207", "每处的分必须大于 0")
    if points > possible:
        says = f"每处 {points_text(points)} 分，比整条的 {points_text(possible)} 分还多"
        raise forms.wrong((*loc, "points"), "E207", says, "一出现就不得分写 whole: true")
    cap = None if shape.at_most is None else _cap(forms, shape, possible, loc)
    if cap is not None and cap < points:
        raise forms.wrong((*loc, "at_most"), "E207", "最多的分比一处的分还少")
    return Deduction(count, points, cap, shape.because or "", where=forms.document.where(loc))


def _cap(forms: Forms, shape: DeductionShape, possible: int, loc: Loc) -> int:
    assert shape.at_most is not None
    cap = forms.points(shape.at_most, (*loc, "at_most"))
    if not 0 < cap <= possible:
        says = f"合计最多 {points_text(cap)} 分，不在 0 到整条的 {points_text(possible)} 分之间"
        raise forms.wrong((*loc, "at_most"), "E207", says)
    return cap


def _count(forms: Forms, shape: DeductionShape, loc: Loc) -> Count:
    """What the item is counted by: exactly one of a condition, a measure, a limit with a measure."""
    inline, limits = given(shape, MEASURES), given(shape, tuple(LIMITS))
    if shape.when is not None and not (inline or limits or shape.measure):
        if "each" in shape.model_fields_set or "steps" in shape.model_fields_set:
            raise forms.wrong(loc, "E306", "each 和 steps 只和 short_of、below、over 一起写")
        return Holds(condition(forms, shape.when, (*loc, "when")))
    if shape.when is not None or len(limits) > 1 or (shape.measure is not None) == bool(inline):
        raise forms.wrong(
            loc, "E306", "一项恰好写一种：when、measure，或 short_of / below / over 加一个测量值", EXAMPLE
        )
    measured = _measured(forms, shape, inline, loc)
    if not limits:
        if "each" in shape.model_fields_set or "steps" in shape.model_fields_set:
            raise forms.wrong(loc, "E306", "each 和 steps 只和 short_of、below、over 一起写")
        return measured
    name = limits[0]
    limit, ours = forms.threshold(getattr(shape, name), (*loc, name))
    share = isinstance(measured, Share) or any(forms.facts[fact].type == "ratio" for fact in measured.facts)
    if shape.each is None and share:
        raise forms.wrong(loc, "E202", "比例要写 each：每差多少算一步", "例：each: 1%")
    each, _ = forms.threshold(1 if shape.each is None else shape.each, (*loc, "each"))
    if each <= 0:
        raise forms.wrong((*loc, "each"), "E207", "each 必须大于 0")
    return Steps(measured, LIMITS[name], limit, exact(each), shape.steps, ours)


def _measured(forms: Forms, shape: DeductionShape, inline: list[str], loc: Loc) -> Measure:
    if shape.measure is not None:
        return measure(forms, shape.measure, (*loc, "measure"))
    written = {name: getattr(shape, name) for name in inline}
    return measure(forms, MeasureShape.model_construct(_fields_set=set(inline), **written), loc)
