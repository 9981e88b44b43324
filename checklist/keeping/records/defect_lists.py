"""What was seen wrong, as a record will hold it: new defects beside the old, old ones closed by a later answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from checklist.engine.comparing.new_answers import Changes
from checklist.keeping.folder import CommunityFolder
from checklist.keeping.records.site_yaml import raw_defect
from checklist.model.ledger import IN_FOLDER, MARK
from checklist.model.sites import RecordedDefect
from checklist.model.state import Reading, Slot
from checklist.reading.lists.ledger_file import read_ledger
from checklist.values.bare_words import YamlData

PREFIX: Final = "jc-"
"""Before the digest that tells an inspection's defect from others; its ledger entry ends in the same digest."""
NOTHING: Final[Mapping[Slot, Sequence[RecordedDefect]]] = MappingProxyType({})


def defects_at(folder: CommunityFolder, slot: Slot) -> tuple[RecordedDefect, ...]:
    """All that the newest record tells of what a fact counts, at a site or in the community."""
    state = folder.state
    if state is None:
        return ()
    home = next((site for site in state.sites if site.id == slot[0]), None) if slot[0] else state
    return home.defects.get(slot[1], ()) if home else ()


def unknown_to(
    folder: CommunityFolder, seen: Mapping[Slot, Sequence[RecordedDefect]], changes: Changes
) -> dict[Slot, list[RecordedDefect]]:
    """What the record does not have yet; nothing where the answer itself was left unwritten."""
    left = {change.slot for change in changes.of("conflict", "kept")}
    fresh = {}
    for slot, some in seen.items():
        known = {defect.id for defect in defects_at(folder, slot)}
        new = [defect for defect in some if defect.id not in known]
        if new and slot not in left:
            fresh[slot] = new
    return fresh


def defect_lists(
    folder: CommunityFolder, changes: Changes, seen: Mapping[Slot, Sequence[RecordedDefect]]
) -> Iterator[tuple[Slot, YamlData]]:
    """The whole list of every slot whose list changes."""
    answers = {c.slot: c.reading for c in changes.written if type(c.reading.value) is int}
    data: Mapping[str, Any] = folder.latest.document.data if folder.latest else {}
    homes = {str(site.get("id")): site for site in data.get("sites") or () if isinstance(site, dict)}
    for slot in dict.fromkeys((*seen, *answers)):
        home = homes.get(slot[0], {}) if slot[0] else data
        standing = (home.get("defects") or {}).get(slot[1]) or []
        closed = _closed(folder, slot, answers[slot]) if slot in answers else {}
        if slot in seen or closed:
            told = [raw.get("id") if isinstance(raw, dict) else None for raw in standing]
            raws = [
                {**raw, "closed": closed[id]} if id in closed else raw for id, raw in zip(told, standing, strict=True)
            ]
            yield slot, [*raws, *map(raw_defect, seen.get(slot, ()))]


def _closed(folder: CommunityFolder, slot: Slot, answer: Reading) -> dict[str | None, date]:
    """Where fewer were counted than stood open, those that surely are gone: all where nothing was found any more, else
    those that the folder's ledger has closed."""
    stood = [d for d in defects_at(folder, slot) if d.found < answer.on and d.open_on(answer.on)]
    if not isinstance(answer.value, int) or len(stood) <= answer.value:
        return {}
    if answer.value == 0:
        return {defect.id: answer.on for defect in stood}
    days = _settled(folder)
    return {d.id: days[d.id] for d in stood if d.id in days and d.found < days[d.id] <= answer.on}


def _settled(folder: CommunityFolder) -> dict[str, date]:
    """The defects that people closed in the ledger, by id, with the day."""
    ledger, _ = read_ledger(folder.path / IN_FOLDER)
    records = [record for record in ledger.sound if record.settled] if ledger else []
    told = ((record.text("编号").rpartition(MARK)[2], record.day("销号时间")) for record in records)
    return {f"{PREFIX}{digest}": day for digest, day in told if day is not None}
