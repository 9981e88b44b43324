"""The column engine measured: every ratio from one run, medians, the machine named; writes the table of docs/performance.md.

    python benchmarks/batch.py            # all of it (about 20 minutes on an idle machine with two cores)
    python benchmarks/batch.py --quick    # small sizes, two repetitions, to see that it runs
    python benchmarks/batch.py --write    # also puts the table into docs/performance.md

Needs: pip install "civic-checklist[batch,spark,ray]" polars duckdb openfisca-core zen-engine datalogic-py
common-expression-language rule-engine business-rules
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).parent))
import peers

from checklist import load_ruleset
from checklist.batch.program.column_program import compile_ruleset
from checklist.batch.run.processes import pool
from checklist.batch.run.running import here, score_table
from checklist.batch.run.scoring import Job, Scorer
from checklist.batch.tables.blocks import read
from checklist.batch.tables.layout import layout_of
from checklist.batch.tables.result_files import Writer
from checklist.batch.tables.table_parts import TablePart
from checklist.engine.scoring.assess import tally
from checklist.engine.scoring.judge import judge
from checklist.model.numbers import INF
from checklist.model.rules.facts import parts_of

DAY = date(2026, 6, 1)
RULES = load_ruleset()
TIMES = 5
LONG = 20.0
"""Seconds beyond which one repetition is too long for five."""

fewer = 0
"""How many repetitions the figure that comes next rests on, when it is not five."""

ROWS: list[tuple[str, str, str, str]] = []
GROUP = 65_536


def made(rows: int, seed: int) -> pa.Table:
    """A block of communities: one cell in ten not recorded, sets as one column per option."""
    chance = np.random.default_rng(seed)
    raw: dict[str, Any] = {}
    for fact in RULES.facts.values():
        high = 2000 if fact.high == INF else int(fact.high)
        match fact.type:
            case "bool":
                raw[fact.id] = chance.random(rows) < 0.7
            case "choice":
                raw[fact.id] = chance.integers(0, len(fact.options), rows)
            case "date":
                raw[fact.id] = (20_600 - chance.integers(0, 500, rows)).astype("i4")
            case "set":
                raw[fact.id] = chance.random((len(fact.options), rows)) < 0.75
            case "count":
                raw[fact.id] = chance.integers(int(fact.low), high + 1, rows)
            case "number":
                raw[fact.id] = chance.integers(int(fact.low) * 10, high * 10 + 1, rows) / 10
            case _:
                raw[fact.id] = np.round(chance.random(rows), 2)
    for part, whole in parts_of(RULES.facts) * 2:
        raw[part] = np.minimum(raw[part], raw[whole])
    columns: dict[str, Any] = {
        "community": pa.array([f"c{i:07}" for i in range(seed, seed + rows)]),
        "district": pa.array([f"区{i}" for i in chance.integers(0, 300, rows)]),
    }
    for fact in RULES.facts.values():
        value, mask = raw[fact.id], chance.random(rows) < 0.1
        if fact.type == "set":
            columns |= {f"{fact.id}__{o}": pa.array(value[i], mask=mask) for i, o in enumerate(fact.options)}
        elif fact.type == "choice":
            columns[fact.id] = pa.DictionaryArray.from_arrays(
                pa.array(value.astype("i4"), mask=mask), pa.array(list(fact.options))
            )
        elif fact.type == "date":
            columns[fact.id] = pa.array(value, pa.date32(), mask=mask)
        else:
            columns[fact.id] = pa.array(value.astype("i4") if fact.type == "count" else value, mask=mask)
    return pa.table(columns)


def data(folder: Path, rows: int) -> Path:
    path = folder / f"in-{rows}.parquet"
    with pq.ParquetWriter(path, made(1, 0).schema, compression="zstd", compression_level=1) as writer:
        for start in range(0, rows, GROUP):
            writer.write_table(made(min(GROUP, rows - start), start))
    return path


def measured(work: Callable[[], Any]) -> tuple[float, float]:
    """Median wall seconds and CPU seconds (all threads of this process) of five runs.

    Work that takes longer than LONG is done three times only; the next line that is said tells so.
    """
    global fewer
    walls, cpus = [], []
    while len(walls) < TIMES:
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
        if walls[0] > LONG and len(walls) == 3:
            break
    if len(walls) != 5:
        fewer = len(walls)
    return statistics.median(walls), statistics.median(cpus)


def say(what: str, figure: str, ratio: str = "", goal: str = "") -> None:
    global fewer
    if fewer:
        figure, fewer = f"{figure}（{fewer} 次的中位数）", 0
    ROWS.append((what, figure, ratio, goal))
    print(f"{what} | {figure} | {ratio} | {goal}", flush=True)


def met(value: float, goal: float, *, most: bool = False) -> str:
    reached = value <= goal if most else value >= goal
    return f"{'≤' if most else '≥'} {goal:g}：{'达到' if reached else '没有达到'}"


def sizes(folder: Path, counts: list[int]) -> dict[int, tuple[float, float]]:
    """Kernel, Parquet to Parquet and the floor, size by size."""
    found, out = {}, folder / "out.parquet"
    for rows in counts:
        path = data(folder, rows)
        job = Job(RULES, layout_of(RULES, pq.read_schema(path).names), DAY)
        scorer = Scorer(job)
        names = scorer.results.wanted
        from checklist.batch.program.kernel import Runner

        runner = Runner(scorer.program, names)
        walls, cpus = [], []
        for _ in range(TIMES):
            wall = cpu = 0.0
            for batch in read(TablePart(path, "parquet"), job.layout.columns, {}):
                block = scorer.intake.block(batch)
                w, c = time.perf_counter(), time.process_time()
                runner.run(block.arrays, block.rows)
                wall, cpu = wall + time.perf_counter() - w, cpu + time.process_time() - c
            walls.append(wall)
            cpus.append(cpu)
        kernel, kernel_cpu = statistics.median(walls), statistics.median(cpus)
        criteria = rows * len(scorer.program.criteria) / kernel / 1e6
        say(f"内核，{rows} 行", f"{kernel:.2f} 秒（CPU {kernel_cpu:.2f}）", f"每秒 {criteria:.0f} 百万条标准")
        whole, whole_cpu = measured(lambda j=job, p=path: score_table(j, p, out, here))
        floor, _ = measured(lambda p=path, j=job: copied(p, out, folder / "floor.parquet", j))
        say(
            f"Parquet 到 Parquet，{rows} 行",
            f"{whole:.2f} 秒（CPU {whole_cpu:.2f}）",
            f"下限（同样的字节只读写）的 {whole / floor:.2f} 倍",
            met(whole / floor, 2.5, most=True),
        )
        light = Job(RULES, job.layout, DAY, parts=("totals", "modules"))
        short, _ = measured(lambda j=light, p=path: score_table(j, p, out, here))
        say(f"同上，只要总分和模块分，{rows} 行", f"{short:.2f} 秒")
        found[rows] = (kernel_cpu, whole)
    return found


def copied(source: Path, result: Path, to: Path, job: Job) -> None:
    """The floor: read what scoring reads, write what scoring wrote, do nothing between."""
    for _ in read(TablePart(source, "parquet"), job.layout.columns, {}):
        pass
    if not copied.kept or copied.kept[0] != result.stat().st_size:  # type: ignore[attr-defined]
        copied.kept = (
            result.stat().st_size,
            list(read(TablePart(result, "parquet"), pq.read_schema(result).names, {})),
        )  # type: ignore[attr-defined]
    writer = Writer(to, "parquet")
    for batch in copied.kept[1]:  # type: ignore[attr-defined]
        writer.write(batch)
    writer.close()


copied.kept = None  # type: ignore[attr-defined]


def peak_memory(path: Path, folder: Path) -> None:
    code = (
        "from checklist.cli.app import run;"
        f"run(['batch',{str(path)!r},'-o',{str(folder / 'peak.parquet')!r}]);"
        "print(next(line for line in open('/proc/self/status') if line.startswith('VmHWM')).split()[1])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    mib = int(ran.stdout.split()[-1]) // 1024
    say("峰值内存，最大的表，命令行全程", f"{mib} MiB", "", met(mib, 2048, most=True))


def bandwidth(scorer: Scorer, arrays: peers.Arrays, rows: int, kernel: float) -> None:
    source, target = np.ones(2**27, "u1"), np.empty(2**27, "u1")
    wall, _ = measured(lambda: np.copyto(target, source))
    speed = 2 * source.nbytes / wall
    out = scorer.runner.run(arrays, rows)
    moved = sum(arrays[n].itemsize for n in scorer.runner.inputs) + sum(a.itemsize for a in out.values())
    say("内存复制带宽", f"{speed / 1e9:.1f} GB/s", f"每行要搬 {moved} 字节（备好的输入列加结果列）")
    distance = kernel / (moved * rows / speed)
    say("内核离内存带宽", f"{distance:.0f} 倍", "", met(distance, 30, most=True))


def frames(program: Any, arrays: peers.Arrays, rows: int) -> None:
    """Polars, DuckDB and OpenFisca on the same prepared columns, the same points and sums."""
    from checklist.batch.program.kernel import Runner

    names = [f"{c}.{e}" for c in program.criteria for e in peers.ENDS]
    names += [f"{m.id}.{e}" for m in RULES.modules for e in peers.ENDS]
    runner = Runner(program, names)
    ours, ours_cpu = measured(lambda: runner.run(arrays, rows))
    wanted = runner.run(arrays, rows)
    say(f"内核，同样的结果列，{rows} 行，一个核", f"{ours:.2f} 秒（CPU {ours_cpu:.2f}）")
    used = {str(n.args[0]) for n in program.nodes if n.op == "load"}
    flat = {
        peers.column(n): arrays[n][:rows].astype("i4")
        if arrays[n].dtype.itemsize < 4 and arrays[n].dtype != bool
        else arrays[n][:rows]
        for n in used
    }

    def same(get: Callable[[str], Any]) -> str:
        wrong = sum(
            int((np.asarray(get(peers.column(n))) != wanted[n]).sum()) for n in names[: 2 * len(program.criteria)]
        )
        return "结果逐格相同" if not wrong else f"有 {wrong} 格不同"

    import polars as pl

    lazy = peers.polars_frame(program, pl.DataFrame(flat))
    theirs, cpu = measured(lambda: lazy.collect())
    result = lazy.collect()
    say(
        f"Polars 表达式，{os.cpu_count()} 核",
        f"{theirs:.2f} 秒（CPU {cpu:.2f}）",
        f"按 CPU 秒内核快 {cpu / ours_cpu:.1f} 倍，按时间快 {theirs / ours:.1f} 倍；{same(lambda n: result[n].to_numpy())}",
        met(cpu / ours_cpu, 2),
    )
    import duckdb

    con, facts = duckdb.connect(), pa.table({n: pa.array(v) for n, v in flat.items()})
    con.register("facts", facts)
    sql = peers.duckdb_sql(program)
    theirs, cpu = measured(lambda: con.sql(sql).to_arrow_table())
    result = con.sql(sql).to_arrow_table()
    say(
        f"DuckDB SQL，{os.cpu_count()} 核",
        f"{theirs:.2f} 秒（CPU {cpu:.2f}）",
        f"内核快 {theirs / ours:.1f} 倍；{same(lambda n: result.column(n).to_numpy())}",
        met(theirs / ours, 5),
    )
    run = peers.openfisca(program, arrays, rows)
    theirs, _ = measured(run)
    got = run()
    order = {
        peers.column(n): v for n, v in zip([f"{c}.{e}" for c in program.criteria for e in peers.ENDS], got, strict=True)
    }
    say(
        "openfisca-core",
        f"{theirs:.2f} 秒",
        f"内核快 {theirs / ours:.1f} 倍；{same(lambda n: order[n])}",
        met(theirs / ours, 5),
    )


def polars_whole(path: Path, folder: Path) -> None:
    """Parquet to Parquet in Polars, only the points of each criterion and module, against all of our columns."""
    job = Job(RULES, layout_of(RULES, pq.read_schema(path).names), DAY)
    program = compile_ruleset(RULES, job.layout.shape)
    frame = peers.polars_frame(program, peers.polars_prepared(program, str(path), DAY))
    theirs, cpu = measured(
        lambda: frame.sink_parquet(folder / "polars.parquet", compression="zstd", compression_level=1)
    )
    for parts in (("totals", "modules", "points"), ("totals", "modules")):
        ours, ours_cpu = measured(
            lambda p=parts: score_table(Job(RULES, job.layout, DAY, parts=p), path, folder / "o.parquet", here)
        )
        say(
            f"Parquet 到 Parquet：我们（{'、'.join(parts)}）和 Polars（只有各条和各模块的得分两端，不检查格子）",
            f"{ours:.2f} 秒（CPU {ours_cpu:.2f}）；Polars {theirs:.2f} 秒（CPU {cpu:.2f}）",
            f"快 {theirs / ours:.2f} 倍",
            met(theirs / ours, 1) if "points" in parts else "",
        )


def row_engines(program: Any, arrays: peers.Arrays, rows: int, speed: float) -> None:
    """Rule engines that take one row at a time. ``speed``: our criteria per second, both ends, every output."""
    context = peers.contexts(program, arrays, rows)
    fastest = 0.0
    everything = {
        "zen-engine（批量）": (peers.zen, {"sets"} | peers.SETS, 1),
        "datalogic-py": (peers.datalogic, {"sets"} | peers.SETS, 1),
        "CEL（Rust）": (peers.cel, {"sets"} | peers.SETS, 4),
        "rule-engine": (peers.rule_engine, {"sets"} | peers.SETS, 4),
    }
    for name, (build, refused, share) in everything.items():
        criteria = peers.criteria_of(program, refused)
        try:
            run = build(program, criteria)
            part = context[: max(1, rows // share)]
            wall, _ = measured(lambda r=run, p=part: r(p))
        except Exception as error:
            say(name, f"跑不了：{type(error).__name__} {str(error)[:80]}")
            continue
        got = len(part) * len(criteria) / wall
        fastest = max(fastest, got)
        say(name, f"每秒 {got / 1e3:.1f} 千条标准", f"内核快 {speed / got:.0f} 倍；说得出 {len(criteria)} 条，得分两端")
    done, run = peers.business_rules(program, list(program.criteria))
    part = context[: max(1, rows // 4)]
    wall, _ = measured(lambda: run(part))
    assert done
    got = len(part) * len(done) / wall
    fastest = max(fastest, got)
    say(
        "business-rules",
        f"每秒 {got / 1e3:.1f} 千条标准",
        f"内核快 {speed / got:.0f} 倍；说得出 {len(done)} 条，只有低的一端",
    )
    say(
        "最快的规则引擎",
        f"每秒 {fastest / 1e3:.1f} 千条标准",
        f"内核快 {speed / fastest:.0f} 倍",
        met(speed / fastest, 200),
    )


def single_engine(path: Path, speed: float) -> None:
    from checklist.batch.columns.one_row import state_of_row

    job = Job(RULES, layout_of(RULES, pq.read_schema(path).names), DAY)
    states = [state_of_row(job, path, row)[0] for row in range(1, 21)]

    def run() -> None:
        for state in states:
            known = state.knowledge(RULES.facts)
            tally([judge(RULES, c, state, known) for c in RULES.criteria])

    wall, _ = measured(run)
    got = 20 * len(RULES.criteria) / wall
    say("单社区引擎（只判定，不列差距）", f"每社区 {wall / 20 * 1000:.1f} 毫秒", f"内核快 {speed / got:.0f} 倍")


def clusters(path: Path, folder: Path, names: list[str]) -> None:
    """The same tasks in a local pool and on local clusters; the second run of each counts (workers are warm)."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    from checklist.batch.run.clusters import engine
    from checklist.batch.run.running import perform

    job = Job(RULES, layout_of(RULES, pq.read_schema(path).names), DAY)
    one, _ = measured(lambda: score_table(job, path, folder / "one", here))
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        warm = lambda j, tasks: enumerate(processes.map(perform, [(j, t) for t in tasks]))
        score_table(job, path, folder / "pool", warm)
        base, _ = measured(lambda: score_table(job, path, folder / "pool", warm))
    say("本机一个进程，写成文件夹", f"{one:.2f} 秒")
    say("本机两个进程（已热）", f"{base:.2f} 秒", f"一个进程的 {one / base:.2f} 倍快")
    assert pool
    for name in names:
        try:
            run = engine(name, None)
            score_table(job, path, folder / name, run)
            wall, _ = measured(lambda n=name, r=run: score_table(job, path, folder / n, r))
        except Exception as error:
            say(name, f"跑不了：{type(error).__name__} {str(error)[:80]}")
            continue
        say(
            f"{name}（本机模式，已热）",
            f"{wall:.2f} 秒",
            f"进程池的 {wall / base:.2f} 倍",
            met(wall / base, 1.5, most=True),
        )


