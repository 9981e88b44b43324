"""Which files are taken as evidence: what they are called, how large they may be, what is inside."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from checklist.keeping.clean_text import clean
from checklist.keeping.pictures import PICTURES, Look, NotAPicture, kind_of, look_at, without_location
from checklist.model.problems import FilesHaveProblems, Problem, Where
from checklist.model.refusals import missing_extra, reason
from checklist.model.regular_files import NotRegular, TooLong, read_regular

MAX_BYTES: Final = 50_000_000
MAX_TOTAL: Final = 200_000_000
"""Bytes of one file, and of all the files that are brought at once: they are looked at before any is copied."""

DOCUMENTS: Final = frozenset(
    ["pdf", "ofd", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "wps", "et", "dps", "txt", "csv"]
)
RECORDINGS: Final = frozenset(["mp4", "mov", "mp3", "m4a", "wav", "amr"])
ALLOWED: Final = PICTURES | DOCUMENTS | RECORDINGS
_POSITION_IN_FILMS: Final = (b"\xa9xyz", b"com.apple.quicktime.location.ISO6709")


@dataclass(frozen=True, slots=True)
class Accepted:
    """A file to be kept. ``moved`` tells that a position was taken out of the picture."""

    path: Path
    data: bytes
    look: Look
    moved: bool = False


def accept_all(files: Iterable[Path], *, location: bool) -> list[Accepted]:
    """Every file, read and judged. Raises FilesHaveProblems with all that is wrong with any of them."""
    taken: list[Accepted] = []
    problems: list[Problem] = []
    total = 0
    for path in files:
        where = Where(str(path))
        try:
            data = _read(path, where)
            total += len(data)
            if total > MAX_TOTAL:
                says = f"这一次的文件合计超过 {MAX_TOTAL // 1_000_000} MB"
                problems.append(Problem(where, "E103", says, "分几次登记"))
                break
            taken.append(accept(path, data, where, location=location))
        except FilesHaveProblems as refused:
            problems += refused.problems
    if problems:
        raise FilesHaveProblems(problems)
    return taken


def accept(path: Path, data: bytes, where: Where, *, location: bool = True) -> Accepted:
    """One file that is already read. Without ``location``, a picture's position is taken out, or the file refused."""
    suffix = path.suffix.lower().lstrip(".")
    if suffix not in ALLOWED:
        raise _refused(where, "E224", f"不收 .{clean(suffix)[:20]} 这种文件", "可以是照片、PDF、Word、Excel、录音录像")
    if not data:
        raise _refused(where, "E104", "文件是空的", "看看是不是没有传完")
    if suffix not in PICTURES and not kind_of(data):
        located = suffix in RECORDINGS and any(mark in data for mark in _POSITION_IN_FILMS)
        if located and not location:
            raise _refused(
                where, "E225", "录像里的拍摄位置去不掉", "手机上关掉相机的位置权限再录，或不加 --no-location"
            )
        return Accepted(path, data, Look("", examined=False, located=located))
    try:
        look = look_at(data)
        return Accepted(path, data, look) if location else _without(path, data, look)
    except NotAPicture as why:
        raise _refused(where, "E225", str(why), "重新拍一张（不用最高像素），或换原图") from None


def _without(path: Path, data: bytes, look: Look) -> Accepted:
    if look.examined and not look.located:
        return Accepted(path, data, look)
    try:
        bare = without_location(data)
    except ImportError as missing:
        library = missing.name or str(missing)
        raise missing_extra(library, "heic" if library == "pillow_heif" else "office") from None
    again = look_at(bare)
    if again.located:
        raise NotAPicture("照片里的拍摄位置去不掉")
    return Accepted(path, bare, replace(again, taken=look.taken), moved=True)


def _read(path: Path, where: Where) -> bytes:
    """Never more than is allowed, whatever the system says about the file's size; nothing but a regular file."""
    try:
        return read_regular(path, MAX_BYTES)
    except TooLong:
        raise _refused(where, "E103", f"文件太大（超过 {MAX_BYTES // 1_000_000} MB）", "压缩后再登记") from None
    except IsADirectoryError:
        raise _refused(where, "E101", "这是文件夹，不是文件", "写里面的文件名，可以一次写几个") from None
    except NotRegular:
        raise _refused(where, "E101", "这不是普通文件", "写照片或文档的文件名") from None
    except (OSError, ValueError) as error:
        says = reason(error) if isinstance(error, OSError) else "文件名不能用"
        raise _refused(where, "E101", f"文件打不开：{says}", "看看路径写对没有") from None


def _refused(where: Where, code: str, says: str, hint: str) -> FilesHaveProblems:
    return FilesHaveProblems([Problem(where, code, says, hint)])
