"""Conditions and flags: from their written shape to the nouns of ``model``."""

from __future__ import annotations

from typing import Any, Final, Literal, TypeAlias

from checklist.model.rules.conditions import AtLeastOf, Condition, Contains, Limit, NoneOf, OneOf
from checklist.model.rules.measures import AgeDays, Measure
from checklist.model.rules.ruleset import Flag
from checklist.reading.rules.building import Forms, given
from checklist.reading.rules.criterion_shapes import ConditionShape, FlagShape, MeasureShape
from checklist.reading.rules.measures import MEASURES, measure
from checklist.reading.yaml.shape_mistakes import Loc

LimitKind: TypeAlias = Literal["at_least", "at_most"]
TESTS = ("at_least", "at_most", "more_than", "less_than", "is_", "one_of", "contains", "within_days")
GROUPS = ("all", "any", "none", "of")
STRICT: Final[dict[str, LimitKind]] = {"more_than": "at_most", "less_than": "at_least"}


def condition(forms: Forms, shape: ConditionShape, loc: Loc) -> Condition:
    groups, tests, measures = given(shape, GROUPS), given(shape, TESTS), given(shape, MEASURES)
    if groups:
        return _group(
            forms, shape, loc, groups, [test for test in tests if "of" not in groups or test != "at_least"] + measures
        )
    if len(measures) != 1 or len(tests) > 1:
        raise forms.wrong(
            loc,
            "E304",
            "一个条件写一个测量值加一个比较",
            "例：{fact: lamps_lit, at_least: 10}；几个条件用 all 或 any 合起来",
        )
    test = tests[0] if tests else "is_"
    if test in ("at_least", "at_most", *STRICT):
        threshold = getattr(shape, test)
        measure_only = MeasureShape.model_construct(
            _fields_set=set(measures), **{measures[0]: getattr(shape, measures[0])}
        )
        measured, at = measure(forms, measure_only, loc), (*loc, test)
        if test in STRICT:
            return NoneOf((limit(forms, measured, STRICT[test], threshold, shape.ours, at),))
        kind: LimitKind = "at_least" if test == "at_least" else "at_most"
        return limit(forms, measured, kind, threshold, shape.ours, at)
    if measures != ["fact"]:
        raise forms.wrong(loc, "E304", "这种比较只能用在单个实测项上", "写成 {fact: 实测项, …}")
    return _fact_test(forms, str(shape.fact), test, shape, loc)


def _group(forms: Forms, shape: ConditionShape, loc: Loc, groups: list[str], others: list[str]) -> Condition:
    if len(groups) > 1 or others:
        raise forms.wrong(loc, "E304", "all、any、none、of 不能和别的写法混在一层", "分成两层写")
    name = groups[0]
    parts = tuple(condition(forms, part, (*loc, name, i)) for i, part in enumerate(getattr(shape, name) or []))
    if not parts:
        raise forms.wrong((*loc, name), "E304", f"{name} 里没有条件")
    if name == "none":
        return NoneOf(parts, shape.ours)
    if name == "of":
        return _some_of(forms, shape, parts, loc)
    return AtLeastOf(len(parts) if name == "all" else 1, parts, shape.ours)


def _some_of(forms: Forms, shape: ConditionShape, parts: tuple[Condition, ...], loc: Loc) -> Condition:
    """``{at_least: 2, of: [...]}``: so many of the conditions hold."""
    if shape.at_least is None:
        raise forms.wrong(
            loc, "E304", "of 要和 at_least 一起写：几条里至少做到几条", "例：{at_least: 2, of: [{…}, {…}, {…}]}"
        )
    needed, ours = forms.threshold(shape.at_least, (*loc, "at_least"))
    if not isinstance(needed, int) or not 1 <= needed <= len(parts):
        raise forms.wrong((*loc, "at_least"), "E304", f"{len(parts)} 条里至少做到几条，写 1 到 {len(parts)}")
    return AtLeastOf(needed, parts, ours or shape.ours)


def _fact_test(forms: Forms, name: str, test: str, shape: ConditionShape, loc: Loc) -> Condition:
    at = (*loc, "fact")
    if test == "within_days":
        return limit(
            forms, AgeDays(forms.fact(name, at, "date")), "at_most", shape.within_days, shape.ours, (*loc, test)
        )
    if test == "contains":
        fact = forms.facts[forms.fact(name, at, "set")]
        elements = forms.value(fact, shape.contains, (*loc, "contains"))
        listed = tuple(option for option in fact.options if isinstance(elements, frozenset) and option in elements)
        return Contains(name, listed, shape.ours)
    fact = forms.facts[forms.fact(name, at, "bool", "choice")]
    if test == "one_of":
        values = tuple(forms.value(fact, raw, (*loc, "one_of", i)) for i, raw in enumerate(shape.one_of or []))
        return OneOf(name, values, shape.ours)
    if "is_" not in shape.model_fields_set and fact.type != "bool":
        raise forms.wrong(
            loc, "E304", f"{name} 要写等于哪个选项", f"例：{{fact: {name}, is: {next(iter(fact.options))}}}"
        )
    raw = shape.is_ if "is_" in shape.model_fields_set else True
    return OneOf(name, (forms.value(fact, raw, (*loc, "is")),), shape.ours)


def limit(forms: Forms, measure: Measure, kind: LimitKind, raw: Any, ours: bool, loc: Loc) -> Limit:
    number, marked = forms.threshold(raw, loc)
    return Limit(measure, kind, number, ours or marked)


def flag(forms: Forms, shape: str | FlagShape | None, loc: Loc) -> Flag | None:
    if shape is None:
        return None
    where = forms.document.where(loc)
    if not isinstance(shape, FlagShape):
        return Flag(shape, where=where)  # type: ignore[arg-type]
    opens = condition(forms, shape.opens_when, (*loc, "opens_when")) if shape.opens_when else None
    return Flag(shape.kind, opens, where)
