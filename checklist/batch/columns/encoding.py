"""How each fact becomes arrays that are exact: scaled integers, option codes, bit sets, ages in days.

``<fact>.lo`` and ``<fact>.hi`` are the ends of what is known of a numeric fact, in units of 1/scale: twice the number
when it is known, the declared range when it is not. A range without an upper end uses ``open``, a number above every
number a table may hold. ``<fact>.code`` is 0 for unknown, else 1 + the place of the option (False is 1, True 2).
``<fact>.has`` holds the elements that are surely in a set, ``<fact>.may`` those that can be.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from checklist.batch.program.nodes import MOST_BITS, integer_dtype
from checklist.model.numbers import INF
from checklist.model.refusals import unreadable
from checklist.model.rules.facts import NEVER, NUMERIC, Fact
from checklist.model.rules.leaves import measures
from checklist.model.rules.measures import Missing, Share
from checklist.model.rules.ruleset import Ruleset
from checklist.values.fact_value import DECIMALS, LARGEST

MOST_DAYS: Final = 4_000_000
"""More days than lie between the first and the last date there is."""

NEVER_DAY: Final = -3 * MOST_DAYS
"""In a column of days what never happened: from any day an age beyond the top."""


@dataclass(frozen=True, slots=True)
class Numeric:
    """``least`` to ``most`` are the recorded values, ``top`` what an unknown one may reach, and what never is;
    all in 1/``scale``."""

    scale: int
    least: int
    most: int
    top: int
    sampled: bool = False

    @property
    def open(self) -> bool:
        return self.top > self.most

    @property
    def dtype(self) -> str:
        return integer_dtype(self.least, self.top)


@dataclass(frozen=True, slots=True)
class Coded:
    """The options in order; code 0 is unknown."""

    options: tuple[object, ...]

    @property
    def dtype(self) -> str:
        return "u1" if len(self.options) < 256 else "u2"


@dataclass(frozen=True, slots=True)
class Bits:
    """The bit of every element; facts that are compared with each other share them."""

    bits: Mapping[str, int]
    width: int

    def mask(self, elements: Iterable[str]) -> int:
        return sum(1 << self.bits[element] for element in elements)


Encoding = Numeric | Coded | Bits


def encodings(ruleset: Ruleset, sampled: frozenset[str] = frozenset()) -> Mapping[str, Encoding]:
    """The encoding of every fact. ``sampled`` names ratios that a table gives as survey counts."""
    shared = _shared_bits(ruleset)
    return {name: _encoding(fact, name in sampled, shared) for name, fact in ruleset.facts.items()}


def _encoding(fact: Fact, sampled: bool, shared: Mapping[str, Bits]) -> Encoding:
    if fact.type in NUMERIC:
        return _numeric(fact, sampled)
    if fact.type == "date":
        return Numeric(1, 0, MOST_DAYS, 2 * MOST_DAYS)
    if fact.type == "set":
        return shared[fact.id]
    return Coded((False, True) if fact.type == "bool" else tuple(fact.options))


def _numeric(fact: Fact, sampled: bool) -> Numeric:
    ends = [Fraction(end) for end in (fact.low, fact.high) if end != INF]
    scale = math.lcm(10 ** DECIMALS[fact.type], *(end.denominator for end in ends))
    least, unlimited = int(fact.low * scale), fact.high == INF
    most = max(least, LARGEST * scale) if unlimited else int(Fraction(fact.high) * scale)
    top = most if not unlimited and fact.none_is is not NEVER else max(2**31 - 1, 1 << most.bit_length())
    return Numeric(scale, least, most, top, sampled)


def _shared_bits(ruleset: Ruleset) -> Mapping[str, Bits]:
    sets = {name: fact for name, fact in ruleset.facts.items() if fact.type == "set"}
    group = {name: name for name in sets}
    for measure in (m for criterion in ruleset.criteria for m in measures(criterion)):
        if isinstance(measure, Missing | Share) and measure.facts[0] in sets:
            one, other = measure.facts
            old, new = group[other], group[one]
            group = {name: new if root == old else root for name, root in group.items()}
    found = {}
    for root in set(group.values()):
        members = [name for name in sets if group[name] == root]
        elements = dict.fromkeys(option for name in members for option in sets[name].options)
        if len(elements) > MOST_BITS:
            raise unreadable(f"实测项 {'、'.join(members)} 的选项超过 {MOST_BITS} 个，批量引擎放不下")
        bits = Bits({element: i for i, element in enumerate(elements)}, len(elements))
        found.update(dict.fromkeys(members, bits))
    return found
