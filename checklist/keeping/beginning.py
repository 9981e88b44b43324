"""A new community folder: written once, never over anything."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from checklist.files.writing import new_folder
from checklist.keeping import history
from checklist.keeping.folder import FORM, HEAD, README
from checklist.keeping.lock import locked
from checklist.keeping.records.plain_yaml import community_data
from checklist.keeping.records.record_text import state_text
from checklist.model.rules.ruleset import Ruleset, Tier
from checklist.model.state import State
from checklist.values.visible import clean
from checklist.values.yaml_out import inline


def begin(path: Path, state: State, ruleset: Ruleset, tier: Tier, at: datetime, form: bytes | None) -> tuple[str, ...]:
    """Make the folder and its first files; gives their names. ``state`` is its first record, ``form`` is the Excel form, None without the extra.

    Raises Refusal when the folder exists and is not empty: what is there stays as it is.
    """
    day = state.as_of
    head = f"community: {inline(community_data(state.community))}\nruleset: {ruleset.id}\ntier: {tier}\n"
    files: dict[str, bytes | None] = {
        HEAD: head.encode("utf-8"),
        f"{day}.yaml": state_text(state, ruleset).encode("utf-8"),
        README: clean(_readme(path, day)).encode("utf-8"),
    }
    if form is not None:
        files[FORM] = form
    with new_folder(path) as making, locked(making):
        history.commit(making, files, "新建社区文件夹", at)
    return tuple(files)


def _readme(path: Path, day: date) -> str:
    return (
        f"填：打开“{FORM}”，只填白格，存盘。\n"
        f"收：checklist import {path.name}/{FORM} --into {path.name}，看清改动，再加 --write。\n"
        f"看：checklist assess {path.name}。每天的记录是 {day}.yaml 这样的文件，写错了用 checklist undo {path.name}。\n"
    )
