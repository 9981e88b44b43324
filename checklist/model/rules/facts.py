"""Facts: the recordable quantities, choices, yes/no answers, sets and dates of one community."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Final, Literal, TypeAlias

from checklist.model.noun import noun
from checklist.model.numbers import INF, Bound, Number, Span
from checklist.model.problems import NOWHERE, Where

FactType: TypeAlias = Literal["bool", "count", "number", "ratio", "choice", "set", "date"]
Method: TypeAlias = Literal["materials_review", "field_inspection", "questionnaire", "hearing", "web"]
Polarity: TypeAlias = Literal["higher", "lower", "true", "false", "first", "more", "later"]
TraceKind: TypeAlias = Literal["meeting", "plate", "photo", "paper"]
Part: TypeAlias = tuple[str, str]
"""A part and its whole."""


class Never(Enum):
    """What a date or a number of elapsed days is of a thing that never happened: longer ago than any window."""

    NEVER = "never"

    def __str__(self) -> str:
        return self.value


NEVER: Final = Never.NEVER
ANY_DAY: Final = date(2026, 1, 1)
"""The as-of day of a question that no day decides."""
Value: TypeAlias = bool | int | Fraction | str | frozenset[str] | date | Never

NUMERIC: tuple[FactType, ...] = ("count", "number", "ratio")
POLARITIES: dict[FactType, tuple[Polarity, ...]] = {
    "bool": ("true", "false"),
    "count": ("higher", "lower"),
    "number": ("higher", "lower"),
    "ratio": ("higher", "lower"),
    "choice": ("first",),
    "set": ("more",),
    "date": ("later",),
}
ELAPSED: Final = frozenset({"年", "个月", "周", "天", "日", "小时", "分钟"})
"""Units of time: where less of it is better, nothing done is not no time."""


def usual_none(
    type: FactType, better: Polarity | None, unit: str, low: Number, options: Mapping[str, str]
) -> Value | None:
    """What 没有 answers to a fact that does not declare it; None where it could mean several things."""
    match type:
        case "bool":
            return False
        case "set":
            return frozenset()
        case "choice":
            return "none" if "none" in options else None
        case "count" | "number" if better is not None and low <= 0 and not (better == "lower" and unit in ELAPSED):
            return 0
    return None


@noun
class Trace:
    """What is left behind by work, not what it came to: a meeting held, a plate on a wall, a photo, a paper on file.

    ``over_days`` is the time that a counted one is counted over; None for what stands once.
    """

    kind: TraceKind
    over_days: int | None = None


@noun
class Fact:
    """The declaration of one fact (实测项). ``options`` are in order, best first for a choice.

    ``better`` is the direction that can only help; None for neutral facts such as the number of households.
    ``none_is`` is what 没有 answers; where that is ``NEVER`` the fact may have that value, None where 没有 is no answer.
    ``minutes`` is the time to check it on site, ``valid_for_days`` how long a reading stays fresh.
    ``serves`` says that each site reads the community's one value.
    ``part_of`` names the whole that it is counted among and can never exceed; ``parts`` are the facts that name this
    one so (``linked`` fills it in). ``trace`` says that it looks at a trace of work instead of its result.
    """

    id: str
    label: str
    type: FactType
    method: Method
    ask: str
    minutes: int
    valid_for_days: int
    unit: str = ""
    better: Polarity | None = None
    place: str = ""
    low: Number = 0
    high: Bound = INF
    options: Mapping[str, str] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()
    serves: Literal["", "sites"] = ""
    part_of: str = ""
    parts: tuple[str, ...] = ()
    where: Where = NOWHERE
    none_is: Value | None = None
    trace: Trace | None = None

    @property
    def span(self) -> Span:
        """What is known of a numeric fact that nobody recorded: its declared range."""
        return Span(self.low, INF if self.none_is is NEVER else self.high)

    @property
    def values(self) -> tuple[Value, ...]:
        """Every value of a yes/no or choice fact, in order; no other fact's are few."""
        return (True, False) if self.type == "bool" else tuple(self.options) if self.type == "choice" else ()

    def clipped(self, value: Number) -> Number:
        """The number nearest to it that a numeric fact may be."""
        above = max(value, self.low)
        return above if isinstance(self.high, float) else min(above, self.high)

    def better_of(self, now: Value | None, new: Value) -> Value:
        """The better of two values along the polarity; ``new`` when there is none to compare, or no polarity."""
        if now is None or now is NEVER or self.better is None:
            return new
        if new is NEVER:
            return now
        match self.better:
            case "first":
                order = list(self.options)
                return min(now, new, key=lambda value: order.index(str(value)))
            case "more" if isinstance(now, frozenset) and isinstance(new, frozenset):
                return now | new
            case "lower" | "false":
                return min(now, new)
        return max(now, new)


