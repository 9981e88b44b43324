"""The photos that came with an export, in a folder or a zip: found by the name that a submission gives, copied into the
evidence. Nothing is unpacked to where a name points: contents are read and kept by their hash."""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Final

from checklist.keeping.accepting import MAX_BYTES
from checklist.keeping.evidence import add_bytes, evidence_name
from checklist.keeping.folder import CommunityFolder
from checklist.keeping.pictures import PICTURES, kind_of
from checklist.model.problems import FilesHaveProblems, Problem, Where
from checklist.model.regular_files import open_regular
from checklist.model.state import Reading, Slot
from checklist.reading.records.table_answers import Attached
from checklist.reading.tables.zip_guard import BROKEN_ZIP

MOST_FILES: Final = 50_000


class Media:
    """Every file below a folder, or in a zip, by its last name."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._pack: zipfile.ZipFile | None = None
        if not path.is_dir():
            try:
                self._pack = zipfile.ZipFile(open_regular(path))
            except BROKEN_ZIP:
                hint = "写下载下来的附件文件夹，或 .zip 压缩包"
                raise FilesHaveProblems([Problem(Where(str(path)), "E101", "附件打不开", hint)]) from None
        self._places: dict[str, list[str]] = {}
        for place in self._all():
            self._places.setdefault(PurePosixPath(place).name, []).append(place)

    def read(self, wanted: Attached) -> bytes:
        """The picture. Raises FilesHaveProblems: not there, not clear which, no picture, too big."""
        name = wanted.name
        if "/" in name or "\\" in name or name in ("", ".", ".."):
            raise _refuse(wanted, "E229", f"照片的名字带路径：{name[:80]}", "照片名里不能有 / 和 \\")
        if name.rsplit(".", 1)[-1].lower() not in PICTURES:
            raise _refuse(wanted, "E224", f"{name[:80]} 不是照片", "其他佐证用 checklist evidence add 登记")
        places = self._places.get(name) or self._places.get(_as_stored(name)) or []
        own = [place for place in places if wanted.submission and wanted.submission in PurePosixPath(place).parts]
        places = own or places
        if not places:
            raise _refuse(wanted, "W235", f"附件里没有这张照片：{name}", "从服务器把附件下载全，再导入一次")
        if len(places) > 1:
            raise _refuse(wanted, "W235", f"附件里有几张都叫 {name}，分不清", "照服务器给的文件夹原样放，不要挪动")
        data = self._bytes(places[0], wanted)
        if not kind_of(data):
            raise _refuse(wanted, "E225", f"{name} 的内容不是图片", "看看是不是没下载完")
        return data

    def _all(self) -> list[str]:
        if self._pack is not None:
            listed = (info.filename for info in self._pack.infolist() if not info.is_dir())
            return [n for n in listed if not n.startswith("/") and ".." not in PurePosixPath(n).parts][:MOST_FILES]
        found: list[str] = []
        for home, _, files in os.walk(self.path):
            found += [(Path(home) / file).relative_to(self.path).as_posix() for file in sorted(files)]
            if len(found) > MOST_FILES:
                break
        return found

    def _bytes(self, place: str, wanted: Attached) -> bytes:
        try:
            if self._pack is not None:
                with self._pack.open(place) as file:
                    data = file.read(MAX_BYTES + 1)
            else:
                path = (self.path / place).resolve()
                if not path.is_relative_to(self.path.resolve()):
                    raise _refuse(wanted, "E229", f"{wanted.name} 是指到别处的链接", "放真的照片文件")
                with open_regular(path) as file:
                    data = file.read(MAX_BYTES + 1)
        except BROKEN_ZIP:
            raise _refuse(wanted, "E101", f"照片读不出来：{wanted.name}", "重新下载附件；压缩包不要加密码") from None
        if len(data) > MAX_BYTES:
            raise _refuse(wanted, "E103", f"照片太大（超过 {MAX_BYTES // 1_000_000} MB）", "压缩后再导入")
        return data


def gather_photos(media: Media, attached: Sequence[Attached]) -> tuple[list[tuple[Attached, bytes]], list[Problem]]:
    """Each photo that can be used, and why others cannot."""
    photos: list[tuple[Attached, bytes]] = []
    problems: list[Problem] = []
    for one in attached:
        try:
            photos.append((one, media.read(one)))
            evidence_name(one.name, photos[-1][1], one.where)
        except FilesHaveProblems as refused:
            photos = [p for p in photos if p[0] is not one]
            problems += refused.problems
    return photos, problems


def with_photos(readings: Sequence[Reading], photos: Sequence[tuple[Attached, bytes]]) -> list[Reading]:
    """The answers, each naming the photos that came with it in the same row, of the same site."""
    names: dict[tuple[Slot, object], list[str]] = {}
    for one, data in photos:
        names.setdefault(((one.site, one.fact), _row(one.where)), []).append(evidence_name(one.name, data, one.where))
    return [
        replace(r, evidence=(*r.evidence, *found)) if (found := names.get((r.slot, _row(r.where)))) else r
        for r in readings
    ]


def keep_photos(folder: CommunityFolder, photos: Sequence[tuple[Attached, bytes]], at: datetime) -> None:
    """Copy them into the evidence and write its ledger. The same photo for the same fact again changes nothing."""
    for one, data in photos:
        add_bytes(folder, one.name, data, (one.site, one.fact), by=one.by, at=at)


def _row(where: Where) -> tuple[str, str]:
    """The submission that a place belongs to: its file and row, whichever column."""
    cell = where.cell.rsplit("!", 1)[-1]
    numbers = re.search(r"\d+", cell)
    return where.file, f"{where.cell[: -len(cell)] if cell else ''}{numbers[0] if numbers else cell}"


def _as_stored(name: str) -> str:
    """As Kobo's server renames a file: blanks become underscores, brackets and the like go."""
    return re.sub(r"[^-\w.]", "", name.strip().replace(" ", "_"))


def _refuse(wanted: Attached, code: str, says: str, hint: str) -> FilesHaveProblems:
    return FilesHaveProblems([Problem(wanted.where, code, says, hint)])
