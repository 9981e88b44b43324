"""Facts, measures, conditions and blocks as Chinese phrases that can be read aloud."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from checklist.model.numbers import INF, Bound, Number, Span, number_text, percent_text, points_text, rounded
from checklist.model.results.assessment import Obstacle, Score, Step
from checklist.model.results.bands import ExtraPoints
from checklist.model.rules.conditions import AtLeastOf, Condition, Contains, Limit, NoneOf, OneOf
from checklist.model.rules.facts import Fact, Never, Value
from checklist.model.rules.measures import AgeDays, CountOf, FactValue, Measure, Missing, Ratio, Share, Sum
from checklist.reports.language.labels import NO_LEVEL, OURS
from checklist.values.none import NEVER_WORD

Facts = Mapping[str, Fact]


def value_text(fact: Fact, value: Value | None) -> str:
    """A recorded value with its unit: ``60 平方米``, ``是``, ``95%``, ``全天保洁``."""
    match value:
        case None:
            return "未核实"
        case bool():
            return "是" if value else "否"
        case frozenset():
            return "、".join(label for key, label in fact.options.items() if key in value) or "一项都没有"
        case date():
            return value.isoformat()
        case str():
            return fact.options.get(value, value)
        case Never():
            return NEVER_WORD
    return quantity_text(value, unit_of(FactValue(fact.id), {fact.id: fact}))


def unit_of(measure: Measure, facts: Facts) -> str:
    """The unit of a measure; ``%`` for shares."""
    match measure:
        case FactValue(name):
            return "%" if facts[name].type == "ratio" else facts[name].unit
        case Sum(of):
            return unit_of(FactValue(of[0]), facts)
        case Share():
            return "%"
        case Ratio(of, _, per) if per != 1:
            return facts[of].unit
        case AgeDays():
            return "天"
        case CountOf():
            return "项"
        case Missing(required, _):
            return "项" if facts[required].type == "set" else facts[required].unit
    return ""


def quantity_text(value: Bound, unit: str) -> str:
    if value == INF:
        return NEVER_WORD
    if unit == "%" and not isinstance(value, float):
        return percent_text(value, 2)
    gap = " " if unit else ""
    return f"{number_text(value)}{gap}{unit}"


def measure_text(measure: Measure, facts: Facts) -> str:
    """What the measure is, without its number."""
    match measure:
        case FactValue(name):
            return facts[name].label
        case Sum(of):
            return " + ".join(facts[name].label for name in of)
        case Share(of, to):
            return f"{facts[of].label}占{facts[to].label}的比例"
        case Ratio(of, to, per):
            if per == 1:
                return f"{facts[of].label} ÷ {facts[to].label}"
            return f"每 {number_text(per)} {facts[to].unit}的{facts[of].label}"
        case CountOf(name):
            return f"{facts[name].label}的项数"
        case Missing(required, present):
            return f"{facts[required].label}比{facts[present].label}多出的部分"
        case AgeDays(name):
            return f"{facts[name].label}距今"


def limit_text(condition: Limit, facts: Facts) -> str:
    """``≥ 300 平方米``; a limit of zero at most reads 为 0."""
    unit = unit_of(condition.measure, facts)
    amount = quantity_text(condition.limit, unit)
    if condition.kind == "at_most" and condition.limit == 0:
        return f"为 {amount}"
    return f"{'≥' if condition.kind == 'at_least' else '≤'} {amount}"


def condition_text(condition: Condition, facts: Facts) -> str:
    """One condition as a phrase; figures that no source states are marked 本库自定."""
    return _phrase(condition, facts) + (f"（{OURS}）" if condition.ours else "")


def _phrase(condition: Condition, facts: Facts) -> str:
    match condition:
        case Limit(measure, _, _):
            return f"{measure_text(measure, facts)} {limit_text(condition, facts)}"
        case OneOf(name, (True,)):
            return f"{facts[name].label}：是"
        case OneOf(name, (False,)):
            return f"{facts[name].label}：否"
        case OneOf(name, values):
            return f"{facts[name].label}：{' 或 '.join(value_text(facts[name], value) for value in values)}"
        case Contains(name, elements):
            return f"{facts[name].label}：含{'、'.join(f'“{facts[name].options[e]}”' for e in elements)}"
        case AtLeastOf(needed, of):
            return _joined(needed, of, facts)
        case NoneOf((Limit(measure, kind, limit),)):
            amount = quantity_text(limit, unit_of(measure, facts))
            return f"{measure_text(measure, facts)} {'<' if kind == 'at_least' else '>'} {amount}"
        case NoneOf((OneOf(name, values),)):
            return f"{facts[name].label}：不是{'、'.join(f'“{value_text(facts[name], value)}”' for value in values)}"
        case NoneOf(of):
            return f"没有出现：{'；'.join(condition_text(part, facts) for part in of)}"


def _joined(needed: int, of: tuple[Condition, ...], facts: Facts) -> str:
    if len(of) == 1:
        return condition_text(of[0], facts)
    parts = [_bracketed(part, facts) for part in of]
    if needed == len(of):
        return "；".join(parts)
    if needed == 1:
        return "任一条：" + " 或 ".join(parts)
    return f"以下 {len(of)} 条达到 {needed} 条：" + "；".join(parts)


def _bracketed(condition: Condition, facts: Facts) -> str:
    """A part of a joined condition; what is itself joined stands in brackets, so that 或 and 并且 bind as meant."""
    match condition:
        case AtLeastOf(needed, of) if needed == len(of) > 1:
            return f"（{' 并且 '.join(_bracketed(part, facts) for part in of)}）"
        case AtLeastOf(_, of) | NoneOf(of) | OneOf(_, of) if len(of) > 1:
            return f"（{condition_text(condition, facts)}）"
    return condition_text(condition, facts)


def span_text(span: Span, unit: str) -> str:
    """``60 平方米``, ``3 ～ 8 处``, ``至少 3 处``; nothing known reads 未核实."""
    if span.known:
        return quantity_text(span.low, unit)
    if span.high == INF or (unit == "%" and span == Span(0, 1)):
        return f"至少 {quantity_text(span.low, unit)}" if span.low > 0 and span.high == INF else "未核实"
    return (
        f"{number_text(span.low) if unit != '%' else quantity_text(span.low, unit)} ～ {quantity_text(span.high, unit)}"
    )


def measured_text(measure: Measure, span: Span | None, facts: Facts) -> str:
    """The present number of a measure; one fact that nobody recorded is 未核实, whatever range it was declared with."""
    if span is None or (isinstance(measure, FactValue) and not span.known):
        return "未核实"
    return span_text(span, unit_of(measure, facts))


def now_text(block: Obstacle, facts: Facts, values: Mapping[str, Value]) -> str:
    """What is recorded, for a block: ``社区办公服务用房面积 60 平方米``."""
    condition = block.condition
    if isinstance(condition, Limit):
        return f"{measure_text(condition.measure, facts)} {measured_text(condition.measure, block.now, facts)}"
    return "、".join(f"{facts[name].label}：{value_text(facts[name], values.get(name))}" for name in condition.facts)


def need_text(block: Obstacle, facts: Facts, values: Mapping[str, Value], *, named: bool = False) -> str:
    """How far a block is from going away: ``差 240 平方米``, ``要清掉 3 处``, ``缺 展示栏``."""
    condition = block.condition
    match condition:
        case Limit(measure, kind, _):
            unit = unit_of(measure, facts)
            if block.target is not None and block.short is not None:
                name = block.target[0]
                fact_unit = unit_of(FactValue(name), facts)
                verb = "要减少" if values.get(name) is not None and block.target[1] < values[name] else "差"  # type: ignore[operator]
                label = "" if measure == FactValue(name) and not named else facts[name].label
                return f"{label}{verb} {short_text(block.short, fact_unit)}"
            if block.short is not None:
                return f"{'差' if kind == 'at_least' else '要减少'} {short_text(block.short, unit)}"
            return f"{measure_text(measure, facts)}要{limit_text(condition, facts)}"
        case Contains(name, elements):
            have = values.get(name)
            missing = [e for e in elements if not (isinstance(have, frozenset) and e in have)]
            return f"缺{'、'.join(f'“{facts[name].options[e]}”' for e in missing)}"
        case _:
            return f"要做到“{condition_text(condition, facts)}”"


def short_text(amount: Number, unit: str) -> str:
    """A difference: of shares in percentage points."""
    return f"{percent_text(amount, 2)[:-1]} 个百分点" if unit == "%" else quantity_text(amount, unit)


def step_text(step: Step, facts: Facts, values: Mapping[str, Value]) -> str:
    """The way to one level in a phrase."""
    blocks = [block for block in step.blocks if block.short != 0] or step.blocks
    needs = list(dict.fromkeys(need_text(block, facts, values, named=len(blocks) > 1) for block in blocks))
    if step.choose < len(needs):
        return f"下面任做 {step.choose} 条：{'；'.join(needs)}"
    return "，".join(needs)


def score_text(score: Score, decimals: int = 1) -> str:
    low, high = rounded(score.low, decimals), rounded(score.high, decimals)
    return str(low) if score.known else f"{low} ～ {high}"


def points_range(low: Number, high: Number, decimals: int = 2) -> str:
    text = points_text(low, decimals)
    return text if low == high else f"{text} ～ {points_text(high, decimals)}"


def extra_text(extra: ExtraPoints) -> str:
    """``附加分（荣誉）5.00 分，最多 15.00 分，不计入得分``."""
    word = "附加分" if extra.module.kind == "bonus" else "倒扣分"
    counted = "定等次时算上" if extra.module.counts else "不计入得分和等次"
    most = points_text(extra.module.points)
    return f"{word}（{extra.module.title}）{points_range(extra.low, extra.high)} 分，最多 {most} 分，{counted}"


def band_text(bands: tuple[str, str]) -> str:
    return bands[0] if bands[0] == bands[1] else f"{bands[0]} ～ {bands[1]}"


def levels_text(worst: str | None, best: str | None) -> str:
    if worst == best:
        return f"{worst} 档" if worst else NO_LEVEL
    return f"{worst or NO_LEVEL} ～ {best} 档"
