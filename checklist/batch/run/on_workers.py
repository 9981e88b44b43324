"""What a worker of a cluster does: looks whether it can see the table and the result, and scores a part.

It answers with a pair of plain kind and content, never with an exception, so that every engine brings back the same and
a worker with another version of this package can still say so.
"""

from __future__ import annotations

import os
import pickle
import socket
import traceback
from functools import lru_cache
from typing import Any, TypeAlias

import checklist
from checklist.batch.run.running import PartTask, perform
from checklist.batch.run.scoring import Job
from checklist.batch.tables.databases import Database
from checklist.batch.tables.storage import Stored
from checklist.batch.tables.table_parts import Place
from checklist.model.refusals import Refusal, reason

Answer: TypeAlias = tuple[str, Any]


def answered(job: bytes, task: bytes, version: str) -> Answer:
    """On a worker: one task. ``done`` with what became of it, ``unseen`` or ``refused`` with a sentence, ``failed``
    with a traceback."""
    host = socket.gethostname()
    if version != checklist.__version__:
        return (
            "refused",
            f"工作节点 {host} 上的 civic-checklist 是 {checklist.__version__}，这里是 {version}，装成同一个版本",
        )
    try:
        what: PartTask = pickle.loads(task)
        if unseen := _unseen(what.part.place) or (what.out is not None and _unseen(what.out.parent, written=True)):
            return "unseen", f"工作节点 {host} {unseen}"
        return "done", perform((_job(job), what))
    except ModuleNotFoundError as error:
        return "refused", f"工作节点 {host} 上{missing(str(error))}"
    except Refusal as error:
        return "refused", f"工作节点 {host} 上：{error.says}"
    except OSError as error:
        return "refused", f"工作节点 {host} 上没有写成：{reason(error)}"
    except Exception:
        return "failed", traceback.format_exc()


@lru_cache(1)
def _job(sent: bytes) -> Job:
    """Made once in each process, not for each part."""
    found: Job = pickle.loads(sent)
    return found


def _unseen(place: Place, *, written: bool = False) -> str:
    """Why this machine cannot work with a place; "" when it can."""
    if isinstance(place, Stored):
        try:
            place.kind()
        except Refusal as error:
            return f"打不开 {error.says}；每个节点的环境变量里都要有密钥"
        return ""
    path = place.file if isinstance(place, Database) else place
    if path is None or os.access(path, os.W_OK if written else os.R_OK):
        return ""
    return f"看不到 {path}，或没有权限；表和结果放在每个节点都看得到的共享文件夹里，或用 s3:// 地址"


def missing(text: str) -> str:
    """What to do about a package that is not there, from Python's own words for it."""
    name = text.split("No module named", 1)[1].split("\n")[0].strip(" '\"\\)")
    return f'没有 {name}：每个节点都要 pip install "civic-checklist[batch]"，版本和这里相同'
