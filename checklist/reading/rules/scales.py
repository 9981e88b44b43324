"""Scales: from their written shape to rungs, or to deductions."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final, Literal

from checklist.model.numbers import Number, exact, trimmed_points
from checklist.model.rules.conditions import AtLeastOf, OneOf
from checklist.model.rules.facts import Value
from checklist.model.rules.measures import FactValue
from checklist.model.rules.scales import Deduct, Ladder, LadderKind, Rung, Scale
from checklist.reading.rules.building import NO_LEVEL, Forms, Unusable, given
from checklist.reading.rules.conditions import condition, limit
from checklist.reading.rules.criterion_shapes import CriterionShape, OptionsShape
from checklist.reading.rules.item_scales import deduct, earn, proportional
from checklist.reading.rules.measures import measure
from checklist.reading.yaml.shape_mistakes import Loc, validate
from checklist.values.fact_value import coefficient

ITEMS: Final = {"deduct": deduct, "earn": earn, "proportional": proportional}
SCALES: Final = ("at_least", "at_most", "met", "levels", "choice", "survey", "judged", *ITEMS)


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
    if kind in ITEMS:
        return ITEMS[kind](forms, shape, loc)
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


def worth(forms: Forms, shape: CriterionShape, scale: Scale, loc: Loc) -> dict[str, Number]:
    """Its own points for each level, in ten-thousandths; empty where the ruleset's coefficients say them."""
    if isinstance(scale, Deduct):
        if shape.coefficients:
            raise forms.wrong((*loc, "coefficients"), "E306", "逐项计分的没有档次，不写 coefficients")
        return {}
    points, written = forms.points(shape.points, (*loc, "points")), _own_points(shape)
    if shape.coefficients and written:
        raise forms.wrong((*loc, "coefficients"), "E306", "每一档的分，写 points 或 coefficients 之一")
    levels = [rung.level for rung in scale.rungs]
    own: dict[str, Number] = {}
    for name, share in (shape.coefficients or {}).items():
        forms.level(name, (*loc, "coefficients", name))
        own[name] = exact(points * coefficient(share))
    own |= {name: forms.points(raw, (*loc, scale.kind, name)) for name, raw in written.items()}
    if not own:
        return {}
    missing = [name for name in levels[1:] if name not in own]
    extra = [name for name in own if name not in levels]
    if missing or extra:
        says = f"{'、'.join(missing or extra)} 档{'没有写分' if missing else '没有条件'}"
        raise forms.wrong(loc, "E306", says, "除了最好的一档，每一档都写分")
    own = {name: own.get(name, points) for name in levels}
    falling = [*own.values()]
    if falling[0] != points or falling != sorted(set(falling), reverse=True) or falling[-1] <= 0:
        says = (
            f"各档的分 {'、'.join(trimmed_points(some) for some in falling)} 不是从满分 {trimmed_points(points)} 往下降"
        )
        raise forms.wrong(loc, "E401", says, "最好的一档得满分，一档比一档低，都大于 0")
    return own


def _own_points(shape: CriterionShape) -> dict[str, int | Decimal]:
    ladders = (shape.at_least, shape.at_most, shape.levels, shape.survey and shape.survey.at_least, shape.choice)
    found: dict[str, int | Decimal] = {}
    for written in ladders:
        for name, one in (written or {}).items():
            points = one.get("points") if isinstance(one, dict) else getattr(one, "points", None)
            if points is not None and not isinstance(points, str):
                found[name] = points
    return found


_LADDERS: Final[dict[str, Callable[[Forms, CriterionShape, Loc], list[Rung]]]] = {
    "at_least": _at_least,
    "at_most": _at_least,
    "met": _met,
    "levels": _levels,
    "choice": _choice,
    "survey": _survey,
    "judged": _judged,
}
