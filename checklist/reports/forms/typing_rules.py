"""What the form says beside a white cell while one types, and what it warns of. Nothing that reading understands is
stopped: words for yes and no, 说不清 with its reason, 无 where it means something."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from checklist.model.rules.facts import Fact
from checklist.values.headings import UNSURE_WORD
from checklist.values.none import none_hint

RuleOptions = dict[str, Any]
"""xlsxwriter's options of one data validation."""

LONGEST_HINT: Final = 255
DAYS: Final[RuleOptions] = {
    "validate": "date",
    "criteria": "between",
    "minimum": date(1900, 1, 1),
    "maximum": date(2099, 12, 31),
    "error_title": "日期不对",
    "error_message": "填日期，如 2026-03-01",
    "error_type": "warning",
}
TICK: Final[RuleOptions] = {"validate": "list", "source": ["√"], "error_type": "warning"}
_OTHER_WORDS: Final = "不是下拉框里的字。有、√、已公示、“说不清：门锁着”这样写也看得懂，要照这样存吗？"


def how(fact: Fact) -> str:
    """How the fact is filled in; 没有 is offered only where it means something."""
    none = none_hint(fact)
    match fact.type:
        case "bool":
            return f"{none}有写“是”。" if none else "选是或否。"
        case "choice":
            return f"{none}有就从下拉框里选一项。" if none else "从下拉框里选一项。"
        case "set":
            return "有几样填几样，用顿号隔开；都没有填“无”，都有填“全部”。"
        case "count":
            return f"{none}有就填整数，单位{fact.unit or '个'}。"
        case "number":
            return f"{none}有就填数，最多两位小数，单位{fact.unit}。"
        case "ratio":
            return f"{none}填 95% 这样，或者 41/50（50 份里有 41 份）。"
    return f"{none}填日期，如 2026-03-01。"


def typing_rule(fact: Fact, cell: str, listed: Callable[[tuple[str, ...]], str]) -> RuleOptions:
    """The data validation of the cell for the fact's value. ``listed`` gives the place of a drop-down's options."""
    note = {"input_title": fact.label[:32], "input_message": f"{how(fact)}看不到填“{UNSURE_WORD}”"[:LONGEST_HINT]}
    options = {"bool": ("是", "否"), "choice": tuple(fact.options.values())}.get(fact.type)
    if options is not None:
        warns = {"error_type": "warning", "error_title": "下拉框里没有", "error_message": _OTHER_WORDS}
        return {**note, **warns, "validate": "list", "source": listed((*options, UNSURE_WORD))}
    if fact.type in ("count", "number"):
        whole = f",{cell}=INT({cell})" if fact.type == "count" else ""
        high = f",{cell}<={fact.high}" if isinstance(fact.high, int) else ""
        formula = f"=OR(ISTEXT({cell}),AND(ISNUMBER({cell}),{cell}>={fact.low}{high}{whole}))"
        wrong = {"error_title": "数不对", "error_message": how(fact)[:LONGEST_HINT]}
        return {**note, **wrong, "validate": "custom", "value": formula}
    return {**note, **(DAYS if fact.type == "date" else {"validate": "any"})}