def table() -> str:
    head = "| 量什么 | 结果 | 比较 | 目标 |\n|---|---|---|---|\n"
    return head + "".join(f"| {' | '.join(row)} |\n" for row in ROWS)


def main() -> None:
    global TIMES
    ask = argparse.ArgumentParser()
    ask.add_argument("--quick", action="store_true")
    ask.add_argument("--write", action="store_true")
    ask.add_argument("--clusters", default="ray,spark")
    asked = ask.parse_args()
    counts = [2_000, 10_000] if asked.quick else [10_000, 100_000, 607_000]
    TIMES = 2 if asked.quick else 5
    load = os.getloadavg()[0]
    say(
        "机器",
        f"{platform.machine()}，{os.cpu_count()} 核，Python {platform.python_version()}，NumPy {np.__version__}，PyArrow {pa.__version__}",
        f"开始时的负载 {load:.1f}",
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        started = time.perf_counter()
        program = compile_ruleset(RULES)
        program.code().function()
        say(
            "编译测评体系",
            f"{time.perf_counter() - started:.2f} 秒",
            f"{len(program.criteria)} 条标准，{len(program.nodes)} 个节点",
        )
        found = sizes(folder, counts)
        last, before = counts[-1], counts[-2]
        flat = found[last][0] / last / (found[before][0] / before)
        reached = "达到" if 0.8 <= flat <= 1.2 else "没有达到"
        say(f"每行用时（CPU），{last} 行时是 {before} 行时的", f"{flat:.2f} 倍", "", f"0.8～1.2 倍：{reached}")
        path = folder / f"in-{last}.parquet"
        peak_memory(path, folder)
        middle = folder / f"in-{before}.parquet"
        job = Job(RULES, layout_of(RULES, pq.read_schema(middle).names), DAY)
        scorer = Scorer(job)
        batch = (
            pa.Table.from_batches(list(read(TablePart(middle, "parquet"), job.layout.columns, {})))
            .combine_chunks()
            .to_batches()[0]
        )
        arrays = scorer.intake.block(batch).arrays
        kernel, _ = measured(lambda: scorer.runner.run(arrays, batch.num_rows))
        bandwidth(scorer, arrays, batch.num_rows, kernel)
        speed = batch.num_rows * len(scorer.program.criteria) / kernel
        single_engine(middle, speed)
        frames(scorer.program, arrays, batch.num_rows)
        polars_whole(middle, folder)
        row_engines(scorer.program, arrays, 50 if asked.quick else 400, speed)
        clusters(path, folder, [n for n in asked.clusters.split(",") if n])
    say("结束时的负载", f"{os.getloadavg()[0]:.1f}")
    if asked.write:
        page = Path(__file__).parent.parent / "docs" / "performance.md"
        text = page.read_text(encoding="utf-8")
        start, end = text.index("<!-- 表 -->"), text.index("<!-- 表完 -->")
        page.write_text(text[:start] + "<!-- 表 -->\n" + table() + text[end:], encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
