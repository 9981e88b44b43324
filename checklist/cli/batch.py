"""``checklist batch``: every community of a table in one run."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..model.refusals import reason
from .console import Exit, Stop, show, tell, usage
from .inputs import day, get_ruleset, today

if TYPE_CHECKING:
    from ..batch.layout import Layout
    from ..batch.score import Job
    from ..batch.tables import Place
    from ..model.ruleset import Ruleset

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
ENGINES = ("local", "spark", "ray", "dask")


def run(
    table: Annotated[
        str,
        typer.Argument(
            metavar="表", help="Parquet、Arrow、CSV、xlsx、装着它们的文件夹，或 sqlite:///库.db#表、postgresql://…#表"
        ),
    ],
    output: Annotated[
        str | None, typer.Option("-o", "--output", metavar="文件或文件夹", help="结果存到哪里，也可以是数据库的表")
    ] = None,
    rules: Annotated[str | None, typer.Option("--rules", metavar="编号或文件夹", help="用哪套测评体系")] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="日期", help="按哪一天看（记录会过期）")] = None,
    columns: Annotated[
        str, typer.Option("--columns", metavar="几样", help="结果里要什么：totals,modules,levels,points,outcomes")
    ] = "totals,modules,levels,points",
    long: Annotated[bool, typer.Option("--long", help="一个社区一条标准一行，而不是一个社区一行")] = False,
    format: Annotated[str | None, typer.Option("--format", metavar="parquet|arrow|csv", help="结果的格式")] = None,
    rank: Annotated[bool, typer.Option("--rank", help="加上名次和名次范围")] = False,
    top_gaps: Annotated[int, typer.Option("--top-gaps", metavar="N", min=0, help="丢分最多的前几条标准")] = 0,
    by: Annotated[str | None, typer.Option("--by", metavar="列", help="丢分按这一列分开列，如 街道")] = None,
    keep: Annotated[str | None, typer.Option("--keep", metavar="列,列", help="把表里的这些列带到结果里")] = None,
    explain: Annotated[int | None, typer.Option("--explain", metavar="行", help="把这一行交给单社区引擎细看")] = None,
    engine: Annotated[str, typer.Option("--engine", metavar="local|spark|ray|dask", help="在哪里算")] = "local",
    master: Annotated[str | None, typer.Option("--master", metavar="地址", help="集群的地址")] = None,
    workers: Annotated[int, typer.Option("--workers", metavar="N", min=1, help="本机开几个进程（结果是文件夹时）")] = 1,
    show_kernel: Annotated[bool, typer.Option("--show-kernel", help="显示编译出来的列程序")] = False,
) -> int:
    """一张表里的社区一次全算：一行一个社区，一列一个实测项，空着就是没核实。

    用错的格子逐行逐列记到“结果名.bad.csv”，不影响别的行。结果的分值单位是万分之一分。
    """
    try:
        return _run(
            table, output, rules, as_of, _parts(columns), long, format, rank, top_gaps, by, keep, explain, engine, master,
            workers, show_kernel,
        )  # fmt: skip
    except ModuleNotFoundError as error:
        root = (error.name or "").split(".")[0]
        if root not in EXTRAS:
            raise
        raise Stop(f'需要 {root}：pip install "civic-checklist[{EXTRAS[root]}]"', code=Exit.USAGE) from None


def _run(
    table: str, output: str | None, rules: str | None, as_of: str | None, parts: tuple[str, ...], long: bool,
    format: str | None, rank: bool, top_gaps: int, by: str | None, keep: str | None, explain: int | None, engine: str,
    master: str | None, workers: int, show_kernel: bool,
) -> int:  # fmt: skip
    from ..batch.clusters import NotOnWorkers
    from ..batch.databases import DatabaseError
    from ..batch.encoding import CannotCompile
    from ..batch.tables import CannotRead, place_of
    from ..loading import DEFAULT_RULESET

    ruleset = get_ruleset(rules or DEFAULT_RULESET)
    try:
        source, out = place_of(table), place_of(output) if output else None
        layout = _layout(ruleset, source, [*(keep or "").split(","), by or ""])
        job = _job(ruleset, layout, as_of, parts, long, _kind(format, out), by if top_gaps else None, bool(top_gaps))
        if show_kernel:
            return _show_kernel(job)
        if explain is not None:
            return _explain(job, source, explain)
        if out is None:
            usage("还要写结果存到哪里", f"例：checklist batch {table} -o 结果.parquet")
        return _score(job, source, out, engine, master, workers, rank, top_gaps)
    except NotOnWorkers as error:
        raise Stop(str(error)) from None
    except (CannotRead, CannotCompile, DatabaseError) as error:
        raise Stop(str(error), "看看文件选对没有、传完没有", Exit.PROBLEMS) from None


def _parts(text: str) -> tuple[str, ...]:
    known = ("totals", "modules", "levels", "points", "outcomes")
    asked = tuple(part.strip() for part in text.split(",") if part.strip())
    if wrong := [part for part in asked if part not in known]:
        usage(f"--columns 里没有 {wrong[0]} 这一样", f"可以写：{','.join(known)}")
    return asked


def _kind(format: str | None, output: Place | None) -> str:
    from ..batch.tables import KINDS
    from ..batch.writers import OUT_KINDS

    if not isinstance(output, Path | None):
        return "arrow"

    kind = format or (KINDS.get(output.suffix.lower(), "") if output is not None and output.suffix else "parquet")
    if kind not in OUT_KINDS:
        usage(f"存不成 {format or (output.suffix if output else '')} 这种格式", f"可以写：{'、'.join(OUT_KINDS)}")
    return kind


def _layout(ruleset: Ruleset, table: Place, keep: list[str]) -> Layout:
    from ..batch.layout import PLACES, layout_of
    from ..batch.tables import CannotRead, columns_of, files_of

    if isinstance(table, Path) and not table.exists():
        raise Stop(f"没有 {table} 这个文件或文件夹", "看看路径写对没有", Exit.PROBLEMS)
    names: dict[str, None] = {}
    complaint = None
    for path in files_of(table):
        try:
            names = dict.fromkeys(columns_of(path))
            break
        except CannotRead as error:
            complaint = error
    if not names:
        if complaint:
            raise complaint
        raise Stop("这里没有表", "可以用 .parquet .arrow .csv .xlsx", Exit.NOTHING)
    asked = [name for name in keep if name]
    if missing := [name for name in asked if name not in names and name not in PLACES.values()]:
        usage(f"表里没有 {missing[0]} 这一列", f"现有：{'、'.join(list(names)[:12])}…")
    layout = layout_of(ruleset, names, asked)
    if not layout.facts and not layout.bits and not layout.agree:
        raise Stop("表里一列实测项也没有", "列名写实测项的编号或名称，如 households 或 居民户数", Exit.PROBLEMS)
    if layout.extra:
        tell(
            f"{len(layout.extra)} 列不是实测项，没有用：{'、'.join(layout.extra[:6])}{'…' if len(layout.extra) > 6 else ''}"
        )
    if layout.forbidden:
        tell(f"这些标准不能声明为不适用，列没有用：{'、'.join(layout.forbidden[:6])}")
    return layout


def _job(
    ruleset: Ruleset, layout: Layout, as_of: str | None, parts: tuple[str, ...], long: bool, kind: str, by: str | None,
    gaps: bool,
) -> Job:  # fmt: skip
    from ..batch.layout import PLACES
    from ..batch.score import Job

    judged = day(as_of)
    group = (PLACES.get(by, by) if by else "") if gaps else None
    return Job(
        ruleset=ruleset,
        layout=layout,
        as_of=judged or today(),
        judged_on=judged if layout.as_of else None,
        parts=parts,
        long=long,
        kind=kind,
        gaps_by=group,
    )


def _score(
    job: Job, table: Place, output: Place, engine: str, master: str | None, workers: int, rank: bool, top_gaps: int
) -> int:
    from ..batch.running import duplicates, here, pool, score_table
    from .batch_report import Progress, report

    run: Any = here
    if engine == "local":
        run = pool(workers) if workers > 1 else here
    elif engine in ENGINES:
        if not isinstance(output, Path) or output.suffix:
            usage(f"--engine {engine} 的结果是一个文件夹", "写 -o 文件夹名")
        from ..batch import clusters

        run = clusters.engine(engine, master)
    else:
        usage(f"没有 {engine} 这种算法", f"可以写：{'、'.join(ENGINES)}")
    started, progress = time.monotonic(), Progress()
    try:
        summary = score_table(job, table, output, run, ranked=rank, told=progress)
    except OSError as error:
        raise Stop(f"{output} 没有写成：{reason(error)}", "清出空间或换个地方再试；没有留下半截文件") from None
    progress.done()
    if job.layout.community:
        summary.bad += duplicates(table, job.layout.community)
    report(job, output, summary, time.monotonic() - started, top_gaps)
    if summary.broken:
        return Exit.PROBLEMS
    return Exit.DONE if summary.rows else Exit.NOTHING


def _show_kernel(job: Job) -> int:
    from ..batch.program import compile_ruleset

    sys.stdout.write(compile_ruleset(job.ruleset, job.layout.shape).code().source)
    return Exit.DONE


def _explain(job: Job, table: Place, row: int) -> int:
    from ..batch.rows import state_of_row
    from ..engine.assess import assess
    from ..reports.screen import View, assessment_screen

    state, bad = state_of_row(job, table, row)
    if state is None:
        raise Stop(f"没有第 {row} 行", "行号从 1 数起，不算表头", Exit.PROBLEMS)
    for cell in bad:
        tell(f"第 {cell.row} 行 {cell.column}：{cell.code} {cell.says}")
    show(assessment_screen(assess(job.ruleset, state, as_of=job.judged_on), View(8, None, "")))
    return Exit.DONE


COMMANDS = {"batch": run}
