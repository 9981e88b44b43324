"""Engines beyond this machine: each hands the same function to its workers, with nothing wider than a file's name."""

from __future__ import annotations

import pickle
import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Final

import checklist
from checklist.batch.run import schedulers
from checklist.batch.run.on_workers import WorkerAnswer, missing
from checklist.batch.run.running import PartTask, Run
from checklist.batch.run.schedulers import Scheduler
from checklist.batch.run.scoring import Done, Job
from checklist.batch.tables.databases import Database
from checklist.batch.tables.table_parts import TablePart
from checklist.model.refusals import Refusal

_KNOCK: Final = 10
"""Seconds for a machine to say that it is there."""
_ONE_DOOR: Final = re.compile(r"(?:\w+://)?([\w.-]+):(\d+)")
_SAYS: Final = (
    (("InvalidAuthToken", "Unauthenticated", "AuthenticationError", "auth_token", "AUTH_TOKEN"),
     "集群要口令，这里没有或不对；把集群的口令放进环境变量，Ray 是 RAY_AUTH_MODE=token 和 RAY_AUTH_TOKEN"),
    (("VERSION_MISMATCH", "ersion mismatch", "different version", "Can't get attribute", "InvalidClassException",
      "has no attribute", "deserialization"),
     "集群上 Python 或引擎的版本和这里不一样，两边装成同一个版本"),
    (("Cannot run program",), "工作节点上没有这里的 Python；用环境变量 PYSPARK_PYTHON 写明节点上的是哪一个"),
    (("JAVA_GATEWAY_EXITED", "JAVA_HOME"), "Spark 启动不了：要装 Java 17"),
    (("stopped SparkContext", "All masters are unresponsive", "imed out", "imeout", "onnection", "onnect to"),
     "没有连上集群；看看地址和端口是不是这种引擎的，集群开着没有"),
    (("KilledWorker", "WorkerCrashed", "ExecutorLost", "OutOfMemory", "Worker exit", "node died"),
     "工作进程一再中断，多半是内存不够；让每个节点少开几个进程"),
)  # fmt: skip


def engine(name: str, master: str | None) -> Run:
    """The way of running by its name; ``master`` is the cluster's address, this machine without one."""
    start: Scheduler
    package, start = {
        "spark": ("pyspark", schedulers.spark), "ray": ("ray", schedulers.ray), "dask": ("distributed", schedulers.dask),
    }[name]  # fmt: skip

    def run(job: Job, tasks: list[PartTask]) -> Iterator[tuple[int, Done]]:
        _knock(name, master)
        import_module(package)
        sent = [pickle.dumps(_absolute(task)) for task in tasks]
        for place, answer in _told(name, start(master, pickle.dumps(job), sent, checklist.__version__)):
            yield place, _done(answer)

    return run


def _told(name: str, answers: Iterator[tuple[int, WorkerAnswer]]) -> Iterator[tuple[int, WorkerAnswer]]:
    """The answers; what the engine itself complains of is raised as a Refusal."""
    try:
        yield from answers
    except Exception as error:
        raise Refusal(f"{name} 集群没有算成：{_explained(error)}") from error


def _done(answer: WorkerAnswer) -> Done:
    kind, content = answer
    if kind == "done":
        assert isinstance(content, Done)
        return content
    if kind == "failed":
        raise RuntimeError(content)
    raise Refusal(content, exit=3 if kind == "unseen" else 2)


def _absolute(task: PartTask) -> PartTask:
    """The task with places that mean the same in every folder."""
    out = task.out
    return replace(task, part=_placed(task.part), out=out.absolute() if isinstance(out, Path) else out)


def _placed(part: TablePart) -> TablePart:
    place = part.place
    if isinstance(place, Path):
        place = place.absolute()
    elif isinstance(place, Database) and place.file is not None:
        place = replace(place, uri=f"sqlite:///{place.file.absolute()}")
    return replace(part, place=place, within=tuple(map(_placed, part.within)))


def _knock(name: str, master: str | None) -> None:
    """Is there anybody at the address? An engine would try for minutes. Raises Refusal."""
    door = _ONE_DOOR.fullmatch(master or "")
    if door is None:
        return
    try:
        socket.create_connection((door[1], int(door[2])), _KNOCK).close()
    except (OSError, OverflowError) as error:
        says = f"没有连上 {name} 集群 {master}：看看地址和端口，集群开着没有"
        raise Refusal(says) from error


def _explained(error: BaseException) -> str:
    text, link = "", error
    while link is not None and len(text) < 20_000:
        text += f"{type(link).__name__}: {link}\n"
        link = link.__cause__ or link.__context__  # type: ignore[assignment]
    if "No module named" in text:
        return "工作节点上" + missing(text)
    found = next((says for marks, says in _SAYS if any(mark in text for mark in marks)), "")
    return found or f"引擎说：{text.splitlines()[0][:200]}"
