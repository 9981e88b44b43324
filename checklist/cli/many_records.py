"""Many states, one at a time: read, judged, and only the standing kept, so that a large city fits into memory."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from checklist.cli.console import Exit, show_problems, tell, usage
from checklist.cli.inputs import cache_folder, get_ruleset, must_exist, today
from checklist.files.loading import clashes, state_files
from checklist.files.picking import is_meant, none_meant, pick
from checklist.files.unread import unread, unread_files
from checklist.model.problems import Problem, in_order
from checklist.model.refusals import Refusal

if TYPE_CHECKING:
    from checklist.model.results.comparison import Standing


@dataclass(slots=True)
class Gathered:
    standings: list[Standing] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    history: list[Standing] = field(default_factory=list)
    """Those of every day, in the order of their files."""


def gather(paths: list[Path], reassess: str | None, as_of: date | None, *, sampling: bool, strict: bool) -> Gathered:
    """The latest standing of each community in these files, tables and folders; mistakes go to stderr.

    Stops with exit 3 when ``strict`` and anything is wrong, or when nothing readable is left.
    """
    from checklist.cli.many_processes import FileTask, judge_files
    from checklist.engine.comparing.compare import latest

    if not paths:
        usage("还要写现状记录的文件或文件夹", "例：checklist compare data")
    must_exist(paths)
    if reassess:
        get_ruleset(reassess)
    files = list(dict.fromkeys(file for path in paths for file in state_files(pick(path)[0])))
    judged = judge_files(files, FileTask(today(), reassess, as_of, sampling, cache_folder()))
    meant = _meant(paths, judged.standings, judged.problems)
    clashing = clashes((s.community, s.recorded, s.file) for s in meant)
    told = in_order([*judged.problems, *clashing])
    show_problems(told)
    gathered = Gathered(latest(meant), [problem for problem in told if not problem.is_advice], meant)
    known = ((s.community.id, s.recorded, s.file) for s in gathered.standings)
    faults = unread(unread_files(files, (s.file for s in judged.standings)), told, known)
    gathered.standings = [replace(s, faults=faults.of(s.community.id)) for s in gathered.standings]
    if gathered.problems and strict:
        raise Refusal("有错误，按 --strict 要求不再往下算", exit=Exit.PROBLEMS)
    if not gathered.standings:
        says = "" if gathered.problems else "这里没有现状记录"
        code = Exit.PROBLEMS if gathered.problems else Exit.NOTHING
        raise Refusal(says, "现状记录是 .yaml、.xlsx、.xls、.ods 或 .csv 文件", code)
    if len(meant) > len(gathered.standings):
        tell(f"每个社区只看最近一次记录，另有 {len(meant) - len(gathered.standings)} 份较早的没有用")
    return gathered


def _meant(paths: list[Path], standings: list[Standing], problems: list[Problem]) -> list[Standing]:
    """Those that are named behind a path; all where none is."""
    picked = [pick(path) for path in paths]
    if not any(words for _, words in picked):
        return standings
    kept: dict[int, Standing] = {}
    for path, words in picked:
        files = set(map(str, state_files(path)))
        there = [s for s in standings if str(pick(Path(s.file))[0]) in files]
        meant = [s for s in there if is_meant(s.community, s.recorded, words)]
        if there and not meant:
            problems.append(none_meant(path, words, ((s.community, s.recorded) for s in there)))
        kept |= {id(s): s for s in meant}
    return list(kept.values())
