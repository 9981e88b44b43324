"""Scoring a table part by part: the one function that every way of running calls, here or on another machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from checklist.batch.columns.bad_cells import BadCell, set_aside
from checklist.batch.columns.intake import Intake
from checklist.batch.program.column_program import ColumnProgram, compile_ruleset
from checklist.batch.program.kernel import Runner
from checklist.batch.run import shortfalls
from checklist.batch.run.complaints import RowComplaints
from checklist.batch.run.results import PARTS, Results
from checklist.batch.run.shortfalls import Losses
from checklist.batch.run.site_blocks import SiteBlocks
from checklist.batch.run.table_ranks import DECIDED_OVER, TOTALS
from checklist.batch.tables.blocks import BLOCK, read
from checklist.batch.tables.csv_streams import Skipped, row_in_file
from checklist.batch.tables.layout import Layout
from checklist.batch.tables.result_files import Writer
from checklist.batch.tables.storage import File
from checklist.batch.tables.table_parts import TablePart
from checklist.batch.tables.whole_communities import LostRows
from checklist.model.refusals import Refusal
from checklist.model.rules.ruleset import Ruleset
from checklist.values.row_kinds import KIND_NAMES

MOST_BAD: Final = 100_000
"""Bad cells of one part that are listed one by one; the rest is only counted."""


@dataclass(frozen=True, slots=True)
class Job:
    """What to do with every part. ``today`` is the day of rows that name none, ``judged_on`` the day to look from;
    ``gaps_by`` adds up lost points by that carried column ("" for the whole table). ``far`` says that other machines do
    it."""

    ruleset: Ruleset
    layout: Layout
    today: date
    judged_on: date | None = None
    sampling: bool = False
    parts: tuple[str, ...] = PARTS[:4]
    long: bool = False
    kind: str = "parquet"
    gaps_by: str | None = None
    block: int = BLOCK
    far: bool = False


@dataclass(slots=True)
class Done:
    """What became of one part. ``totals`` holds the points of every row, in order; ``broken`` says
    what could not be read, ``left_out`` counts rows that belong to no day and lines that do not fit their
    headings, ``aside`` are the numbers of rows that are no communities, ``untotalled`` how often sites of a kind are
    listed and nobody says how many there are."""

    rows: int = 0
    totals: dict[str, NDArray[Any]] = field(default_factory=dict)
    bad: list[BadCell] = field(default_factory=list)
    more_bad: int = 0
    losses: Losses = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    left_out: int = 0
    aside: list[int] = field(default_factory=list)
    untotalled: int = 0

    def add(self, out: Mapping[str, NDArray[Any]]) -> None:
        """The points of further rows."""
        self.rows += len(out["low"])
        for name in (*TOTALS, DECIDED_OVER):
            if name in out:
                before = self.totals.get(name)
                self.totals[name] = out[name] if before is None else np.concatenate([before, out[name]])


class Scorer:
    """A job made ready once and used for many parts."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.program: ColumnProgram = compile_ruleset(job.ruleset, job.layout.shape)
        self.results = Results(self.program, job.layout, job.parts, job.long)
        self._runner: Runner | None = None
        self._totals: Runner | None = None
        self.intake = Intake(self.program, job.layout, job.today, job.judged_on, job.sampling)
        self.complaints = RowComplaints(job.ruleset, job.layout)
        self.sites = SiteBlocks(self.intake, self.results) if job.layout.sited else None

    @property
    def runner(self) -> Runner:
        """The kernel of all that is asked for."""
        if self._runner is None:
            wanted = [*self.results.wanted, *TOTALS, *(f"{c}.refused" for c in self.job.layout.declared)]
            wanted += shortfalls.wanted(self.program) if self.job.gaps_by is not None else []
            self._runner = Runner(self.program, dict.fromkeys(wanted))
        return self._runner

    def batch(
        self, batch: pa.RecordBatch, done: Done, first_row: int = 1, ranks: Mapping[str, NDArray[Any]] | None = None
    ) -> pa.RecordBatch:
        """The result rows of one block; totals, bad cells and losses are added to ``done``. ``ranks`` are those of all
        rows of the part."""
        block = self.intake.block(batch, first_row)
        numbers = np.arange(first_row, first_row + batch.num_rows)
        if block.left_out is not None:
            batch, numbers = batch.filter(pa.array(~block.left_out)), numbers[~block.left_out]
        if block.aside is not None:
            done.aside += (np.flatnonzero(block.aside) + first_row).tolist()
        if ranks is not None:
            ranks = {name: array[done.rows : done.rows + block.rows] for name, array in ranks.items()}
        out = self.runner.run(block.arrays, block.rows)
        bad = block.bad + self.complaints.refused(batch, out, numbers) + self.complaints.damaged(batch, numbers)
        done.left_out += len(block.left_out) - block.rows if block.left_out is not None else 0
        return self._told(batch, out, numbers, bad, done, ranks)

    def communities(
        self, part: TablePart, done: Done, ranks: Mapping[str, NDArray[Any]] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """The result rows of a part of a table with sites."""
        assert self.sites is not None
        lost = LostRows()
        for some in self.sites.assessed(part, self.job.block, lost):
            here = ranks
            if ranks is not None:
                here = {name: array[done.rows : done.rows + len(some.first)] for name, array in ranks.items()}
            done.aside += some.aside
            done.untotalled += some.untotalled
            bad = some.bad + self.complaints.damaged(some.rows, some.numbers)
            yield self._told(some.who, some.out, some.first, bad, done, here)
        done.broken += lost.broken
        done.bad += [said_line(line) for line in lost.lines[:MOST_BAD] if line.kind != "blank"]

    def _told(
        self, batch: pa.RecordBatch, out: Mapping[str, NDArray[Any]], numbers: NDArray[Any], bad: list[BadCell], done: Done,
        ranks: Mapping[str, NDArray[Any]] | None,
    ) -> pa.RecordBatch:  # fmt: skip
        """The result rows of these communities, counted in ``done``."""
        room = max(0, MOST_BAD - len(done.bad))
        done.bad += bad[:room]
        done.more_bad += len(bad[room:])
        done.add(out)
        if self.job.gaps_by is not None:
            column = self.job.layout.kept.get(self.job.gaps_by)
            groups = batch.column(column) if column else None
            done.losses = shortfalls.added([done.losses, shortfalls.losses_of(self.program, out, groups)])
        return self.results.table(batch, out, numbers, ranks)

    @property
    def totals_only(self) -> Runner:
        """The kernel of a ranking's first pass."""
        if self._totals is None:
            self._totals = Runner(self.program, TOTALS)
        return self._totals


_READY: dict[str, Scorer] = {}


def scorer_of(job: Job) -> Scorer:
    """The scorer of a job, made once in each process; only the latest is kept."""
    import hashlib
    import pickle

    key = hashlib.sha256(pickle.dumps(job)).hexdigest()
    if key not in _READY:
        _READY.clear()
        _READY[key] = Scorer(job)
    return _READY[key]


def score_part(job: Job, part: TablePart, out: File, ranks: Mapping[str, NDArray[Any]] | None = None) -> Done:
    """Read a part, score it and write its result file; only totals and bad cells come back.

    A part that breaks off keeps the rows before the damage and says so in ``broken``.
    """
    scorer, done = scorer_of(job), Done()
    writer = Writer(out, job.kind)
    try:
        for result in stream(scorer, part, done, ranks):
            writer.write(result)
        writer.close()
    except BaseException:
        writer.abandon()
        raise
    return done


def stream(
    scorer: Scorer, part: TablePart, done: Done, ranks: Mapping[str, NDArray[Any]] | None = None
) -> Iterator[pa.RecordBatch]:
    """The result blocks of a part, in order."""
    layout = scorer.job.layout
    if scorer.sites is not None:
        yield from scorer.communities(part, done, ranks)
        return
    for piece in part.pieces():
        skipped: list[Skipped] = []
        inside = piece.first_row
        try:
            for batch in read(piece, layout.columns, layout.also, scorer.job.block, skipped):
                yield scorer.batch(batch, done, inside, ranks)
                inside += batch.num_rows
        except Refusal as error:
            done.broken.append(str(error))
        if skipped:
            done.bad = _counted_on(done.bad, skipped)
            done.aside = [row_in_file(row, skipped) for row in done.aside]
            done.left_out += len(skipped)


def _counted_on(bad: list[BadCell], skipped: list[Skipped]) -> list[BadCell]:
    """Bad cells by the rows of the file, with the lines that were left out."""
    found = [replace(cell, row=row_in_file(cell.row, skipped)) for cell in bad]
    return found + [said_line(line) for line in skipped[:MOST_BAD] if line.kind != "blank"]


def said_line(line: Skipped) -> BadCell:
    """A line that does not fit, as it is listed."""
    if line.kind in KIND_NAMES:
        return set_aside(line.row, line.kind, line.text[:60])
    says = f"这一行有 {line.cells} 格，表头有 {line.wanted} 格，这一行没有算；看看引号和逗号"
    return BadCell(line.row, "", "E232" if line.cells > line.wanted else "E102", says, line.text[:60])


def totals_of(job: Job, part: TablePart) -> Done:
    """The points of every row of a part and nothing else: the first pass of a ranking."""
    scorer, done = scorer_of(job), Done()
    if scorer.sites is not None:
        for some in scorer.sites.assessed(part, job.block, LostRows()):
            done.add(some.out)
        return done
    found: list[dict[str, NDArray[Any]]] = []
    for piece in part.pieces():
        try:
            for batch in read(piece, job.layout.columns, job.layout.also, job.block):
                block = scorer.intake.block(batch)
                found.append(scorer.totals_only.run(block.arrays, block.rows))
                done.rows += block.rows
        except Refusal as error:
            done.broken.append(str(error))
    done.totals = {n: np.concatenate([f[n] for f in found] or [np.zeros(0, "i4")]) for n in TOTALS}
    return done
