"""The roof's way to rules and states: ids and paths in, nouns out; used by the Python API and every command."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from checklist.files.picking import any_day, is_meant, none_meant, pick
from checklist.files.rulesets import DEFAULT_RULESET, Rulesets, find_ruleset, locate, near_ruleset, ruleset_folders
from checklist.files.states import SOURCES, LoadedState, clashes, latest, read_each, state_files
from checklist.files.unread import unread_files
from checklist.model.problems import FilesHaveProblems, Problem, Where, in_order
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import State

__all__ = [
    "DEFAULT_RULESET",
    "SOURCES",
    "Loaded",
    "LoadedState",
    "Rulesets",
    "clashes",
    "find_ruleset",
    "load_ruleset",
    "load_state",
    "load_states",
    "locate",
    "near_ruleset",
    "read_each",
    "ruleset_folders",
    "state_files",
]


def load_ruleset(name: str | Path = DEFAULT_RULESET, *, cache: Path | None = None) -> Ruleset:
    """The ruleset with this id, or in this folder.

    Raises FilesHaveProblems with every mistake found, FileNotFoundError when there is no such ruleset.
    """
    ruleset, problems = find_ruleset(name, cache=cache)
    if ruleset is None:
        raise FilesHaveProblems(problems)
    return ruleset


def load_state(path: str | Path, ruleset: Ruleset | None = None, *, today: date | None = None) -> State:
    """One state file. Without ``ruleset`` the one that the file names is used.

    Raises FilesHaveProblems when the file has any mistake; ``load_states`` keeps what is usable instead.
    """
    loaded = load_states([path], ruleset=ruleset, today=today)
    if loaded.problems:
        raise FilesHaveProblems(loaded.problems)
    if not loaded.states:
        raise FilesHaveProblems([Problem(Where(str(path)), "E101", "这里没有现状记录", "看看路径写对没有")])
    return loaded.states[0].state


@dataclass(slots=True)
class Loaded:
    states: list[LoadedState] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    advice: list[Problem] = field(default_factory=list)
    """What was assumed in reading a spreadsheet; no mistake, but worth knowing."""
    older: int = 0
    """How many earlier records of the same communities were left aside."""
    unread: list[Path] = field(default_factory=list)
    """The files that yielded nothing."""


def load_states(
    paths: Iterable[str | Path],
    *,
    ruleset: Ruleset | None = None,
    today: date | None = None,
    cache: Path | None = None,
    every_day: bool = False,
) -> Loaded:
    """State files, spreadsheets, and folders of state files. A broken file is reported and never stops the others.

    A folder or a table yields the latest record of each community unless ``every_day``; a file that is named is
    always taken. ``总表.xlsx#甲社区`` and ``文件夹#2026-03-01`` take only what is named behind the mark.
    """
    loaded, rulesets = Loaded(), Rulesets(cache)
    for path, words in map(pick, map(Path, paths)):
        files = state_files(path)
        found = list(read_each(files, ruleset, rulesets, today, loaded.problems))
        loaded.unread += unread_files(files, (item.file for item in found))
        if path.is_dir():
            loaded.problems += clashes((item.state.community, item.state.as_of, item.file) for item in found)
        meant = [item for item in found if is_meant(item.state.community, item.state.as_of, words)]
        if found and not meant:
            there = ((item.state.community, item.state.as_of) for item in found)
            loaded.problems.append(none_meant(path, words, there))
        kept = meant if every_day or any_day(words) else latest(meant)
        loaded.older += len(meant) - len(kept)
        loaded.states += kept
    told = in_order(loaded.problems)
    loaded.problems = [problem for problem in told if not problem.is_advice]
    loaded.advice = [problem for problem in told if problem.is_advice]
    return loaded
