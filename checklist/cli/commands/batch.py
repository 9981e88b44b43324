"""``checklist batch``: every community of a table in one run."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checklist.cli.batch_targets import batch_targets, beside
from checklist.cli.console import Exit, show, tell, usage
from checklist.cli.coverage_bar import USUAL, MinCoverage, coverage_bar
from checklist.cli.half_width import VERBATIM
from checklist.cli.inputs import day, get_ruleset, today
from checklist.cli.targets import FORCE
from checklist.model.refusals import Refusal, missing_extra, reason

if TYPE_CHECKING:
    from checklist.batch.columns.bad_cells import BadCell
    from checklist.batch.run.running import Run
    from checklist.batch.run.scoring import Job
    from checklist.batch.tables.table_parts import Place, TableSource
    from checklist.files.whole_tables import Opened
    from checklist.model.rules.ruleset import Ruleset

EXTRAS = {
    "numpy": "batch",
    "pyarrow": "batch",
    "pyspark": "spark",
    "ray": "ray",
    "dask": "dask",
    "python_calamine": "office",
    "adbc_driver_sqlite": "sql",
    "adbc_driver_postgresql": "sql",
    "distributed": "dask",
}


def run(
    table: Annotated[
        str,
        VERBATIM,
        typer.Argument(
            metavar="表",
            help="Parquet、Arrow、CSV、xlsx、xls、ods、装着它们的文件夹，或 s3://桶/…、sqlite:///库.db#表、postgresql://…#表",
        ),
    ],
    output: Annotated[
        str | None,
        VERBATIM,
        typer.Option("-o", "--output", metavar="文件或文件夹", help="结果存到哪里，也可以是 s3:// 地址或数据库的表"),
    ] = None,
    rules: Annotated[str | None, typer.Option("--rules", metavar="编号或文件夹", help="用哪套测评体系")] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="日期", help="按哪一天看（记录会过期）")] = None,
    sampling: Annotated[bool, typer.Option("--sampling", help="问卷按抽样区间（95% 置信）计分")] = False,
    columns: Annotated[
        str, typer.Option("--columns", metavar="几样", help="结果里要什么：totals,modules,levels,points,outcomes")
    ] = "totals,modules,levels,points",
    long: Annotated[bool, typer.Option("--long", help="一个社区一条标准一行，而不是一个社区一行")] = False,
    format: Annotated[str | None, typer.Option("--format", metavar="parquet|arrow|csv", help="结果的格式")] = None,
    rank: Annotated[bool, typer.Option("--rank", help="加上名次和名次范围")] = False,
    min_coverage: MinCoverage = USUAL,
    top_gaps: Annotated[int, typer.Option("--top-gaps", metavar="N", min=0, help="丢分最多的前几条标准")] = 0,
    by: Annotated[str | None, VERBATIM, typer.Option("--by", metavar="列", help="丢分按这一列分开列，如 街道")] = None,
    keep: Annotated[
        str | None, VERBATIM, typer.Option("--keep", metavar="列,列", help="把表里的这些列带到结果里")
    ] = None,
    explain: Annotated[int | None, typer.Option("--explain", metavar="行", help="把这一行交给单社区引擎细看")] = None,
    engine: Annotated[str, typer.Option("--engine", metavar="local|spark|ray|dask", help="在哪里算")] = "local",
    master: Annotated[str | None, typer.Option("--master", metavar="地址", help="集群的地址")] = None,
    workers: Annotated[int, typer.Option("--workers", metavar="N", min=1, help="本机开几个进程（结果是文件夹时）")] = 1,
    bad: Annotated[
        Path | None, typer.Option("--bad", metavar="文件", help="没法用的格子记到哪里，不写就记在结果旁边")
    ] = None,
    force: FORCE = False,
    show_kernel: Annotated[bool, typer.Option("--show-kernel", help="显示编译出来的列程序")] = False,
) -> int:
    """一张表里的社区一次全算：一行一个社区，一列一个实测项，空着就是没核实。

    列名写实测项的名称或编号，checklist table 导出的总表可以直接用。用错的格子逐行逐列记到结果旁边的“结果名.bad.csv”，
    不影响别的行。结果的分值单位是万分之一分。
    """
    asked = Asked(
        _parts(columns), long, format, as_of, sampling, coverage_bar(min_coverage) if rank else None, top_gaps, by if top_gaps else None,
        [name for name in (*(keep or "").split(","), by or "") if name], bad, force,
    )  # fmt: skip
    if show_kernel or explain is not None:
        engine = "local"
    try:
        return _run(asked, table, output, rules, explain, engine, master, workers, show_kernel)
    except ModuleNotFoundError as error:
        root = (error.name or "").split(".")[0]
        if root not in EXTRAS:
            raise
        raise missing_extra(root, EXTRAS[root]) from None


@dataclass(frozen=True, slots=True)
class Asked:
    """What the result is to hold. ``keep`` names the columns to carry along, ``by`` the one that gaps are parted by,
    ``rank_from`` the coverage from which communities are ranked (None: no ranks)."""

    parts: tuple[str, ...]
    long: bool
    format: str | None
    as_of: str | None
    sampling: bool
    rank_from: Fraction | None
    top_gaps: int
    by: str | None
    keep: list[str]
    bad: Path | None
    force: bool


def _run(
    asked: Asked, table: str, output: str | None, rules: str | None, explain: int | None, engine: str,
    master: str | None, workers: int, show_kernel: bool,
) -> int:  # fmt: skip
    from checklist.batch.tables.databases import Database
    from checklist.batch.tables.table_parts import place_of
    from checklist.files.loading import DEFAULT_RULESET
    from checklist.files.whole_tables import ENGINES, opened, way_of_running

    if engine not in ENGINES:
        usage(f"没有 {engine} 这种算法", f"可以写：{'、'.join(ENGINES)}")
    ruleset = get_ruleset(rules or DEFAULT_RULESET)
    source, out = place_of(table, _endpoint()), place_of(output, _endpoint()) if output else None
    with opened(source, ruleset, today(), asked.keep) as found:
        _tell_columns(found, asked)
        job = replace(_job(ruleset, found, asked, out), far=engine != "local")
        if show_kernel:
            return _show_kernel(job)
        if explain is not None:
            return _explain(job, found.source, explain, asked.sampling)
        if out is None:
            usage("还要写结果存到哪里", f"例：checklist batch {table} -o 结果.parquet")
        if workers > 1 and (isinstance(out, Database) or out.suffix):
            usage("几个进程各写一份，结果是一个文件夹", "写 -o 文件夹名，或去掉 --workers")
        if engine != "local":
            _for_cluster(engine, out, found)
        side = beside(bad=asked.bad, source=source, output=out)
        targets = batch_targets(source, out, side, force=asked.force)
        try:
            return _score(job, found, out, way_of_running(engine, master, workers), asked, side)
        finally:
            targets.written([side, *([out] if isinstance(out, Path) else [])])


def _endpoint() -> str:
    """The storage service of ``s3://`` addresses, where it is not Amazon's."""
    return os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or ""


