"""Evidence: kept by content, told in a chain, looked through without accusing anybody."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from checklist.keeping.evidence import add_evidence, ledger
from checklist.keeping.folder import CommunityFolder, open_folder
from checklist.keeping.verifying import verify

from ..conftest import Run
from .conftest import DAY, NOW

Image = pytest.importorskip("PIL.Image")


def picture(seed: int, quality: int = 90, taken: str = "") -> bytes:
    small = Image.new("L", (9, 8))
    small.putdata([(seed * 7919 * (i + 3) ** 2) % 251 for i in range(72)])
    large = small.resize((360, 320), Image.Resampling.BICUBIC).convert("RGB")
    exif = Image.Exif()
    if taken:
        exif.get_ifd(0x8769)[36867] = taken
    out = io.BytesIO()
    large.save(out, "JPEG", quality=quality, exif=exif)
    return out.getvalue()


def put(folder: CommunityFolder, tmp_path: Path, name: str, data: bytes, fact: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    add_evidence(folder, [path], fact, by="张三", at=NOW)


def troubles(folder: CommunityFolder, day: object = DAY) -> set[str]:
    return {f.trouble for f in verify(folder, day).findings} - {"wanting"}  # type: ignore[arg-type]


def test_evidence_is_kept_by_content_and_named_with_the_reading(beimen: CommunityFolder, tmp_path: Path) -> None:
    put(beimen, tmp_path, "坑.jpg", picture(1, taken="2026:11:23 09:10:11"), "potholes")
    put(beimen, tmp_path, "坑 (1).jpg", picture(1, taken="2026:11:23 09:10:11"), "potholes")
    (piece,) = ledger(beimen.path)[0]
    assert piece.taken == datetime(2026, 11, 23, 9, 10, 11) and piece.by == "张三" and piece.name == "坑.jpg"
    assert (beimen.path / piece.file).read_bytes() == picture(1, taken="2026:11:23 09:10:11")
    now = open_folder(beimen.path, beimen.ruleset)
    assert (
        piece.file in now.readings()["potholes"].evidence
        and now.readings()["potholes"].value == beimen.readings()["potholes"].value
    )
    assert troubles(now) == set()


def test_missing_altered_and_unlisted_files_are_found(beimen: CommunityFolder, tmp_path: Path) -> None:
    for i, fact in enumerate(("potholes", "lamps_lit", "veg_plots_open")):
        put(beimen, tmp_path, f"{i}.jpg", picture(i + 1, taken="2026:11:23 09:10:11"), fact)
    files = [beimen.path / p.file for p in ledger(beimen.path)[0]]
    files[0].unlink()
    files[1].write_bytes(files[1].read_bytes() + b"x")
    (beimen.path / "evidence" / "别的.jpg").write_bytes(b"x")
    assert troubles(beimen) == {"missing", "altered", "unlisted"}


def test_reuse_is_pointed_at_whether_the_same_file_or_saved_again(beimen: CommunityFolder, tmp_path: Path) -> None:
    put(beimen, tmp_path, "a.jpg", picture(1, 95, "2026:11:23 09:10:11"), "potholes")
    put(beimen, tmp_path, "b.jpg", picture(1, 95, "2026:11:23 09:10:11"), "lamps_lit")
    assert troubles(beimen) == {"same"}
    put(beimen, tmp_path, "c.jpg", picture(1, 40, "2026:11:23 09:10:11"), "veg_plots_open")
    put(beimen, tmp_path, "d.jpg", picture(5, 40, "2026:11:23 09:10:11"), "office_area_m2")
    alike = [f for f in verify(beimen, DAY).findings if f.trouble == "alike"]
    assert alike and all("office_area_m2" not in f.facts for f in alike)


def test_old_pictures_and_pictures_without_a_time_are_told_apart(beimen: CommunityFolder, tmp_path: Path) -> None:
    put(beimen, tmp_path, "a.jpg", picture(1), "potholes")
    findings = {f.trouble: f.says for f in verify(beimen, DAY).findings}
    assert "无元数据" in findings["no_metadata"] and "outdated" not in findings
    assert "outdated" in troubles(beimen, DAY + timedelta(days=400))


def test_a_changed_ledger_is_found(beimen: CommunityFolder, tmp_path: Path) -> None:
    for i, fact in enumerate(("potholes", "lamps_lit")):
        put(beimen, tmp_path, f"{i}.jpg", picture(i + 1), fact)
    path = beimen.path / "evidence" / "ledger.jsonl"
    tail = verify(beimen, DAY).tail
    path.write_bytes(path.read_bytes().replace("张三".encode(), "李四".encode(), 1))
    assert "broken" in troubles(beimen)
    path.write_bytes(path.read_bytes().split(b"\n", 1)[1])
    assert "broken" in troubles(beimen) and verify(beimen, DAY).tail == tail


def test_a_ledger_line_cannot_point_outside(beimen: CommunityFolder, tmp_path: Path) -> None:
    put(beimen, tmp_path, "a.jpg", picture(1), "potholes")
    path = beimen.path / "evidence" / "ledger.jsonl"
    name = ledger(beimen.path)[0][0].file
    path.write_bytes(path.read_bytes().replace(name.encode(), b"evidence/../2026-10-15.yaml"))
    assert "missing" in troubles(beimen)


def test_facts_that_want_evidence_are_listed(beimen: CommunityFolder) -> None:
    wanting = [f for f in verify(beimen, DAY).findings if f.trouble == "wanting"]
    assert wanting and all(not beimen.readings()[f.facts[0]].evidence for f in wanting)


def test_the_command_adds_lists_and_verifies(cli: Run, beimen: CommunityFolder, tmp_path: Path) -> None:
    path = tmp_path / "坑.jpg"
    path.write_bytes(picture(1))
    label = beimen.ruleset.facts["potholes"].label
    assert cli("evidence", "add", beimen.path, path, "--fact", label, "--by", "张三").code == 0
    assert "坑.jpg" in cli("evidence", "list", beimen.path).out
    ran = cli("evidence", "verify", beimen.path)
    assert ran.code == 0 and "无元数据" in ran.out and "链尾" in ran.out
    next((beimen.path / "evidence").glob("*.jpg")).unlink()
    assert cli("evidence", "verify", beimen.path).code == 3
    assert cli("evidence", "add", beimen.path, path, "--fact", "没有的").code == 2
