"""佐证材料: files kept under ``evidence/`` by their content, with an append-only ledger of who brought what for which fact."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from checklist.files.writing import in_words, own_place, write_atomic
from checklist.keeping import chain, history
from checklist.keeping.accepting import Accepted, accept, accept_all
from checklist.keeping.clean_text import clean
from checklist.keeping.folder import EVIDENCE, CommunityFolder
from checklist.keeping.lock import WAIT_SECONDS
from checklist.keeping.saving import save
from checklist.model.problems import Where
from checklist.model.refusals import Refusal
from checklist.model.state import Slot

LEDGER: Final = "ledger.jsonl"
_DHASH: Final = 2**64 - 1


@dataclass(frozen=True, slots=True)
class Piece:
    """One line of the ledger. ``file`` is relative to the community folder; ``taken`` the EXIF time, None without."""

    file: str
    sha256: str
    fact: str
    by: str
    at: str
    name: str
    taken: datetime | None
    examined: bool
    dhash: int | None
    note: str = ""
    located: bool = False
    site: str = ""

    @property
    def slot(self) -> Slot:
        return self.site, self.fact


@dataclass(frozen=True, slots=True)
class Added:
    """A file that was brought. ``moved`` tells that its position was taken out, ``known`` that it was there before."""

    piece: Piece
    moved: bool = False
    known: bool = False


def add_evidence(
    folder: CommunityFolder,
    files: Iterable[Path],
    slot: Slot,
    *,
    by: str,
    at: datetime,
    note: str = "",
    location: bool = True,
    wait: float = WAIT_SECONDS,
) -> tuple[Added, ...]:
    """Copy files in, write them into the ledger, and name them with the reading at ``slot`` when there is one.

    Without ``location``, pictures are kept without the position where they were taken. All files are looked at before
    any is copied. Raises FilesHaveProblems (not allowed, not what it says, too big), Refusal and Refusal.
    Adding the same file for the same fact again changes nothing.
    """
    accepted = accept_all(files, location=location)
    pieces = [_piece(one, slot, by, at, note) for one in accepted]
    with history.writing(folder.path, wait):
        fresh = _keep(folder, list(zip(pieces, (one.data for one in accepted), strict=True)))
    _name_with_reading(folder, slot, [piece.file for piece in pieces], at)
    return tuple(
        Added(piece, one.moved, piece.sha256 not in fresh) for piece, one in zip(pieces, accepted, strict=True)
    )


def add_bytes(
    folder: CommunityFolder, name: str, data: bytes, slot: Slot, *, by: str, at: datetime, taken: datetime | None = None
) -> Piece:
    """The same for an upload already in memory (the phone re-encodes pictures and passes the time they were taken).

    Does not touch the fact's reading: put ``piece.file`` into the reading's ``evidence`` and save it. Raises as above.
    """
    one = accept(Path(name), data, Where(name))
    piece = _piece(replace(one, look=replace(one.look, taken=taken or one.look.taken)), slot, by, at, "")
    with history.writing(folder.path):
        _keep(folder, [(piece, data)])
    return piece


def _keep(folder: CommunityFolder, brought: Sequence[tuple[Piece, bytes]]) -> set[str]:
    """Files first, then the ledger: a kill between leaves a file that is not listed, and adding it again lists it.

    Gives the hashes of those that were not in the ledger."""
    home = own_place(folder.path, EVIDENCE)
    try:
        home.mkdir(exist_ok=True)
    except OSError as error:
        raise in_words(home, error) from error
    known = {(p.sha256, p.slot) for p in ledger(folder.path)[0]}
    fresh = {(p.sha256, p.slot): p for p, _ in brought if (p.sha256, p.slot) not in known}
    new: list[Path] = []
    try:
        for piece, data in brought:
            path = own_place(home, Path(piece.file).name)
            if not path.exists():
                write_atomic(path, data)
                new.append(path)
        chain.append(home / LEDGER, [_line(piece) for piece in fresh.values()])
    except Refusal:
        for path in new:  # all of them or none: what is not in the ledger would only take up room
            path.unlink(missing_ok=True)
        raise
    return {piece.sha256 for piece in fresh.values()}


def evidence_name(name: str, data: bytes, where: Where) -> str:
    """Where ``add_bytes`` keeps this content. Raises FilesHaveProblems when it would not."""
    return _file_of(accept(Path(name), data, where))


def ledger(folder: Path) -> tuple[tuple[Piece, ...], chain.Chain]:
    """Every line that is a piece of evidence, and the chain itself: ``broken`` names the lines that are none, too."""
    read = chain.read_chain(folder / EVIDENCE / LEDGER)
    pieces = [_from(entry) for entry in read.entries]
    none = [number for number, piece in enumerate(pieces, 1) if piece is None]
    broken = tuple(sorted({*read.broken, *none}))
    return tuple(piece for piece in pieces if piece is not None), replace(read, broken=broken)


def _piece(one: Accepted, slot: Slot, by: str, at: datetime, note: str) -> Piece:
    look = one.look
    return Piece(
        _file_of(one),
        hashlib.sha256(one.data).hexdigest(),
        slot[1],
        _told(by),
        at.isoformat(timespec="seconds"),
        _told(one.path.name)[:200],
        look.taken,
        look.examined,
        look.dhash,
        clean(note),
        look.located,
        slot[0],
    )


def _file_of(one: Accepted) -> str:
    suffix = one.look.kind or one.path.suffix.lower().lstrip(".")
    return f"{EVIDENCE}/{hashlib.sha256(one.data).hexdigest()[:24]}.{suffix}"


def _told(words: object) -> str:
    """On one line, without control characters, also where somebody else wrote the ledger."""
    return clean(str(words)).replace("\n", " ")


def _line(piece: Piece) -> dict[str, Any]:
    told: dict[str, Any] = {
        name: getattr(piece, name) for name in ("file", "sha256", "fact", "by", "at", "name", "note")
    }
    told["taken"] = piece.taken.isoformat(" ", timespec="seconds") if piece.taken else None
    told["dhash"] = f"{piece.dhash:016x}" if piece.dhash is not None else None
    site = {"site": piece.site} if piece.site else {}
    return {**told, "examined": piece.examined, "located": piece.located, **site}


def _from(entry: Mapping[str, Any]) -> Piece | None:
    """None where it is not as ``_line`` writes it."""
    try:
        return Piece(
            _told(entry["file"]),
            _told(entry["sha256"]),
            _told(entry["fact"]),
            _told(entry["by"]),
            _moment(entry["at"]).isoformat(timespec="seconds"),
            _told(entry["name"]),
            _moment(entry["taken"]) if entry["taken"] else None,
            bool(entry["examined"]),
            int(entry["dhash"], 16) & _DHASH if entry["dhash"] else None,
            clean(str(entry["note"])),
            bool(entry.get("located")),
            _told(entry.get("site", "")),
        )
    except (KeyError, ValueError, TypeError):
        return None


def _moment(text: str) -> datetime:
    """A time as we write it: without a zone."""
    return datetime.fromisoformat(text).replace(tzinfo=None)


def _name_with_reading(folder: CommunityFolder, slot: Slot, files: list[str], at: datetime) -> None:
    from checklist.keeping.folder import open_folder

    now = open_folder(folder.path, folder.ruleset)
    reading = now.readings().get(slot)
    if reading is None or now.latest is None:
        return
    named = replace(reading, evidence=tuple(dict.fromkeys((*reading.evidence, *files))))
    save(folder, [named], day=now.latest.as_of, at=at, what="登记佐证")


def pieces_by_slot(pieces: Iterable[Piece]) -> Iterator[tuple[Slot, list[Piece]]]:
    by_slot: dict[Slot, list[Piece]] = {}
    for piece in pieces:
        by_slot.setdefault(piece.slot, []).append(piece)
    yield from by_slot.items()


def day_of(piece: Piece) -> date:
    """When the evidence was made: the picture's own time, else the day it was brought, which no picture can be after."""
    brought = datetime.fromisoformat(piece.at)
    return min(piece.taken or brought, brought).date()
