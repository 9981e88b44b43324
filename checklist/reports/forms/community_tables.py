"""Many communities in one sheet: wide (a row a record) and long (a row a reading)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checklist.model.rules.facts import Fact
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import NotApplicable, Reading, State
from checklist.reports.document.document import Column, Content, Table
from checklist.reports.forms.form_cells import value_cell
from checklist.values import headings
from checklist.values.headings import HEADINGS, NOT_APPLICABLE

_WHO: tuple[headings.KnownColumn, ...] = (
    "community_id", "community", "city", "district", "street", "group", "invented", "ruleset", "as_of",
)  # fmt: skip
_ROW: tuple[headings.KnownColumn, ...] = ("fact", "label", "value", "on", "by", "evidence", "note", "until")


def long_table(ruleset: Ruleset, states: Sequence[State]) -> Table:
    """Loses nothing: reading it back gives the same states, declarations included."""
    titles = {criterion.id: criterion.title for criterion in ruleset.criteria}
    rows: list[list[Content]] = []
    for state in states:
        told = [_reading_row(ruleset.facts[name], r) for name in ruleset.facts if (r := state.readings.get(name))]
        told += [_declared_row(said, titles[id]) for id, said in state.not_applicable.items()]
        rows += [[*_who(state), *row] for row in told or [[None] * len(_ROW)]]
    return _table(_headings(*_WHO, *_ROW), rows)


def _reading_row(fact: Fact, reading: Reading) -> list[Content]:
    row: list[Content] = [fact.id, fact.label, value_cell(fact, reading), reading.on, reading.by]
    return [*row, "\n".join(reading.evidence), reading.note, None]


def _declared_row(said: NotApplicable, title: str) -> list[Content]:
    return [said.criterion, title, NOT_APPLICABLE, None, None, None, said.reason, said.until]


def wide_table(ruleset: Ruleset, states: Sequence[State]) -> Table:
    """A column for each fact that any of them knows. Dates, names, evidence and remarks of single readings do not fit
    into it, so values that are out of date on the record's day are left out: read back, they would look fresh.
    核实日期 stays empty, to be filled in by whoever checks again."""
    facts = [fact for fact in ruleset.facts.values() if any(_shown(fact, state) for state in states)]
    head = _headings(*_WHO, "on", "not_applicable")
    head += [Column(f"{fact.label}（{fact.unit}）" if fact.unit else fact.label) for fact in facts]
    rows: list[list[Content]] = []
    for state in states:
        declared = "\n".join(_line(said) for said in state.not_applicable.values())
        cells = [value_cell(fact, r) if (r := _shown(fact, state)) else None for fact in facts]
        rows.append([*_who(state), None, declared, *cells])
    return _table(head, rows)


def _table(columns: Sequence[Column], rows: Sequence[Sequence[Content]]) -> Table:
    return Table("总表", tuple(columns), tuple(map(tuple, rows)))


def left_out(ruleset: Ruleset, states: Sequence[State]) -> int:
    """How many recorded values a wide table has no cell for: they do not count on its day."""
    return sum(name in ruleset.facts and not _shown(ruleset.facts[name], s) for s in states for name in s.readings)


def _shown(fact: Fact, state: State) -> Reading | None:
    return state.readings.get(fact.id) if state.why_unknown(fact) in (None, "said_unknown") else None


def _line(said: NotApplicable) -> str:
    return f"{said.criterion}：{said.reason}" + (f"（到 {said.until}）" if said.until else "")


def _who(state: State) -> Iterator[Content]:
    community = state.community
    yield from (community.id, community.name, community.city, community.district, community.street, community.group)
    yield from ("是" if community.invented else None, state.ruleset, state.as_of)


def _headings(*columns: headings.KnownColumn) -> list[Column]:
    return [Column(HEADINGS[column][0]) for column in columns]
