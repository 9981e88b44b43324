"""Many communities in one sheet: wide (a row a record, and one a site) and long (a row a reading)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from checklist.model.rules.facts import Fact
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import NotApplicable, Reading, Site, State
from checklist.reports.document.document import Column, Content, Table
from checklist.reports.forms.form_cells import value_cell
from checklist.values.headings import HEADINGS, NOT_APPLICABLE, KnownColumn, total_heading
from checklist.values.site_totals import total_cell

_WHO: Final[tuple[KnownColumn, ...]] = (
    "community_id", "community", "city", "district", "street", "group", "invented", "ruleset", "as_of",
)  # fmt: skip
_SITE: Final[tuple[KnownColumn, ...]] = ("site_id", "site", "site_kind", "opened", "closed")
_ROW: Final[tuple[KnownColumn, ...]] = ("fact", "label", "value", "on", "by", "evidence", "note", "until")


class _Whose:
    """The first columns of every row: the community, and the site where any record has sites."""

    def __init__(self, ruleset: Ruleset, states: Sequence[State]) -> None:
        listed = [site for state in states for site in state.sites]
        kinds = {site.kind for site in listed}.union(*(state.totals for state in states))
        self.kinds = [kind for id, kind in ruleset.site_kinds.items() if id in kinds]
        self.labels = {kind.id: kind.label for kind in self.kinds}
        dated = {"opened": any(site.opened for site in listed), "closed": any(site.closed for site in listed)}
        self.site = tuple(column for column in _SITE if dated.get(column, bool(listed)))
        self.heads = (*_headings(*_WHO, *self.site), *(Column(total_heading(kind)) for kind in self.kinds))

    def cells(self, state: State, site: Site | None) -> Iterator[Content]:
        yield from _community(state)
        for column in self.site:
            match site, column:
                case None, _:
                    yield None
                case Site(), "site_id":
                    yield site.id
                case Site(), "site":
                    yield site.name
                case Site(), "site_kind":
                    yield self.labels.get(site.kind, site.kind)
                case Site(), "opened" | "closed":
                    yield site.opened if column == "opened" else site.closed
        for kind in self.kinds:
            total = state.totals.get(kind.id)
            yield total_cell(total) if total is not None and site is None else None


def _parts(state: State) -> Iterator[tuple[Site | None, State]]:
    """The community with what was recorded of it, then each site with its own."""
    yield None, state
    for site in state.sites:
        yield site, replace(state.at(site), not_applicable=site.not_applicable)


def long_table(ruleset: Ruleset, states: Sequence[State]) -> Table:
    """Loses nothing but defects: reading it back gives the same states, sites and declarations included."""
    titles = {criterion.id: criterion.title for criterion in ruleset.criteria}
    whose = _Whose(ruleset, states)
    rows: list[list[Content]] = []
    for state in states:
        for site, part in _parts(state):
            who = list(whose.cells(state, site))
            told = [_reading_row(ruleset.facts[name], r) for name in ruleset.facts if (r := part.readings.get(name))]
            told += [_declared_row(said, titles[id]) for id, said in part.not_applicable.items()]
            rows += [[*who, *row] for row in told or [[None] * len(_ROW)]]
    return _table([*whose.heads, *_headings(*_ROW)], rows)


def _reading_row(fact: Fact, reading: Reading) -> list[Content]:
    row: list[Content] = [fact.id, fact.label, value_cell(fact, reading), reading.on, reading.by]
    return [*row, "\n".join(reading.evidence), reading.note, None]


def _declared_row(said: NotApplicable, title: str) -> list[Content]:
    return [said.criterion, title, NOT_APPLICABLE, None, None, None, said.reason, said.until]


def wide_table(ruleset: Ruleset, states: Sequence[State]) -> Table:
    """A row a community, and one for each of its sites; a column for each fact that any of them knows. Dates, names,
    evidence and remarks of single readings do not fit into it, so values that are out of date on the record's day are
    left out: read back, they would look fresh. 核实日期 stays empty, to be filled in by whoever checks again."""
    whose = _Whose(ruleset, states)
    parts = [(state, site, part) for state in states for site, part in _parts(state)]
    facts = [fact for fact in ruleset.facts.values() if any(_shown(fact, part) for _, _, part in parts)]
    head = [*whose.heads, *_headings("on", "not_applicable")]
    head += [Column(f"{fact.label}（{fact.unit}）" if fact.unit else fact.label) for fact in facts]
    rows: list[list[Content]] = []
    for state, site, part in parts:
        declared = "\n".join(_line(said) for said in part.not_applicable.values())
        cells = [value_cell(fact, r) if (r := _shown(fact, part)) else None for fact in facts]
        rows.append([*whose.cells(state, site), None, declared, *cells])
    return _table(head, rows)


def _table(columns: Sequence[Column], rows: Sequence[Sequence[Content]]) -> Table:
    return Table("总表", tuple(columns), tuple(map(tuple, rows)))


def left_out(ruleset: Ruleset, states: Sequence[State]) -> int:
    """How many recorded values a wide table has no cell for: they do not count on its day."""
    parts = (part for state in states for _, part in _parts(state))
    return sum(name in ruleset.facts and not _shown(ruleset.facts[name], p) for p in parts for name in p.readings)


def defects_left_out(states: Sequence[State]) -> int:
    """How many defects are recorded that no table has a cell for."""
    own = (some for state in states for some in state.defects.values())
    of_sites = (some for state in states for site in state.sites for some in site.defects.values())
    return sum(map(len, (*own, *of_sites)))


def _shown(fact: Fact, state: State) -> Reading | None:
    return state.readings.get(fact.id) if state.why_unknown(fact) in (None, "said_unknown") else None


def _line(said: NotApplicable) -> str:
    return f"{said.criterion}：{said.reason}" + (f"（到 {said.until}）" if said.until else "")


def _community(state: State) -> Iterator[Content]:
    community = state.community
    yield from (community.id, community.name, community.city, community.district, community.street, community.group)
    yield from ("是" if community.invented else None, state.ruleset, state.as_of)


def _headings(*columns: KnownColumn) -> list[Column]:
    return [Column(HEADINGS[column][0]) for column in columns]
