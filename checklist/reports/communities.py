"""Many communities in one sheet: wide (a row a community) and long (a row a reading)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from ..model.facts import Fact
from ..model.ruleset import Ruleset
from ..model.state import Reading, State
from ..model.tables import HEADINGS, NOT_APPLICABLE, declared_heading, declared_text
from .formcells import cell_text
from .tablefile import Cell

_WHO = ("community_id", "community", "city", "district", "street", "group")


def long_table(ruleset: Ruleset, states: Sequence[State]) -> tuple[list[str], list[list[Cell]]]:
    """Headings and rows; loses nothing of a reading, nor a declaration. Reading it back gives the same ones."""
    columns = ("community_id", "community", "fact", "label", "value", "on", "by", "evidence", "note")
    head = [HEADINGS[name][0] for name in columns]  # type: ignore[index]
    rows: list[list[Cell]] = []
    for state in states:
        for name in ruleset.facts:
            reading = state.readings.get(name)
            if reading is not None:
                fact, community = ruleset.facts[name], state.community
                row: list[Cell] = [community.id, community.name, name, fact.label, value_cell(fact, reading)]
                rows.append([*row, reading.on, reading.by, "\n".join(reading.evidence), reading.note])
        for id, declared in state.not_applicable.items():
            title = ruleset.criterion(id).title if id in ruleset.by_id else ""
            why = declared_text(declared.reason, declared.until)
            rows.append([state.community.id, state.community.name, id, title, NOT_APPLICABLE, None, "", "", why])
    return head, rows


def wide_table(ruleset: Ruleset, states: Sequence[State]) -> tuple[list[str], list[list[Cell]]]:
    """A column for each fact that any of them has recorded, and for each criterion that one of them declares not
    applicable. Dates and names of single readings do not fit into it: 核实日期 stays empty, to be filled in by whoever
    checks again."""
    facts = [fact for fact in ruleset.facts.values() if any(fact.id in state.readings for state in states)]
    head = [HEADINGS[name][0] for name in (*_WHO, "as_of", "on")]  # type: ignore[index]
    head += [f"{fact.label}（{fact.unit}）" if fact.unit else fact.label for fact in facts]
    declared = [c.id for c in ruleset.criteria if any(c.id in state.not_applicable for state in states)]
    head += [declared_heading(id) for id in declared]
    rows: list[list[Cell]] = []
    for state in states:
        community = state.community
        row: list[Cell] = [community.id, community.name, community.city, community.district, community.street]
        row += [community.group, state.as_of, None]
        row += [value_cell(fact, r) if (r := state.readings.get(fact.id)) else None for fact in facts]
        row += [declared_text(n.reason, n.until) if (n := state.not_applicable.get(id)) else None for id in declared]
        rows.append(row)
    return head, rows


def value_cell(fact: Fact, reading: Reading) -> Cell:
    value = reading.value
    if isinstance(value, date):
        return value
    if fact.type in ("count", "number") and isinstance(value, int | Fraction) and not isinstance(value, bool):
        return value
    return cell_text(fact, reading)
