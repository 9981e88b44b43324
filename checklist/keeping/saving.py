"""Saving answers: compared with the record, written whole, restorable, and told to the journal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from checklist.engine.comparing.new_answers import AnswerChange, ChangeKind, Changes, Rule, compare
from checklist.keeping import chain, history
from checklist.keeping.clean_text import clean_reading
from checklist.keeping.folder import JOURNAL, CommunityFolder, open_folder
from checklist.keeping.lock import WAIT_SECONDS
from checklist.keeping.records.defect_lists import NOTHING, unknown_to
from checklist.keeping.records.next_record import next_record
from checklist.keeping.records.plain_yaml import raw_reading
from checklist.model.problems import FilesHaveProblems, Problem, Where
from checklist.model.rules.ruleset import Ruleset
from checklist.model.sites import RecordedDefect
from checklist.model.state import NotApplicable, Reading, Slot
from checklist.reading.records.placement import misplaced


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of it. ``path`` is the state file that was written, None when nothing had to be; ``entry`` is the
    number to undo; ``problems`` are contradictions that the record now has, such as a part greater than its whole."""

    changes: Changes
    path: Path | None = None
    entry: int | None = None
    declared: tuple[Slot, ...] = ()
    problems: tuple[Problem, ...] = ()

    def of(self, *kinds: ChangeKind) -> tuple[AnswerChange, ...]:
        return self.changes.of(*kinds)


@dataclass(frozen=True, slots=True)
class Beside:
    """What belongs to the same act as the answers and is undone with them: files of the folder by name, and lines
    for the journal."""

    files: Mapping[str, bytes] = field(default_factory=dict)
    lines: tuple[Mapping[str, Any], ...] = ()


def save(
    folder: CommunityFolder,
    readings: Iterable[Reading],
    *,
    day: date,
    at: datetime,
    what: str,
    declared: Mapping[Slot, NotApplicable] | None = None,
    rule: Rule | None = None,
    taken: Mapping[Slot, Reading] | None = None,
    seen: Mapping[Slot, Sequence[RecordedDefect]] = NOTHING,
    beside: Callable[[], Beside] = Beside,
    wait: float = WAIT_SECONDS,
) -> Saved:
    """Put answers into the community's record, on disk when this returns.

    ``readings``: any number of people's answers, each with its own ``on`` (the day it was seen) and ``by``; values
    are already checked (``reading.values.fact_value`` or ``reading.lenient``). ``declared``: criteria that do not
    apply. ``day`` is today: the newest state is carried forward to a new file of that day, or the newest file is
    edited in place when it is of that day or later. ``at`` and ``what`` go into journal and history. ``rule``
    decides conflicts (``engine.comparing.new_answers``), ``taken`` those of single facts; without one they are left
    unwritten and returned, and the journal keeps both sides. ``seen`` is what was seen wrong, kept beside the answers
    that count it. The folder is read again under its lock, so ``folder`` may be stale; ``beside`` is called under it.

    Raises FilesHaveProblems when the newest file cannot be carried over without loss, or an answer's ``on`` lies
    after the state's day; Refusal when nothing could be written. Then nothing changed.
    """
    given = [clean_reading(reading) for reading in readings]
    with history.writing(folder.path, wait):
        now = open_folder(folder.path, folder.ruleset)
        target = max(day, now.latest.as_of) if now.latest else day
        _check(given, target, now)
        changes = compare(now.readings(), given, rule, _clean(taken))
        fresh = new_declarations(now, declared or {})
        journal = folder.path / JOURNAL
        more, wrong = beside(), unknown_to(now, seen, changes)
        told = [*_told(changes, now.ruleset, fresh, what, at, journal), *more.lines]
        if changes.written or fresh or wrong:
            path, text = next_record(now, target, changes, fresh, wrong)
            files = {**more.files, path.name: text.encode("utf-8")}
            entry = history.commit(now.path, files, what, at, told=told)
            after = open_folder(now.path, now.ruleset).latest
            return Saved(changes, path, entry, tuple(fresh), after.problems if after else ())
        if more.files:
            return Saved(changes, entry=history.commit(now.path, more.files, what, at, told=told))
        chain.append(journal, told)
    return Saved(changes)


