"""The roof's way to whole tables: where they lie, one call to score them.

>>> from checklist import load_ruleset, score_table
>>> summary = score_table("总表.parquet", "结果.parquet", load_ruleset(), today=date(2026, 6, 1))  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from checklist.batch.columns.bad_cells import BadCell
from checklist.batch.columns.exact_columns import is_text
from checklist.batch.run import running
from checklist.batch.run.processes import pool
from checklist.batch.run.results import PARTS
from checklist.batch.run.running import ProgressTold, Run, Summary, here, silent
from checklist.batch.run.scoring import Job
from checklist.batch.tables.databases import Database
from checklist.batch.tables.duplicates import duplicates
from checklist.batch.tables.layout import Layout, layout_of
from checklist.batch.tables.result_files import OUT_KINDS
from checklist.batch.tables.sound_columns import holds_bytes
from checklist.batch.tables.storage import File
from checklist.batch.tables.table_parts import (
    KINDS,
    Place,
    TableSource,
    columns_of,
    files_of,
    place_of,
    repeated,
)
from checklist.files.flat_spreadsheets import flat_file, is_sheet
from checklist.model.refusals import Refusal, unreadable
from checklist.model.results.ranks import MIN_COVERAGE
from checklist.model.rules.ruleset import Ruleset
from checklist.reading.tables.spreadsheet import BOOKS

ENGINES: Final = ("local", "spark", "ray", "dask")


@dataclass(frozen=True, slots=True)
class Opened:
    """A table ready to be scored: its files, its columns, what spreadsheets held that could not be used, and columns
    that say again what another says."""

    source: TableSource
    layout: Layout
    bad: tuple[BadCell, ...] = ()
    sheets: bool = False
    repeated: tuple[str, ...] = ()


@contextmanager
def opened(table: Place, ruleset: Ruleset, today: date, keep: Iterable[str] = ()) -> Iterator[Opened]:
    """The table, its spreadsheets laid flat for as long as it is open.

    Raises Refusal, and FilesHaveProblems for a spreadsheet without answers.
    """
    if isinstance(table, File) and not table.exists():
        raise unreadable(f"没有 {table} 这个文件或文件夹", "看看路径写对没有")
    bad: list[BadCell] = []
    with TemporaryDirectory() as folder:
        files: list[Path] = []
        sheets = False
        if isinstance(table, Path):
            for i, path in enumerate(files_of(table, {*KINDS, *BOOKS})):
                assert isinstance(path, Path)
                if is_sheet(path, ruleset):
                    path, sheets = flat_file(path, ruleset, today, Path(folder) / f"{i:05}.arrow", bad), True
                files.append(path)
        source: TableSource = files if sheets else table
        layout, repeated = _layout(source, ruleset, keep)
        yield Opened(source, layout, tuple(bad), sheets, repeated)


def _layout(source: TableSource, ruleset: Ruleset, keep: Iterable[str]) -> tuple[Layout, tuple[str, ...]]:
    """What the columns of all files are, and which are not read because one before says the same.

    A file that cannot be opened is left to be reported when it is read.
    """
    types: dict[str, set[Any]] = {}
    complaint, twice, together = None, dict[str, None](), list[set[str]]()
    for path in files_of(source):
        try:
            mine = columns_of(path)
            for name, kind in mine.items():
                types.setdefault(name, set()).add(kind)
            together.append(set(mine))
            twice |= dict.fromkeys(repeated(path))
        except Refusal as error:
            complaint = complaint or error
    if not types:
        raise complaint or unreadable("这里没有表", "可以用 .parquet .arrow .csv .xlsx")
    texts = {n for n, kinds in types.items() if len(kinds) > 1 or any(is_text_type(k) for k in kinds)}
    layout = layout_of(ruleset, types, keep, texts)
    for first, others in layout.also.items():
        names = (first, *others)
        for present in together:
            twice |= dict.fromkeys([name for name in names if name in present][1:])
    return layout, tuple(twice)


def is_text_type(kind: Any) -> bool:
    inner = getattr(kind, "value_type", kind)
    return (is_text(inner) or holds_bytes(inner)) and not hasattr(kind, "value_field")


def kind_of_result(output: Place | None, format: str | None = None) -> str:
    """The format of a result. Raises Refusal."""
    if isinstance(output, Database):
        return "arrow"
    named = KINDS.get(output.suffix.lower(), "") if output is not None and output.suffix else "parquet"
    kind = format or named
    if kind not in OUT_KINDS:
        asked = kind or (output.suffix if output else "")
        raise Refusal(f"存不成 {asked} 这种格式，可以写：{'、'.join(OUT_KINDS)}")
    return kind


def way_of_running(engine: str, master: str | None, workers: int) -> Run:
    """Here, in processes of this machine, or on a cluster."""
    if engine == "local":
        return pool(workers) if workers > 1 else here
    from checklist.batch.run import clusters

    return clusters.engine(engine, master)


def score_table(
    table: str | Path,
    output: str | Path,
    ruleset: Ruleset,
    *,
    today: date,
    as_of: date | None = None,
    columns: tuple[str, ...] = PARTS[:4],
    long: bool = False,
    keep: Iterable[str] = (),
    rank: bool = False,
    min_coverage: Fraction = MIN_COVERAGE,
    sampling: bool = False,
    engine: str = "local",
    master: str | None = None,
    workers: int = 1,
    endpoint: str = "",
    told: ProgressTold = silent,
) -> Summary:
    """Score every community of a table into ``output``; gives counts, means and the cells that could not be used.

    ``table`` and ``output`` are files, folders, database tables or ``s3://`` addresses at ``endpoint``, as ``checklist
    batch`` takes them. ``today`` is the day of rows that name none; ``as_of`` the day to look from. ``rank`` adds the
    places of all whose coverage is at least ``min_coverage`` (0 to 1). ``told`` hears how many rows are done, how many
    parts, and of how many. Raises Refusal.
    """
    out = place_of(str(output), endpoint)
    with opened(place_of(str(table), endpoint), ruleset, today, keep) as found:
        job = Job(
            ruleset, found.layout, today, as_of, sampling,
            parts=columns, long=long, kind=kind_of_result(out), far=engine != "local",
        )  # fmt: skip
        return scored(job, found, out, way_of_running(engine, master, workers), min_coverage if rank else None, told)


def scored(
    job: Job, found: Opened, output: Place, run: Run, rank_from: Fraction | None, told: ProgressTold = silent
) -> Summary:
    """Score an open table, and look for communities that stand in it twice. ``rank_from`` is the coverage from which
    communities are ranked, None when none is to be."""
    summary = running.score_table(job, found.source, output, run, rank_from=rank_from, told=told)
    summary.bad[:0] = found.bad
    if job.layout.community:
        summary.bad += duplicates(found.source, job.layout, summary.aside)
    return summary