def _parts(text: str) -> tuple[str, ...]:
    known = ("totals", "modules", "levels", "points", "outcomes")
    asked = tuple(part.strip() for part in text.split(",") if part.strip())
    if wrong := [part for part in asked if part not in known]:
        usage(f"--columns 里没有 {wrong[0]} 这一样", f"可以写：{','.join(known)}")
    return asked


def _for_cluster(engine: str, output: Place, found: Opened) -> None:
    from checklist.batch.tables.databases import Database

    if isinstance(output, Database) or output.suffix:
        usage(f"--engine {engine} 的结果是一个文件夹", "写 -o 文件夹名")
    if found.sheets:
        usage("电子表格不能交给集群算", "去掉 --engine 在本机算，或先存成 .parquet、.csv")


def _tell_columns(found: Opened, asked: Asked) -> None:
    from checklist.batch.tables.layout import place_of_heading

    layout = found.layout
    carried = {*layout.kept, *layout.kept.values(), layout.community, layout.as_of}
    if missing := [name for name in asked.keep if name not in carried and place_of_heading(name) not in carried]:
        names = [*layout.columns, *layout.extra]
        usage(f"表里没有 {missing[0]} 这一列", f"现有：{'、'.join(names[:12])}{'…' if len(names) > 12 else ''}")
    if not layout.facts and not layout.bits and not layout.agree:
        _tell_cells(found.bad[:5])
        raise Refusal("表里一列实测项也没有", "列名写实测项的编号或名称，如 households 或 户数", Exit.PROBLEMS)
    for says, columns in (
        ("列不是实测项，没有用", layout.extra),
        ("列和前面的列重复，只用前面的", found.repeated),
        ("列声明了不能不适用的标准，没有用", layout.forbidden),
    ):
        if columns:
            tell(f"{len(columns)} {says}：{'、'.join(columns[:6])}{'…' if len(columns) > 6 else ''}")


def _tell_cells(bad: Iterable[BadCell]) -> None:
    for cell in bad:
        tell(f"第 {cell.row} 行 {cell.column}：{cell.code} {cell.says}")


def _job(ruleset: Ruleset, found: Opened, asked: Asked, output: Place | None) -> Job:
    from checklist.batch.run.scoring import Job
    from checklist.batch.tables.layout import place_of_heading
    from checklist.files.whole_tables import kind_of_result

    judged = day(asked.as_of)
    group = (place_of_heading(asked.by) or asked.by) if asked.by else ""
    return Job(
        ruleset=ruleset,
        layout=found.layout,
        today=today(),
        judged_on=judged,
        sampling=asked.sampling,
        parts=asked.parts,
        long=asked.long,
        kind=kind_of_result(output, asked.format),
        gaps_by=group if asked.top_gaps else None,
    )


def _score(job: Job, found: Opened, output: Place, run: Run, asked: Asked, side: Path) -> int:
    from checklist.cli.batch_summary import Progress, report
    from checklist.files.whole_tables import scored

    started, progress = time.monotonic(), Progress()
    try:
        summary = scored(job, found, output, run, asked.rank_from, progress)
    except OSError as error:
        raise Refusal(f"{output} 没有写成：{reason(error)}", "清出空间或换个地方再试；没有留下半截文件") from None
    progress.done()
    report(job, output, side, summary, time.monotonic() - started, asked.top_gaps, asked.rank_from)
    if summary.broken:
        return Exit.PROBLEMS
    return Exit.DONE if summary.rows else Exit.NOTHING


def _show_kernel(job: Job) -> int:
    from checklist.batch.program.column_program import compile_ruleset

    sys.stdout.write(compile_ruleset(job.ruleset, job.layout.shape).code().source)
    return Exit.DONE


def _explain(job: Job, table: TableSource, row: int, sampling: bool) -> int:
    from checklist.batch.columns.one_row import state_of_row
    from checklist.batch.run.one_community import state_of_community
    from checklist.engine.scoring.assess import assess
    from checklist.reports.assessment.assessment_screen import View, assessment_screen

    state, bad = (state_of_community if job.layout.sited else state_of_row)(job, table, row)
    _tell_cells(bad)
    if state is None:
        raise Refusal("" if bad else f"没有第 {row} 行", "行号从 1 数起，不算表头", Exit.PROBLEMS)
    show(assessment_screen(assess(job.ruleset, state, as_of=job.judged_on, sampling=sampling), View(8, None, "")))
    return Exit.DONE


COMMANDS = {"batch": run}
