"""Scales: from their written shape to rungs, or to deductions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Literal

from checklist.model.rules.conditions import AtLeastOf, OneOf
from checklist.model.rules.facts import Value
from checklist.model.rules.measures import FactValue
from checklist.model.rules.scales import Deduct, Deduction, Ladder, LadderKind, Rung, Scale
from checklist.reading.rules.building import NO_LEVEL, Forms, Unusable, given
from checklist.reading.rules.conditions import condition, limit
from checklist.reading.rules.criterion_shapes import CriterionShape, OptionsShape
from checklist.reading.rules.measures import measure
from checklist.reading.yaml.shape_mistakes import Loc, validate

SCALES: Final = ("at_least", "at_most", "met", "levels", "choice", "survey", "judged", "deduct")


def scale(forms: Forms, shape: CriterionShape, loc: Loc) -> Scale:
    kinds = given(shape, SCALES)
    if len(kinds) != 1:
        found = "没写" if not kinds else f"写了{'、'.join(kinds)}"
        raise forms.wrong(loc, "E306", f"评分方式要恰好写一种，现在{found}", f"可以写的有：{'、'.join(SCALES)}")
    kind = kinds[0]
    if (kind in ("at_least", "at_most")) != (shape.measure is not None):
        raise forms.wrong(loc, "E306", "measure 和 at_least / at_most 要一起写，其他评分方式不写 measure")
    if shape.ours and kind != "met":
        raise forms.wrong((*loc, "ours"), "E306", "ours 只和 met 一起写：别的评分方式把自定写在数字旁边")
    if kind == "deduct":
        return _deduct(forms, shape, loc)
    rungs = _LADDERS[kind](forms, shape, (*loc, kind))
    if not rungs:
        raise forms.wrong((*loc, kind), "E306", "一档都没有写")
    ladder: LadderKind = kind  # type: ignore[assignment]
    return Ladder(ladder, tuple(rungs))


def _at_least(forms: Forms, shape: CriterionShape, loc: Loc) -> list[Rung]:
    assert shape.measure is not None
    measured = measure(forms, shape.measure, (*loc[:-1], "measure"))
    kind: Literal["at_least", "at_most"] = "at_least" if loc[-1] == "at_least" else "at_most"
    written = (shape.at_least if kind == "at_least" else shape.at_most) or {}
    place = forms.document.where
    return [
        Rung(name, limit(forms, measured, kind, written[name], False, (*loc, name)), place((*loc, name)))
        for name in forms.in_order(written, loc)
    ]


def _met(forms: Forms, shape: CriterionShape, loc: Loc) -> list[Rung]:
    parts = tuple(condition(forms, part, (*loc, i)) for i, part in enumerate(shape.met or []))
    needed = range(len(parts), 0, -1)
    where = forms.document.where(loc)
    reached = list(zip(forms.levels, needed, strict=False))
    for i, name in enumerate(shape.ours):
        if name not in dict(reached):
            raise forms.wrong((*loc[:-1], "ours", i), "E305", f"没有 {name} 这一档", f"有 {'、'.join(dict(reached))}")
    return [Rung(name, AtLeastOf(k, parts, name in shape.ours), where) for name, k in reached]


def _levels(forms: Forms, shape: CriterionShape, loc: Loc) -> list[Rung]:
    written = shape.levels or {}
    place = forms.document.where
    return [
        Rung(name, condition(forms, written[name], (*loc, name)), place((*loc, name)))
        for name in forms.in_order(written, loc)
    ]


def _choice(forms: Forms, shape: CriterionShape, loc: Loc) -> list[Rung]:
    written = dict(shape.choice or {})
    name = written.pop("fact", None)
    if not isinstance(name, str):
        raise forms.wrong(loc, "E202", "choice 里缺少 fact")
    fact = forms.facts[forms.fact(name, (*loc, "fact"), "choice")]
    reached: list[Value] = []
    rungs = []
    for level in forms.in_order(written, loc):
        options, ours = _options(forms, written[level], (*loc, level))
        reached += [forms.value(fact, option, (*loc, level)) for option in options]
        rungs.append(Rung(level, OneOf(name, tuple(reached), ours), forms.document.where((*loc, level))))
    return rungs


def _options(forms: Forms, raw: Any, loc: Loc) -> tuple[list[Any], bool]:
    if isinstance(raw, list):
        return raw, False
    shape = validate(OptionsShape, raw, forms.document, loc)
    if shape is None:
        raise Unusable
    return list(shape.is_), shape.ours


def _survey(forms: Forms, shape: CriterionShape, loc: Loc) -> list[Rung]:
    assert shape.survey is not None
    measured = FactValue(forms.fact(shape.survey.fact, (*loc, "fact"), "ratio"))
    written, at = shape.survey.at_least, (*loc, "at_least")
    place = forms.document.where
    return [
        Rung(name, limit(forms, measured, "at_least", written[name], False, (*at, name)), place((*at, name)))
        for name in forms.in_order(written, at)
    ]


def _judged(forms: Forms, shape: CriterionShape, loc: Loc) -> list[Rung]:
    assert shape.judged is not None
    fact = forms.facts[forms.fact(shape.judged.fact, (*loc, "fact"), "choice")]
    if set(fact.options) != {*forms.levels, NO_LEVEL}:
        raise forms.wrong(loc, "E306", f"{fact.id} 的选项要正好是 {'、'.join([*forms.levels, NO_LEVEL])}")
    reached: list[Value] = []
    rungs = []
    for level in forms.levels:
        reached.append(level)
        rungs.append(Rung(level, OneOf(fact.id, tuple(reached)), forms.document.where(loc)))
    return rungs


def _deduct(forms: Forms, shape: CriterionShape, loc: Loc) -> Deduct:
    parts = []
    for i, part in enumerate(shape.deduct or []):
        at = (*loc, "deduct", i)
        points = forms.points(part.points, (*at, "points"))
        if points <= 0:
            raise forms.wrong((*at, "points"), "E207", "每处扣分必须大于 0")
        parts.append(Deduction(measure(forms, part.measure, (*at, "measure")), points))
    return Deduct(tuple(parts), forms.points(shape.floor, (*loc, "floor")))


_LADDERS: Final[dict[str, Callable[[Forms, CriterionShape, Loc], list[Rung]]]] = {
    "at_least": _at_least,
    "at_most": _at_least,
    "met": _met,
    "levels": _levels,
    "choice": _choice,
    "survey": _survey,
    "judged": _judged,
}
