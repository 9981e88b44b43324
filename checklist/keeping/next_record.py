"""The record that new answers make of a community's newest one: its text, and the state that is read back from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from checklist.engine.comparing.new_answers import Changes
from checklist.keeping.folder import CommunityFolder, DatedFile
from checklist.keeping.plain_yaml import community_data, raw_declaration, raw_reading
from checklist.keeping.record_text import Edit, canonical, edited
from checklist.model.problems import FilesHaveProblems, Problem, Where
from checklist.model.rules.facts import parts_of
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import NotApplicable, State
from checklist.reading.records.state_file import read_state
from checklist.reading.yaml.yaml_file import YamlFile, parse_yaml


def next_record(
    now: CommunityFolder, day: date, changes: Changes, declared: Mapping[str, NotApplicable]
) -> tuple[Path, str]:
    """The file of ``day``, or the newest one when it is of that day, and what it will hold.

    Raises FilesHaveProblems when the newest file cannot be carried over without loss.
    """
    facts = now.ruleset.facts
    edit = Edit(
        {c.fact: raw_reading(facts[c.fact], c.reading) for c in changes.written},
        {id: raw_declaration(said) for id, said in declared.items()},
    )
    if now.latest is not None and now.latest.as_of == day:
        return now.latest.path, _edited(now.latest, edit, now.ruleset)
    return now.path / f"{day}.yaml", _carried(now, day, edit)


def foreseen(
    now: CommunityFolder, day: date, changes: Changes, declared: Mapping[str, NotApplicable]
) -> tuple[State | None, tuple[Problem, ...]]:
    """What would be read back were ``changes`` written on ``day``: the state that would be scored, and the
    contradictions that are new in it, at the cells that the answers came from. Nothing is written.

    Raises FilesHaveProblems as ``next_record`` does.
    """
    if not changes.written and not declared:
        return now.state, ()
    target = max(day, now.latest.as_of) if now.latest else day
    path, text = next_record(now, target, changes, declared)
    document = parse_yaml(text, str(path))
    state, problems = read_state(document, now.ruleset)
    known = {(p.code, p.says) for p in now.latest.problems} if now.latest else set()
    cells = _cells(document, changes, now.ruleset)
    found = [p for p in problems if (p.code, p.says) not in known]
    return state, tuple(replace(p, where=cells[p.where], excerpt="") if p.where in cells else p for p in found)


def _cells(document: YamlFile, changes: Changes, ruleset: Ruleset) -> dict[Where, Where]:
    """The line of each fact whose answer came in → where it came from; of a part, where its whole did."""
    came = {change.fact: change.reading.where for change in changes.written}
    for part, whole in parts_of(ruleset.facts):
        if whole in came:
            came.setdefault(part, came[whole])
    return {document.where(("facts", fact)): where for fact, where in came.items() if where.file}


def _edited(record: DatedFile, edit: Edit, ruleset: Ruleset) -> str:
    try:
        return edited(record.document, edit, ruleset)
    except ValueError:
        raise FilesHaveProblems(record.problems) from None


def _carried(now: CommunityFolder, target: date, edit: Edit) -> str:
    """The newest state as the beginning of another day's: every reading keeps the day on which it was seen."""
    data: dict[str, Any] = {
        "community": community_data(now.community),
        "ruleset": now.ruleset.id,
        "as_of": target,
        "facts": {},
        "not_applicable": {},
    }
    comment = ""
    if now.latest is not None:
        if now.latest.document.problems:
            raise FilesHaveProblems(now.latest.problems)
        before = now.latest.document.data
        data |= {key: value for key, value in before.items() if key != "as_of"}
        data["facts"] = {name: _dated(raw, now.latest.as_of) for name, raw in (before.get("facts") or {}).items()}
        comment = f"# 接着 {now.latest.path.name} 往下记；没有重新核的，日期还是原来核的那天"
    data["facts"] = {**data["facts"], **edit.facts}
    data["not_applicable"] = {**(data.get("not_applicable") or {}), **edit.declared}
    return canonical(data, now.ruleset, comment)


def _dated(raw: Any, as_of: date) -> Any:
    if isinstance(raw, dict):
        return raw if raw.get("on") else {**{k: v for k, v in raw.items() if k != "on"}, "on": as_of}
    return {"value": raw, "on": as_of}
