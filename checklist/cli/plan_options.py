"""What ``plan`` is asked for: options in, ``Limits`` out; every contradiction in words."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Final

from checklist.cli.console import usage
from checklist.cli.inputs import day
from checklist.model.planning.plan import Limits
from checklist.model.rules.ruleset import Ruleset
from checklist.values.cells import plain

MOST_YUAN: Final = 10**13
MOST_DAYS: Final = 10**7
UNPROVED: Final = '没有用求解器，是逐步挑选的；没有装就装上：pip install "civic-checklist[plan]"'
_MONEY: Final = re.compile(r"^(-?[\d,]+(?:\.\d+)?)\s*(万|万元|元)?$")


def yuan(text: str | None) -> int | None:
    """``200000``, ``200,000`` or ``20万``; never negative."""
    if text is None:
        return None
    found = _MONEY.match(text.strip())
    if found is None:
        usage(f"预算 {text} 看不懂", "写成元数，如 200000 或 20万")
    amount = Decimal(found[1].replace(",", "")) * (10_000 if (found[2] or "").startswith("万") else 1)
    if amount < 0:
        usage(f"预算不能是负数：{text}", "没有预算就写 --budget 0，只排不花钱的措施")
    if amount > MOST_YUAN:
        usage("预算太大", f"最多 {MOST_YUAN // 10**8} 亿元")
    return int(amount)


def person_days(text: str | None) -> Fraction | None:
    if text is None:
        return None
    try:
        amount = Fraction(Decimal(text.removesuffix("工日").removesuffix("天")))
    except (InvalidOperation, ValueError, OverflowError):
        usage(f"工日 {text} 看不懂", "写成数，如 40 或 12.5")
    if amount < 0:
        usage(f"工日不能是负数：{text}")
    if amount > MOST_DAYS:
        usage("工日太多", f"最多 {MOST_DAYS}")
    return amount


def target_score(text: str | None, ruleset: Ruleset) -> Fraction | None:
    """A score from 0 to 100, or the name of a grade band."""
    if text is None:
        return None
    band = next((b for b in ruleset.bands if b.name == text), None)
    if band is not None and band.conditional:
        usage(f"等次“{text}”除了分数还有别的条件，不能当目标", f"写分数，如 {band.at_least}")
    if band is not None:
        return Fraction(band.at_least)
    try:
        score = Fraction(Decimal(text.removesuffix("分")))
    except (InvalidOperation, ValueError, OverflowError):
        usage(f"目标 {text} 看不懂", f"写成分数，如 85，或等次：{'、'.join(b.name for b in ruleset.bands)}")
    if not 0 <= score <= 100:
        usage(f"目标要在 0 到 100 分之间：{text}")
    return score


def limits_of(
    ruleset: Ruleset,
    start: date,
    *,
    target: str | None = None,
    budget: str | None = None,
    days: str | None = None,
    by: str | None = None,
    owner: str | None = None,
    exclude: Iterable[str] = (),
    must: Iterable[str] = (),
    low_cost: bool = False,
    known: bool = False,
) -> Limits:
    """The limits that the options state; stops with exit 2 and a way out where they cannot be meant."""
    last = day(by)
    if last is not None and last < start:
        usage(f"期限 {last} 在方案开始的 {start} 之前", "把 --by 写晚一点，或用 --start 改开始的日子")
    unwanted, wanted = _actions(ruleset, exclude, "--exclude"), _actions(ruleset, must, "--must")
    both = sorted(unwanted & wanted)
    if both:
        usage(f"同一项措施又要做又不要做：{'、'.join(both)}", "从 --must 或 --exclude 里去掉它")
    return Limits(
        start=start,
        target=target_score(target, ruleset),
        budget=yuan(budget),
        days=person_days(days),
        by=last,
        owner=_owner(ruleset, owner),
        exclude=unwanted,
        must=wanted,
        cost_end="low" if low_cost else "high",
        known_only=known,
    )


def _actions(ruleset: Ruleset, names: Iterable[str], option: str) -> frozenset[str]:
    found: set[str] = set()
    for name in (part.strip() for text in names for part in text.replace("，", ",").split(",") if part.strip()):
        matches = [a.id for a in ruleset.actions.values() if name in (a.id, plain(a.label))]
        if not matches:
            near = difflib.get_close_matches(name, ruleset.actions, n=3)
            near += [a.id for a in ruleset.actions.values() if name in plain(a.label)][:3]
            hint = "是不是 " + "、".join(f"{id}（{ruleset.actions[id].label}）" for id in dict.fromkeys(near)) + "？"
            usage(f"{option}：没有 {name} 这项措施", hint if near else "措施编号在 rules 的 actions 文件夹里")
        found.update(matches)
    return frozenset(found)


def _owner(ruleset: Ruleset, owner: str | None) -> str:
    if owner is None:
        return ""
    known = list(dict.fromkeys(name for action in ruleset.actions.values() for name in action.owner))
    meant = next((name for name in known if plain(name) == owner), None)
    if meant is None:
        near = difflib.get_close_matches(owner, known, n=1, cutoff=0.3)
        usage(f"没有 {owner} 这个责任单位" + (f"。是不是 {near[0]}？" if near else ""), f"有：{'、'.join(known[:20])}")
    return meant
