"""Which column of a table is what: facts, their dates and samples, declarations, the community and its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..model.ruleset import Ruleset
from .program import Shape

COMMUNITY = {"community": "community", "id": "community", "社区编号": "community", "编号": "community"}
PLACES = {
    "name": "name",
    "社区": "name",
    "社区名称": "name",
    "city": "city",
    "市": "city",
    "district": "district",
    "区县": "district",
    "street": "street",
    "街道": "street",
    "group": "group",
    "类型": "group",
}
AS_OF = {"as_of": "as_of", "现状日期": "as_of"}
ON, AGREE, ASKED, NA = "__on", "__agree", "__asked", "__na"


@dataclass(frozen=True, slots=True)
class Layout:
    """``facts``, ``on``, ``agree``, ``asked`` and ``na`` lead from a fact or criterion to its column; ``bits`` from a
    set fact to the column of each option. ``kept`` are carried into the result, ``extra`` belong to nothing."""

    community: str = ""
    as_of: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    on: Mapping[str, str] = field(default_factory=dict)
    agree: Mapping[str, str] = field(default_factory=dict)
    asked: Mapping[str, str] = field(default_factory=dict)
    na: Mapping[str, str] = field(default_factory=dict)
    bits: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    kept: Mapping[str, str] = field(default_factory=dict)
    extra: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()

    @property
    def shape(self) -> Shape:
        return Shape(frozenset(self.agree.keys() & self.asked.keys()), frozenset(self.na))

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that is read."""
        parts = (self.kept, self.facts, self.on, self.agree, self.asked, self.na, *self.bits.values())
        found = [name for name in (self.community, self.as_of) if name]
        return tuple(dict.fromkeys([*found, *(name for part in parts for name in part.values())]))


def layout_of(ruleset: Ruleset, names: Iterable[str], keep: Iterable[str] = ()) -> Layout:
    """What each column is, by its name: a fact's id or its Chinese label, ``FACT__on``, ``FACT__agree`` with
    ``FACT__asked``, ``FACT__OPTION`` for an element of a set, ``CRITERION__na``. ``keep`` names further columns to carry
    along."""
    labels: dict[str, str] = {}
    for fact in ruleset.facts.values():
        labels[fact.label] = "" if fact.label in labels else fact.id
    options = {
        f"{fact.id}__{option}": (fact.id, option)
        for fact in ruleset.facts.values()
        if fact.type == "set"
        for option in fact.options
    }
    found = _Found(ruleset, labels, options, frozenset(keep))
    for name in names:
        found.place(name)
    return found.layout()


@dataclass(slots=True)
class _Found:
    ruleset: Ruleset
    labels: Mapping[str, str]
    options: Mapping[str, tuple[str, str]]
    keep: frozenset[str]
    community: str = ""
    as_of: str = ""
    parts: dict[str, dict[str, str]] = field(default_factory=dict)
    bits: dict[str, dict[str, str]] = field(default_factory=dict)
    extra: list[str] = field(default_factory=list)
    forbidden: list[str] = field(default_factory=list)

    def place(self, name: str) -> None:
        fact = name if name in self.ruleset.facts else self.labels.get(name, "")
        stem, _, tail = name.rpartition("__")
        if name in COMMUNITY and not self.community:
            self.community = name
        elif name in AS_OF and not self.as_of:
            self.as_of = name
        elif name in self.keep or (name in PLACES and PLACES[name] not in self.part("kept")):
            self.part("kept")[PLACES.get(name, name)] = name
        elif fact and fact not in self.part("facts"):
            self.part("facts")[fact] = name
        elif name in self.options:
            of, option = self.options[name]
            self.bits.setdefault(of, {})[option] = name
        elif stem in self.ruleset.facts and f"__{tail}" in (ON, AGREE, ASKED):
            self.part(tail)[stem] = name
        elif stem in self.ruleset.by_id and f"__{tail}" == NA:
            self.declare(stem, name)
        else:
            self.extra.append(name)

    def part(self, name: str) -> dict[str, str]:
        return self.parts.setdefault(name, {})

    def declare(self, criterion: str, name: str) -> None:
        found = self.ruleset.criterion(criterion)
        if found.na_when or found.applies_when is not None:
            self.part("na")[criterion] = name
        else:
            self.forbidden.append(name)

    def layout(self) -> Layout:
        ratios = {name for name, fact in self.ruleset.facts.items() if fact.type == "ratio"}
        sampled = self.part("agree").keys() & self.part("asked").keys() & ratios
        parts = {name: self.part(name) for name in ("facts", "on", "na", "kept")}
        samples = {n: {f: c for f, c in self.part(n).items() if f in sampled} for n in ("agree", "asked")}
        whole = {f: b for f, b in self.bits.items() if f not in parts["facts"] and self._all_bits(f, b)}
        left = [c for n in ("agree", "asked") for f, c in self.part(n).items() if f not in sampled]
        left += [c for f, b in self.bits.items() if f not in whole for c in b.values()]
        return Layout(
            self.community,
            self.as_of,
            **parts,
            **samples,
            bits=whole,
            extra=(*self.extra, *left),
            forbidden=tuple(self.forbidden),
        )

    def _all_bits(self, fact: str, bits: Mapping[str, str]) -> bool:
        return bits.keys() == self.ruleset.facts[fact].options.keys()
