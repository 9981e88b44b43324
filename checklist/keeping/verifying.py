"""``checklist evidence verify``: what is wrong with the evidence, and what a person should look at. It never accuses."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Literal, TypeAlias

from .evidence import Piece, day_of, ledger, pieces_by_fact
from .folder import EVIDENCE, CommunityFolder
from .pictures import alike

Trouble: TypeAlias = Literal[
    "broken", "missing", "altered", "unlisted", "same", "alike", "outdated", "wanting", "no_metadata", "not_examined"
]
SERIOUS: Final[frozenset[Trouble]] = frozenset({"broken", "missing", "altered"})


@dataclass(frozen=True, slots=True)
class Finding:
    """``facts`` are the facts concerned, ``files`` the files, ``says`` one sentence in Chinese."""

    trouble: Trouble
    says: str
    files: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verified:
    """``tail`` seals the ledger: written down elsewhere, it proves that nothing before it was changed."""

    findings: tuple[Finding, ...]
    files: int
    tail: str


def verify(folder: CommunityFolder, today: date) -> Verified:
    """Look through the whole evidence of a community; reads files, writes nothing."""
    pieces, read = ledger(folder.path)
    findings = [Finding("broken", f"登记簿第 {n} 行被改过、删过或补过") for n in read.broken]
    findings += _files(folder.path, pieces)
    findings += _reuse(folder, pieces)
    findings += _dates(folder, pieces, today)
    findings += _wanting(folder, pieces)
    return Verified(tuple(findings), len({piece.file for piece in pieces}), read.tail)


def _files(path: Path, pieces: tuple[Piece, ...]) -> Iterator[Finding]:
    home = (path / EVIDENCE).resolve()
    for piece in {p.file: p for p in pieces}.values():
        file = path / piece.file
        if home not in file.resolve().parents or not file.is_file():
            yield Finding(
                "missing", f"{piece.name} 不在了（{piece.at[:10]} {piece.by} 登记）", (piece.file,), (piece.fact,)
            )
        elif _digest(file) != piece.sha256:
            yield Finding("altered", f"{piece.name} 登记以后内容变了", (piece.file,), (piece.fact,))
    listed = {p.file for p in pieces}
    for file in sorted(home.glob("*")) if home.is_dir() else ():
        name = f"{EVIDENCE}/{file.name}"
        if name not in listed and file.suffix != ".jsonl" and not file.name.startswith("."):
            yield Finding("unlisted", f"{name} 没有登记", (name,))


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _reuse(folder: CommunityFolder, pieces: tuple[Piece, ...]) -> Iterator[Finding]:
    """One picture for several facts may be right (one notice board); a person decides."""
    labels = {id: fact.label for id, fact in folder.ruleset.facts.items()}
    by_hash: dict[str, list[Piece]] = {}
    for piece in pieces:
        by_hash.setdefault(piece.sha256, []).append(piece)
    for same in by_hash.values():
        facts = tuple(dict.fromkeys(p.fact for p in same))
        if len(facts) > 1:
            told = "、".join(labels.get(f, f) for f in facts)
            yield Finding("same", f"{same[0].name} 一个文件用在几项上：{told}", (same[0].file,), facts)
    firsts = [same[0] for same in by_hash.values()]
    for i, one in enumerate(firsts):
        for other in firsts[i + 1 :]:
            if one.fact != other.fact and alike(one.dhash, other.dhash):
                told = f"“{labels.get(one.fact, one.fact)}”和“{labels.get(other.fact, other.fact)}”"
                says = f"{one.name} 和 {other.name} 看上去几乎一样，用在{told}"
                yield Finding("alike", says, (one.file, other.file), (one.fact, other.fact))


def _dates(folder: CommunityFolder, pieces: tuple[Piece, ...], today: date) -> Iterator[Finding]:
    for id, of_fact in pieces_by_fact(pieces):
        fact = folder.ruleset.facts.get(id)
        newest = max(of_fact, key=day_of)
        age = (today - day_of(newest)).days
        if fact is not None and age > fact.valid_for_days:
            says = f"“{fact.label}”最新的佐证是 {day_of(newest)} 的，已 {age} 天（有效 {fact.valid_for_days} 天）"
            yield Finding("outdated", says, (newest.file,), (id,))
    plain = [p for p in {p.file: p for p in pieces}.values() if p.examined and p.taken is None]
    if plain:
        says = f"{len(plain)} 张照片无元数据，看不出拍摄时间（微信等转发会去掉，不说明什么）"
        yield Finding("no_metadata", says, tuple(p.file for p in plain))


def _wanting(folder: CommunityFolder, pieces: tuple[Piece, ...]) -> Iterator[Finding]:
    have = {piece.fact for piece in pieces}
    for name, reading in folder.readings().items():
        fact = folder.ruleset.facts[name]
        if fact.evidence and reading.value is not None and not reading.evidence and name not in have:
            yield Finding("wanting", f"“{fact.label}”有记录，还没有佐证（要{'、'.join(fact.evidence)}）", (), (name,))
