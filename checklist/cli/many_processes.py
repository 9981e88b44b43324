"""Many files judged by several processes: the same standings in the same order as one process would give."""

from __future__ import annotations

import gc
import io
import multiprocessing
import os
import pickle
import signal
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from checklist.cli.progress import track
from checklist.engine.comparing.compare import stand
from checklist.files.loading import Rulesets, find_ruleset, read_each
from checklist.model.problems import Problem
from checklist.model.results.comparison import Standing
from checklist.model.rules.ruleset import Ruleset

CHUNK: Final = 25
MANY: Final = 300
"""From so many files on, other processes are worth their start."""

MOST_PROCESSES: Final = 8
DOING: Final = "读现状记录"


@dataclass(frozen=True, slots=True)
class FileTask:
    """How files are to be judged; small, and the same for every process."""

    today: date
    reassess: str | None = None
    as_of: date | None = None
    sampling: bool = False
    cache: Path | None = None


@dataclass(slots=True)
class Judged:
    standings: list[Standing] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class Rules:
    """The rulesets of one process; ``given`` judges everything when a reassessment was asked for."""

    given: Ruleset | None
    others: Rulesets

    def named(self) -> dict[str, Ruleset]:
        """Every ruleset in use under the name that all processes know it by."""
        found = {name: ruleset for name, ruleset in self.others.ready.items() if ruleset is not None}
        return {**found, "": self.given} if self.given else found

    def get(self, name: str) -> Ruleset:
        found = self.others.get(name, []) if name else self.given
        assert found is not None
        return found


def judge_files(files: Sequence[Path], task: FileTask, processes: int | None = None) -> Judged:
    """Read and judge every file, with a progress bar. ``processes`` None: one a core when there are many files."""
    workers = processes or (min(os.cpu_count() or 1, MOST_PROCESSES) if len(files) >= MANY else 1)
    rules = _rules(task)
    if workers == 1:
        return _judged(track(files, DOING, len(files)), task, rules)
    result = Judged()
    chunks = [files[i : i + CHUNK] for i in range(0, len(files), CHUNK)]
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _quiet)
    try:
        parts = pool.map(_packed, chunks, [task] * len(chunks))
        for part in track(parts, DOING, len(files), CHUNK):
            standings, problems = _Unpickler(io.BytesIO(part), rules).load()
            result.standings += standings
            result.problems += problems
    finally:
        pool.shutdown(cancel_futures=True)
    return result


def _rules(task: FileTask) -> Rules:
    given = find_ruleset(task.reassess, cache=task.cache)[0] if task.reassess else None
    return Rules(given, Rulesets(task.cache))


def _judged(files: Iterable[Path], task: FileTask, rules: Rules) -> Judged:
    result = Judged()
    for item in read_each(files, rules.given, rules.others, task.today, result.problems):
        state = item.state.on_day(task.as_of) if task.as_of else item.state
        standing = stand(item.ruleset, state, item.file, item.state.as_of, sampling=task.sampling)
        result.standings.append(standing)
    return result


def _quiet() -> None:
    """A worker leaves Ctrl-C to its parent, and looks for garbage as rarely as the parent does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(200_000, 50, 50)


_ready = cache(_rules)
"""A worker reads the rules once."""


def _packed(files: Sequence[Path], task: FileTask) -> bytes:
    """Standings of some files, with every ruleset named instead of copied."""
    rules = _ready(task)
    result = _judged(files, task, rules)
    stream = io.BytesIO()
    _Pickler(stream, rules).dump((result.standings, result.problems))
    return stream.getvalue()


class _Pickler(pickle.Pickler):
    """Rulesets, and the facts that they declare, go by name."""

    def __init__(self, stream: io.BytesIO, rules: Rules) -> None:
        super().__init__(stream, protocol=5)
        named = rules.named().items()
        self.names = {id(r): ("rules", name) for name, r in named} | {id(r.facts): ("facts", name) for name, r in named}

    def persistent_id(self, obj: Any) -> tuple[str, str] | None:
        return self.names.get(id(obj))


class _Unpickler(pickle.Unpickler):
    """What our own workers sent."""

    def __init__(self, stream: io.BytesIO, rules: Rules) -> None:
        super().__init__(stream)
        self.rules = rules

    def persistent_load(self, pid: Any) -> Any:
        what, name = pid
        ruleset = self.rules.get(name)
        return ruleset if what == "rules" else ruleset.facts
