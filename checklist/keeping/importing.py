"""Tables and state files → answers for community folders: whose they are, and what nobody can be found for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from ..loading import SOURCES, load_states
from ..model.problems import FilesHaveProblems, Problem, Where, in_order
from ..model.ruleset import Ruleset
from ..model.state import NotApplicable, Reading
from ..reading.filled import Attached, Defaults, Filled, read_filled
from ..reading.submissions import is_submissions, read_submissions
from ..reading.tables import open_table
from .folder import HEAD, CommunityFolder, dated_files, open_folder

YAML = (".yaml", ".yml")


@dataclass(slots=True)
class Incoming:
    """What the files hold for one community."""

    folder: CommunityFolder
    readings: list[Reading] = field(default_factory=list)
    declared: dict[str, NotApplicable] = field(default_factory=dict)
    attached: list[Attached] = field(default_factory=list)


def community_folders(into: Path, ruleset: Ruleset | None, cache: Path | None) -> list[CommunityFolder]:
    """The folder itself when it is a community's, else every community's folder right below it."""
    if (into / HEAD).exists() or dated_files(into) or not into.is_dir():
        return [open_folder(into, ruleset, cache=cache)]
    below = sorted(p for p in into.iterdir() if p.is_dir() and ((p / HEAD).exists() or dated_files(p)))
    if not below:
        return [open_folder(into, ruleset, cache=cache)]
    return [open_folder(path, ruleset, cache=cache) for path in below]


def gather(
    files: Iterable[Path], folders: Sequence[CommunityFolder], today: date, given: Defaults
) -> tuple[list[Incoming], tuple[Problem, ...]]:
    """Every answer in the files, by community folder, and every mistake. A file that cannot be read stops no other."""
    incoming = {folder.path: Incoming(folder) for folder in folders}
    problems: list[Problem] = []
    for file in files:
        try:
            for filled in _filled(file, folders[0].ruleset, today, given, problems):
                _hand_over(filled, file, folders, incoming, problems)
        except FilesHaveProblems as refused:
            problems += refused.problems
    return [one for one in incoming.values() if one.readings or one.declared or one.attached], in_order(problems)


def _filled(file: Path, ruleset: Ruleset, today: date, given: Defaults, problems: list[Problem]) -> Iterable[Filled]:
    suffix = file.suffix.lower()
    if is_submissions(file):
        filled, found = read_submissions(file, ruleset, today, given)
        problems += found
        return filled
    if suffix in SOURCES and suffix not in YAML:
        filled, found = read_filled(open_table(file), ruleset, today, given)
        problems += found
        return filled
    loaded = load_states([file], ruleset=ruleset, today=today)
    problems += loaded.problems
    return [
        Filled(
            item.state.community,
            None,
            item.state.as_of,
            list(item.state.readings.values()),
            list(item.state.not_applicable.values()),
        )
        for item in loaded.states
    ]


def _hand_over(
    filled: Filled,
    file: Path,
    folders: Sequence[CommunityFolder],
    incoming: dict[Path, Incoming],
    problems: list[Problem],
) -> None:
    if not filled.readings and not filled.declared and not filled.attached:
        return
    folder = _whose(filled, folders)
    if folder is None:
        name = filled.community.name if filled.community else ""
        known = "、".join(f.community.name for f in folders[:8])
        says = f"这里没有社区“{name}”的文件夹" if name else "表里没写是哪个社区"
        hint = f"写入的地方只有：{known}；核对社区名，或先 checklist init {name or '社区名'}"
        problems.append(Problem(_where(filled, file), "E226", says, hint))
        return
    one = incoming[folder.path]
    one.readings += filled.readings
    one.attached += filled.attached
    one.declared |= {declared.criterion: declared for declared in filled.declared}


def _whose(filled: Filled, folders: Sequence[CommunityFolder]) -> CommunityFolder | None:
    """By id, else by name; a table that names nobody goes to the only folder there is."""
    community = filled.community
    if community is None:
        return folders[0] if len(folders) == 1 else None
    by_id = next((f for f in folders if f.community.id == community.id), None)
    return by_id or next((f for f in folders if f.community.name == community.name), None)


def _where(filled: Filled, file: Path) -> Where:
    return filled.readings[0].where if filled.readings else Where(str(file))
