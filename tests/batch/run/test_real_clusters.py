"""The three engines with a head and workers as processes of their own, one of which dies in the middle of the run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from checklist.cli.console import Exit
from tests.support.loopback_clusters import PATIENCE, Cluster, cluster, wait_until
from tests.support.places import ROOT
from tests.support.storage_service import SECRET, Service, storage_service

pytestmark = pytest.mark.slow

PARTS, ROWS = 16, 2_000
FAR = "/proc/self/cwd/far"
"""A path under which every process sees a folder of its own, as machines without a shared disk do."""


def write_table(path: Path) -> None:
    with pq.ParquetWriter(path, pa.schema({"community": pa.string(), "households": pa.int64()})) as writer:
        for i in range(2 * PARTS):
            ids = [f"c{i:03}-{row}" for row in range(ROWS)]
            writer.write_table(pa.table({"community": ids, "households": range(1, ROWS + 1)}))


class Runs:
    """Commands as users give them; those that are still running at the end are killed with all that they started."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder, self.environment, self.all = folder, environment, list[subprocess.Popen[str]]()

    def start(self, *words: str, **more: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "checklist", "batch", *words]
        env = {**os.environ, "PYTHONPATH": str(ROOT), **self.environment, **more}
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        run = subprocess.Popen(command, cwd=self.folder, env=env, text=True, start_new_session=True, **pipes)
        self.all.append(run)
        return run

    def done(self, *words: str, **more: str) -> tuple[int, str]:
        run = self.start(*words, **more)
        return run.wait(PATIENCE), run.communicate()[1]

    def kill(self) -> None:
        for run in self.all:
            with suppress(ProcessLookupError):
                os.killpg(run.pid, signal.SIGKILL)
            run.communicate()


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


@pytest.mark.parametrize("name", ["spark", "ray", "dask"])
def test_a_cluster_that_loses_a_worker_comes_to_the_same(name: str, tmp_path: Path) -> None:
    write_table(tmp_path / "in.parquet")
    with storage_service() as service, cluster(name, tmp_path / "cluster", service.environment) as running:
        runs = Runs(tmp_path, running.environment)
        try:
            told(name, tmp_path, running, service, runs)
        finally:
            runs.kill()


def told(name: str, folder: Path, running: Cluster, service: Service, runs: Runs) -> None:
    there, bucket = ("--engine", name, "--master", running.address), f"county-{name}"
    run = runs.start("in.parquet", "-o", "out", *there)
    wait_until(lambda: len(list(folder.glob(".out.*/part-*"))) > 1, "the first parts")
    assert len(list(folder.glob(".out.*/part-*"))) < PARTS, "too late to lose a worker in the middle"
    kill_a_worker(name, running)
    assert run.wait(PATIENCE) == 0, run.communicate()
    lines = run.communicate()[1].splitlines()
    assert len(lines) == 2 and f"{2 * PARTS * ROWS} 个社区" in lines[0], lines
    assert runs.done("in.parquet", "-o", "here")[0] == 0
    wanted = {path.name: path.read_bytes() for path in (folder / "here").iterdir()}
    assert {path.name: path.read_bytes() for path in (folder / "out").iterdir()} == wanted

    service.put(f"{bucket}/in.parquet", (folder / "in.parquet").read_bytes())
    code, said = runs.done(f"s3://{bucket}/in.parquet", "-o", f"s3://{bucket}/out", *there)
    assert code == 0 and SECRET not in said, said
    assert service.files(f"{bucket}/out") == {f"{bucket}/out/{part}": data for part, data in wanted.items()}

    before = sorted(path.name for path in folder.iterdir())
    code, said = runs.done("in.parquet", "-o", FAR, *there)
    assert code == Exit.PROBLEMS and said.count("\n") == 1 and "看不到 /proc/self/cwd/" in said, said
    if name == "ray":
        code, said = runs.done("in.parquet", "-o", "x", *there, RAY_AUTH_TOKEN="f" * 64)
        assert code == Exit.USAGE and said.count("\n") == 1 and "口令" in said, said
    assert sorted(path.name for path in folder.iterdir()) == before
