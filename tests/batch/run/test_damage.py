"""Damaged files, full disks, interrupted runs: a clear message, the good rows kept, nothing half-written."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import feather

from checklist.cli.console import Exit
from tests.conftest import ROOT, Run


def table(rows: int) -> pa.Table:
    return pa.table({"community": [f"c{i:05}" for i in range(rows)], "households": pa.array(range(1, rows + 1))})


def damaged(path: Path, group: int) -> None:
    """Spoil the data of one row group; the footer stays whole."""
    column = pq.read_metadata(path).row_group(group).column(1)
    start = column.dictionary_page_offset or column.data_page_offset
    data = bytearray(path.read_bytes())
    data[start : start + column.total_compressed_size] = b"\xff" * column.total_compressed_size
    path.write_bytes(bytes(data))


@pytest.mark.parametrize("out", ["out.parquet", "out"])
def test_a_damaged_row_group_takes_no_other_with_it(cli: Run, tmp_path: Path, out: str) -> None:
    pq.write_table(table(50), tmp_path / "in.parquet", row_group_size=10)
    damaged(tmp_path / "in.parquet", 2)
    ran = cli("batch", tmp_path / "in.parquet", "-o", tmp_path / out, "--rank")
    assert ran.code == Exit.PROBLEMS and "in.parquet：读不出来" in ran.err and "40 个社区" in ran.err
    found = pq.read_table(tmp_path / out)
    assert found.column("community").to_pylist() == [f"c{i:05}" for i in (*range(20), *range(30, 50))]
    assert cli("batch", tmp_path / "in.parquet", "--explain", "35").code == 0
    assert cli("batch", tmp_path / "in.parquet", "--explain", "25").code == Exit.PROBLEMS


@pytest.mark.parametrize("name", ["in.parquet", "in.arrow"])
def test_a_file_without_its_end_is_not_read(cli: Run, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name == "in.parquet":
        pq.write_table(table(5000), path)
    else:
        feather.write_feather(table(5000), str(path))
    path.write_bytes(path.read_bytes()[:-100])
    ran = cli("batch", path, "-o", tmp_path / "out.parquet")
    assert ran.code == Exit.PROBLEMS and "可能没传完" in ran.err and "Traceback" not in ran.err
    assert [p.name for p in tmp_path.iterdir()] == [name]


SLOWLY = [pytest.param(out, marks=pytest.mark.slow) for out in ("out.csv", "out.arrow", "out")]


@pytest.mark.parametrize("out", ["out.parquet", *SLOWLY])
def test_a_disk_that_fills_up(tmp_path: Path, out: str) -> None:
    """A real limit of the system: no file may grow beyond 20 kB."""
    pq.write_table(table(3000), tmp_path / "in.parquet", row_group_size=500, compression="none", use_dictionary=False)
    limit = lambda: (signal.signal(signal.SIGXFSZ, signal.SIG_IGN), resource.setrlimit(resource.RLIMIT_FSIZE, (20_000,) * 2))  # fmt: skip
    command = [sys.executable, "-m", "checklist", "batch", str(tmp_path / "in.parquet"), "-o", str(tmp_path / out)]
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "CHECKLIST_CACHE": ""}
    ran = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, preexec_fn=limit, check=False)
    assert ran.returncode == Exit.USAGE, ran.stderr
    assert (
        "没有写成：文件超过了允许的大小" in ran.stderr
        and "没有留下半截文件" in ran.stderr
        and "Traceback" not in ran.stderr
    )
    assert [p.name for p in tmp_path.iterdir()] == ["in.parquet"]


@pytest.mark.slow
@pytest.mark.parametrize("more", [["-o", "out.parquet", "--force"], ["-o", "out"], ["-o", "out", "--workers", "2"]])
def test_an_interrupted_run_leaves_nothing(tmp_path: Path, more: list[str]) -> None:
    part = table(60_000)
    with pq.ParquetWriter(tmp_path / "in.parquet", part.schema) as writer:
        for _ in range(20):
            writer.write_table(part, row_group_size=30_000)
    (tmp_path / "out.parquet").write_bytes(b"before")
    command = [sys.executable, "-m", "checklist", "batch", "in.parquet", *more]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    running = subprocess.Popen(command, cwd=tmp_path, env=env, stderr=subprocess.PIPE, text=True, start_new_session=True)  # fmt: skip
    for _ in range(600):
        if any(p.name.startswith(".out") for p in tmp_path.iterdir()):
            break
        time.sleep(0.05)
    time.sleep(0.5)
    os.killpg(running.pid, signal.SIGINT)  # what Ctrl-C does: to every process of the terminal
    _, said = running.communicate(timeout=60)
    assert running.returncode == Exit.INTERRUPTED, said
    assert "Traceback" not in said
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in.parquet", "out.parquet"]
    assert (tmp_path / "out.parquet").read_bytes() == b"before"


def test_a_result_replaces_results_and_nothing_else(cli: Run, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    pq.write_table(table(3), tmp_path / "data" / "in.parquet")
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "论文.docx").write_bytes(b"x")
    for source, out in (
        (tmp_path / "data" / "in.parquet", tmp_path / "data" / "in.parquet"),
        (tmp_path / "data", tmp_path / "data"),
        (tmp_path / "data" / "in.parquet", tmp_path / "data"),
        (tmp_path / "data", tmp_path / "work"),
    ):
        ran = cli("batch", source, "-o", out)
        assert ran.code == Exit.USAGE and any(
            told in ran.err for told in ("要读的文件", "结果换个名字", "换个文件夹名")
        )
    assert pq.read_table(tmp_path / "data" / "in.parquet").num_rows == 3
    assert (tmp_path / "work" / "论文.docx").exists()
    for _ in range(2):
        assert cli("batch", tmp_path / "data", "-o", tmp_path / "out").code == 0


@pytest.mark.parametrize("name", ["low", "score_high", "verdict", "rank", "ENV.possible", "ENV-01.low"])
def test_a_kept_column_never_hides_one_of_the_results(cli: Run, tmp_path: Path, name: str) -> None:
    pq.write_table(pa.table({"community": ["a"], "households": [1], name: ["x"]}), tmp_path / "in.parquet")
    ran = cli("batch", tmp_path / "in.parquet", "-o", tmp_path / "out.parquet", "--keep", name)
    assert ran.code == Exit.USAGE and f"“{name}”和结果的列重名" in ran.err
    assert [path.name for path in tmp_path.iterdir()] == ["in.parquet"]
