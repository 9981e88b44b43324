"""Many states, one at a time: read, judged, and only the standing kept, so that a large city fits into memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ..loading import state_files
from ..model.problems import Problem, in_order
from .console import Exit, Stop, show_problems, tell, usage
from .inputs import cache_folder, get_ruleset, today

if TYPE_CHECKING:
    from ..model.comparison import Standing


@dataclass(slots=True)
class Gathered:
    standings: list[Standing] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def gather(paths: list[Path], reassess: str | None, as_of: date | None, *, sampling: bool, strict: bool) -> Gathered:
    """The latest standing of each community in these files and folders; mistakes go to stderr.

    Stops with exit 3 when ``strict`` and anything is wrong, or when nothing readable is left.
    """
    from ..engine.compare import latest
    from .judging import Task, judge_files

    if reassess:
        get_ruleset(reassess)
    judged = judge_files(_files(paths), Task(today(), reassess, as_of, sampling, cache_folder()))
    gathered = Gathered(latest(judged.standings), list(in_order(judged.problems)))
    show_problems(gathered.problems)
    if gathered.problems and strict:
        raise Stop("有错误，按 --strict 要求不再往下算", code=Exit.PROBLEMS)
    if not gathered.standings:
        says = "" if gathered.problems else "这里没有现状记录"
        raise Stop(says, "现状记录是 .yaml 文件", Exit.PROBLEMS if gathered.problems else Exit.NOTHING)
    if len(judged.standings) > len(gathered.standings):
        older = len(judged.standings) - len(gathered.standings)
        tell(f"每个社区只看最近一次记录，另有 {older} 份较早的没有用")
    return gathered


def _files(paths: list[Path]) -> list[Path]:
    if not paths:
        usage("还要写现状记录的文件或文件夹", "例：checklist compare data")
    for path in paths:
        if not path.exists():
            raise Stop(f"没有 {path} 这个文件或文件夹", "看看路径写对没有", Exit.PROBLEMS)
    return list(dict.fromkeys(file for path in paths for file in state_files(path)))
