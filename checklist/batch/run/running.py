"""A whole table: its parts, the way they are run (here, in a pool, on a cluster), and the results put in their place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from checklist.batch.columns.bad_cells import BadCell
from checklist.batch.run import shortfalls
from checklist.batch.run.scoring import MOST_BAD, Done, Job, said_line, score_part, scorer_of, stream, totals_of
from checklist.batch.run.shortfalls import Losses
from checklist.batch.run.table_ranks import ranks
from checklist.batch.tables.databases import Database, TableWriter
from checklist.batch.tables.result_files import Writer, whole_folder
from checklist.batch.tables.storage import File, Stored
from checklist.batch.tables.table_parts import Place, TablePart, TableSource, files_of, split
from checklist.batch.tables.whole_communities import LostRows, parts_of_communities
from checklist.model.refusals import Refusal

Ranks = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class PartTask:
    """One part, where its result goes (None for the first pass of a ranking) and the ranks of its rows."""

    part: TablePart
    out: File | None = None
    ranks: Ranks | None = None


Run = Callable[[Job, list[PartTask]], Iterable[tuple[int, Done]]]
"""Runs every task and gives what became of each with its place in the list, as it is finished. Engines beyond this
machine are such functions."""
ProgressTold = Callable[[int, int, int], None]
"""Hears how many rows are done, how many parts, and of how many."""


@dataclass(slots=True)
class Summary:
    rows: int = 0
    parts: int = 0
    bad: list[BadCell] = field(default_factory=list)
    more_bad: int = 0
    broken: list[str] = field(default_factory=list)
    losses: Losses = field(default_factory=dict)
    unranked: int = 0
    aside: set[int] = field(default_factory=set)
    untotalled: int = 0
    score_low: float = 0.0
    score_high: float = 0.0

    def add(self, done: Done, offset: int) -> None:
        """Rows of one file count on in the next."""
        room = max(0, MOST_BAD - len(self.bad))
        cells = [BadCell(c.row + offset, c.column, c.code, c.says, c.value, c.community) for c in done.bad]
        self.bad += cells[:room]
        self.more_bad += done.more_bad + len(cells[room:])
        self.aside.update(row + offset for row in done.aside)
        self.untotalled += done.untotalled
        self.rows += done.rows
        self.parts += 1
        self.broken += done.broken
        self.losses = shortfalls.added([self.losses, done.losses])
        if done.totals:
            possible = np.maximum(done.totals["possible"], 1)
            self.score_low += float((done.totals["low"] * 100 / possible).sum())
            self.score_high += float((done.totals["high"] * 100 / possible).sum())


def perform(task: tuple[Job, PartTask]) -> Done:
    """One task; a function of the module, so that every engine can send it."""
    job, what = task
    if what.out is None:
        return totals_of(job, what.part)
    return score_part(job, what.part, what.out, what.ranks)


def here(job: Job, tasks: list[PartTask]) -> Iterator[tuple[int, Done]]:
    """In this process, one after the other."""
    return ((i, perform((job, task))) for i, task in enumerate(tasks))


def silent(rows: int, parts: int, of: int) -> None:
    """Nobody hears."""


def in_order(job: Job, tasks: list[PartTask], run: Run, told: ProgressTold) -> Iterator[Done]:
    """What became of every task, in the order of the table; ``told`` hears of each as it is finished."""
    early: dict[int, Done] = {}
    rows = finished = given = 0
    for place, done in run(job, tasks):
        early[place] = done
        rows, finished = rows + done.rows, finished + 1
        told(rows, finished, len(tasks))
        while given in early:
            yield early.pop(given)
            given += 1


def parts_of_table(source: TableSource) -> tuple[list[TablePart], list[str]]:
    """The parts of every file, and what is wrong with the files that cannot be opened."""
    parts: list[TablePart] = []
    broken: list[str] = []
    for path in files_of(source):
        try:
            parts += split(path)
        except Refusal as error:
            broken.append(str(error))
    return parts, broken


def score_table(job: Job, source: TableSource, out: Place, run: Run = here, *, rank_from: Fraction | None = None,
                told: ProgressTold = silent) -> Summary:  # fmt: skip
    """Score every file of ``source`` into the file or folder ``out``; nothing half-written is ever left there.

    A folder gets one result file per part. Those whose coverage is at least ``rank_from`` (0 to 1) are ranked, nobody
    without it.
    """
    _spare(source, out)
    parts, broken = parts_of_table(source)
    if not job.layout.sited:
        return _score_parts(job, parts, Summary(broken=broken), out, run, rank_from, told)
    with TemporaryDirectory() as folder:
        lost = LostRows(broken)
        parts = parts_of_communities(parts, job.layout, far=job.far, folder=Path(folder), lost=lost)
        summary = Summary(bad=[said_line(line) for line in lost.lines[:MOST_BAD]], broken=lost.broken)
        return _score_parts(job, parts, summary, out, run, rank_from, told)


def _score_parts(
    job: Job,
    parts: list[TablePart],
    summary: Summary,
    out: Place,
    run: Run,
    rank_from: Fraction | None,
    told: ProgressTold,
) -> Summary:
    ranking: list[Ranks | None] = [None] * len(parts)
    if rank_from is not None and parts:
        ranking = _ranking(job, parts, run, told, rank_from, summary)
    if isinstance(out, Database) or out.suffix:
        _one_file(job, parts, ranking, out, summary, told)
        return summary
    with whole_folder(out) as folder:
        tasks = [
            PartTask(part, folder / f"part-{i:05}.{job.kind}", rank)
            for i, (part, rank) in enumerate(zip(parts, ranking, strict=True))
        ]
        offsets = _Offsets(job.layout.sited)
        for task, done in zip(tasks, in_order(job, tasks, run, told), strict=True):
            summary.add(done, offsets.of(task.part, done))
    return summary


def _spare(source: TableSource, out: Place) -> None:
    """A result takes the place of an older result, and of nothing else. Raises Refusal."""
    if isinstance(out, Database):
        if out == source:
            raise Refusal("结果不能存回读的那张表，换个表名")
        return
    if isinstance(out, Stored) and len(out.parts) < 2:
        raise Refusal(f"{out} 是整个桶，后面再写上结果的名字")
    if not out.exists():
        return
    if isinstance(out, Stored):
        raise Refusal(f"{out} 已经有了；换个名字，或先把它删掉")
    read = {path.resolve() for path in files_of(source) if isinstance(path, Path)}
    if read & {out.resolve(), *out.resolve().rglob("*")}:
        raise Refusal(f"{out} 就是要算的表，结果换个名字")
    ours = re.compile(r"part-\d{5,}\.(parquet|arrow|csv)")
    if out.is_dir() and (other := next((p.name for p in out.iterdir() if not ours.fullmatch(p.name)), None)):
        raise Refusal(f"{out} 里有别的文件（{other}），不是以前的结果；换个文件夹名")


@dataclass(slots=True)
class _Offsets:
    """How many rows came in the files before; rows that are ``numbered`` count them already."""

    numbered: bool = False
    place: Place | None = None
    before: int = 0
    inside: int = 0

    def of(self, part: TablePart, done: Done) -> int:
        if self.numbered:
            return 0
        if part.place != self.place:
            self.before, self.inside, self.place = self.before + self.inside, 0, part.place
        self.inside += part.rows or done.rows + done.left_out
        return self.before


def _one_file(
    job: Job,
    parts: list[TablePart],
    ranking: list[Ranks | None],
    out: Place,
    summary: Summary,
    told: ProgressTold,
) -> None:
    """Scoring goes on while the block before is written."""
    writer = TableWriter(out) if isinstance(out, Database) else Writer(out, job.kind)
    scorer, offsets = scorer_of(job), _Offsets(job.layout.sited)
    written: Future[None] = Future()
    written.set_result(None)
    try:
        with ThreadPoolExecutor(1) as behind:
            for part, rank in zip(parts, ranking, strict=True):
                done = Done()
                for result in stream(scorer, part, done, rank):
                    written.result()
                    written = behind.submit(writer.write, result)
                    told(summary.rows + done.rows, summary.parts, len(parts))
                summary.add(done, offsets.of(part, done))
            written.result()
        writer.close()
    except BaseException:
        _ended(written)
        writer.abandon()
        raise


def _ended(written: Future[None]) -> None:
    """Wait for a block that is being written, whoever presses Ctrl-C meanwhile: to pull a file from under compiled code
    ends the process."""
    while not written.done():
        with suppress(KeyboardInterrupt):
            wait([written])


def _ranking(
    job: Job, parts: list[TablePart], run: Run, told: ProgressTold, rank_from: Fraction, summary: Summary
) -> list[Ranks | None]:
    """A first pass for the points of every row, then everyone's place, cut up by part again."""
    totals = [done.totals for done in in_order(job, [PartTask(part) for part in parts], run, told)]
    points = {name: np.concatenate([t[name] for t in totals]) for name in totals[0]}
    places, found, at = ranks(**points, min_coverage=rank_from), [], 0
    summary.unranked = int((places["rank"] == 0).sum())
    for total in totals:
        rows = len(total["low"])
        found.append({name: array[at : at + rows] for name, array in places.items()})
        at += rows
    return list(found)
