"""Which rulesets there are, by id or by folder, and how one is read once and kept."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from checklist.files.compiled_rulesets import load_compiled, store_compiled
from checklist.files.shipped import HEAD, shipped, shown_rules
from checklist.model.problems import Problem, in_order
from checklist.model.rules.ruleset import Ruleset

DEFAULT_RULESET: Final = "civilized-city-community"


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
    name: str | Path = DEFAULT_RULESET, *, cache: Path | None = None, proved: bool = True
) -> tuple[Ruleset | None, tuple[Problem, ...]]:
    """The ruleset and every problem in its files. ``cache`` is a folder for its compiled form, safe to delete.

    One that contradicts itself is None, unless it is only to be looked at (``proved`` false): nothing is scored by it.
    It is proved when it is compiled, so once for what its files hold; the shipped ones are proved before they are.
    Raises FileNotFoundError when there is no ruleset of that name.
    """
    folder = locate(str(name))
    if folder is None:
        raise FileNotFoundError(str(name))
    if cache is not None and (ready := load_compiled(folder, cache, locate)) is not None:
        return ready, ()
    from checklist.reading.rules.ruleset_folder import read_ruleset  # a compiled ruleset needs none of the reader

    ruleset, problems = read_ruleset(folder, locate, shown_rules)
    ours = folder.resolve().parent == shipped("rules").resolve()
    if ruleset is not None and proved and not ours:
        from checklist.engine.analysis.check import flaws

        if found := flaws(ruleset):
            return None, in_order([*problems, *found])
    if cache is not None and ruleset is not None and not problems and (proved or ours):
        store_compiled(ruleset, folder, cache, locate)
    return ruleset, problems


@dataclass(slots=True)
class Rulesets:
    """Each ruleset is read once in a run."""

    cache: Path | None = None
    ready: dict[str, Ruleset | None] = field(default_factory=dict)

    def get(self, name: str, problems: list[Problem]) -> Ruleset | None:
        if name not in self.ready:
            try:
                self.ready[name], found = find_ruleset(name, cache=self.cache)
                problems += found
            except FileNotFoundError:
                self.ready[name] = None
        return self.ready[name]
