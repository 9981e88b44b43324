"""Spreadsheets laid flat for the column engine: found and read as ``checklist import`` finds and reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from checklist.batch.columns.bad_cells import BadCell, refused, set_aside
from checklist.batch.tables.csv_streams import csv_reader
from checklist.batch.tables.table_parts import READING
from checklist.files.spreadsheet_states import table_states
from checklist.model.problems import NotAValue, Problem
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import Site, State
from checklist.reading.records.readings import Defaults
from checklist.reading.records.table_rows import Rows
from checklist.reading.tables.recognising import Found, RecognisedTable, find_answers, open_table
from checklist.reading.tables.spreadsheet import BOOKS, MAX_BYTES
from checklist.reports.forms.form_cells import value_cell
from checklist.values.cells import RawCell, plain, shown, words
from checklist.values.days import day_in
from checklist.values.headings import (
    HEADINGS,
    KnownColumn,
    column_of,
    declared_text,
    fact_of,
    kind_columns,
    label_index,
    total_heading,
)
from checklist.values.look_alikes import folded
from checklist.values.site_totals import total_cell

_TEXTS: Final = frozenset({".csv", ".tsv", ".txt"})


def is_sheet(path: Path, ruleset: Ruleset) -> bool:
    """A spreadsheet, or a CSV file that only the table import understands: a long table, one with a title above, one
    whose last columns have no heading, so that a row longer than its headings would fit, or one that names its sites in
    a column of their kind."""
    if path.suffix.lower() in BOOKS:
        return True
    if path.suffix.lower() not in _TEXTS:
        return False
    labels = label_index(ruleset)
    try:
        with csv_reader(path, None) as reader:
            names = reader.schema.names
    except READING:
        return False
    if (not names[-1].strip() or kind_columns(names, ruleset)) and path.stat().st_size <= MAX_BYTES:
        return True
    return not any(_names_fact(name, labels) for name in names)


def _names_fact(name: str, labels: dict[str, str]) -> bool:
    stem = folded(name).partition("__")[0]
    return bool(fact_of(name, labels) or fact_of(stem, labels)) and column_of(name) is None


def flat_file(path: Path, ruleset: Ruleset, today: date, to: Path, bad: list[BadCell]) -> Path:
    """Write the answers of a spreadsheet as an Arrow file, a row a community; ``bad`` gets what cannot be used.

    Raises FilesHaveProblems for a spreadsheet without answers.
    """
    import pyarrow as pa
    from pyarrow import feather

    table = open_table(path)
    found = find_answers(table, ruleset)
    if [one.kind for one in found] == ["wide"]:
        names, columns = _wide(table, found[0], ruleset, today, bad)
    else:
        problems: list[Problem] = []
        names, columns = _long(list(table_states(table, ruleset, today, problems)), ruleset)
        bad += [_bad(problem) for problem in problems if not problem.is_advice]
    bad += [aside for one in found for aside in _aside(one)]
    arrays = [pa.array(column, pa.string()) for column in columns]
    feather.write_feather(pa.Table.from_arrays(arrays, names=names), str(to))
    return to


def _wide(
    table: RecognisedTable, found: Found, ruleset: Ruleset, today: date, bad: list[BadCell]
) -> tuple[list[str], list[list[str | None]]]:
    """The rows below the headings, as they stand; the day above the table for rows that have none. What is no entry stays
    as a blank row, so that rows are counted as in the sheet: from 1, below the headings."""
    sheet, head = found.sheet, found.head
    body = found.body
    entries = set(body.rows)
    rows = range(head + 1, len(sheet.rows))
    bad += [_bad(problem, head + 1) for problem in body.problems if not problem.is_advice]
    at = [i for i, cell in enumerate(sheet.rows[head]) if plain(cell) and i not in found.kinds]
    names = [plain(sheet.rows[head][i]) for i in at]
    of_days = [_of_days(name, ruleset) for name in names]
    of_rows = {*found.columns.values(), *found.totals}
    columns = [
        [
            _flat(found.spread(row, i) if i in of_rows else sheet.at(row, i), day) if row in entries else None
            for row in rows
        ]
        for i, day in zip(at, of_days, strict=True)
    ]
    for i, kind in found.kinds.items():
        names, columns = _of_kind(names, columns, [words(found.spread(row, i)) for row in rows], kind)
    reader = Rows(table, ruleset, today, Defaults())
    above = reader.above(found).on
    bad += map(_bad, reader.problems)
    if above is not None:
        place = found.columns.get("on")
        if place is None:
            names, columns = [*names, HEADINGS["on"][0]], [*columns, [None] * len(rows)]
        filled = columns[-1 if place is None else at.index(place)]
        filled[:] = [
            text or (above.isoformat() if row in entries else None) for row, text in zip(rows, filled, strict=True)
        ]
    return names, columns


def _of_kind(
    names: list[str], columns: list[list[str | None]], told: Sequence[str], kind: str
) -> tuple[list[str], list[list[str | None]]]:
    """A column of sites of one kind, as 点位 and 点位类别 say it."""
    heads = [HEADINGS["site"][0], HEADINGS["site_kind"][0]]
    if heads[0] not in names:
        names, columns = [*names, *heads], [*columns, [None] * len(told), [None] * len(told)]
    for place, here in enumerate(told):
        if here and columns[-2][place] is None:
            columns[-2][place], columns[-1][place] = here, kind
    return names, columns


def _aside(found: Found) -> Iterator[BadCell]:
    """The rows of a sheet that are no communities."""
    for row, kind in found.body.aside.items():
        label = next(filter(None, map(plain, found.sheet.rows[row])), "")
        number = row - found.head if found.kind == "wide" else row + 1
        yield set_aside(number, kind, shown(label))


def _of_days(name: str, ruleset: Ruleset) -> bool:
    """Whether a column holds days, which a spreadsheet may keep as numbers."""
    fact = fact_of(name, label_index(ruleset))
    return column_of(name) in ("as_of", "on") or (fact is not None and ruleset.facts[fact].type == "date")


def _flat(cell: RawCell, of_days: bool) -> str | None:
    """A cell as a text that means the same."""
    if of_days and isinstance(cell, int | float) and not isinstance(cell, bool):
        with suppress(NotAValue):
            return day_in(cell).isoformat()
    return words(cell) or None


def _long(states: Sequence[State], ruleset: Ruleset) -> tuple[list[str], list[list[str | None]]]:
    """A row a community and a row a site, with the day of every reading."""
    rows = [(state, site, state.at(site) if site else state) for state in states for site in (None, *state.sites)]
    places = ("community_id", "community", "city", "district", "street", "group")
    who = [(s.community.id, s.community.name, s.community.city, s.community.district, s.community.street,
            s.community.group) for s, _, _ in rows]  # fmt: skip
    found: dict[str, list[str | None]] = {
        HEADINGS[name][0]: [row[i] or None for row in who]  # type: ignore[index]
        for i, name in enumerate(places)
    }
    found[HEADINGS["as_of"][0]] = [state.as_of.isoformat() for state, _, _ in rows]
    found |= _sites([site for _, site, _ in rows])
    for kind in ruleset.site_kinds.values():
        if any(kind.id in state.totals for state in states):
            totals = [state.totals.get(kind.id) if site is None else None for state, site, _ in rows]
            found[total_heading(kind)] = [str(total_cell(total)) if total else None for total in totals]
    for id, fact in ruleset.facts.items():
        readings = [part.readings.get(id) for _, _, part in rows]
        if any(reading is not None and reading.value is not None for reading in readings):
            found[id] = [_text(value_cell(fact, r)) if r and r.value is not None else None for r in readings]
            found[f"{id}__on"] = [r.on.isoformat() if r else None for r in readings]
    for criterion in ruleset.criteria:
        declared = [(site or state).not_applicable.get(criterion.id) for state, site, _ in rows]
        if any(declared):
            found[f"{criterion.id}__na"] = [declared_text(d.reason, d.until) if d else None for d in declared]
    return list(found), list(found.values())


def _sites(sites: Sequence[Site | None]) -> dict[str, list[str | None]]:
    """Which site each row is about; no columns where none is about any."""
    if not any(sites):
        return {}
    told: dict[KnownColumn, list[str | None]] = {
        "site_id": [site.id if site else None for site in sites],
        "site": [site.name if site else None for site in sites],
        "site_kind": [site.kind if site else None for site in sites],
        "opened": [site.opened.isoformat() if site and site.opened else None for site in sites],
        "closed": [site.closed.isoformat() if site and site.closed else None for site in sites],
    }
    return {HEADINGS[name][0]: column for name, column in told.items() if any(column)}


def _text(cell: Any) -> str:
    return plain(float(cell) if isinstance(cell, Fraction) and cell.denominator > 1 else _whole(cell))


def _whole(cell: Any) -> RawCell:
    return int(cell) if isinstance(cell, Fraction) else cell


def _bad(problem: Problem, above: int = 0) -> BadCell:
    """The cell stands for its column; its row is the one that the sheet shows, less those ``above`` the first entry."""
    row = re.search(r"(\d+)$", problem.where.cell)
    return refused(int(row[1]) - above if row else 0, problem.where.cell, problem)
