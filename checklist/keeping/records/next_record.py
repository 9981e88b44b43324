"""The record that new answers make of a community's newest one: its text, and the state that is read back from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from checklist.engine.comparing.new_answers import Changes
from checklist.keeping.folder import CommunityFolder, DatedFile
from checklist.keeping.records.defect_lists import NOTHING, defect_lists
from checklist.keeping.records.plain_yaml import community_data, raw_declaration, raw_reading
from checklist.keeping.records.record_edit import Edit, merged
from checklist.keeping.records.record_text import canonical, edited
from checklist.model.problems import FilesHaveProblems, Problem, Where
from checklist.model.rules.facts import parts_of
from checklist.model.rules.ruleset import Ruleset
from checklist.model.sites import RecordedDefect
from checklist.model.state import NotApplicable, Slot, State
from checklist.reading.records.state_file import read_state
from checklist.reading.yaml.shape_mistakes import Loc
from checklist.reading.yaml.yaml_file import YamlFile, parse_yaml


def next_record(
    now: CommunityFolder,
    day: date,
    changes: Changes,
    declared: Mapping[Slot, NotApplicable],
    seen: Mapping[Slot, Sequence[RecordedDefect]] = NOTHING,
) -> tuple[Path, str]:
    """The file of ``day``, or the newest one when it is of that day, and what it will hold. What was ``seen`` wrong is
    kept beside what was before; a later answer closes what stood open and surely is gone.

    Raises FilesHaveProblems when the newest file cannot be carried over without loss.
    """
    facts = now.ruleset.facts
    return next_text(now, day, Edit(
        {c.slot: raw_reading(facts[c.fact], c.reading) for c in changes.written},
        {slot: raw_declaration(said) for slot, said in declared.items()},
        defects=dict(defect_lists(now, changes, seen)),
    ))  # fmt: skip


def next_text(now: CommunityFolder, day: date, edit: Edit) -> tuple[Path, str]:
    """The same for any edit of the record."""
    if now.latest is not None and now.latest.as_of == day:
        return now.latest.path, _edited(now.latest, edit, now.ruleset)
    return now.path / f"{day}.yaml", _carried(now, day, edit)


def foreseen(
    now: CommunityFolder,
    day: date,
    changes: Changes,
    declared: Mapping[Slot, NotApplicable],
    seen: Mapping[Slot, Sequence[RecordedDefect]] = NOTHING,
) -> tuple[State | None, tuple[Problem, ...]]:
    """What would be read back were ``changes`` written on ``day``: the state that would be scored, and the
    contradictions that are new in it, at the cells that the answers came from. Nothing is written.

    Raises FilesHaveProblems as ``next_record`` does.
    """
    if not changes.written and not declared and not seen:
        return now.state, ()
    target = max(day, now.latest.as_of) if now.latest else day
    path, text = next_record(now, target, changes, declared, seen)
    document = parse_yaml(text, str(path))
    state, problems = read_state(document, now.ruleset)
    known = {(p.code, p.says) for p in now.latest.problems} if now.latest else set()
    cells = _cells(document, changes, now.ruleset)
    found = [p for p in problems if (p.code, p.says) not in known]
    return state, tuple(replace(p, where=cells[p.where], excerpt="") if p.where in cells else p for p in found)


def _cells(document: YamlFile, changes: Changes, ruleset: Ruleset) -> dict[Where, Where]:
    """The line of each fact whose answer came in → where it came from; of a part, where its whole did."""
    came = {change.slot: change.reading.where for change in changes.written}
    for part, whole in parts_of(ruleset.facts):
        for site, where in [(site, where) for (site, fact), where in came.items() if fact == whole]:
            came.setdefault((site, part), where)
    sites = document.data.get("sites") or ()
    at: dict[str, Loc] = {
        str(s.get("id")): ("sites", i) for i, s in reversed([*enumerate(sites)]) if isinstance(s, dict)
    }
    return {
        document.where((*at.get(site, ()), "facts", fact)): where for (site, fact), where in came.items() if where.file
    }


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
        before = {key: value for key, value in now.latest.document.data.items() if key != "as_of"}
        data |= _all_dated(before, now.latest.as_of)
        if sites := before.get("sites"):
            data["sites"] = [_all_dated(site, now.latest.as_of) if isinstance(site, dict) else site for site in sites]
        comment = f"# 接着 {now.latest.path.name} 往下记；没有重新核的，日期还是原来核的那天"
    return canonical(merged(data, edit), now.ruleset, comment)


def _all_dated(part: Mapping[str, Any], as_of: date) -> dict[str, Any]:
    facts = part.get("facts")
    return {**part, "facts": {name: _dated(raw, as_of) for name, raw in facts.items()}} if facts else {**part}


def _dated(raw: Any, as_of: date) -> Any:
    if isinstance(raw, dict):
        return raw if raw.get("on") else {**{k: v for k, v in raw.items() if k != "on"}, "on": as_of}
    return {"value": raw, "on": as_of}
