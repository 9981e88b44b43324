"""The two engines side by side: every output of the column program against the findings of the single engine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from math import floor
from typing import Any

import numpy as np
import pyarrow as pa

from checklist.batch.columns.grounds import communities
from checklist.batch.columns.intake import Intake
from checklist.batch.program.column_program import VERDICTS, compile_ruleset
from checklist.batch.program.kernel import Runner
from checklist.batch.program.site_programs import compile_sites
from checklist.batch.run.site_run import SiteRun
from checklist.batch.tables.layout import layout_of
from checklist.engine.scoring.assess import tally, verdict
from checklist.engine.scoring.sites import Bench
from checklist.files.whole_tables import is_text_type
from checklist.model.results.assessment import OUTCOMES, ModuleResult
from checklist.model.results.bands import bands_of, extras_of
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import State

DAY = date(2026, 6, 1)


def columns(
    ruleset: Ruleset, table: pa.Table, judged_on: date | None = None, chunk: int = 4096, sampling: bool = False
) -> dict[str, list[Any]]:
    """What the column engine makes of a table."""
    layout = layout_of(ruleset, table.column_names, texts=[f.name for f in table.schema if is_text_type(f.type)])
    program = compile_ruleset(ruleset, layout.shape)
    intake, runner = Intake(program, layout, DAY, judged_on, sampling), Runner(program, chunk=chunk)
    found: dict[str, list[Any]] = {name: [] for name in program.outputs}
    row = 1
    for batch in table.combine_chunks().to_batches():
        block = intake.block(batch, row)
        for name, array in runner.run(block.arrays, block.rows).items():
            found[name] += array.tolist()
        row += block.rows
    found = {name: values for name, values in found.items() if not name.endswith(".refused")}
    names = program.level_names
    for id, levels in names.items():
        for end in ("worst", "best"):
            found[f"{id}.{end}"] = [levels[place] for place in found[f"{id}.{end}"]]
    return found


def columns_with_sites(
    ruleset: Ruleset, table: pa.Table, judged_on: date | None = None, chunk: int = 4096, sampling: bool = False
) -> dict[str, list[Any]]:
    """What the column engine makes of a table with sites, all of it at once."""
    layout = layout_of(ruleset, table.column_names, texts=[f.name for f in table.schema if is_text_type(f.type)])
    programs = compile_sites(ruleset, layout.shape)
    intake = Intake(programs.here, layout, DAY, judged_on, sampling)
    (batch,) = table.combine_chunks().to_batches()
    block = communities(intake, ruleset, batch, np.arange(1, batch.num_rows + 1))
    out, _ = SiteRun(programs, intake).run(block)
    found: dict[str, list[Any]] = {name: array.tolist() for name, array in out.items() if not name.endswith(".refused")}
    found["decided"] = [Fraction(a, b) for a, b in zip(found["decided"], found.pop("decided_over"), strict=True)]
    for id, levels in programs.here.level_names.items():
        for end in ("worst", "best"):
            found[f"{id}.{end}"] = [levels[place] for place in found[f"{id}.{end}"]]
        found[f"{id}.applies"] = [int(OUTCOMES[place] != "not_applicable") for place in found[f"{id}.outcome"]]
    return found


def findings(ruleset: Ruleset, states: Sequence[State], sampling: bool = False) -> dict[str, list[Any]]:
    """What the single engine makes of the same communities, under the same names, points in the columns' unit."""
    grain = ruleset.grain
    found: dict[str, list[Any]] = {}

    def add(name: str, value: Any) -> None:
        found.setdefault(name, []).append(value)

    for state in states:
        judged = Bench(ruleset, state, sampling=sampling).findings()
        for finding in judged:
            id, na = finding.criterion.id, finding.outcome == "not_applicable"
            add(f"{id}.worst", "na" if na else finding.worst or "none")
            add(f"{id}.best", "na" if na else finding.best or "none")
            add(f"{id}.low", finding.low * grain)
            add(f"{id}.high", finding.high * grain)
            for end, value in zip(("low", "high"), finding.extra or (), strict=False):
                add(f"{id}.extra_{end}", value * grain)
            add(f"{id}.outcome", OUTCOMES.index(finding.outcome))
            add(f"{id}.applies", int(not na))
            add(f"{id}.flag_open", int(finding.flag == "open"))
            add(f"{id}.flag_undecided", int(finding.flag == "undecided"))
        parts = [(f"{m.id}.", tally(f for f in judged if f.criterion.module == m.id)) for m in ruleset.modules]
        for prefix, part in [*parts, ("", tally(judged))]:
            for name in ("low", "high", "possible", "decided"):
                value = getattr(part, name) * grain
                add(f"{prefix}{name}", floor(value + Fraction(1, 2)) if prefix and name == "decided" else value)
            for outcome in OUTCOMES:
                add(f"{prefix}{outcome}", part.outcomes[outcome])
        total, flags, extras = parts and tally(judged), verdict(judged), extras_of(ruleset, judged)
        modules = [ModuleResult(m, part) for m, (_, part) in zip(ruleset.modules, parts, strict=True)]
        bands = bands_of(ruleset, total, [m for m in modules if m.module.kind == "ordinary"], flags, extras)
        for extra in extras:
            add(f"{extra.module.id}.extra_low", extra.low * grain)
            add(f"{extra.module.id}.extra_high", extra.high * grain)
        for kind in ("bonus", "penalty") if extras else ():
            for end in ("low", "high"):
                add(f"{kind}_{end}", sum(getattr(e, end) * grain for e in extras if e.module.kind == kind))
        order = [band.name for band in ruleset.bands]
        add("band_low", order.index(bands[0]))
        add("band_high", order.index(bands[1]))
        add("verdict", VERDICTS.index(flags.kind))
        for name in ("open_vetoes", "open_redlines", "undecided_vetoes", "undecided_redlines"):
            add(name, len(getattr(flags, name)))
    return found


def assert_same(got: dict[str, list[Any]], wanted: dict[str, list[Any]]) -> None:
    assert got.keys() == wanted.keys()
    wrong = [name for name in wanted if got[name] != wanted[name]]
    assert not wrong, [
        (name, row, got[name][row], wanted[name][row])
        for name in wrong[:5]
        for row in range(len(wanted[name]))
        if got[name][row] != wanted[name][row]
    ][:5]
