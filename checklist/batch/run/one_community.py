"""The community that one row of a table with sites speaks of, as a state for the single engine to explain."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from checklist.batch.columns.bad_cells import BadCell
from checklist.batch.columns.day_columns import EPOCH, FIRST, LAST
from checklist.batch.columns.grounds import Communities, RecordColumns, communities
from checklist.batch.columns.intake import Intake
from checklist.batch.columns.one_row import community_of, reason_of
from checklist.batch.columns.row_values import readings_in
from checklist.batch.program.column_program import compile_ruleset
from checklist.batch.run.running import parts_of_table
from checklist.batch.run.scoring import Job
from checklist.batch.tables.sound_columns import text_of
from checklist.batch.tables.table_parts import TableSource
from checklist.batch.tables.whole_communities import rows_of_community
from checklist.model.rules.ruleset import Ruleset
from checklist.model.sites import SiteTotal
from checklist.model.state import NotApplicable, Reading, Site, State


def state_of_community(job: Job, source: TableSource, row: int) -> tuple[State | None, list[BadCell]]:
    """What the rows of a community record, found by one of them (from 1, over all files), and the cells in them that
    cannot be used. None where there is no such row, or, with bad cells, one that is not scored."""
    rows = rows_of_community(parts_of_table(source)[0], job.layout, row)
    if rows is None:
        return None, []
    intake = Intake(compile_ruleset(job.ruleset, job.layout.shape), job.layout, job.today, job.judged_on)
    found = communities(intake, job.ruleset, *rows)
    group = int(found.rows.group[np.flatnonzero(found.numbers == row)[0]])
    return (None if group < 0 else _CommunityRecord(intake, found, group).state()), found.bad


class _CommunityRecord:
    """One community of a block."""

    def __init__(self, intake: Intake, found: Communities, group: int) -> None:
        self.intake, self.found, self.group = intake, found, group
        self.ruleset: Ruleset = intake.ruleset
        self.as_of = EPOCH + timedelta(days=int(found.record[group]))

    def state(self) -> State:
        found, layout = self.found, self.intake.layout
        first = int(found.first[self.group])
        id = text_of(found.batch.column(layout.community))[first].as_py() or f"row-{found.numbers[first]}"
        readings = self._readings(found.here, self.group)
        state = State(community_of(layout, found.batch, id, first), self.ruleset.id, self.as_of, readings)
        state = replace(state, not_applicable=self._declared(found.here, self.group, state))
        served = replace(
            state.at(None, [name for name, f in self.ruleset.facts.items() if f.serves]), not_applicable={}
        )
        sites = [
            self._site(kind, int(place), served)
            for kind, recorded in found.at.items()
            for place in np.flatnonzero(recorded.of == self.group)
        ]
        totals = {kind: int(counts[self.group]) for kind, counts in found.totals.items() if counts[self.group] >= 0}
        told = {kind: SiteTotal(count, "" if count else "表里写了没有") for kind, count in totals.items()}
        return replace(state, sites=tuple(sites), totals=told)

    def _site(self, kind: str, place: int, served: State) -> Site:
        found, recorded = self.found, self.found.at[kind]
        row = int(recorded.told.first(np.ones(found.batch.num_rows, bool))[place])
        columns = {"headed": self.intake.layout.of_kind.get(kind, ""), **self.intake.layout.site}
        told = {
            name: text_of(found.batch.column(columns[name]))[row].as_py() or ""
            for name in ("site_id", "site", "headed")
            if columns.get(name)
        }
        name = told.get("site") or told.get("headed") or told["site_id"]
        id = told.get("site_id") or name
        readings = self._readings(recorded, place, id)
        seen = replace(served, readings={**served.readings, **readings})
        ends = found.spans[kind].opened[place], found.spans[kind].closed[place]
        opened, closed = (_day(int(end)) for end in ends)
        return Site(id, kind, name, readings, opened, closed, self._declared(recorded, place, seen, id))

    def _readings(self, recorded: RecordColumns, place: int, site: str = "") -> dict[str, Reading]:
        forms = self.intake.program.encodings
        return readings_in(self.ruleset.facts, forms, recorded.columns, recorded.on, place, self.as_of, site)

    def _declared(self, recorded: RecordColumns, place: int, seen: State, site: str = "") -> dict[str, NotApplicable]:
        known, kept = seen.knowledge(self.ruleset.facts), {}
        row = int(recorded.told.first(np.ones(self.found.batch.num_rows, bool))[place])
        for id, told in recorded.declared.items():
            applies = self.ruleset.criterion(id).applies_when
            if told[place] and (applies is None or applies.holds(known) is not True):
                reason = reason_of(self.intake.layout, self.found.batch, id, row)
                kept[id] = NotApplicable(id, reason, site=site)
        return kept


def _day(day: int) -> date | None:
    return EPOCH + timedelta(days=day) if FIRST < day <= LAST else None
