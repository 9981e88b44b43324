"""Text that a community worker reads and that is not Chinese, and editions that are out of date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from checklist.model.problems import Problem, Where
from checklist.model.rules.clauses import PLACE
from checklist.model.rules.ruleset import Ruleset

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[A-Za-z]*[a-z]{3,}[A-Za-z]*")
_SENTENCE = re.compile(r"[A-Za-z]*[a-z]{2,}(?:[ ,.']+[A-Za-z]+){2,}")


def text_problems(ruleset: Ruleset) -> Iterator[Problem]:
    """Every text left in English, with the place of what it belongs to."""
    for where, what, text in _texts(ruleset):
        if left_in_english(text):
            yield Problem(where, "W407", f"{what}“{text}”还是英文", "社区工作者看的文字都要用中文")


def left_in_english(text: str) -> bool:
    """No Chinese at all but a word in lower case (``AED`` and ``LED`` stay), or three English words in a row."""
    if _CHINESE.search(text):
        return bool(_SENTENCE.search(text))
    return bool(_WORD.search(text))


def _texts(ruleset: Ruleset) -> Iterator[tuple[Where, str, str]]:
    yield ruleset.where, "测评体系的名称", ruleset.title
    yield ruleset.where, "测评体系的声明", ruleset.disclaimer
    for module in ruleset.modules:
        yield module.where, f"{module.id} 的名称", module.title
    yield from ((ruleset.where, f"地点 {id} 的名称", label) for id, label in ruleset.places.items())
    yield from ((ruleset.where, f"费用档 {id} 的名称", cost.label) for id, cost in ruleset.costs.items())
    yield from ((ruleset.where, "等次", band.name) for band in ruleset.bands)
    yield from ((ruleset.where, "测评体系的说明", note) for note in ruleset.notes)
    for c in ruleset.criteria:
        single = (("标题", c.title), ("要求", c.requirement), ("不适用说明", c.na_when))
        yield from ((c.where, f"{c.id} 的{what}", text) for what, text in single)
        many = (("佐证", c.evidence), ("责任单位", c.owner), ("关键词", c.keywords), ("说明", c.notes))
        yield from ((c.where, f"{c.id} 的{what}", text) for what, texts in many for text in texts)
        yield from ((c.where, f"{c.id} 的说法", PLACE.sub("", clause.text)) for clause in c.phrases.clauses)
    for fact in ruleset.facts.values():
        for what, text in (("名称", fact.label), ("问法", fact.ask), *(("佐证", e) for e in fact.evidence)):
            yield fact.where, f"实测项 {fact.id} 的{what}", text
        yield from ((fact.where, f"实测项 {fact.id} 的选项", label) for label in fact.options.values())
    for action in ruleset.actions.values():
        yield action.where, f"措施 {action.id} 的名称", action.label
        yield from ((action.where, f"措施 {action.id} 的责任单位", owner) for owner in action.owner)


def date_problems(ruleset: Ruleset, today: date) -> Iterator[Problem]:
    """An edition that has run out or has not begun."""
    start, end = ruleset.effective
    where = ruleset.effective_where if ruleset.effective_where.line else ruleset.where
    if end is not None and end < today:
        says = f"这一版到 {end} 就过期了（今天 {today}）"
        yield Problem(where, "W408", says, "换新的年版，或核实后改 effective 的 to")
    elif start is not None and start > today:
        yield Problem(where, "W408", f"这一版从 {start} 才开始（今天 {today}）", "在那之前用上一版")
