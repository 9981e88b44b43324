"""Measures, conditions, scales, flags and effects: from their written shape to the nouns of ``model``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from ..model.conditions import AtLeastOf, Condition, Contains, Limit, NoneOf, OneOf
from ..model.effects import Adds, Becomes, Effect, EqualTo, Includes, Reaches, Today
from ..model.facts import NUMERIC, Fact, FactType, Value
from ..model.measures import AgeDays, CountOf, FactValue, Measure, Missing, Ratio, Share, Sum
from ..model.numbers import POINT, Number, exact
from ..model.ruleset import Flag
from ..model.scales import Deduct, Deduction, Ladder, LadderKind, Rung, Scale
from .shapes import (
    ConditionShape,
    CriterionShape,
    EffectShape,
    FlagShape,
    LimitShape,
    MeasureShape,
    OptionsShape,
    TimesShape,
)
from .validate import Loc, suggest, validate
from .values import NotAValue, fact_value, quantity
from .yamlfile import Document

SCALES = ("at_least", "at_most", "met", "levels", "choice", "survey", "judged", "deduct")
MEASURES = ("fact", "sum", "ratio", "share", "count", "missing", "age_days")
TESTS = ("at_least", "at_most", "is_", "one_of", "contains", "within_days")
GROUPS = ("all", "any", "none")
NO_LEVEL = "none"


class Unusable(Exception):
    """A part of a criterion that cannot be built; its problem is already recorded."""


def given(shape: Any, names: Sequence[str]) -> list[str]:
    """Which of the keys were written."""
    return [name for name in names if name in shape.model_fields_set]


@dataclass(slots=True)
class Forms:
    """Builds the parts of one file; ``facts`` are all declared facts, ``levels`` the level names, best first.

    ``broken`` names facts whose own declaration has a mistake: what reads them is left out without a second complaint.
    """

    document: Document
    facts: Mapping[str, Fact]
    levels: Sequence[str]
    broken: frozenset[str] = frozenset()

    def wrong(self, loc: Loc, code: str, says: str, hint: str = "") -> Unusable:
        self.document.problems.append(self.document.problem(loc, code, says, hint))
        return Unusable()

    def fact(self, name: str, loc: Loc, *types: FactType) -> str:
        """The name of a declared fact of one of these types."""
        fact = self.facts.get(name)
        if name in self.broken:
            raise Unusable
        if fact is None:
            labels = {key: item.label for key, item in self.facts.items()}
            raise self.wrong(loc, "E301", f"没有这个实测项 {name}", suggest(name, labels, labels) if labels else "")
        if types and fact.type not in types:
            raise self.wrong(
                loc, "E302", f"{name}（{fact.label}）的类型是 {fact.type}，这里用不了", f"这里要 {' 或 '.join(types)}"
            )
        return name

    def measure(self, shape: MeasureShape, loc: Loc) -> Measure:
        keys = given(shape, MEASURES)
        if len(keys) != 1:
            raise self.wrong(loc, "E303", "测量值要恰好写一种", f"可以写的有：{'、'.join(MEASURES)}")
        at = (*loc, keys[0])
        match keys[0]:
            case "fact":
                return FactValue(self.fact(str(shape.fact), at, *NUMERIC))
            case "sum":
                names = shape.sum or []
                if len(names) < 2:
                    raise self.wrong(at, "E303", "sum 至少要两个实测项")
                return Sum(tuple(self.fact(name, (*at, i), *NUMERIC) for i, name in enumerate(names)))
            case "ratio" if shape.ratio:
                ratio = shape.ratio
                of, to = self.fact(ratio.of, (*at, "of"), *NUMERIC), self.fact(ratio.to, (*at, "to"), *NUMERIC)
                if ratio.per <= 0:
                    raise self.wrong((*at, "per"), "E207", "per 必须大于 0")
                return Ratio(of, to, exact(ratio.per))
            case "share" if shape.share:
                share = shape.share
                return Share(self.fact(share.of, (*at, "of"), *NUMERIC), self.fact(share.to, (*at, "to"), *NUMERIC))
            case "count":
                return CountOf(self.fact(str(shape.count), at, "set"))
            case "missing" if shape.missing:
                missing = shape.missing
                kind = "set" if (f := self.facts.get(missing.required)) and f.type == "set" else "count"
                required = self.fact(missing.required, (*at, "required"), "set", "count")
                return Missing(
                    required, self.fact(missing.present, (*at, "present"), "set" if kind == "set" else "count")
                )
            case "age_days":
                return AgeDays(self.fact(str(shape.age_days), at, "date"))
        raise self.wrong(at, "E303", f"{keys[0]} 的内容是空的")

    def condition(self, shape: ConditionShape, loc: Loc) -> Condition:
        groups, tests, measures = given(shape, GROUPS), given(shape, TESTS), given(shape, MEASURES)
        if groups:
            return self._group(shape, loc, groups, tests + measures)
        if len(measures) != 1 or len(tests) > 1:
            raise self.wrong(
                loc,
                "E304",
                "一个条件写一个测量值加一个比较",
                "例：{fact: lamps_lit, at_least: 10}；几个条件用 all 或 any 合起来",
            )
        test = tests[0] if tests else "is_"
        if test in ("at_least", "at_most"):
            threshold = shape.at_least if test == "at_least" else shape.at_most
            measure_only = MeasureShape.model_construct(
                _fields_set=set(measures), **{measures[0]: getattr(shape, measures[0])}
            )
            kind: Literal["at_least", "at_most"] = "at_least" if test == "at_least" else "at_most"
            return self._limit(self.measure(measure_only, loc), kind, threshold, shape.ours, (*loc, test))
        if measures != ["fact"]:
            raise self.wrong(loc, "E304", "这种比较只能用在单个实测项上", "写成 {fact: 实测项, …}")
        return self._fact_test(str(shape.fact), test, shape, loc)

    def _group(self, shape: ConditionShape, loc: Loc, groups: list[str], others: list[str]) -> Condition:
        if len(groups) > 1 or others:
            raise self.wrong(loc, "E304", "all、any、none 不能和别的写法混在一层", "分成两层写")
        name = groups[0]
        parts = tuple(self.condition(part, (*loc, name, i)) for i, part in enumerate(getattr(shape, name) or []))
        if not parts:
            raise self.wrong((*loc, name), "E304", f"{name} 里没有条件")
        if name == "none":
            return NoneOf(parts, shape.ours)
        return AtLeastOf(len(parts) if name == "all" else 1, parts, shape.ours)

    def _fact_test(self, name: str, test: str, shape: ConditionShape, loc: Loc) -> Condition:
        at = (*loc, "fact")
        if test == "within_days":
            return self._limit(
                AgeDays(self.fact(name, at, "date")), "at_most", shape.within_days, shape.ours, (*loc, test)
            )
        if test == "contains":
            fact = self.facts[self.fact(name, at, "set")]
            elements = self._value(fact, shape.contains, (*loc, "contains"))
            listed = tuple(option for option in fact.options if isinstance(elements, frozenset) and option in elements)
            return Contains(name, listed, shape.ours)
        fact = self.facts[self.fact(name, at, "bool", "choice")]
        if test == "one_of":
            values = tuple(self._value(fact, raw, (*loc, "one_of", i)) for i, raw in enumerate(shape.one_of or []))
            return OneOf(name, values, shape.ours)
        if "is_" not in shape.model_fields_set and fact.type != "bool":
            raise self.wrong(
                loc, "E304", f"{name} 要写等于哪个选项", f"例：{{fact: {name}, is: {next(iter(fact.options))}}}"
            )
        raw = shape.is_ if "is_" in shape.model_fields_set else True
        return OneOf(name, (self._value(fact, raw, (*loc, "is")),), shape.ours)

    def _value(self, fact: Fact, raw: Any, loc: Loc) -> Value:
        try:
            return fact_value(fact, raw)
        except NotAValue as reason:
            raise self.wrong(loc, reason.code, reason.says, reason.hint) from None

    def _limit(self, measure: Measure, kind: Literal["at_least", "at_most"], raw: Any, ours: bool, loc: Loc) -> Limit:
        number, marked = self._threshold(raw, loc)
        return Limit(measure, kind, number, ours or marked)

    def _threshold(self, raw: Any, loc: Loc) -> tuple[Number, bool]:
        marked = isinstance(raw, LimitShape)
        try:
            return quantity(raw.is_ if isinstance(raw, LimitShape) else raw), marked and raw.ours
        except (ValueError, TypeError, ArithmeticError):
            raise self.wrong(loc, "E201", "这里要填数字或百分数", "例：300、95%、{is: 90%, ours: true}") from None

    def level(self, name: str, loc: Loc) -> str:
        if name not in self.levels:
            raise self.wrong(loc, "E305", f"没有 {name} 这一档", f"档次有：{'、'.join(self.levels)}")
        return name

    def _in_order(self, written: Mapping[str, Any], loc: Loc) -> list[str]:
        for name in written:
            self.level(name, (*loc, name))
        return [name for name in self.levels if name in written]

    def scale(self, shape: CriterionShape, loc: Loc) -> Scale:
        kinds = given(shape, SCALES)
        if len(kinds) != 1:
            found = "没写" if not kinds else f"写了{'、'.join(kinds)}"
            raise self.wrong(loc, "E306", f"评分方式要恰好写一种，现在{found}", f"可以写的有：{'、'.join(SCALES)}")
        kind = kinds[0]
        if (kind in ("at_least", "at_most")) != (shape.measure is not None):
            raise self.wrong(loc, "E306", "measure 和 at_least / at_most 要一起写，其他评分方式不写 measure")
        if kind == "deduct":
            return self._deduct(shape, loc)
        rungs = getattr(self, f"_{kind}")(shape, (*loc, kind))
        if not rungs:
            raise self.wrong((*loc, kind), "E306", "一档都没有写")
        ladder: LadderKind = kind  # type: ignore[assignment]
        return Ladder(ladder, tuple(rungs))

    def _at_least(self, shape: CriterionShape, loc: Loc) -> list[Rung]:
        assert shape.measure is not None
        measure = self.measure(shape.measure, (*loc[:-1], "measure"))
        kind: Literal["at_least", "at_most"] = "at_least" if loc[-1] == "at_least" else "at_most"
        written = (shape.at_least if kind == "at_least" else shape.at_most) or {}
        return [
            Rung(name, self._limit(measure, kind, written[name], False, (*loc, name)))
            for name in self._in_order(written, loc)
        ]

    _at_most = _at_least

    def _met(self, shape: CriterionShape, loc: Loc) -> list[Rung]:
        parts = tuple(self.condition(part, (*loc, i)) for i, part in enumerate(shape.met or []))
        needed = range(len(parts), 0, -1)
        return [Rung(name, AtLeastOf(k, parts)) for name, k in zip(self.levels, needed, strict=False)]

    def _levels(self, shape: CriterionShape, loc: Loc) -> list[Rung]:
        written = shape.levels or {}
        return [Rung(name, self.condition(written[name], (*loc, name))) for name in self._in_order(written, loc)]

    def _choice(self, shape: CriterionShape, loc: Loc) -> list[Rung]:
        written = dict(shape.choice or {})
        name = written.pop("fact", None)
        if not isinstance(name, str):
            raise self.wrong(loc, "E202", "choice 里缺少 fact")
        fact = self.facts[self.fact(name, (*loc, "fact"), "choice")]
        reached: list[Value] = []
        rungs = []
        for level in self._in_order(written, loc):
            options, ours = self._options(written[level], (*loc, level))
            reached += [self._value(fact, option, (*loc, level)) for option in options]
            rungs.append(Rung(level, OneOf(name, tuple(reached), ours)))
        return rungs

    def _options(self, raw: Any, loc: Loc) -> tuple[list[Any], bool]:
        if isinstance(raw, list):
            return raw, False
        shape = validate(OptionsShape, raw, self.document, loc)
        if shape is None:
            raise Unusable
        return list(shape.is_), shape.ours

    def _survey(self, shape: CriterionShape, loc: Loc) -> list[Rung]:
        assert shape.survey is not None
        measure = FactValue(self.fact(shape.survey.fact, (*loc, "fact"), "ratio"))
        written, at = shape.survey.at_least, (*loc, "at_least")
        return [
            Rung(name, self._limit(measure, "at_least", written[name], False, (*at, name)))
            for name in self._in_order(written, at)
        ]

    def _judged(self, shape: CriterionShape, loc: Loc) -> list[Rung]:
        assert shape.judged is not None
        fact = self.facts[self.fact(shape.judged.fact, (*loc, "fact"), "choice")]
        if set(fact.options) != {*self.levels, NO_LEVEL}:
            raise self.wrong(loc, "E306", f"{fact.id} 的选项要正好是 {'、'.join([*self.levels, NO_LEVEL])}")
        reached: list[Value] = []
        rungs = []
        for level in self.levels:
            reached.append(level)
            rungs.append(Rung(level, OneOf(fact.id, tuple(reached))))
        return rungs

    def _deduct(self, shape: CriterionShape, loc: Loc) -> Deduct:
        parts = []
        for i, part in enumerate(shape.deduct or []):
            at = (*loc, "deduct", i)
            points = self.points(part.points, (*at, "points"))
            if points <= 0:
                raise self.wrong((*at, "points"), "E207", "每处扣分必须大于 0")
            parts.append(Deduction(self.measure(part.measure, (*at, "measure")), points))
        return Deduct(tuple(parts), self.points(shape.floor, (*loc, "floor")))

    def points(self, raw: int | Decimal, loc: Loc) -> int:
        """Points with at most two decimals, in ten-thousandths."""
        scaled = exact(Fraction(raw) * 100)
        if not isinstance(scaled, int):
            raise self.wrong(loc, "E208", f"分值 {raw} 的小数位太多", "最多两位小数")
        return scaled * (POINT // 100)

    def flag(self, shape: str | FlagShape | None, loc: Loc) -> Flag | None:
        if shape is None:
            return None
        if not isinstance(shape, FlagShape):
            return Flag(shape)  # type: ignore[arg-type]
        opens = self.condition(shape.opens_when, (*loc, "opens_when")) if shape.opens_when else None
        return Flag(shape.kind, opens)

    def effect(self, fact: Fact, raw: Any, loc: Loc) -> Effect:
        if not isinstance(raw, dict):
            return Becomes(self._value(fact, raw, loc))
        shape = validate(EffectShape, raw, self.document, loc)
        if shape is None:
            raise Unusable
        keys = given(shape, tuple(EffectShape.model_fields))
        if len(keys) != 1:
            raise self.wrong(
                loc, "E307", "措施的效果要恰好写一种", f"可以写的有：{'、'.join(EffectShape.model_fields)}"
            )
        return self._one_effect(fact, keys[0], shape, loc)

    def _one_effect(self, fact: Fact, key: str, shape: EffectShape, loc: Loc) -> Effect:
        at = (*loc, key)
        match key:
            case "equal_to":
                return EqualTo(self.fact(str(shape.equal_to), at, fact.type))
            case "at_least" | "at_most" if fact.type in NUMERIC:
                raw = shape.at_least if key == "at_least" else shape.at_most
                kind: Literal["at_least", "at_most"] = "at_least" if key == "at_least" else "at_most"
                if isinstance(raw, TimesShape):
                    return Reaches(kind, self._threshold(raw.times, at)[0], self.fact(raw.of, (*at, "of"), *NUMERIC))
                return Reaches(kind, self._threshold(raw, at)[0])
            case "add" if fact.type in NUMERIC and shape.add is not None:
                return Adds(exact(shape.add))
            case "include" if fact.type == "set":
                if shape.include == "all":
                    return Includes(everything=True)
                return Includes(tuple(sorted(self._value(fact, shape.include, at))))  # type: ignore[arg-type]
            case "include_from" if fact.type == "set":
                return Includes(of=self.fact(str(shape.include_from), at, "set"))
            case "today" if fact.type == "date":
                return Today()
        raise self.wrong(at, "E307", f"{key} 用不到 {fact.id}（{fact.label}，类型 {fact.type}）上")
