"""What sites cost the column engine: the same communities with three estates each and without, Parquet to Parquet, in one run.

python benchmarks/batch_sites.py            # 100,000 communities
python benchmarks/batch_sites.py 5000       # so many
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).parent))
from batch import DAY, GROUP, RULES, made

from checklist.batch.run.running import score_table
from checklist.batch.run.scoring import Job
from checklist.batch.tables.layout import layout_of

SITES = 3


def with_sites(block: pa.Table, seed: int) -> pa.Table:
    """A row for the community and one for each of its estates, one behind the other."""
    rows, (first, last) = block.num_rows, (block, made(block.num_rows * SITES, seed))
    order = np.argsort(np.concatenate([np.arange(rows), np.repeat(np.arange(rows), SITES)]), kind="stable")
    columns = {}
    for name in block.column_names:
        at_site = RULES.site_facts.get(name.partition("__")[0])
        of_sites = pa.nulls(rows * SITES, last[name].type) if at_site != "estate" else last[name].combine_chunks()
        own = pa.nulls(rows, block[name].type) if at_site == "estate" else first[name].combine_chunks()
        columns[name] = pa.concat_arrays([own, of_sites]).take(pa.array(order))
    ids = first["community"].combine_chunks()
    columns["community"] = pa.concat_arrays([ids, ids.take(pa.array(np.repeat(np.arange(rows), SITES)))]).take(
        pa.array(order)
    )
    names = ["", *(f"{letter}区" for letter in "ABC"[:SITES])] * rows
    columns["点位"] = pa.array([name or None for name in names])
    columns["点位类别"] = pa.array(["小区" if name else None for name in names])
    columns["小区总数"] = pa.array([None if name else SITES for name in names])
    return pa.table(columns)


def main() -> None:
    count = int(sys.argv[1]) if sys.argv[1:] else 100_000
    with tempfile.TemporaryDirectory() as name:
        plain, sited = Path(name) / "plain.parquet", Path(name) / "sited.parquet"
        writers: dict[Path, pq.ParquetWriter] = {}
        for start in range(0, count, GROUP // 4):
            block = made(min(GROUP // 4, count - start), start)
            for path, table in ((plain, block), (sited, with_sites(block, start + count))):
                if path not in writers:
                    writers[path] = pq.ParquetWriter(path, table.schema, compression="zstd", compression_level=1)
                writers[path].write_table(table)
        for writer in writers.values():
            writer.close()
        took = {}
        for path in (plain, sited):
            job = Job(RULES, layout_of(RULES, pq.read_schema(path).names, texts=("点位", "点位类别")), DAY)
            wall, cpu = time.perf_counter(), time.process_time()
            summary = score_table(job, path, path.with_suffix(".out.parquet"))
            took[path] = time.perf_counter() - wall, time.process_time() - cpu
            print(
                f"{path.stem}: {summary.rows} 个社区，{took[path][0]:.1f} 秒（CPU {took[path][1]:.1f}），{len(summary.bad)} 处"
            )
        print(
            f"有点位的是没有的 {took[sited][0] / took[plain][0]:.1f} 倍（CPU {took[sited][1] / took[plain][1]:.1f} 倍）"
        )
        with open("/proc/self/status", encoding="utf-8") as status:
            print("峰值内存", next(line for line in status if line.startswith("VmHWM")).split()[1], "KiB")


if __name__ == "__main__":
    main()
