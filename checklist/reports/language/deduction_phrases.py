"""Scales that count items, in phrases: what each item takes off or earns, and why."""

from __future__ import annotations

from collections.abc import Iterator

from checklist.model.numbers import points_text, trimmed_points
from checklist.model.results.explanation import ItemAnswer
from checklist.model.rules.counts import Count, Holds, Steps
from checklist.model.rules.facts import Knowledge
from checklist.model.rules.scales import Deduct, Deduction, DeductionGroup, Taken
from checklist.reports.language.labels import OURS
from checklist.reports.language.phrases import (
    Facts,
    condition_text,
    measure_text,
    measured_text,
    quantity_text,
    short_text,
    unit_of,
    value_text,
)

STEPS = {"full": "不满一步不算", "started": "不满一步按一步算", "exact": "按比例算"}
VERB = {"deduct": "扣", "earn": "得", "proportional": "得"}


def scale_lines(scale: Deduct, facts: Facts) -> Iterator[tuple[str, int]]:
    """Every item in a phrase, with how deep it stands: what shares a cap is listed under it."""
    verb = VERB[scale.kind]
    if scale.kind == "proportional":
        yield _proportion(scale.deductions[0], facts), 0
        return
    for part in scale.parts:
        if isinstance(part, DeductionGroup):
            label = part.because or "下面几项"
            yield f"{label}：合计最多{verb} {points_text(part.at_most)} 分", 0
            yield from ((deduction_text(one, facts, verb), 1) for one in part.deductions)
        else:
            yield deduction_text(part, facts, verb), 0


def rest_text(scale: Deduct) -> str:
    """How far down, or up, an items' scale goes."""
    if scale.kind != "deduct":
        return "得满为止"
    return f"最低留 {points_text(scale.floor)} 分" if scale.floor else "扣完为止"


def deduction_text(part: Deduction, facts: Facts, verb: str = "扣") -> str:
    """``没有宣传栏：宣传栏：否，不得分``; ``会议少于 4 次，每少 1 次扣 1 分，最多扣 3 分``."""
    head = f"{part.because}：" if part.because else ""
    if part.whole:
        return f"{head}{_counted(part.measure, facts)}，不得分"
    most = f"，最多{verb} {points_text(part.at_most)} 分" if part.at_most is not None else ""
    return f"{head}{_each(part, facts, verb)} {points_text(part.points)} 分{most}"


def _proportion(part: Deduction, facts: Facts) -> str:
    count = part.measure
    assert isinstance(count, Steps)
    full = quantity_text(count.each, unit_of(count.measure, facts))
    points = points_text(part.points)
    return f"{measure_text(count.measure, facts)}达到 {full}得满分 {points} 分，不到的按比例（万分位以下舍去）"


def _counted(count: Count, facts: Facts) -> str:
    match count:
        case Holds(condition):
            return condition_text(condition, facts)
        case Steps(measure, side, limit):
            mark = f"（{OURS}）" if count.ours else ""
            word = "低于" if side == "below" else "超过"
            return f"{measure_text(measure, facts)}{word} {quantity_text(limit, unit_of(measure, facts))}{mark}"
    return f"{measure_text(count, facts)}有一{unit_of(count, facts) or '个'}"


def _each(part: Deduction, facts: Facts, verb: str) -> str:
    count = part.measure
    if isinstance(count, Holds):
        return f"{_counted(count, facts)}，{verb}"
    if not isinstance(count, Steps):
        return f"{measure_text(count, facts)}，每个{verb}"
    unit = unit_of(count.measure, facts)
    word = "每低" if count.side == "below" else "每超"
    whole = count.each == int(count.each) and all(facts[f].type == "count" for f in count.facts)
    how = "" if whole else f"（{STEPS[count.steps]}）"
    return f"{_counted(count, facts)}，{word} {short_text(count.each, unit)}{how}{verb}"


def item_text(item: ItemAnswer, known: Knowledge, verb: str) -> str:
    """What was recorded for an item and what it comes to: ``现在：3 处，扣 1.5 分``."""
    return f"现在：{_now(item, known)}，{taken_text(item, verb)}"


def _now(item: ItemAnswer, known: Knowledge) -> str:
    facts = known.declared
    if not isinstance(item.part, Deduction):
        return "合计"
    count = item.part.measure
    if isinstance(count, Holds):
        return "、".join(value_text(facts[f], known.value(f)) for f in dict.fromkeys(count.facts))
    measure = count.measure if isinstance(count, Steps) else count
    return measured_text(measure, measure.span(known), facts)


def taken_text(item: ItemAnswer, verb: str) -> str:
    """``不扣``, ``扣 3 分``, ``扣 0 ～ 3 分``, ``不得分``."""
    low, high = item.taken
    if isinstance(item.part, Deduction) and item.part.whole:
        return "不得分" if low else "可能不得分" if high else f"不{verb}"
    if not high:
        return f"不{verb}"
    return f"{verb} {_points(item.taken)} 分"


def _points(taken: Taken) -> str:
    low, high = taken
    if low == high and not isinstance(low, float):
        return trimmed_points(low)
    top = "不限" if isinstance(high, float) else trimmed_points(high)
    return f"{'不限' if isinstance(low, float) else trimmed_points(low)} ～ {top}"