def linked(facts: Mapping[str, Fact]) -> Mapping[str, Fact]:
    """The same facts, every whole knowing its parts."""
    parts: dict[str, tuple[str, ...]] = {}
    for fact in facts.values():
        if fact.part_of:
            parts[fact.part_of] = (*parts.get(fact.part_of, ()), fact.id)
    return {name: replace(fact, parts=tuple(sorted(parts.get(name, ())))) for name, fact in facts.items()}


def wholes_of(facts: Mapping[str, Fact], name: str) -> Iterator[str]:
    """The whole of a fact, the whole of that one, and so on."""
    while name := facts[name].part_of:
        yield name


def kin_of(facts: Mapping[str, Fact], name: str) -> Iterator[str]:
    """The facts that say something of this one as long as it is unknown: all its wholes and all its parts."""
    yield from wholes_of(facts, name)
    inside = list(facts[name].parts)
    while inside:
        yield (part := inside.pop())
        inside += facts[part].parts


def parts_of(facts: Mapping[str, Fact]) -> tuple[Part, ...]:
    """Every fact with each of its wholes; no record may have the part greater."""
    return tuple((name, whole) for name in facts for whole in wholes_of(facts, name))


@noun
class Knowledge:
    """What is known of one community on the as-of day; a fact that is absent here is unknown.

    ``spans`` narrows single numeric facts to a span instead of one value (a survey's sampling interval). ``promised``
    are values that an action puts in the place of unknown ones: what they are really says nothing of parts and wholes.
    """

    declared: Mapping[str, Fact]
    values: Mapping[str, Value]
    as_of: date
    spans: Mapping[str, Span] = field(default_factory=dict)
    promised: frozenset[str] = frozenset()

    def value(self, fact: str) -> Value | None:
        return self.values.get(fact)

    def number(self, fact: str) -> Number | None:
        """The number recorded; None when it is unknown, or only sampled."""
        value = self.values.get(fact)
        return value if isinstance(value, int | Fraction) and fact not in self.spans else None

    def span(self, fact: str) -> Span:
        """The span of a numeric fact: one number when known; when not its declared range, between its known parts
        and its known whole."""
        if fact in self.spans:
            return self.spans[fact]
        value = self.values.get(fact)
        if isinstance(value, int | Fraction):
            return Span(value, value)
        if value is NEVER:
            return Span(INF, INF)
        definition = self.declared[fact]
        return self._between(definition) if definition.parts or definition.part_of else definition.span

    def _between(self, fact: Fact) -> Span:
        low: Bound = fact.low
        high: Bound = fact.high
        for name in fact.parts:
            low = low if name in self.promised else max(low, self.span(name).low)
        for name in wholes_of(self.declared, fact.id):
            value = self.number(name)
            high = high if value is None or name in self.promised else min(high, value)
        return Span(low, high) if low <= high else fact.span

    def elements(self, fact: str) -> frozenset[str] | None:
        value = self.values.get(fact)
        return value if isinstance(value, frozenset) else None

    def with_values(self, changes: Mapping[str, Value], promised: frozenset[str] | None = None) -> Knowledge:
        """The same with these values; ``promised`` takes the place of what was, where it is given."""
        spans = {fact: span for fact, span in self.spans.items() if fact not in changes}
        told = self.promised if promised is None else promised
        return Knowledge(self.declared, {**self.values, **changes}, self.as_of, spans, told)
