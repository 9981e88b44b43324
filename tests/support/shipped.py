"""The shipped rulesets, and a ruleset without the places it was read from."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

from checklist import load_ruleset
from checklist.model.rules.ruleset import Ruleset
from tests.conftest import ROOT

RULES = ROOT / "rules"
SHIPPED = sorted(folder.name for folder in RULES.iterdir() if (folder / "ruleset.yaml").is_file())
TAILORINGS = [name for name in SHIPPED if "\nextends:" in (RULES / name / "ruleset.yaml").read_text(encoding="utf-8")]
BASE = "civilized-city-community"


@cache
def shipped(name: str) -> Ruleset:
    return load_ruleset(RULES / name)


def bare(value: Any) -> Any:
    """A noun as plain data, in order, without ``where``: what two readings of one content have in common."""
    if is_dataclass(value) and not isinstance(value, type):
        kept = {f.name: bare(getattr(value, f.name)) for f in fields(value) if "where" not in f.name}
        return type(value).__name__, kept
    if isinstance(value, dict):
        return [(key, bare(item)) for key, item in value.items()]
    if isinstance(value, list | tuple):
        return [bare(item) for item in value]
    return value


def without_files(ruleset: Any) -> Any:
    """The same for a ruleset whose facts and actions may be declared in another order."""
    name, kept = bare(ruleset)
    for key in ("facts", "actions", "sources"):
        kept[key] = sorted(kept[key], key=lambda pair: pair[0])
    return name, kept
