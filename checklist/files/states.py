"""The files that hold states: which of them lie below a folder, and what each kind of file yields."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

from checklist.files.picking import named
from checklist.files.rulesets import DEFAULT_RULESET, Rulesets, locate, near_ruleset
from checklist.files.shipped import HEAD
from checklist.model.problems import FilesHaveProblems, Problem, Where
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import Community, State
from checklist.reading.records.state_file import open_state, read_state, ruleset_of
from checklist.values.look_alikes import folded

STATE_SUFFIXES: Final = (".yaml", ".yml")
NOT_STATES: Final = frozenset({"community", "ledger"})
"""Names, apart from their ending, of what lies beside the records in a community's folder."""


@dataclass(frozen=True, slots=True)
class LoadedState:
    """A state, the ruleset that it is judged by, and the file that it came from as the user wrote it.

    A table of several names the one that is meant: ``总表.xlsx#taoli``.
    """

    state: State
    ruleset: Ruleset
    file: str


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


StateSource = Callable[[Path, Ruleset | None, Rulesets, date | None, list[Problem]], Iterator[LoadedState]]
"""One kind of file → the states in it; mistakes go into the list."""


def _ruleset(
    name: str,
    given: Ruleset | None,
    rulesets: Rulesets,
    problems: list[Problem],
    unknown: Callable[[str], Problem],
) -> Ruleset | None:
    """The ruleset to read by; ``unknown`` makes the problem of a name that is no ruleset's, with the way out."""
    ruleset = given or rulesets.get(name, problems)
    if ruleset is None and locate(name) is None:
        problems.append(unknown(near_ruleset(name)))
    return ruleset


def _from_yaml(
    file: Path, given: Ruleset | None, rulesets: Rulesets, today: date | None, problems: list[Problem]
) -> Iterator[LoadedState]:
    document = open_state(file)
    name = ruleset_of(document) or DEFAULT_RULESET
    says = f"没有这个测评体系 {name}"
    unknown = partial(document.problem, ("ruleset",), "E330", says, value=True)
    ruleset = _ruleset(name, given, rulesets, problems, unknown)
    if ruleset is None:
        return
    state, found = read_state(document, ruleset, today)
    problems += found
    if state is not None:
        yield LoadedState(state, ruleset, str(file))


def _from_table(
    file: Path, given: Ruleset | None, rulesets: Rulesets, today: date | None, problems: list[Problem]
) -> Iterator[LoadedState]:
    from checklist.files.spreadsheet_states import ruleset_name, table_states
    from checklist.reading.tables.recognising import open_table

    table = open_table(file)
    name = ruleset_name(table) or DEFAULT_RULESET
    unknown = partial(Problem, Where(str(file)), "E330", f"这份表是按 {name} 做的，没有这个测评体系")
    ruleset = _ruleset(name, given, rulesets, problems, unknown)
    if ruleset is None:
        return
    states = list(table_states(table, ruleset, today or date.today(), problems))
    for state in states:
        name = named(file, state, states)
        yield LoadedState(replace(state, where=Where(name)), ruleset, name)


SOURCES: Final[dict[str, StateSource]] = {
    ".yaml": _from_yaml,
    ".yml": _from_yaml,
    **dict.fromkeys((".xlsx", ".xlsm", ".xls", ".et", ".ods", ".csv", ".tsv"), _from_table),
}
"""File name ending → how states are read from it; a folder yields only what ends in STATE_SUFFIXES."""


def clashes(found: Iterable[tuple[Community, date, str]]) -> Iterator[Problem]:
    """Records that cannot both be right: one community twice on a day, or one id for two names.

    Each record as community, as-of day and file.
    """
    days: dict[tuple[str, date], str] = {}
    names: dict[str, tuple[str, str]] = {}
    for community, day, file in found:
        name, first = names.setdefault(community.id, (community.name, file))
        same_day = days.setdefault((community.id, day), file)
        if folded(name) != folded(community.name):
            says = f"编号 {community.id} 在这里是“{community.name}”，在 {first} 是“{name}”"
            yield Problem(Where(file), "E332", says, "两个社区就各用各的编号；同一个社区就把名称改成一样")
        elif same_day != file:
            says = f"“{name}”{day} 的记录写了两份，另一份是 {same_day}"
            yield Problem(Where(file), "E332", says, "留一份，或改其中一份的日期 as_of；打分时只用另一份")


def latest(found: Iterable[LoadedState]) -> list[LoadedState]:
    """The latest record of each community."""
    kept: dict[str, LoadedState] = {}
    for item in found:
        id = item.state.community.id
        if id not in kept or item.state.as_of > kept[id].state.as_of:
            kept[id] = item
    return list(kept.values())
