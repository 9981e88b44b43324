"""Invented communities for tests and benchmarks: every fact drawn from a seeded generator, parts within their wholes.

    python benchmarks/communities.py FOLDER [COUNT] [SEED]

writes COUNT state files, a folder for each community. The same seed gives the same bytes.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from checklist import Ruleset, load_ruleset
from checklist.model.numbers import INF
from checklist.model.rules.conditions import AtLeastOf, Condition, Limit, NoneOf
from checklist.model.rules.facts import Fact, parts_of
from checklist.model.rules.scales import Deduct

DAY = date(2026, 10, 15)
STREETS = ("湖滨街道", "城关街道", "新华街道", "东山街道", "河西街道", "站前街道")
GROUPS = ("老旧小区", "商品房小区", "村改居", "单位宿舍区")
HEADS, TAILS = "翠明安康和新永长文华春光福兴", "苑湖桥园里庄台河塘岭坊巷"


def limits_of(ruleset: Ruleset) -> dict[str, list[int]]:
    """Whole numbers near the limits that each fact is compared with, so that levels of all kinds occur."""
    near: dict[str, list[int]] = {}

    def visit(condition: Condition) -> None:
        if isinstance(condition, Limit):
            for fact in condition.measure.facts:
                near.setdefault(fact, []).append(int(condition.limit))
        if isinstance(condition, AtLeastOf | NoneOf):
            for part in condition.of:
                visit(part)

    for criterion in ruleset.criteria:
        if not isinstance(criterion.scale, Deduct):
            for rung in criterion.scale.rungs:
                visit(rung.condition)
    return near


def _value(fact: Fact, quality: float, near: list[int], chance: random.Random) -> object:
    """A value in the community's favour with probability ``quality``."""
    good = chance.random() < quality
    match fact.type:
        case "bool":
            return good if fact.better != "false" else not good
        case "choice":
            options = list(fact.options)
            return options[0] if good else chance.choice(options)
        case "set":
            return [option for option in fact.options if chance.random() < (0.98 if good else 0.5)]
        case "date":
            return DAY - timedelta(days=chance.randrange(10, 60 if good else 900))
    high = 400 if fact.high == INF else int(fact.high)
    if fact.type == "ratio":
        return (
            f"{chance.randrange(85 if good else 30, 101)}%" if fact.better != "lower" else f"{chance.randrange(0, 15)}%"
        )
    if fact.better == "lower":
        return max(int(fact.low), 0) if good else max(int(fact.low), min(high, chance.randrange(0, 7)))
    around = max(near, default=20) or 20
    return max(
        int(fact.low), min(high, chance.randrange(around, around * 2 + 1) if good else chance.randrange(around + 1))
    )


def facts_of(ruleset: Ruleset, near: dict[str, list[int]], chance: random.Random) -> dict[str, object]:
    quality, known = chance.uniform(0.45, 0.97), chance.uniform(0.72, 1.0)
    found = {
        name: _value(fact, quality, near.get(name, []), chance)
        for name, fact in ruleset.facts.items()
        if chance.random() < known
    }
    for part, whole in parts_of(ruleset.facts) * 3:
        less, more = found.get(part), found.get(whole)
        if isinstance(less, int) and isinstance(more, int) and less > more:
            found[part] = more
    return found


def _written(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(value)}]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def state_text(ruleset: Ruleset, id: str, near: dict[str, list[int]], chance: random.Random) -> str:
    name = f"{chance.choice(HEADS)}{chance.choice(TAILS)}社区"
    lines = [
        f"community: {{id: {id}, name: {name}, city: 示例市, district: 湖东区, street: {chance.choice(STREETS)}, "
        f"group: {chance.choice(GROUPS)}, invented: true}}",
        f"ruleset: {ruleset.id}",
        f"as_of: {DAY}",
        "facts:",
    ]
    for fact, value in facts_of(ruleset, near, chance).items():
        day = DAY - timedelta(days=chance.randrange(14))
        if fact.startswith("survey_") and ruleset.facts[fact].type == "ratio":
            asked = chance.choice((50, 80, 100))
            lines.append(
                f"  {fact}: {{sample: {{agree: {chance.randrange(asked // 2, asked + 1)}, asked: {asked}}}, on: {day}, by: 问卷小组}}"
            )
        else:
            lines.append(f"  {fact}: {{value: {_written(value)}, on: {day}, by: 网格员}}")
    return "\n".join(lines) + "\n"


def communities(ruleset: Ruleset, count: int, seed: int = 5) -> Iterator[tuple[str, str]]:
    """Ids and the texts of their state files."""
    near, chance = limits_of(ruleset), random.Random(seed)
    for i in range(count):
        id = f"sample-{i + 1:04}"
        yield id, state_text(ruleset, id, near, chance)


def write(folder: Path, count: int, seed: int = 5) -> None:
    ruleset = load_ruleset()
    for id, text in communities(ruleset, count, seed):
        (folder / id).mkdir(parents=True, exist_ok=True)
        (folder / id / f"{DAY}.yaml").write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(
        Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 12, int(sys.argv[3]) if len(sys.argv) > 3 else 5
    )
