"""Engines beyond this machine: each sends the same task function and nothing wider than a file's name.

A worker reads its part, scores it, writes its part of the result and returns totals. The result folder and the table
must be reachable from every worker under the same path.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checklist.batch.run.running import PartTask, Run, perform
from checklist.batch.run.scoring import Done, Job
from checklist.model.refusals import Refusal


def engine(name: str, master: str | None) -> Run:
    """The way of running by its name; ``master`` is the cluster's address, this machine without one."""
    return {"spark": spark, "ray": ray, "dask": dask}[name](master)


def spark(master: str | None) -> Run:
    """Apache Spark as scheduler: one task for each part."""

    def run(job: Job, tasks: list[PartTask]) -> Iterator[Done]:
        import sys

        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession

        session = SparkSession.builder.master(master or "local[*]").appName("checklist").getOrCreate()
        context = session.sparkContext
        if context.pythonExec == "python3":  # nobody named another: workers would take the system's Python
            context.pythonExec = sys.executable
        sent = context.parallelize([(job, task) for task in tasks], max(len(tasks), 1))
        try:
            yield from sent.map(perform).collect()
        except (PySparkException, Exception) as error:
            raise _explained(error) from error

    return run


def ray(master: str | None) -> Run:
    """Ray: one task for each part."""

    def run(job: Job, tasks: list[PartTask]) -> Iterator[Done]:
        import ray

        ray.init(address=master, ignore_reinit_error=True, log_to_driver=False, include_dashboard=False)
        remote, shared = ray.remote(_perform), ray.put(job)
        try:
            for reference in [remote.remote(shared, task) for task in tasks]:
                yield ray.get(reference)
        except Exception as error:
            raise _explained(error) from error

    return run


def dask(master: str | None) -> Run:
    """Dask: one task for each part."""

    def run(job: Job, tasks: list[PartTask]) -> Iterator[Done]:
        import dask.distributed as distributed

        connect: Any = distributed.Client
        with connect(master) if master else connect(processes=True, dashboard_address=None) as client:
            try:
                yield from client.gather(client.map(perform, [(job, task) for task in tasks], pure=False))
            except Exception as error:
                raise _explained(error) from error

    return run


def _perform(job: Job, task: PartTask) -> Done:
    return perform((job, task))


def _explained(error: Exception) -> Exception:
    text = str(error)
    if "No module named" not in text:
        return error
    missing = text.split("No module named", 1)[1].split("\n")[0].strip(" '\"\\)")
    return Refusal(f'工作节点上没有 {missing}：每个节点都要 pip install "civic-checklist[batch]"，版本和这里相同')
