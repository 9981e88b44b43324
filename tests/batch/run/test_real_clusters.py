"""The three engines with a head and workers as processes of their own, one of which dies in the middle of the run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from checklist.cli.console import Exit
from tests.support.loopback_clusters import Cluster, cluster, wait_until
from tests.support.places import ROOT
from tests.support.storage_service import SECRET, storage_service

pytestmark = pytest.mark.slow

PARTS, ROWS = 16, 2_000
FAR: Sequence[tuple[str, str]] = (("/proc/self/cwd/in.parquet", "out"), ("in.parquet", "/proc/self/cwd/out"))
"""A path under which every process sees a folder of its own, as machines without a shared disk do."""


def write_table(path: Path) -> None:
    with pq.ParquetWriter(path, pa.schema({"community": pa.string(), "households": pa.int64()})) as writer:
        for i in range(2 * PARTS):
            ids = [f"c{i:03}-{row}" for row in range(ROWS)]
            writer.write_table(pa.table({"community": ids, "households": range(1, ROWS + 1)}))


def started(folder: Path, *words: str | Path, more: dict[str, str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "checklist", "batch", *map(str, words)]
    env = {**os.environ, "PYTHONPATH": str(ROOT), **more}
    return subprocess.Popen(command, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def kill_a_worker(name: str, running: Cluster) -> None:
    """A node of Spark or Dask with all that it has started; of Ray one of the processes that compute."""
    if running.workers:
        running.kill(running.workers[0])
        return
    for line in subprocess.run(
        ["ps", "-eo", "pid,args"], capture_output=True, text=True, check=True
    ).stdout.splitlines():
        pid, _, arguments = line.strip().partition(" ")
        if arguments.startswith("ray::answered") and running.environment["RAY_AUTH_TOKEN"] in _environment(pid):
            os.kill(int(pid), signal.SIGKILL)
            return


def _environment(pid: str) -> str:
    try:
        return Path(f"/proc/{pid}/environ").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    write_table(tmp_path / "in.parquet")
    yield tmp_path


@pytest.mark.parametrize("name", ["spark", "ray", "dask"])
def test_a_cluster_that_loses_a_worker_comes_to_the_same(name: str, folder: Path) -> None:
    here = started(folder, "in.parquet", "-o", "here", more={})
    with storage_service() as service, cluster(name, folder / "cluster", service.environment) as running:
        there = ("--engine", name, "--master", running.address)
        service.put("county/in.parquet", (folder / "in.parquet").read_bytes())
        run = started(folder, "in.parquet", "-o", "out", *there, more=running.environment)
        wait_until(lambda: len(list(folder.glob(".out.*/part-*"))) > 1, "the first parts")
        assert len(list(folder.glob(".out.*/part-*"))) < PARTS, "too late to lose a worker in the middle"
        kill_a_worker(name, running)
        _, said = run.communicate(timeout=120)
        assert run.returncode == 0, said
        assert here.wait(60) == 0
        wanted = {path.name: path.read_bytes() for path in (folder / "here").iterdir()}
        assert {path.name: path.read_bytes() for path in (folder / "out").iterdir()} == wanted
        lines = said.splitlines()
        assert len(lines) == 2 and f"{2 * PARTS * ROWS} 个社区" in lines[0], said

        stored = started(folder, "s3://county/in.parquet", "-o", "s3://county/out", *there, more=running.environment)
        _, said = stored.communicate(timeout=120)
        assert stored.returncode == 0 and SECRET not in said, said
        assert service.files("county/out") == {f"county/out/{part}": data for part, data in wanted.items()}

        before = sorted(path.name for path in folder.iterdir())
        for table, out in FAR:
            run = started(folder, table, "-o", f"{out}-far", *there, more=running.environment)
            _, said = run.communicate(timeout=120)
            assert run.returncode == Exit.PROBLEMS and said.count("\n") == 1 and "看不到 /proc/self/cwd/" in said, said
        if name == "ray":
            run = started(
                folder, "in.parquet", "-o", "x", *there, more=running.environment | {"RAY_AUTH_TOKEN": "f" * 64}
            )
            _, said = run.communicate(timeout=120)
            assert run.returncode == Exit.USAGE and said.count("\n") == 1 and "口令" in said, said
        assert sorted(path.name for path in folder.iterdir()) == before
