"""Spark, Ray and Dask as they run on several machines: a head and its workers as processes of their own, on loopback.

Everything that is started here is in a process group of its own and is killed at the end, whatever happens.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.support.places import ROOT

PATIENCE = 180
"""Seconds for anything to happen; on a machine with nothing else to do it is a few."""
QUICK_START = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto"
"""For a Java that lives for seconds."""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def wait_until(true: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"{what}: not within {seconds} s"
        time.sleep(0.02)


@dataclass
class Cluster:
    """``address`` for ``--master``; ``environment`` that a command needs to be let in; ``short`` is a folder for sockets,
    whose names must not be long."""

    folder: Path
    short: Path
    address: str = ""
    environment: dict[str, str] = field(default_factory=dict)
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, name: str, *command: str, more: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        env = {**os.environ, "PYTHONPATH": str(ROOT), **self.environment, **(more or {})}
        place = self.folder / name
        place.mkdir()
        with (self.folder / f"{name}.log").open("wb") as log:
            one = subprocess.Popen(command, cwd=place, env=env, stdout=log, stderr=log, start_new_session=True)
        self.started.append(one)
        return one

    def said(self, name: str, text: str, times: int = 1) -> Callable[[], bool]:
        return lambda: (self.folder / f"{name}.log").read_bytes().count(text.encode()) >= times

    def kill(self, one: subprocess.Popen[bytes]) -> None:
        """The process and all that it has started."""
        with suppress(ProcessLookupError):
            os.killpg(one.pid, signal.SIGKILL)
        one.wait(10)


@contextmanager
def cluster(name: str, folder: Path, environment: Mapping[str, str]) -> Iterator[Cluster]:
    package = {"spark": "pyspark", "ray": "ray", "dask": "distributed"}[name]
    if find_spec(package) is None:
        pytest.skip(f"{package} is not installed: pip install civic-checklist[{name}]")
    if name == "spark" and shutil.which("java") is None:
        pytest.skip("Spark needs Java 17")
    folder.mkdir()
    made = Cluster(folder, Path(tempfile.mkdtemp(prefix="c")), environment=dict(environment))
    try:
        {"spark": _spark, "ray": _ray, "dask": _dask}[name](made)
        yield made
    finally:
        for one in reversed(made.started):
            made.kill(one)
        shutil.rmtree(made.short, ignore_errors=True)


def _spark(made: Cluster) -> None:
    import pyspark

    run = str(Path(pyspark.__file__).parent / "bin" / "spark-class")
    port, deploy = free_port(), "org.apache.spark.deploy"
    made.environment |= {
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_PYTHON": sys.executable,
        "JAVA_TOOL_OPTIONS": QUICK_START,
    }
    made.start(
        "master", run, f"{deploy}.master.Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port", "0"
    )
    made.address = f"spark://127.0.0.1:{port}"
    wait_until(made.said("master", "I have been elected leader"), "Spark's master")
    for name in ("one", "two"):
        worker = ("--host", "127.0.0.1", "--webui-port", "0", "-c", "1", "-m", "1g", "-d", str(made.folder / name))
        made.workers.append(made.start(name, run, f"{deploy}.worker.Worker", *worker, made.address))
    wait_until(made.said("master", "Registering worker", 2), "Spark's workers")


def _ray(made: Cluster) -> None:
    port = free_port()
    made.environment |= {
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN": secrets.token_hex(32),
        "RAY_USAGE_STATS_ENABLED": "0",
    }
    made.start(
        "head", sys.executable, "-m", "ray.scripts.scripts", "start", "--head", "--block", "--node-ip-address=127.0.0.1",
        f"--port={port}", f"--ray-client-server-port={free_port()}", "--include-dashboard=false", "--num-cpus=2",
        "--object-store-memory=100000000", f"--temp-dir={made.short}", "--disable-usage-stats",
    )  # fmt: skip
    made.address = f"127.0.0.1:{port}"
    wait_until(made.said("head", "Ray runtime started"), "Ray's head")


def _dask(made: Cluster) -> None:
    port = free_port()
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    made.start("scheduler", *dask, "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
    made.address = f"tcp://127.0.0.1:{port}"
    wait_until(made.said("scheduler", "Scheduler at"), "Dask's scheduler")
    for name in ("one", "two"):
        command = [
            sys.executable,
            "-m",
            "distributed.cli.dask_worker",
            made.address,
            "--nworkers",
            "1",
            "--nthreads",
            "1",
        ]
        made.workers.append(made.start(name, *command, "--no-dashboard", "--host", "127.0.0.1"))
    wait_until(made.said("scheduler", "Register worker", 2), "Dask's workers")
