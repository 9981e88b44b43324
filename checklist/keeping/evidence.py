"""佐证材料: files kept under ``evidence/`` by their content, with an append-only ledger of who brought what for which fact."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from ..model.problems import FilesHaveProblems, Problem, Where
from ..writing import in_words, write_atomic
from . import chain
from .folder import EVIDENCE, CommunityFolder
from .lock import WAIT_SECONDS, locked
from .pictures import PICTURES, Look, NotAPicture, kind_of, look_at
from .saving import save
from .words import clean

LEDGER: Final = "ledger.jsonl"
MAX_BYTES: Final = 50_000_000
ALLOWED: Final = PICTURES | {
    "pdf",
    "doc",
    "docx",
    "xls",
    "xlsx",
    "ppt",
    "pptx",
    "wps",
    "et",
    "txt",
    "csv",
    "mp4",
    "mp3",
    "m4a",
}


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


def add_evidence(
    folder: CommunityFolder,
    files: Iterable[Path],
    fact: str,
    *,
    by: str,
    at: datetime,
    note: str = "",
    wait: float = WAIT_SECONDS,
) -> tuple[Piece, ...]:
    """Copy files in, write them into the ledger, and name them with the fact's reading when it has one.

    All files are looked at before any is copied. Raises FilesHaveProblems (not allowed, not what it says, too big) and
    CannotWrite. Adding the same file for the same fact again changes nothing.
    """
    contents = _read_all(files)
    pieces = [_piece(path, data, look, fact, by, at, note) for path, data, look in contents]
    with locked(folder.path, wait):
        home = folder.path / EVIDENCE
        try:
            home.mkdir(exist_ok=True)
        except OSError as error:
            raise in_words(home, error) from error
        known = {(p.sha256, p.fact) for p in ledger(folder.path)[0]}
        fresh = {(p.sha256, p.fact): p for p in pieces if (p.sha256, p.fact) not in known}
        for piece, (_, data, _) in zip(pieces, contents, strict=True):
            if not (folder.path / piece.file).exists():
                write_atomic(folder.path / piece.file, data)
        chain.append(home / LEDGER, [_line(piece) for piece in fresh.values()])
    _name_with_reading(folder, fact, [piece.file for piece in pieces], at)
    return tuple(pieces)


def add_bytes(
    folder: CommunityFolder, name: str, data: bytes, fact: str, *, by: str, at: datetime, taken: datetime | None = None
) -> Piece:
    """The same for an upload already in memory (the phone re-encodes pictures and passes the time they were taken).

    Does not touch the fact's reading: put ``piece.file`` into the reading's ``evidence`` and save it. Raises as above.
    """
    look = _judge(Path(name), data, Where(name))
    piece = _piece(Path(name), data, replace(look, taken=taken or look.taken), fact, by, at, "")
    with locked(folder.path):
        home = folder.path / EVIDENCE
        home.mkdir(exist_ok=True)
        if not (folder.path / piece.file).exists():
            write_atomic(folder.path / piece.file, data)
        if (piece.sha256, fact) not in {(p.sha256, p.fact) for p in ledger(folder.path)[0]}:
            chain.append(home / LEDGER, [_line(piece)])
    return piece


def evidence_name(name: str, data: bytes, where: Where) -> str:
    """Where ``add_bytes`` keeps this content. Raises FilesHaveProblems when it would not."""
    return _file_of(Path(name), data, _judge(Path(name), data, where))


def ledger(folder: Path) -> tuple[tuple[Piece, ...], chain.Chain]:
    """Every readable line, and the chain itself."""
    read = chain.read_chain(folder / EVIDENCE / LEDGER)
    return tuple(piece for entry in read.entries if (piece := _from(entry)) is not None), read


def _read_all(files: Iterable[Path]) -> list[tuple[Path, bytes, Look]]:
    contents: list[tuple[Path, bytes, Look]] = []
    problems: list[Problem] = []
    for path in files:
        where = Where(str(path))
        try:
            if path.stat().st_size > MAX_BYTES:
                problems.append(Problem(where, "E103", f"文件太大（超过 {MAX_BYTES // 1_000_000} MB）", "压缩后再登记"))
                continue
            data = path.read_bytes()
            contents.append((path, data, _judge(path, data, where)))
        except OSError as error:
            problems.append(Problem(where, "E101", f"文件打不开：{error.strerror or error}", "看看路径写对没有"))
        except FilesHaveProblems as refused:
            problems += refused.problems
    if problems:
        raise FilesHaveProblems(problems)
    return contents


def _judge(path: Path, data: bytes, where: Where) -> Look:
    suffix = path.suffix.lower().lstrip(".")
    if suffix not in ALLOWED:
        hint = "可以是照片、PDF、Word、Excel、录音录像"
        raise FilesHaveProblems([Problem(where, "E224", f"不收 .{clean(suffix)[:20]} 这种文件", hint)])
    if not data:
        raise FilesHaveProblems([Problem(where, "E104", "文件是空的")])
    if suffix not in PICTURES and not kind_of(data):
        return Look("", examined=False)
    try:
        return look_at(data)
    except NotAPicture as reason:
        raise FilesHaveProblems([Problem(where, "E225", str(reason), "重新拍一张，或换原图")]) from None


def _piece(path: Path, data: bytes, look: Look, fact: str, by: str, at: datetime, note: str) -> Piece:
    return Piece(
        _file_of(path, data, look),
        hashlib.sha256(data).hexdigest(),
        fact,
        clean(by),
        at.isoformat(timespec="seconds"),
        clean(path.name)[:200],
        look.taken,
        look.examined,
        look.dhash,
        clean(note),
    )


def _file_of(path: Path, data: bytes, look: Look) -> str:
    suffix = look.kind or path.suffix.lower().lstrip(".")
    return f"{EVIDENCE}/{hashlib.sha256(data).hexdigest()[:24]}.{suffix}"


def _line(piece: Piece) -> dict[str, Any]:
    told: dict[str, Any] = {
        name: getattr(piece, name) for name in ("file", "sha256", "fact", "by", "at", "name", "note")
    }
    told["taken"] = piece.taken.isoformat(" ", timespec="seconds") if piece.taken else None
    told["dhash"] = f"{piece.dhash:016x}" if piece.dhash is not None else None
    return {**told, "examined": piece.examined}


def _from(entry: Mapping[str, Any]) -> Piece | None:
    try:
        return Piece(
            str(entry["file"]),
            str(entry["sha256"]),
            str(entry["fact"]),
            str(entry["by"]),
            str(entry["at"]),
            str(entry["name"]),
            datetime.fromisoformat(entry["taken"]) if entry["taken"] else None,
            bool(entry["examined"]),
            int(entry["dhash"], 16) if entry["dhash"] else None,
            str(entry["note"]),
        )
    except (KeyError, ValueError, TypeError):
        return None


def _name_with_reading(folder: CommunityFolder, fact: str, files: list[str], at: datetime) -> None:
    from .folder import open_folder

    now = open_folder(folder.path, folder.ruleset)
    reading = now.readings().get(fact)
    if reading is None or now.latest is None:
        return
    named = replace(reading, evidence=tuple(dict.fromkeys((*reading.evidence, *files))))
    save(folder, [named], day=now.latest.as_of, at=at, what="登记佐证")


def pieces_by_fact(pieces: Iterable[Piece]) -> Iterator[tuple[str, list[Piece]]]:
    by_fact: dict[str, list[Piece]] = {}
    for piece in pieces:
        by_fact.setdefault(piece.fact, []).append(piece)
    yield from by_fact.items()


def day_of(piece: Piece) -> date:
    """When the evidence was made: the picture's own time, else the day it was brought."""
    return (piece.taken or datetime.fromisoformat(piece.at)).date()
