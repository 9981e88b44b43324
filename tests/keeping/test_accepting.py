"""Which files become evidence: limits, places that are no files, pictures with a position, pictures of iPhones."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from checklist import FilesHaveProblems
from checklist.keeping import accepting
from checklist.keeping.evidence import add_evidence, ledger
from checklist.keeping.folder import CommunityFolder
from checklist.keeping.pictures import look_at
from tests.conftest import Run
from tests.support.fixtures import NOW

Image = pytest.importorskip("PIL.Image")
TAKEN = "2026:11:20 09:10:11"


def photo(format: str = "JPEG", seed: int = 1, *, position: bool = True, **more: Any) -> bytes:
    small = Image.new("RGB", (9, 8))
    small.putdata([((seed * 7919 * (i + 3) ** 2) % 251, i, 90) for i in range(72)])
    exif = Image.Exif()
    exif[271], exif[274] = "Phone", 6
    exif.get_ifd(0x8769).update({36867: TAKEN, 36881: "+08:00", 37510: "居民姓名"})
    if position:
        exif.get_ifd(0x8825).update({1: "N", 2: (33.0, 57.0, 12.0), 3: "E", 4: (116.0, 48.0, 1.0)})
    out = io.BytesIO()
    told = exif.tobytes() if format == "HEIF" else exif
    small.resize((360, 320), Image.Resampling.BICUBIC).save(out, format, exif=told, **more)
    return out.getvalue()


def add(cli: Run, folder: CommunityFolder, *files: Path, more: tuple[str, ...] = ()) -> Any:
    return cli("evidence", "add", folder.path, *files, "--fact", "potholes", "--by", "张三", *more)


def put(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def kept_exif(folder: CommunityFolder) -> tuple[dict[int, Any], dict[int, Any], dict[int, Any]]:
    with Image.open(folder.path / ledger(folder.path)[0][-1].file) as picture:
        exif = picture.getexif()
        return dict(exif), dict(exif.get_ifd(0x8769)), dict(exif.get_ifd(0x8825))


def test_a_photo_with_a_position_is_kept_as_it_is_and_that_is_said(
    cli: Run, beimen: CommunityFolder, tmp_path: Path
) -> None:
    ran = add(cli, beimen, put(tmp_path / "a.jpg", photo()))
    assert ran.code == 0 and "里面有拍摄位置" in ran.out and "--no-location" in ran.err
    (piece,) = ledger(beimen.path)[0]
    assert piece.located and (beimen.path / piece.file).read_bytes() == photo()
    assert "带拍摄位置：1 处" in cli("evidence", "verify", beimen.path).out


@pytest.mark.parametrize(("name", "format"), [("a.jpg", "JPEG"), ("a.png", "PNG"), ("a.webp", "WEBP")])
def test_without_location_only_the_time_and_the_way_up_are_kept(
    name: str, format: str, cli: Run, beimen: CommunityFolder, tmp_path: Path
) -> None:
    xmp = b"<x:xmpmeta exif:GPSLatitude='33,57N'/>"
    data = photo(format, **({"xmp": xmp, "comment": b"\xe5\xb1\x85"} if format == "JPEG" else {}))
    assert look_at(data).located
    ran = add(cli, beimen, put(tmp_path / name, data), more=("--no-location",))
    assert ran.code == 0 and "已去掉拍摄位置" in ran.out and "拍摄于 2026-11-20 09:10" in ran.out
    (piece,) = ledger(beimen.path)[0]
    stored = (beimen.path / piece.file).read_bytes()
    assert b"GPSLatitude" not in stored and not piece.located and not look_at(stored).located
    main, details, position = kept_exif(beimen)
    assert (main[274], details, position) == (6, {36867: TAKEN, 36881: "+08:00"}, {}) and 271 not in main
    assert look_at(stored).dhash == look_at(data).dhash == piece.dhash
    assert "带拍摄位置" not in cli("evidence", "verify", beimen.path).out


def test_without_location_a_photo_that_has_none_stays_the_very_same(
    cli: Run, beimen: CommunityFolder, tmp_path: Path
) -> None:
    data = photo(position=False)
    assert add(cli, beimen, put(tmp_path / "a.jpg", data), more=("--no-location",)).code == 0
    assert (beimen.path / ledger(beimen.path)[0][0].file).read_bytes() == data


def test_a_film_with_a_position_is_refused_when_none_is_wanted(
    cli: Run, beimen: CommunityFolder, tmp_path: Path
) -> None:
    path = put(tmp_path / "a.mp4", b"\0\0\0\x18ftypmp42" + b"\xa9xyz\x00\x12+33.95+116.80/")
    ran = add(cli, beimen, path, more=("--no-location",))
    assert ran.code == 3 and "去不掉" in ran.err and not (beimen.path / "evidence").exists()
    assert "里面有拍摄位置" in add(cli, beimen, path).out


def test_a_picture_of_an_iphone_is_looked_at(cli: Run, beimen: CommunityFolder, tmp_path: Path) -> None:
    pytest.importorskip("pillow_heif").register_heif_opener()
    data = photo("HEIF")
    ran = add(cli, beimen, put(tmp_path / "a.HEIC", data), put(tmp_path / "b.jpg", photo()))
    assert ran.code == 0 and ran.out.count("拍摄于 2026-11-20 09:10，里面有拍摄位置") == 2
    heic, jpeg = ledger(beimen.path)[0]
    assert heic.file.endswith(".heic") and heic.dhash is not None and heic.examined and jpeg.dhash is not None
    more = add(cli, beimen, tmp_path / "a.HEIC", more=("--no-location",))
    assert more.code == 0 and ".jpg（" in more.out and kept_exif(beimen)[2] == {}


def test_without_pillow_heif_that_is_said_and_found_out_later(
    cli: Run, beimen: CommunityFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pillow_heif").register_heif_opener()
    path = put(tmp_path / "a.heic", photo("HEIF"))
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "pillow_heif", None)
        ran = add(cli, beimen, path)
        assert ran.code == 0 and "没有检查" in ran.out and "civic-checklist[heic]" in ran.err and "iPhone" in ran.err
        refused = add(cli, beimen, path, more=("--no-location",))
        assert refused.code == 2 and "pillow_heif" in refused.err
        seen = cli("evidence", "verify", beimen.path)
        assert seen.code == 0 and "没有检查的照片：1 处" in seen.out and "无元数据" not in seen.out
    assert "没有检查" not in cli("evidence", "verify", beimen.path).out


def places(folder: Path) -> dict[str, tuple[Path, str]]:
    """What is no file to be kept, by what is said about it."""
    (folder / "dir.jpg").mkdir()
    os.mkfifo(folder / "pipe.jpg")
    (folder / "device.jpg").symlink_to("/dev/zero")
    (folder / "nowhere.jpg").symlink_to(folder / "gone")
    (folder / "loop.jpg").symlink_to(folder / "loop.jpg")
    (folder / "empty.jpg").touch()
    os.truncate(put(folder / "large.pdf", b"%PDF"), accepting.MAX_BYTES + 1)
    said = {
        "dir": "文件夹",
        "pipe": "不是普通文件",
        "device": "不是普通文件",
        "nowhere": "没有这个文件",
        "loop": "绕成了圈",
        "empty": "空的",
        "missing": "没有这个文件",
    }
    return {name: (folder / f"{name}.jpg", says) for name, says in said.items()} | {
        "large": (folder / "large.pdf", "太大")
    }


@pytest.mark.skipif(sys.platform == "win32", reason="needs pipes and links")
def test_what_is_no_file_or_too_large_is_refused_all_in_one_run(
    cli: Run, beimen: CommunityFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    wrong = places(tmp_path)
    put(tmp_path / "good.jpg", photo())
    ran = add(cli, beimen, *(Path(path.name) for path, _ in wrong.values()), Path("good.jpg"))
    assert ran.code == 3 and f"共 {len(wrong)} 处错误" in ran.err and "Traceback" not in ran.err
    for path, says in wrong.values():
        assert says in ran.err.split(path.name, 1)[1].split("\n", 1)[0]
    assert not (beimen.path / "evidence").exists()


def test_a_link_is_followed_and_a_strange_name_is_only_a_name(
    cli: Run, beimen: CommunityFolder, tmp_path: Path
) -> None:
    (tmp_path / "link.jpg").symlink_to(put(tmp_path / "a.jpg", photo()))
    strange = put(tmp_path / "..;rm -rf ~\x1b[31m\n\u202e.jpg", photo(seed=2))
    assert add(cli, beimen, tmp_path / "link.jpg", strange, tmp_path / "x" / ".." / "a.jpg").code in (0, 3)
    assert add(cli, beimen, tmp_path / "link.jpg", strange).code == 0
    for piece in ledger(beimen.path)[0]:
        file = beimen.path / piece.file
        assert file.parent == beimen.path / "evidence" and file.is_file() and not file.is_symlink()
    told = cli("evidence", "list", beimen.path).out
    assert "\x1b" not in told and "\u202e" not in told and len(told.splitlines()) == 2


def test_all_that_is_brought_at_once_has_a_limit(
    beimen: CommunityFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accepting, "MAX_TOTAL", 250_000)
    files = [put(tmp_path / f"{i}.pdf", bytes(100_000) + bytes([i])) for i in range(5)]
    with pytest.raises(FilesHaveProblems, match="合计"):
        add_evidence(beimen, files, ("", "potholes"), by="张三", at=NOW)
    assert not (beimen.path / "evidence").exists()
    add_evidence(beimen, files[:2], ("", "potholes"), by="张三", at=NOW)
    assert len(ledger(beimen.path)[0]) == 2


@pytest.mark.parametrize(
    ("size", "more", "taken"),
    [((16_320, 12_240), {}, True), ((9_001, 9_001), {"progressive": True}, False), ((9_001, 9_001), {}, True)],
)
def test_a_camera_of_two_hundred_megapixels_is_no_attack(size: tuple[int, int], more: dict[str, Any], taken: bool, beimen: CommunityFolder, tmp_path: Path) -> None:  # fmt: skip
    out = io.BytesIO()
    Image.new("L", size, 90).save(out, "JPEG", quality=10, **more)
    path = put(tmp_path / "a.jpg", out.getvalue())
    if taken:
        assert add_evidence(beimen, [path], ("", "potholes"), by="张三", at=NOW)[0].piece.examined
    else:
        with pytest.raises(FilesHaveProblems, match="图片太大"):
            add_evidence(beimen, [path], ("", "potholes"), by="张三", at=NOW)
