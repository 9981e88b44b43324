"""Which column of a table is what: facts, their dates and samples, declarations, the community and its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from checklist.batch.program.column_program import TableShape
from checklist.model.rules.ruleset import Criterion, Ruleset
from checklist.values.headings import KnownColumn, column_of, fact_of, kind_columns, label_index, total_named
from checklist.values.look_alikes import folded

COMMUNITY: Final = frozenset({"community", "id", "编号"})
"""Headings of the community's id beside those that every table of ours has."""

PLACES: Final = ("name", "city", "district", "street", "group")
_MOST_LEADING: Final = 4
ON, AGREE, ASKED, NA = "on", "agree", "asked", "na"
_OF_SITES: Final[tuple[KnownColumn, ...]] = ("site", "site_id", "site_kind", "opened", "closed")


@dataclass(frozen=True, slots=True)
class Layout:
    """``facts``, ``on``, ``agree``, ``asked`` and ``na`` lead from a fact or criterion to its column; ``bits`` from a
    set fact to the column of each option. ``checked`` is the day for readings that have none of their own. ``kept`` are
    carried into the result, ``extra`` belong to nothing, ``texts`` hold text in some file. ``also`` are the other names of
    a column, for files that call it so. ``lines`` is the column 不适用 with a line for each declaration, ``declared`` are
    all criteria that some column may declare. ``leading`` are texts that belong to nothing and stand before the community:
    there 合计 may stand. ``site`` holds the columns that tell a site, by what they tell, ``totals`` those of how many
    sites of a kind there are, ``of_kind`` those headed by a kind, with the sites of it."""

    community: str = ""
    as_of: str = ""
    checked: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    on: Mapping[str, str] = field(default_factory=dict)
    agree: Mapping[str, str] = field(default_factory=dict)
    asked: Mapping[str, str] = field(default_factory=dict)
    na: Mapping[str, str] = field(default_factory=dict)
    bits: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    kept: Mapping[str, str] = field(default_factory=dict)
    extra: tuple[str, ...] = ()
    also: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    forbidden: tuple[str, ...] = ()
    texts: frozenset[str] = frozenset()
    sampled: frozenset[str] = frozenset()
    lines: str = ""
    declared: tuple[str, ...] = ()
    leading: tuple[str, ...] = ()
    site: Mapping[str, str] = field(default_factory=dict)
    totals: Mapping[str, str] = field(default_factory=dict)
    of_kind: Mapping[str, str] = field(default_factory=dict)

    @property
    def sited(self) -> bool:
        """Whether rows may be about sites of a community."""
        return bool(self.totals or self.of_kind or self.site.keys() & {"site", "site_id"})

    @property
    def shape(self) -> TableShape:
        return TableShape(self.sampled, frozenset(self.declared))

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that is read."""
        of_rows, answers = (
            (self.kept, self.site, self.of_kind, self.totals),
            (self.facts, self.on, self.agree, self.asked, self.na),
        )
        parts = (*of_rows, *answers, *self.bits.values())
        found = [name for name in (*self.leading, self.community, self.as_of, self.checked, self.lines) if name]
        return tuple(dict.fromkeys([*found, *(name for part in parts for name in part.values())]))


def layout_of(ruleset: Ruleset, names: Iterable[str], keep: Iterable[str] = (), texts: Iterable[str] = ()) -> Layout:
    """What each column is, by its name: a fact's id or its Chinese label, with or without the unit, ``FACT__on``,
    ``FACT__agree`` with ``FACT__asked``, ``FACT__OPTION`` for an element of a set, ``CRITERION__na``, or a heading of
    our own tables. ``keep`` names further columns to carry along; ``texts`` are those that hold text."""
    options = {
        folded(f"{fact.id}__{option}"): (fact.id, option)
        for fact in ruleset.facts.values()
        if fact.type == "set"
        for option in fact.options
    }
    found = _Found(ruleset, label_index(ruleset), options, frozenset(keep))
    every = list(names)
    headed = kind_columns(every, ruleset)
    for at, name in enumerate(every):
        if at in headed:
            found.first(found.part("of_kind"), headed[at], name)
        else:
            found.place(name)
    return found.layout(frozenset(texts))


def place_of_heading(name: str) -> str:
    """``street`` for 街道: what a column of places is called in a result; "" for any other column."""
    column = column_of(name)
    found = "name" if column == "community" else str(column or name)
    return found if found in PLACES else ""


def _may_be_declared(criterion: Criterion) -> bool:
    return criterion.status == "active" and criterion.may_be_declared


@dataclass(slots=True)
class _Found:
    ruleset: Ruleset
    labels: Mapping[str, str]
    options: Mapping[str, tuple[str, str]]
    keep: frozenset[str]
    one: dict[str, str] = field(default_factory=dict)
    parts: dict[str, dict[str, str]] = field(default_factory=dict)
    bits: dict[str, dict[str, str]] = field(default_factory=dict)
    extra: list[str] = field(default_factory=list)
    also: dict[str, tuple[str, ...]] = field(default_factory=dict)
    forbidden: list[str] = field(default_factory=list)
    before: list[str] = field(default_factory=list)

    def place(self, name: str) -> None:
        """Put one column where its name says; the first of two with one meaning wins."""
        told = folded(name)
        stem, _, tail = told.rpartition("__")
        criterion = stem.upper() if tail == NA else ""
        if name in self.keep and not place_of_heading(name):
            self.part("kept")[name] = name
        if told in self.options:
            of, option = self.options[told]
            self.bits.setdefault(of, {})[option] = name
        elif stem in self.ruleset.facts and tail in (ON, AGREE, ASKED):
            self.part(tail)[stem] = name
        elif criterion in self.ruleset.by_id:
            self.declare(criterion, name)
        elif self.whole_row(name):
            return
        elif fact := fact_of(name, self.labels):
            self.first(self.part("facts"), fact, name)
        elif name not in self.keep:
            self.extra.append(name)
            self.before += [] if "community" in self.one or "name" in self.part("kept") else [name]

    def whole_row(self, name: str) -> bool:
        """A column that is about the community, not about one of its facts."""
        column = column_of(name)
        if folded(name) in COMMUNITY or column == "community_id":
            self.first(self.one, "community", name)
        elif place := place_of_heading(name):
            self.first(self.part("kept"), place, name)
        elif column in ("as_of", "on", "not_applicable"):
            self.first(self.one, column, name)
        elif column in _OF_SITES and self.ruleset.site_kinds:
            self.first(self.part("site"), column, name)
        elif kind := total_named(name, self.ruleset.site_kinds):
            self.first(self.part("totals"), kind, name)
        else:
            return column in ("invented", "ruleset")
        return True

    def first(self, into: dict[str, str], what: str, name: str) -> None:
        first = into.setdefault(what, name)
        if first != name:
            self.also[first] = (*self.also.get(first, ()), name)

    def part(self, name: str) -> dict[str, str]:
        return self.parts.setdefault(name, {})

    def called(self, name: str) -> tuple[str, ...]:
        return (name, *self.also.get(name, ()))

    def declare(self, criterion: str, name: str) -> None:
        found = self.ruleset.criterion(criterion)
        if found.status != "active":
            self.extra.append(name)
        elif _may_be_declared(found):
            self.first(self.part(NA), criterion, name)
        else:
            self.forbidden.append(name)

    def layout(self, texts: frozenset[str]) -> Layout:
        facts = self.part("facts")
        ratios = {name for name, fact in self.ruleset.facts.items() if fact.type == "ratio"}
        counted = self.part(AGREE).keys() & self.part(ASKED).keys() & ratios
        samples = {n: {f: c for f, c in self.part(n).items() if f in counted} for n in (AGREE, ASKED)}
        whole = {f: b for f, b in self.bits.items() if f not in facts and self._all_bits(f, b)}
        declarable = (
            [c.id for c in self.ruleset.criteria if _may_be_declared(c)] if "not_applicable" in self.one else ()
        )
        left = [c for n in (AGREE, ASKED) for f, c in self.part(n).items() if f not in counted]
        left += [c for f, b in self.bits.items() if f not in whole for c in b.values()]
        return Layout(
            self.one.get("community") or self.part("kept").get("name", ""),
            self.one.get("as_of", ""),
            self.one.get("on", ""),
            **{name: self.part(name) for name in ("facts", ON, NA, "kept", "site", "totals", "of_kind")},
            **samples,
            bits=whole,
            extra=(*self.extra, *left),
            also=self.also,
            forbidden=tuple(self.forbidden),
            texts=texts,
            lines=self.one.get("not_applicable", ""),
            declared=tuple(dict.fromkeys([*self.part(NA), *declarable])),
            leading=tuple(name for name in self.before if name in texts)[:_MOST_LEADING],
            sampled=frozenset(counted | {f for f in ratios if texts.intersection(self.called(facts.get(f, "")))}),
        )

    def _all_bits(self, fact: str, bits: Mapping[str, str]) -> bool:
        return bits.keys() == self.ruleset.facts[fact].options.keys()
