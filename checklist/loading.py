"""The roof's way to rules and states: ids and paths in, nouns out; used by the Python API and every command."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from .model.parts import parts_of
from .model.problems import FilesHaveProblems, Problem, Where, in_order
from .model.ruleset import Ruleset
from .model.state import State
from .places import HEAD, shipped
from .reading.compiled import load_compiled, store_compiled
from .reading.states import open_state, read_state, ruleset_of

DEFAULT_RULESET: Final = "civilized-city-community"
STATE_SUFFIXES: Final = (".yaml", ".yml")
NOT_STATES: Final = frozenset({"community", "ledger"})
"""Names, apart from their ending, of what lies beside the records in a community's folder."""


def ruleset_folders() -> dict[str, Path]:
    """Every ruleset at hand by id: those under ``rules/`` in the working folder, then the shipped ones."""
    found: dict[str, Path] = {}
    for root in (Path("rules"), shipped("rules")):
        if root.is_dir():
            for folder in sorted(root.iterdir()):
                if (folder / HEAD).is_file():
                    found.setdefault(folder.name, folder)
    return found


def locate(name: str) -> Path | None:
    """The folder of a ruleset, by path or by id; None when there is none."""
    if (Path(name) / HEAD).is_file():
        return Path(name)
    return ruleset_folders().get(name)


def near_ruleset(name: str) -> str:
    """“是不是 …？” for a ruleset that does not exist."""
    known = list(ruleset_folders())
    near = difflib.get_close_matches(name, known, n=1)
    return f"是不是 {near[0]}？" if near else f"现有：{'、'.join(known)}"


def find_ruleset(
    name: str | Path = DEFAULT_RULESET, *, cache: Path | None = None
) -> tuple[Ruleset | None, tuple[Problem, ...]]:
    """The ruleset and every problem in its files. ``cache`` is a folder for its compiled form, safe to delete.

    Raises FileNotFoundError when there is no ruleset of that name.
    """
    folder = locate(str(name))
    if folder is None:
        raise FileNotFoundError(str(name))
    if cache is not None and (ready := load_compiled(folder, cache, locate)) is not None:
        return ready, ()
    from .reading.rules import read_ruleset  # a compiled ruleset needs none of the reader

    ruleset, problems = read_ruleset(folder, locate, str(folder))
    if cache is not None and ruleset is not None and not problems:
        store_compiled(ruleset, folder, cache, locate)
    return ruleset, problems


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


@dataclass(frozen=True, slots=True)
class LoadedState:
    """A state, the ruleset that it is judged by, and the file that it came from as the user wrote it."""

    state: State
    ruleset: Ruleset
    file: str


@dataclass(slots=True)
class Loaded:
    states: list[LoadedState] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    advice: list[Problem] = field(default_factory=list)
    """What was assumed in reading a spreadsheet; no mistake, but worth knowing."""
    older: int = 0
    """How many earlier records of the same communities were left aside."""


def load_states(
    paths: Iterable[str | Path],
    *,
    ruleset: Ruleset | None = None,
    today: date | None = None,
    cache: Path | None = None,
    every_day: bool = False,
) -> Loaded:
    """State files and folders of them. A broken file is reported and never stops the others.

    A folder yields the latest record of each community unless ``every_day``; a file that is named is always taken.
    """
    loaded, rulesets = Loaded(), Rulesets(cache)
    for path in map(Path, paths):
        found = list(read_each(state_files(path), ruleset, rulesets, today, loaded.problems))
        if path.is_dir():
            loaded.problems += clashes(found)
        kept = found if every_day or not path.is_dir() else _latest(found)
        loaded.older += len(found) - len(kept)
        loaded.states += kept
    told = in_order(loaded.problems)
    loaded.problems = [problem for problem in told if not problem.is_advice]
    loaded.advice = [problem for problem in told if problem.is_advice]
    return loaded


@dataclass(slots=True)
class Rulesets:
    """Each ruleset is read once in a run, and looked through once for its parts and wholes."""

    cache: Path | None = None
    ready: dict[str, Ruleset | None] = field(default_factory=dict)
    parts: dict[int, tuple[tuple[str, str], ...]] = field(default_factory=dict)

    def parts_of(self, ruleset: Ruleset) -> tuple[tuple[str, str], ...]:
        if id(ruleset) not in self.parts:
            self.parts[id(ruleset)] = parts_of(ruleset)
        return self.parts[id(ruleset)]

    def get(self, name: str, problems: list[Problem]) -> Ruleset | None:
        if name not in self.ready:
            try:
                self.ready[name], found = find_ruleset(name, cache=self.cache)
                problems += found
            except FileNotFoundError:
                self.ready[name] = None
        return self.ready[name]


