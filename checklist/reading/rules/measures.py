"""Measures: from their written shape to the nouns of ``model``."""

from __future__ import annotations

from checklist.model.numbers import exact
from checklist.model.rules.facts import NUMERIC
from checklist.model.rules.measures import AgeDays, CountOf, FactValue, Measure, Missing, Ratio, Share, Sum
from checklist.reading.rules.building import Forms, given
from checklist.reading.rules.criterion_shapes import MeasureShape
from checklist.reading.yaml.shape_mistakes import Loc

MEASURES = ("fact", "sum", "ratio", "share", "count", "missing", "age_days")


def measure(forms: Forms, shape: MeasureShape, loc: Loc) -> Measure:
    keys = given(shape, MEASURES)
    if len(keys) != 1:
        raise forms.wrong(loc, "E303", "测量值要恰好写一种", f"可以写的有：{'、'.join(MEASURES)}")
    at = (*loc, keys[0])
    match keys[0]:
        case "fact":
            return FactValue(forms.fact(str(shape.fact), at, *NUMERIC))
        case "sum":
            names = shape.sum or []
            if len(names) < 2:
                raise forms.wrong(at, "E303", "sum 至少要两个实测项")
            return Sum(tuple(forms.added(name, (*at, i), *NUMERIC) for i, name in enumerate(names)))
        case "ratio" if shape.ratio:
            ratio = shape.ratio
            of, to = forms.added(ratio.of, (*at, "of"), *NUMERIC), forms.added(ratio.to, (*at, "to"), *NUMERIC)
            if of == to:
                raise forms.wrong((*at, "to"), "E303", "一个实测项不能除以它自己")
            if ratio.per <= 0:
                raise forms.wrong((*at, "per"), "E207", "per 必须大于 0")
            return Ratio(of, to, exact(ratio.per))
        case "share" if shape.share:
            share = shape.share
            if (f := forms.facts.get(share.to)) and f.type == "set":
                return Share(forms.fact(share.of, (*at, "of"), "set"), forms.fact(share.to, (*at, "to"), "set"))
            return Share(forms.added(share.of, (*at, "of"), *NUMERIC), forms.added(share.to, (*at, "to"), *NUMERIC))
        case "count":
            return CountOf(forms.fact(str(shape.count), at, "set"))
        case "missing" if shape.missing:
            missing = shape.missing
            kind = "set" if (f := forms.facts.get(missing.required)) and f.type == "set" else "count"
            required = forms.added(missing.required, (*at, "required"), "set", "count")
            return Missing(
                required, forms.added(missing.present, (*at, "present"), "set" if kind == "set" else "count")
            )
        case "age_days":
            return AgeDays(forms.fact(str(shape.age_days), at, "date"))
    raise forms.wrong(at, "E303", f"{keys[0]} 的内容是空的")
