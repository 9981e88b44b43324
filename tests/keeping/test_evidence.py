"""Evidence: kept by content, told in a chain, looked through without accusing anybody."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist.keeping.evidence import Piece, add_evidence, ledger
from checklist.keeping.folder import CommunityFolder, open_folder
from checklist.keeping.pictures import alike
from checklist.keeping.saving import save
from checklist.keeping.verifying import _pairs, verify
from tests.conftest import Run
from tests.support.fixtures import DAY, NOW

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
    add_evidence(folder, [path], ("", fact), by="张三", at=NOW)


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
        piece.file in now.readings()["", "potholes"].evidence
        and now.readings()["", "potholes"].value == beimen.readings()["", "potholes"].value
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
    assert wanting and all(not beimen.readings()["", f.facts[0]].evidence for f in wanting)


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


def test_an_old_photo_sent_again_for_the_same_thing_is_pointed_at(beimen: CommunityFolder, tmp_path: Path) -> None:
    put(beimen, tmp_path, "a.jpg", picture(1, 95), "potholes")
    put(beimen, tmp_path, "b.jpg", picture(1, 60), "potholes")
    assert "alike" not in troubles(beimen)  # two shots of one thing on one day
    path = tmp_path / "c.jpg"
    path.write_bytes(picture(1, 40))
    add_evidence(beimen, [path], ("", "potholes"), by="张三", at=NOW + timedelta(days=30))
    found = [f.says for f in verify(beimen, DAY + timedelta(days=30)).findings if f.trouble == "alike"]
    assert len(found) == 2 and all("是不是重新拍的" in says for says in found)


def test_only_the_name_of_a_file_is_no_evidence(beimen: CommunityFolder, tmp_path: Path) -> None:
    named = replace(beimen.readings()["", "potholes"], evidence=("坑.jpg",))
    save(beimen, [named], day=DAY, at=NOW, what="x", rule="incoming")
    now = open_folder(beimen.path, beimen.ruleset)
    assert [f.files for f in verify(now, DAY).findings if f.trouble == "named"] == [("坑.jpg",)]
    put(now, tmp_path, "坑.jpg", picture(1), "potholes")
    now = open_folder(beimen.path, beimen.ruleset)
    assert now.readings()["", "potholes"].evidence[0] == "坑.jpg" and len(now.readings()["", "potholes"].evidence) == 2


def test_a_camera_whose_clock_runs_ahead_keeps_nothing_fresh(beimen: CommunityFolder, tmp_path: Path) -> None:
    put(beimen, tmp_path, "a.jpg", picture(1, taken="2099:01:01 00:00:00"), "potholes")
    assert "outdated" in troubles(beimen, DAY + timedelta(days=400))


@given(st.lists(st.integers(0, 2**64 - 1), max_size=12), st.data())
def test_pictures_that_look_the_same_are_found_as_by_comparing_each_with_each(
    hashes: list[int], data: st.DataObject
) -> None:
    near = [h ^ sum(1 << b for b in data.draw(st.sets(st.integers(0, 63), max_size=6))) for h in hashes]
    pieces = [Piece(str(i), str(i), "f", "", "", "", None, True, h) for i, h in enumerate([*hashes, *near])]
    expected = {(a.file, b.file) for i, b in enumerate(pieces) for a in pieces[:i] if alike(a.dhash, b.dhash)}
    found = [(a.file, b.file) for a, b in _pairs(pieces)]
    assert set(found) == expected and len(found) == len(expected)


def test_what_somebody_wrote_into_the_ledger_does_not_reach_the_terminal(
    cli: Run, beimen: CommunityFolder, tmp_path: Path
) -> None:
    put(beimen, tmp_path, "a.jpg", picture(1), "potholes")
    path = beimen.path / "evidence" / "ledger.jsonl"
    path.write_bytes(path.read_bytes().replace("张三".encode(), b"\\u001b[2J[red]x\\n"))
    for command in ("list", "verify"):
        ran = cli("evidence", command, beimen.path)
        assert "\x1b" not in ran.out and ran.code in (0, 3)
