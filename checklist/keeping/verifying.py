"""``checklist evidence verify``: what is wrong with the evidence, and what a person should look at. It never accuses."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final, Literal, TypeAlias

from checklist.keeping.evidence import Piece, day_of, ledger, pieces_by_slot
from checklist.keeping.folder import EVIDENCE, CommunityFolder
from checklist.keeping.pictures import NEAR, PICTURES, NotAPicture, alike, look_at
from checklist.model.expiry import days_left
from checklist.model.regular_files import open_regular, read_regular

Trouble: TypeAlias = Literal[
    "broken",
    "missing",
    "altered",
    "unlisted",
    "same",
    "alike",
    "outdated",
    "named",
    "wanting",
    "no_metadata",
    "not_examined",
    "located",
]
_PART: Final = 64 // (NEAR + 1) + 1
SERIOUS: Final[frozenset[Trouble]] = frozenset({"broken", "missing", "altered"})


@dataclass(frozen=True, slots=True)
class Doubt:
    """``facts`` are the facts concerned, ``files`` the files, ``says`` one sentence in Chinese."""

    trouble: Trouble
    says: str
    files: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verified:
    """``tail`` seals the ledger: written down elsewhere, it proves that nothing before it was changed."""

    findings: tuple[Doubt, ...]
    files: int
    tail: str


def verify(folder: CommunityFolder, today: date) -> Verified:
    """Look through the whole evidence of a community; reads files, writes nothing."""
    pieces, read = ledger(folder.path)
    findings = [Doubt("broken", f"登记簿第 {n} 行被改过、删过或补过，或者不是登记") for n in read.broken]
    findings += _files(folder.path, pieces)
    pieces = tuple(_looked_at(folder.path, piece) for piece in pieces)
    findings += _reuse(folder, pieces)
    findings += _dates(folder, pieces, today)
    findings += _pictures(pieces)
    findings += _wanting(folder, pieces)
    return Verified(tuple(findings), len({piece.file for piece in pieces}), read.tail)


def _files(path: Path, pieces: tuple[Piece, ...]) -> Iterator[Doubt]:
    home = (path / EVIDENCE).resolve()
    for piece in {p.file: p for p in pieces}.values():
        file = path / piece.file
        if not _inside(path, file):
            yield Doubt(
                "missing", f"{piece.name} 不在了（{piece.at[:10]} {piece.by} 登记）", (piece.file,), (piece.fact,)
            )
        elif _digest(file) != piece.sha256:
            yield Doubt("altered", f"{piece.name} 登记以后内容变了", (piece.file,), (piece.fact,))
    listed = {p.file for p in pieces}
    for file in sorted(home.glob("*")) if home.is_dir() else ():
        name = f"{EVIDENCE}/{file.name}"
        if name not in listed and file.suffix != ".jsonl" and not file.name.startswith("."):
            yield Doubt("unlisted", f"{name} 没有登记", (name,))


def _digest(file: Path) -> str:
    with open_regular(file) as stream:
        digest = hashlib.sha256()
        while block := stream.read(1 << 20):
            digest.update(block)
        return digest.hexdigest()


def _looked_at(path: Path, piece: Piece) -> Piece:
    """A picture that was brought where nobody could look at it (no Pillow, no pillow-heif) is looked at now."""
    if piece.examined or Path(piece.file).suffix[1:] not in PICTURES or not _inside(path, path / piece.file):
        return piece
    try:
        look = look_at(read_regular(path / piece.file))
    except (OSError, NotAPicture):
        return piece
    return replace(piece, examined=look.examined, taken=piece.taken or look.taken, dhash=look.dhash)


def _inside(path: Path, file: Path) -> bool:
    return (path / EVIDENCE).resolve() in file.resolve().parents and file.is_file()


def _reuse(folder: CommunityFolder, pieces: tuple[Piece, ...]) -> Iterator[Doubt]:
    """One picture for several facts may be right (one notice board); a person decides."""
    labels = {id: fact.label for id, fact in folder.ruleset.facts.items()}
    by_hash: dict[str, list[Piece]] = {}
    for piece in pieces:
        by_hash.setdefault(piece.sha256, []).append(piece)
    for same in by_hash.values():
        facts = tuple(dict.fromkeys(p.fact for p in same))
        if len(facts) > 1:
            told = "、".join(labels.get(f, f) for f in facts)
            yield Doubt("same", f"{same[0].name} 一个文件用在几项上：{told}", (same[0].file,), facts)
    for one, other in _pairs([same[0] for same in by_hash.values()]):
        label, second = labels.get(one.fact, one.fact), labels.get(other.fact, other.fact)
        alike_in_what = f"用在“{label}”和“{second}”"
        if one.fact == other.fact:
            if one.at[:10] == other.at[:10]:
                continue  # two shots of one thing on one day
            alike_in_what = f"先后在 {one.at[:10]} 和 {other.at[:10]} 登记给“{label}”，看看后来那张是不是重新拍的"
        says = f"{one.name} 和 {other.name} 看上去几乎一样，{alike_in_what}"
        yield Doubt("alike", says, (one.file, other.file), tuple(dict.fromkeys((one.fact, other.fact))))


def _pairs(pieces: Sequence[Piece]) -> Iterator[tuple[Piece, Piece]]:
    """Pictures that look the same. Of NEAR + 1 parts of two such hashes one is equal: only those are compared."""
    shelves: dict[tuple[int, int], list[int]] = {}
    for at, piece in enumerate(pieces):
        if piece.dhash is None:
            continue
        parts = [(part, piece.dhash >> part * _PART & (1 << _PART) - 1) for part in range(NEAR + 1)]
        earlier = {other for part in parts for other in shelves.get(part, ())}
        yield from ((pieces[i], piece) for i in sorted(earlier) if alike(pieces[i].dhash, piece.dhash))
        for part in parts:
            shelves.setdefault(part, []).append(at)


def _dates(folder: CommunityFolder, pieces: tuple[Piece, ...], today: date) -> Iterator[Doubt]:
    for (site, id), pieces_there in pieces_by_slot(pieces):
        fact = folder.ruleset.facts.get(id)
        newest = max(pieces_there, key=day_of)
        age = (today - day_of(newest)).days
        if fact is not None and days_left(fact, age) < 0:
            says = f"“{_at(folder, site)}{fact.label}”最新的佐证是 {day_of(newest)} 的，已 {age} 天（有效 {fact.valid_for_days} 天）"
            yield Doubt("outdated", says, (newest.file,), (id,))


def _pictures(pieces: tuple[Piece, ...]) -> Iterator[Doubt]:
    """What the pictures do not tell, and what they tell perhaps too freely."""
    pictures = [p for p in {p.file: p for p in pieces}.values() if Path(p.file).suffix[1:] in PICTURES]
    unseen = [p for p in pictures if not p.examined]
    plain = [p for p in pictures if p.examined and p.taken is None]
    located = [p for p in {p.file: p for p in pieces}.values() if p.located]
    if unseen:
        says = f"{len(unseen)} 张照片没有检查，拍摄时间和是否重复都不知道（{'、'.join(p.name for p in unseen[:3])}）"
        yield Doubt("not_examined", says, tuple(p.file for p in unseen))
    if plain:
        says = f"{len(plain)} 张照片无元数据，看不出拍摄时间（微信等转发会去掉，不说明什么）"
        yield Doubt("no_metadata", says, tuple(p.file for p in plain))
    if located:
        says = f"{len(located)} 个文件里有拍摄位置，把文件夹发给别人以前留意"
        yield Doubt("located", says, tuple(p.file for p in located))


def _wanting(folder: CommunityFolder, pieces: tuple[Piece, ...]) -> Iterator[Doubt]:
    """Facts whose evidence is missing, and evidence of which the record has only the name."""
    have, files = {piece.slot for piece in pieces}, {piece.file for piece in pieces}
    for slot, reading in folder.readings().items():
        fact, name = folder.ruleset.facts[reading.fact], reading.fact
        label = _at(folder, reading.site) + fact.label
        only_named = [e for e in reading.evidence if e not in files]
        if only_named:
            says = f"“{label}”写了 {'、'.join(only_named)}，没有登记这样的文件"
            yield Doubt("named", says, tuple(only_named), (name,))
        if fact.evidence and reading.value is not None and not reading.evidence and slot not in have:
            yield Doubt("wanting", f"“{label}”有记录，还没有佐证（要{'、'.join(fact.evidence)}）", (), (name,))


def _at(folder: CommunityFolder, site: str) -> str:
    """The name of a site before what lies there; nothing for the community."""
    return f"{folder.site_names.get(site, site)} " if site else ""
