"""Communities with sites through the column programs: their own criteria, those of each site, what they come to together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from checklist.batch.columns.bad_cells import BadCell
from checklist.batch.columns.contradictions import set_right
from checklist.batch.columns.encoding import Numeric
from checklist.batch.columns.exact_columns import ExactColumn, Flags
from checklist.batch.columns.grounds import Communities, RecordColumns, columns_at
from checklist.batch.columns.intake import Intake
from checklist.batch.program.kernel import Runner
from checklist.batch.program.site_programs import SitePrograms, added_name
from checklist.batch.run.complaints import refused_text
from checklist.batch.run.gathering import MadeOne, SettledPoints, gather
from checklist.model.rules.facts import kin_of, wholes_of
from checklist.model.rules.ruleset import Criterion

_ENDS = ("low", "high", "outcome", "flag_open", "flag_undecided")


class SiteRun:
    """The programs of a ruleset made ready; ``levels`` says whether the levels of each criterion are asked for."""

    def __init__(self, programs: SitePrograms, intake: Intake, levels: bool = True) -> None:
        self.programs, self.intake, self.ruleset = programs, intake, programs.ruleset
        ends = (*_ENDS, "worst", "best") if levels else _ENDS
        own = [id for id, c in self._criteria() if not c.per or c.over == "sum"]
        declared = [id for id in programs.here.shape.declared if self.ruleset.criterion(id).per]
        said = [f"{id}.refused" for id in programs.here.shape.declared if not self.ruleset.criterion(id).per]
        said += [f"{id}.extra_{end}" for id, c in self._criteria() if c.extra != "ordinary" for end in ("low", "high")]
        self.before = Runner(programs.here, [f"{id}.refused" for id in declared])
        self.here = Runner(programs.here, [f"{id}.{end}" for id in own for end in ends] + said)
        self.at = {
            kind: Runner(
                program,
                [f"{id}.{end}" for id in program.level_names for end in ends]
                + [f"{id}.refused" for id in declared if self.ruleset.criterion(id).per == kind],
            )
            for kind, program in programs.at.items()
        }
        self.whole = Runner(programs.whole)
        graded: dict[str, list[Criterion]] = {kind: [] for kind in programs.at}
        for _, criterion in self._criteria():
            graded.get(criterion.per, []).append(criterion)
        self.read = {kind: dict.fromkeys(f for c in some for f in c.facts) for kind, some in graded.items()}

    def _criteria(self) -> Iterable[tuple[str, Criterion]]:
        return ((id, self.ruleset.criterion(id)) for id in self.programs.here.level_names)

    def run(self, found: Communities) -> tuple[dict[str, NDArray[Any]], list[BadCell]]:
        """Every output of a table without sites, one row a community, ``decided`` over ``decided_over``; and the
        declarations that what was recorded speaks against."""
        count = found.here.told.count
        self._grow_old(found)
        arrays = self.intake.arrays(found.here.columns, found.judged, count, self.ruleset.facts)
        arrays |= {f"{id}.na": rows for id, rows in found.here.declared.items()}
        refused = {name: rows.astype(bool) for name, rows in self.before.run(arrays, count).items()}
        bad = self._complaints(found, found.here, refused)
        nowhere = {
            id: found.here.declared[id] & ~refused[f"{id}.refused"]
            if f"{id}.refused" in refused
            else np.zeros(count, bool)
            for id, criterion in self._criteria()
            if criterion.per
        }
        all_of_them = MadeOne()
        for kind in self.at:
            bad += self._kind(found, kind, nowhere, arrays, all_of_them)
        out = self.here.run(arrays, count)
        bad += self._complaints(
            found, found.here, {n: r.astype(bool) for n, r in out.items() if n.endswith(".refused")}
        )
        out |= all_of_them.out
        whole = self.whole.run(_for_kernel(out, self.whole.inputs), count)
        return out | whole | self._settled(whole, all_of_them, count), bad

    def _grow_old(self, found: Communities) -> None:
        for recorded in (found.here, *found.at.values()):
            for fact, column in recorded.columns.items():
                record, judged = found.record[recorded.of], found.judged[recorded.of]
                self.intake.fresh(fact, column, recorded.on.get(fact), record, judged)

    def _kind(
        self,
        found: Communities,
        kind: str,
        nowhere: Mapping[str, Flags],
        arrays: dict[str, NDArray[Any]],
        into: MadeOne,
    ) -> list[BadCell]:
        """The criteria of one kind at its sites; what adds up there is put among the ``arrays`` of the communities."""
        ground, facts = found.grounds[kind], self.read[kind]
        near = dict.fromkeys(n for fact in facts for n in (fact, *kin_of(self.ruleset.facts, fact)))
        columns = columns_at(self.ruleset, found, kind, near)
        there = self.intake.arrays(columns, found.judged[ground.of], len(ground.of), facts)
        for _, rows in self.intake.too_great(columns):
            set_right(there, columns, np.flatnonzero(rows), self.ruleset.facts, self.programs.here.encodings)
        site = found.at[kind]
        for id, rows in site.declared.items():
            there[f"{id}.na"] = (ground.listed >= 0) & (rows[ground.listed] if len(rows) else False)
        out = self.at[kind].run(there, len(ground.of))
        for id, names in self.programs.at[kind].level_names.items():
            gather(self.ruleset.criterion(id), names, out, ground, nowhere[id], into)
        refused: dict[str, Flags] = {}
        for id in (n.removesuffix(".refused") for n in out if n.endswith(".refused")):
            rows = out[f"{id}.refused"].astype(bool)
            refused[f"{id}.refused"] = np.zeros(len(site.of), bool)
            refused[f"{id}.refused"][ground.listed[rows]] = True
            there[f"{id}.na"] = there[f"{id}.na"] & ~rows
        for id in self.programs.sums:
            if self.ruleset.criterion(id).per == kind:
                self._added(found, id, nowhere[id], there, arrays)
        return self._complaints(found, site, refused)

    def _added(
        self,
        found: Communities,
        id: str,
        nowhere: Flags,
        there: Mapping[str, NDArray[Any]],
        arrays: dict[str, NDArray[Any]],
    ) -> None:
        """What the facts of a sum come to in each community: the arrays that its program reads."""
        ground = found.grounds[self.ruleset.criterion(id).per]
        starts = np.searchsorted(ground.of, np.arange(len(nowhere)))
        adding = (ground.weight > 0) & ~nowhere[ground.of] & ~there.get(f"{id}.na", np.zeros(len(ground.of), bool))
        weight = adding * ground.weight
        arrays[f"{id}.nowhere"] = np.add.reduceat(weight, starts) == 0
        maybe = (ground.listed < 0) & ~ground.alone
        added: dict[str, tuple[NDArray[Any], NDArray[Any]]] = {}
        for fact in self.programs.sums[id]:
            form, wide = self.programs.here.encodings[fact], self.programs.summed[added_name(id, fact)]
            assert isinstance(form, Numeric)
            mine = fact in self.ruleset.site_facts
            ends = []
            for end, bound in (("lo", np.minimum), ("hi", np.maximum)):
                values = (there if mine else arrays)[f"{fact}.{end}"].astype(np.int64)
                endless = values >= form.top if form.open else np.zeros(len(values), bool)
                if mine:
                    values = np.where(maybe, bound(values, 0), values) * weight
                    endless = np.logical_or.reduceat(endless & adding, starts)
                    values = np.add.reduceat(values, starts)
                ends.append(np.where(endless, wide.top, values))
            added[fact] = ends[0], ends[1]
        one = np.zeros(len(nowhere), bool)
        one[ground.of[ground.alone]] = True
        self._narrowed(id, added, ~one, found.here.columns)
        for fact, pair in added.items():
            name = added_name(id, fact)
            arrays |= {
                f"{name}.{end}": v.astype(self.programs.summed[name].dtype)
                for end, v in zip(("lo", "hi"), pair, strict=True)
            }

    def _narrowed(
        self, id: str, added: dict[str, tuple[NDArray[Any], NDArray[Any]]], sited: Flags, own: Mapping[str, ExactColumn]
    ) -> None:
        """What the sums say of unknown parts and wholes that the community records itself."""
        facts, forms = self.ruleset.facts, self.programs.summed
        for fact, (low, high) in list(added.items()):
            if fact in self.ruleset.site_facts:
                continue
            form, unknown = forms[added_name(id, fact)], sited & ~own[fact].mask() if fact in own else sited
            for other, (least, most) in list(added.items()):
                scales = forms[added_name(id, other)].scale, form.scale
                if other not in self.ruleset.site_facts:
                    continue
                if fact in wholes_of(facts, other):
                    low = np.where(unknown, np.maximum(low, least * scales[1] // scales[0]), low)
                elif other in wholes_of(facts, fact):
                    sure = unknown & (least == most)
                    high = np.where(sure, np.minimum(high, most * scales[1] // scales[0]), high)
            wrong = low > high
            declared = self.programs.here.encodings[fact]
            assert isinstance(declared, Numeric)
            top = form.top if declared.open else declared.top
            added[fact] = np.where(wrong, declared.least, low), np.where(wrong, top, high)

    def _complaints(self, found: Communities, recorded: RecordColumns, refused: Mapping[str, Flags]) -> list[BadCell]:
        cells = []
        for name, rows in refused.items():
            if not rows.any():
                continue
            id, layout = name.removesuffix(".refused"), self.intake.layout
            first = recorded.told.first(np.ones(found.batch.num_rows, bool))
            for row in first[rows].tolist():
                cell = BadCell(
                    row, layout.na.get(id, layout.lines), "E323", refused_text(self.ruleset.criterion(id)), ""
                )
                cells.append(cell)
        return [replace(c, row=int(found.numbers[c.row])) for c in self.intake.named(cells, found.batch, 0)]

    def _settled(self, whole: Mapping[str, NDArray[Any]], sites: MadeOne, count: int) -> dict[str, NDArray[Any]]:
        """The points decided, of each module rounded, of the whole as a quotient."""
        total = SettledPoints(whole["decided"].astype(np.int64), np.ones(count, np.int64))
        found: dict[str, NDArray[Any]] = {}
        for module in self.ruleset.modules:
            name = f"{module.id}.decided"
            mine = SettledPoints(whole[name].astype(np.int64), np.ones(count, np.int64))
            for id, (points, over) in sites.settled.items():
                if self.ruleset.criterion(id).module == module.id:
                    mine.add(points, over)
                    total.add(points, over)
            found[name] = mine.rounded()
        return found | {"decided": total.points, "decided_over": total.over}


def _for_kernel(out: Mapping[str, NDArray[Any]], inputs: Iterable[str]) -> dict[str, NDArray[Any]]:
    """Flags as masks and points in the width that the last program reads."""
    found = {}
    for name in inputs:
        tail = name.rpartition(".")[2]
        dtype = "bool" if tail.startswith("flag") else "u1" if tail == "outcome" else "i4"
        found[name] = out[name].astype(dtype, copy=False)
    return found