def state_files(path: Path) -> list[Path]:
    """The file itself, or every state file below a folder; folders of rules and hidden ones are passed over.

    A folder that may not be looked into is listed itself, so that reading it says so.
    """
    if not path.is_dir():
        return [path]
    found: list[Path] = []

    def refused(error: OSError) -> None:
        found.append(Path(error.filename))

    for here, folders, names in os.walk(path, onerror=refused):
        if HEAD in names:
            folders.clear()
            continue
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += (Path(here, name) for name in names if _is_state(Path(name)))
    return sorted(found)


def _is_state(name: Path) -> bool:
    return (
        name.suffix.lower() in STATE_SUFFIXES and not name.name.startswith(".") and name.stem.lower() not in NOT_STATES
    )


def read_each(
    files: Iterable[Path], given: Ruleset | None, rulesets: Rulesets, today: date | None, problems: list[Problem]
) -> Iterator[LoadedState]:
    """The usable states in these files, one at a time; what is wrong is added to ``problems``."""
    for file in files:
        source = SOURCES.get(file.suffix.lower(), _from_yaml)
        try:
            yield from source(file, given, rulesets, today, problems)
        except FilesHaveProblems as refused:
            problems += refused.problems


Source = Callable[[Path, Ruleset | None, Rulesets, date | None, list[Problem]], Iterator[LoadedState]]
"""One kind of file → the states in it; mistakes go into the list."""


def _from_yaml(
    file: Path, given: Ruleset | None, rulesets: Rulesets, today: date | None, problems: list[Problem]
) -> Iterator[LoadedState]:
    document = open_state(file)
    name = ruleset_of(document) or DEFAULT_RULESET
    ruleset = given or rulesets.get(name, problems)
    if ruleset is None:
        if locate(name) is None:
            says = f"没有这个测评体系 {name}"
            problems.append(document.problem(("ruleset",), "E330", says, near_ruleset(name), value=True))
        return
    state, found = read_state(document, ruleset, today, rulesets.parts_of(ruleset))
    problems += found
    if state is not None:
        yield LoadedState(state, ruleset, str(file))


def _from_table(
    file: Path, given: Ruleset | None, rulesets: Rulesets, today: date | None, problems: list[Problem]
) -> Iterator[LoadedState]:
    from .reading.tables import open_table
    from .tablestates import ruleset_name, table_states

    table = open_table(file)
    name = ruleset_name(table) or DEFAULT_RULESET
    ruleset = given or rulesets.get(name, problems)
    if ruleset is None:
        if locate(name) is None:
            says = f"这份表是按 {name} 做的，这里没有这个测评体系"
            problems.append(Problem(Where(str(file)), "E330", says, near_ruleset(name)))
        return
    for state in table_states(table, ruleset, today or date.today(), problems):
        yield LoadedState(state, ruleset, str(file))


SOURCES: Final[dict[str, Source]] = {
    ".yaml": _from_yaml,
    ".yml": _from_yaml,
    **dict.fromkeys((".xlsx", ".xlsm", ".xls", ".et", ".ods", ".csv", ".tsv"), _from_table),
}
"""File name ending → how states are read from it; a folder yields only what ends in STATE_SUFFIXES."""


def clashes(found: Iterable[LoadedState]) -> Iterator[Problem]:
    """Records that cannot both be right: one community twice on a day, or one id for two names."""
    days: dict[tuple[str, date], LoadedState] = {}
    names: dict[str, LoadedState] = {}
    for item in found:
        id, name, day = item.state.community.id, item.state.community.name, item.state.as_of
        other, same_day = names.setdefault(id, item), days.setdefault((id, day), item)
        if other.state.community.name != name:
            says = f"编号 {id} 在这里是“{name}”，在 {other.file} 是“{other.state.community.name}”"
            yield Problem(Where(item.file), "E332", says, "两个社区就各用各的编号；同一个社区就把名称改成一样")
        elif same_day is not item:
            says = f"“{name}”{day} 的记录写了两份，另一份是 {same_day.file}"
            yield Problem(Where(item.file), "E332", says, "留一份，或改其中一份的日期 as_of；打分时只用另一份")


def _latest(found: list[LoadedState]) -> list[LoadedState]:
    latest: dict[str, LoadedState] = {}
    for item in found:
        id = item.state.community.id
        if id not in latest or item.state.as_of > latest[id].state.as_of:
            latest[id] = item
    return list(latest.values())
