"""Confirmed problems of an inspection → readings of facts and entries of the folder's ledger, in one act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from checklist.engine.comparing.new_answers import Changes
from checklist.engine.ledger.entering import digest, enter
from checklist.engine.ledger.matching import countable
from checklist.keeping.folder import CommunityFolder
from checklist.keeping.records.defect_lists import PREFIX, defects_at
from checklist.keeping.saving import Beside, preview, save
from checklist.model.ledger import IN_FOLDER, Defect, Ledger, LedgerEntry
from checklist.model.problems import FilesHaveProblems, NotAValue, Problem
from checklist.model.results.assessment import Assessment
from checklist.model.rules.facts import Fact
from checklist.model.rules.ruleset import Ruleset
from checklist.model.sites import RecordedDefect, open_defects
from checklist.model.state import Reading, Slot
from checklist.reading.lists.ledger_file import read_ledger
from checklist.reading.lists.spotted import Spotted
from checklist.reports.language.labels import LEDGER_STATUS, LEDGER_WORDS
from checklist.reports.ledger.ledger_files import ledger_csv
from checklist.values.answer import lenient_value
from checklist.values.headings import criterion_named, key, label_index, near_criterion, near_fact
from checklist.values.site_names import site_in
from checklist.values.visible import clean


@dataclass(frozen=True, slots=True)
class Confirmed:
    """``counted`` problems went into readings, those that are counted one by one as what was ``seen`` at each place; every
    one of ``defects`` goes into the ledger."""

    defects: tuple[Defect, ...]
    readings: tuple[Reading, ...]
    counted: int
    problems: tuple[Problem, ...]
    seen: Mapping[Slot, Sequence[RecordedDefect]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recorded:
    """``entries`` are the ledger's new records; ``path`` is the state file, None in a preview or without new facts."""

    changes: Changes
    entries: tuple[LedgerEntry, ...]
    path: Path | None = None


def confirmed(adopted: Sequence[Spotted], folder: CommunityFolder, today: date) -> Confirmed:
    """Check what a person wrote into 采用, 记到实测项 and 记几; counts of one fact at one place are added up, and are never
    less than the problems that stand open there."""
    ruleset = folder.ruleset
    problems: list[Problem] = []
    found: dict[Slot, list[Reading]] = {}
    seen: dict[Slot, list[RecordedDefect]] = {}
    told: list[Defect] = []
    for one in adopted:
        criterion = criterion_named(one.adopted, ruleset)
        if criterion is None:
            hint = near_criterion(one.adopted, ruleset)
            problems.append(Problem(one.at("adopted"), "E321", f"没有这条测评标准 {one.adopted}", hint))
            continue
        fact = _fact(one.fact, ruleset) if one.fact else None
        entry = replace(defect(one, criterion), fact=fact.id if fact and _meant(one, criterion, fact, ruleset) else "")
        told.append(entry)
        if not one.value:
            continue
        if fact is None or fact.id not in (*ruleset.by_id[criterion].facts, *ruleset.by_id[criterion].records):
            problems.append(_mismatch(one, criterion, fact, ruleset))
            continue
        try:
            answer = lenient_value(fact, one.value)
        except NotAValue as reason:
            problems.append(Problem(one.at("value"), reason.code, reason.says, reason.hint))
            continue
        if answer is not None and answer.value is None:
            says, hint = f"“{fact.label}”的“记几”要写数，现在是“{one.value}”", "看不清有几处就清空“记几”，只进台账"
            problems.append(Problem(one.at("value"), "E211", says, hint))
        elif answer is not None and (place := _place(one, fact, folder, problems)) is not None:
            on, at = one.on or today, one.at("value")
            reading = Reading(fact.id, answer.value, on, one.by, _note(one), where=at, site=place)
            found.setdefault(reading.slot, []).append(reading)
            if fact.type == "count" and fact.better == "lower" and answer.value:
                seen.setdefault(reading.slot, []).append(_seen(entry, on, place, folder))
    readings = [_together(ruleset.facts[slot[1]], rows, problems) for slot, rows in found.items()]
    readings = [_at_least(reading, seen.get(reading.slot, ()), folder) for reading in readings]
    return Confirmed(tuple(told), tuple(readings), sum(map(len, found.values())), tuple(problems), seen)


def _place(one: Spotted, fact: Fact, folder: CommunityFolder, problems: list[Problem]) -> str | None:
    """The id of the site that a problem is counted at, empty for the community; None where it cannot be told."""
    state, kind = folder.state, folder.ruleset.site_facts.get(fact.id)
    if state is None or kind is None or not (any(s.kind == kind for s in state.sites) or kind in state.totals):
        return ""
    listed = state.sites_of(kind)
    if site := site_in(one.point, listed):
        return site.id
    label, named = folder.ruleset.site_kinds[kind].label, "、".join(site.name for site in listed[:12])
    point = f"“{one.point}”" if one.point else "没写点位，"
    says = f"“{fact.label}”按{label}记，{point}看不出是哪个{label}"
    few = f"（{named}{f' 等 {len(listed)} 处' if len(listed) > 12 else ''}）" if named else ""
    hint = f"“点位”写上{label}的名字{few}，或清空“记几”，只进台账"
    problems.append(Problem(one.at("point"), "E244", says, hint))
    return None


