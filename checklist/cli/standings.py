"""Many states, one at a time: read, judged, and only the standing kept, so that a large city fits into memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ..loading import Rulesets, read_each, state_files
from ..model.problems import Problem, in_order
from .console import Exit, Stop, show_problems, tell, usage
from .inputs import cache_folder, get_ruleset, today
from .progress import track

if TYPE_CHECKING:
    from ..loading import LoadedState
    from ..model.comparison import Standing


@dataclass(slots=True)
class Gathered:
    standings: list[Standing] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def gather(paths: list[Path], reassess: str | None, as_of: date | None, *, sampling: bool, strict: bool) -> Gathered:
    """The latest standing of each community in these files and folders; mistakes go to stderr.

    Stops with exit 3 when ``strict`` and anything is wrong, or when nothing readable is left.
    """
    from ..engine.compare import latest, stand
    from ..engine.sampling import sampled

    gathered, found = Gathered(), []
    for item in _states(paths, reassess, gathered.problems):
        state = item.state.on_day(as_of) if as_of else item.state
        found.append(stand(item.ruleset, sampled(state) if sampling else state, item.file))
    gathered.problems = list(in_order(gathered.problems))
    show_problems(gathered.problems)
    if gathered.problems and strict:
        raise Stop("有错误，按 --strict 要求不再往下算", code=Exit.PROBLEMS)
    if not found:
        says = "" if gathered.problems else "这里没有现状记录"
        raise Stop(says, "现状记录是 .yaml 文件", Exit.PROBLEMS if gathered.problems else Exit.NOTHING)
    gathered.standings = latest(found)
    if len(found) > len(gathered.standings):
        tell(f"每个社区只看最近一次记录，另有 {len(found) - len(gathered.standings)} 份较早的没有用")
    return gathered


def _states(paths: list[Path], reassess: str | None, problems: list[Problem]) -> Iterator[LoadedState]:
    if not paths:
        usage("还要写现状记录的文件或文件夹", "例：checklist compare data")
    for path in paths:
        if not path.exists():
            raise Stop(f"没有 {path} 这个文件或文件夹", "看看路径写对没有", Exit.PROBLEMS)
    ruleset = get_ruleset(reassess) if reassess else None
    files = list(dict.fromkeys(file for path in paths for file in state_files(path)))
    yield from read_each(track(files, "读现状记录"), ruleset, Rulesets(cache_folder()), today(), problems)