def preview(
    folder: CommunityFolder,
    readings: Iterable[Reading],
    rule: Rule | None = None,
    taken: Mapping[Slot, Reading] | None = None,
) -> Changes:
    """What ``save`` would do to the facts, without writing."""
    return compare(folder.readings(), [clean_reading(reading) for reading in readings], rule, _clean(taken))


def _clean(taken: Mapping[Slot, Reading] | None) -> dict[Slot, Reading]:
    return {slot: clean_reading(side) for slot, side in (taken or {}).items()}


def _check(given: Iterable[Reading], target: date, now: CommunityFolder) -> None:
    wrong, ruleset = [], now.ruleset
    for reading in given:
        fact = ruleset.facts.get(reading.fact)
        if fact is None:
            wrong.append(Problem(reading.where, "E204", f"没有这个实测项 {reading.fact}"))
        elif reading.on > target or (isinstance(reading.value, date) and reading.value > target):
            late = reading.on if reading.on > target else reading.value
            wrong.append(Problem(reading.where, "E217", f"“{fact.label}”的日期 {late} 晚于今天 {target}", "改日期"))
        elif mistake := misplaced(reading, now.state, ruleset):
            wrong.append(Problem(reading.where, *mistake))
    if wrong:
        raise FilesHaveProblems(wrong)


def new_declarations(folder: CommunityFolder, declared: Mapping[Slot, NotApplicable]) -> dict[Slot, NotApplicable]:
    """Those that the record does not hold yet, or holds with another reason or end."""
    standing = {slot: (said.reason, said.until) for slot, said in folder.declared().items()}
    return {slot: said for slot, said in declared.items() if standing.get(slot) != (said.reason, said.until)}


def _told(
    changes: Changes, ruleset: Ruleset, fresh: Mapping[Slot, NotApplicable], what: str, at: datetime, journal: Path
) -> Iterable[dict[str, Any]]:
    """A journal line for every answer that was written, and once for every answer that was not."""
    left = changes.of("conflict", "kept")
    known = {_essence(entry) for entry in chain.read_chain(journal).entries} if left else set()
    stamp = at.isoformat(timespec="seconds")
    for change in changes.items:
        if change.kind == "same":
            continue
        for reading in (change.reading, *change.rivals):
            kind: ChangeKind = change.kind if reading is change.reading else "conflict"
            entry = {"at": stamp, "what": what, "kind": kind, **_place(reading.site), "fact": reading.fact}
            entry |= journal_reading(ruleset, reading)
            if kind not in ("conflict", "kept") or _essence(entry) not in known:
                yield entry
    for (site, id), declared in fresh.items():
        until = {"until": str(declared.until)} if declared.until else {}
        entry = {"at": stamp, "what": what, "kind": "declared", **_place(site), "criterion": id}
        yield {**entry, "reason": declared.reason, **until}


def _place(site: str) -> dict[str, str]:
    return {"site": site} if site else {}


def journal_reading(ruleset: Ruleset, reading: Reading) -> dict[str, Any]:
    """An answer in JSON: numbers and dates as the text that YAML would have."""
    raw = raw_reading(ruleset.facts[reading.fact], reading)
    told = {key: _json(value) for key, value in raw.items()}
    return {**told, **({"from": str(reading.where)} if reading.where != Where() else {})}


def _json(value: Any) -> Any:
    return value if isinstance(value, bool | int | str | list | dict) else str(value)


def _essence(entry: Mapping[str, Any]) -> str:
    return repr([entry.get(k) for k in ("kind", "site", "fact", "value", "sample", "unknown", "on", "by", "note")])
