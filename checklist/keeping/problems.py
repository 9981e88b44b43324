"""Confirmed problems of an inspection → readings, and a line in the journal for each problem."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from ..model.facts import Fact
from ..model.problems import Problem
from ..model.ruleset import Ruleset
from ..model.state import Reading
from ..reading.lenient import lenient_value
from ..reading.problemlist import Spotted
from ..reading.validate import suggest
from ..reading.values import NotAValue
from .changes import Changes
from .folder import CommunityFolder
from .saving import preview, save


@dataclass(frozen=True, slots=True)
class Confirmed:
    """``counted`` problems went into readings; every one of ``spotted`` goes into the journal."""

    spotted: tuple[tuple[Spotted, str], ...]
    readings: tuple[Reading, ...]
    counted: int
    problems: tuple[Problem, ...]


def confirmed(adopted: Sequence[Spotted], folder: CommunityFolder, today: date) -> Confirmed:
    """Check what a person wrote into 采用, 记到实测项 and 记几; counts of one fact on one day are added up."""
    ruleset = folder.ruleset
    problems: list[Problem] = []
    found: dict[str, list[tuple[Spotted, Reading]]] = {}
    told: list[tuple[Spotted, str]] = []
    for one in adopted:
        criterion = one.adopted.split()[0].upper()
        if criterion not in ruleset.by_id:
            problems.append(
                Problem(one.where, "E321", f"没有这条测评标准 {criterion}", suggest(criterion, ruleset.by_id))
            )
            continue
        told.append((one, criterion))
        if not one.fact or not one.value:
            continue
        fact = _fact(one.fact, ruleset)
        if fact is None:
            problems.append(Problem(one.where, "E204", f"没有这个实测项 {one.fact}", suggest(one.fact, ruleset.facts)))
            continue
        try:
            answer = lenient_value(fact, one.value)
        except NotAValue as reason:
            problems.append(Problem(one.where, reason.code, reason.says, reason.hint))
            continue
        if answer is not None:
            reading = Reading(fact.id, answer.value, one.on or today, one.by, _note(one), where=one.where)
            found.setdefault(fact.id, []).append((one, reading))
    readings = [_together(ruleset.facts[id], [r for _, r in rows], problems) for id, rows in found.items()]
    return Confirmed(tuple(told), tuple(readings), sum(map(len, found.values())), tuple(problems))


def record(
    result: Confirmed, folder: CommunityFolder, day: date, at: datetime, what: str, *, write: bool
) -> tuple[Changes, Path | None]:
    """What the readings change, and the state file that was written (None in a preview)."""
    if not write:
        return preview(folder, result.readings), None
    stamp = at.isoformat(timespec="seconds")
    lines = [
        {
            "at": stamp,
            "what": what,
            "kind": "problem",
            "criterion": criterion,
            "text": one.text,
            "point": one.point,
            "photo": one.photo,
            "owner": one.owner,
            "on": str(one.on or day),
            "by": one.by,
        }
        for one, criterion in result.spotted
    ]
    saved = save(folder, result.readings, day=day, at=at, what=what, also=lines)
    return saved.changes, saved.path


def _fact(words: str, ruleset: Ruleset) -> Fact | None:
    by_label = {fact.label: fact for fact in ruleset.facts.values()}
    return ruleset.facts.get(words.split()[0]) or by_label.get(words.strip())


def _note(one: Spotted) -> str:
    return f"{one.point}：{one.text}" if one.point else one.text


def _together(fact: Fact, readings: Sequence[Reading], problems: list[Problem]) -> Reading:
    newest = max(readings, key=lambda r: r.on)
    note = "；".join(dict.fromkeys(r.note for r in readings))
    value = newest.value
    if fact.type == "count":
        value = sum(r.value for r in readings if isinstance(r.value, int))
    elif len({str(r.value) for r in readings}) > 1:
        says = f"“{fact.label}”记了几个不同的值"
        problems.append(Problem(newest.where, "E222", says, "留一个"))
    return Reading(fact.id, value, newest.on, newest.by, note, where=newest.where)