def _seen(entry: Defect, on: date, site: str, folder: CommunityFolder) -> RecordedDefect:
    """With the place as the list says it, without the name of the site that it lies in."""
    sites = folder.state.sites if folder.state else ()
    name = next((s.name for s in sites if s.id == site), "") if site else ""
    place = entry.point.removeprefix(name).strip() if name else entry.point
    return RecordedDefect(f"{PREFIX}{digest(entry)}", on, clean(place), clean(entry.text), clean(entry.photo))


def _at_least(reading: Reading, new: Sequence[RecordedDefect], folder: CommunityFolder) -> Reading:
    known = {defect.id: defect for defect in (*new, *defects_at(folder, reading.slot))}
    still = open_defects(known.values(), max(reading.on, folder.state.as_of) if folder.state else reading.on)
    return replace(reading, value=still) if isinstance(reading.value, int) and reading.value < still else reading


def defect(one: Spotted, criterion: str) -> Defect:
    """With every column that nobody knows among its remarks: nothing that the list says is lost."""
    return Defect(
        criterion,
        one.text,
        one.point,
        one.photo,
        one.owner,
        one.on,
        one.by,
        one.due,
        one.term,
        lasting=one.lasting,
        person=one.person,
        measure=one.measure,
        remarks="；".join(filter(None, (one.note, *(f"{name}：{text}" for name, text in one.more.items())))),
        known_as=tuple(filter(None, (one.whole, *one.parts))),
    )


def _meant(one: Spotted, criterion: str, fact: Fact, ruleset: Ruleset) -> bool:
    """Whether a person chose the fact, and did not only leave the one that was proposed."""
    proposed = countable(ruleset.criterion(criterion), ruleset.facts, one.text)
    return bool(one.value) or proposed is None or proposed.id != fact.id


def record(
    result: Confirmed, folder: CommunityFolder, after: Assessment, day: date, at: datetime, what: str, *, write: bool
) -> Recorded:
    """What the problems change, written when asked; run again it finds everything there. ``after`` is the assessment
    with the readings in place. Raises FilesHaveProblems when the ledger cannot be used; then nothing was written."""
    path = folder.path / IN_FOLDER
    if not write:
        return Recorded(preview(folder, result.readings), entered(path, result.defects, after, day)[1])
    told: list[LedgerEntry] = []

    def beside() -> Beside:
        ledger, entries = entered(path, result.defects, after, day)
        told.extend(entries)
        stamp = {"at": at.isoformat(timespec="seconds"), "what": what}
        lines = tuple({**stamp, **_told(entry)} for entry in entries)
        return Beside({IN_FOLDER: ledger_csv(ledger)} if entries else {}, lines)

    saved = save(folder, result.readings, day=day, at=at, what=what, seen=result.seen, beside=beside)
    return Recorded(saved.changes, tuple(told), saved.path)


def entered(
    path: Path, defects: Sequence[Defect], after: Assessment, day: date
) -> tuple[Ledger, tuple[LedgerEntry, ...]]:
    """The ledger in a file with what it lacked of ``defects``. Raises FilesHaveProblems."""
    ledger, problems = read_ledger(path)
    if ledger is None:
        raise FilesHaveProblems(problems)
    return enter(ledger, after, defects, day, LEDGER_WORDS, LEDGER_STATUS)


def _told(entry: LedgerEntry) -> dict[str, str]:
    columns = {"id": "编号", "criterion": "对应标准", "text": "问题描述", "point": "点位", "photo": "整改前后照片"}
    columns |= {"owner": "责任单位", "on": "发现时间", "by": "来源", "due": "时限"}
    return {"kind": "problem", **{name: entry.text(column) for name, column in columns.items()}}


def _mismatch(one: Spotted, criterion: str, fact: Fact | None, ruleset: Ruleset) -> Problem:
    if fact is not None:
        says = f"{criterion}（{ruleset.criterion(criterion).title}）不看“{fact.label}”这个实测项"
        return Problem(one.at("fact"), "E228", says, "“记到实测项”改成这条标准的，或清空“记几”，只进台账")
    if one.fact:
        return Problem(one.at("fact"), "E204", f"没有这个实测项 {one.fact}", near_fact(one.fact, ruleset))
    return Problem(one.at("value"), "E228", "写了“记几”，没写“记到实测项”", "写上实测项，或清空“记几”，只进台账")


def _fact(words: str, ruleset: Ruleset) -> Fact | None:
    index = label_index(ruleset)
    name = index.get(key(words.split()[0])) or index.get(key(words))
    return ruleset.facts[name] if name else None


def _note(one: Spotted) -> str:
    return f"{one.point}：{one.text}" if one.point else one.text


def _together(fact: Fact, readings: Sequence[Reading], problems: list[Problem]) -> Reading:
    newest = max(readings, key=lambda r: r.on)
    note = "；".join(dict.fromkeys(r.note for r in readings))
    value = newest.value
    numbers = [r.value for r in readings if isinstance(r.value, int)]
    if fact.type == "count" and len(numbers) == len(readings):
        value = sum(numbers)
    elif len({str(r.value) for r in readings}) > 1:
        says = f"“{fact.label}”记了几个不同的值"
        problems.append(Problem(newest.where, "E222", says, "留一个"))
    return Reading(fact.id, value, newest.on, newest.by, note, where=newest.where, site=newest.site)
