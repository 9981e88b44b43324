"""Effects of actions: from their written shape to the nouns of ``model``."""

from __future__ import annotations

from typing import Any, Literal

from checklist.model.numbers import exact
from checklist.model.rules.effects import Adds, Becomes, Effect, EqualTo, Includes, Reaches, Today
from checklist.model.rules.facts import NUMERIC, Fact
from checklist.reading.rules.building import Forms, Unusable, given
from checklist.reading.rules.ruleset_shapes import EffectShape, TimesShape
from checklist.reading.yaml.shape_mistakes import Loc, validate


def effect(forms: Forms, fact: Fact, raw: Any, loc: Loc) -> Effect:
    if not isinstance(raw, dict):
        return Becomes(forms.value(fact, raw, loc))
    shape = validate(EffectShape, raw, forms.document, loc)
    if shape is None:
        raise Unusable
    keys = given(shape, tuple(EffectShape.model_fields))
    if len(keys) != 1:
        raise forms.wrong(loc, "E307", "措施的效果要恰好写一种", f"可以写的有：{'、'.join(EffectShape.model_fields)}")
    return _one_effect(forms, fact, keys[0], shape, loc)


def _one_effect(forms: Forms, fact: Fact, key: str, shape: EffectShape, loc: Loc) -> Effect:
    at = (*loc, key)
    match key:
        case "equal_to":
            return EqualTo(forms.fact(str(shape.equal_to), at, fact.type))
        case "at_least" | "at_most" if fact.type in NUMERIC:
            raw = shape.at_least if key == "at_least" else shape.at_most
            kind: Literal["at_least", "at_most"] = "at_least" if key == "at_least" else "at_most"
            if isinstance(raw, TimesShape):
                return Reaches(kind, forms.threshold(raw.times, at)[0], forms.fact(raw.of, (*at, "of"), *NUMERIC))
            return Reaches(kind, forms.threshold(raw, at)[0])
        case "add" if fact.type in NUMERIC and shape.add is not None:
            return Adds(exact(shape.add))
        case "include" if fact.type == "set":
            if shape.include == "all":
                return Includes(everything=True)
            return Includes(tuple(sorted(forms.value(fact, shape.include, at))))  # type: ignore[arg-type]
        case "include_from" if fact.type == "set":
            return Includes(of=forms.fact(str(shape.include_from), at, "set"))
        case "today" if fact.type == "date":
            return Today()
    raise forms.wrong(at, "E307", f"{key} 用不到 {fact.id}（{fact.label}，类型 {fact.type}）上")
