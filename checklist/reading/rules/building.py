"""What every written form of a file needs: declared facts, levels, and a place for what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from checklist.model.numbers import POINT, Number, exact
from checklist.model.problems import NotAValue
from checklist.model.rules.facts import NEVER, Fact, FactType, Value
from checklist.reading.rules.criterion_shapes import LimitShape
from checklist.reading.yaml.shape_mistakes import Loc
from checklist.reading.yaml.yaml_file import YamlFile
from checklist.values.fact_value import fact_value, quantity
from checklist.values.near import suggest

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

    document: YamlFile
    facts: Mapping[str, Fact]
    levels: Sequence[str]
    broken: frozenset[str] = frozenset()

    def wrong(self, loc: Loc, code: str, says: str, hint: str = "") -> Unusable:
        self.document.wrong(loc, code, says, hint)
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

    def added(self, name: str, loc: Loc, *types: FactType) -> str:
        """The name of a declared fact that is reckoned with; one that may be never is only compared."""
        if self.facts[self.fact(name, loc, *types)].none_is is NEVER:
            says = f"{name}（{self.facts[name].label}）可以是从来没有（none_is: never），不能参加计算"
            raise self.wrong(loc, "E302", says, "用 fact 直接比较，或去掉 none_is: never")
        return name

    def value(self, fact: Fact, raw: Any, loc: Loc) -> Value:
        try:
            return fact_value(fact, raw)
        except NotAValue as reason:
            raise self.wrong(loc, reason.code, reason.says, reason.hint) from None

    def threshold(self, raw: Any, loc: Loc) -> tuple[Number, bool]:
        marked = isinstance(raw, LimitShape)
        try:
            return quantity(raw.is_ if isinstance(raw, LimitShape) else raw), marked and raw.ours
        except (ValueError, TypeError, ArithmeticError):
            raise self.wrong(loc, "E201", "这里要填数字或百分数", "例：300、95%、{is: 90%, ours: true}") from None

    def points(self, raw: int | Decimal, loc: Loc) -> int:
        """Points with at most two decimals, in ten-thousandths."""
        scaled = exact(Fraction(raw) * 100)
        if not isinstance(scaled, int):
            raise self.wrong(loc, "E208", f"分值 {raw} 的小数位太多", "最多两位小数")
        return scaled * (POINT // 100)

    def level(self, name: str, loc: Loc) -> str:
        if name not in self.levels:
            raise self.wrong(loc, "E305", f"没有 {name} 这一档", f"档次有：{'、'.join(self.levels)}")
        return name

    def in_order(self, written: Mapping[str, Any], loc: Loc) -> list[str]:
        for name in written:
            self.level(name, (*loc, name))
        return [name for name in self.levels if name in written]
