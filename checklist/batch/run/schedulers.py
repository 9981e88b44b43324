"""Spark, Ray and Dask as schedulers: each hands the tasks to its workers and gives their answers as they come back."""

from __future__ import annotations

import logging
import os
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import Any, Final, TypeAlias

from checklist.batch.run.on_workers import WorkerAnswer, answered

Scheduler: TypeAlias = Callable[[str | None, bytes, list[bytes], str], Iterator[tuple[int, WorkerAnswer]]]
"""Address (None: this machine), the job, the tasks, this version → the place of each task with its answer."""

PATIENCE: Final = 60
"""Seconds that a cluster may take to let us in; at a door that is open and silent an engine would wait for ever."""
_AT_ONCE: Final = 128
"""Parts that Spark has in hand at a time."""


def spark(master: str | None, job: bytes, tasks: list[bytes], version: str) -> Iterator[tuple[int, WorkerAnswer]]:
    """Apache Spark: a job of its own for each part, since only a whole job brings its answers back."""
    from concurrent.futures import ThreadPoolExecutor, as_completed

    context = _spark_context(master)
    shared = context.broadcast(job)
    parts = context.parallelize(tasks, max(len(tasks), 1)).map(lambda task: answered(shared.value, task, version))
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        places = {threads.submit(context.runJob, parts, list, [i]): i for i in range(len(tasks))}
        try:
            for one in as_completed(places):
                yield places.pop(one), one.result()[0]
        finally:
            threads.shutdown(wait=False, cancel_futures=True)
            if places:
                context.cancelAllJobs()


def _spark_context(master: str | None) -> Any:
    """A running context, or a new one whose own log stays off the screen."""
    import subprocess

    from pyspark import SparkConf, SparkContext
    from pyspark.java_gateway import launch_gateway

    start: Any = launch_gateway
    conf = SparkConf().setMaster(master or "local[*]").setAppName("checklist").set("spark.ui.enabled", "false")
    if SparkContext._gateway is None:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        SparkContext._ensure_initialized(gateway=start(conf, quiet), conf=conf)
    context = SparkContext.getOrCreate(conf)
    if context.pythonExec == "python3":  # nobody named another: workers would take the system's Python
        context.pythonExec = sys.executable
    return context


def ray(master: str | None, job: bytes, tasks: list[bytes], version: str) -> Iterator[tuple[int, WorkerAnswer]]:
    """Ray: a task for each part."""
    import ray

    def enter() -> None:
        ray.init(
            address=master, ignore_reinit_error=True, log_to_driver=False, include_dashboard=False,
            logging_level=logging.CRITICAL,
        )  # fmt: skip

    with warnings.catch_warnings(), _silent_stderr():
        warnings.simplefilter("ignore")
        if master:
            _within(PATIENCE, enter)
        else:
            enter()  # in this thread: what Ray starts here is ended with the thread that started it
        remote, shared = ray.remote(answered), ray.put(job)
    places = {remote.remote(shared, task, version): i for i, task in enumerate(tasks)}
    while places:
        for one in ray.wait(list(places))[0]:
            yield places.pop(one), ray.get(one)


def dask(master: str | None, job: bytes, tasks: list[bytes], version: str) -> Iterator[tuple[int, WorkerAnswer]]:
    """Dask: a task for each part."""
    import dask.distributed as distributed

    for name in list(logging.root.manager.loggerDict):
        if name.startswith(("distributed", "tornado")):  # each part of Dask has a level of its own
            logging.getLogger(name).setLevel(logging.CRITICAL)
    connect: Any = distributed.Client
    finished: Any = distributed.as_completed
    here = {"processes": True, "dashboard_address": None, "silence_logs": logging.CRITICAL}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        client = _within(PATIENCE, lambda: connect(master)) if master else connect(**here)
    with client:
        shared = client.submit(bytes, job, pure=False)  # made again where the worker that holds it is lost
        sent = client.map(answered, [shared] * len(tasks), tasks, [version] * len(tasks), pure=False)
        places = {one: i for i, one in enumerate(sent)}
        for one, answer in finished(sent, with_results=True):
            yield places[one], answer


def _within(seconds: float, call: Callable[[], Any]) -> Any:
    """What the call gives, or TimeoutError."""
    answers: SimpleQueue[tuple[bool, Any]] = SimpleQueue()

    def ask() -> None:
        try:
            answers.put((True, call()))
        except Exception as error:
            answers.put((False, error))

    threading.Thread(target=ask, daemon=True).start()
    try:
        well, answer = answers.get(timeout=seconds)
    except Empty:
        raise TimeoutError(f"timed out after {seconds} s") from None
    if not well:
        raise answer
    return answer


@contextmanager
def _silent_stderr() -> Iterator[None]:
    """What compiled code writes about its attempts stays off the screen: what comes of them is told by us, once."""
    try:
        kept = os.dup(2)
    except OSError:  # there is no such stream
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
