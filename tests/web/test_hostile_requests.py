"""Requests and pictures that mean harm, refused or made harmless."""

from __future__ import annotations

import io
import stat
import struct
import sys
import zlib
from pathlib import Path

import pytest
from PIL import Image

from checklist.keeping import evidence
from checklist.keeping.pictures import NotAPicture
from checklist.model.rules.ruleset import Ruleset
from checklist.web.desk import Desk
from checklist.web.link import open_link
from checklist.web.pictures import LARGEST_FILE, clean_picture
from tests.web.asgi import Client
from tests.web.conftest import record
from tests.web.server import an_answer

GPS = {1: "N", 2: (33.0, 57.0, 0.0), 3: "E", 4: (116.0, 48.0, 0.0)}


def a_photo(size: tuple[int, int] = (640, 480), **more: object) -> bytes:
    exif = Image.Exif()
    exif[271] = "MAKER-OF-PHONE"
    exif.get_ifd(0x8769)[36867] = "2026:11:20 08:30:00"
    exif.get_ifd(0x8825).update(GPS)
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, "JPEG", exif=exif, comment=b"HIDDEN", **more)
    return out.getvalue()


def png_header(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


def test_a_photo_is_encoded_anew_with_its_time_and_without_its_position(client: Client, community: Path) -> None:
    told = client.phone("POST", "api/photos?fact=potholes&by=张三".encode().decode("latin-1"), a_photo((4000, 3000)))
    assert told.status == 200 and told.data["taken"] == "2026-11-20 08:30:00"
    data = (community / told.data["name"]).read_bytes()
    for secret in (b"MAKER", b"HIDDEN", b"GPS"):
        assert secret not in data
    with Image.open(io.BytesIO(data)) as kept:
        assert kept.format == "JPEG" and kept.size == (2000, 1500)
        assert kept.getexif().get_ifd(0x8769)[36867] == "2026:11:20 08:30:00"
        assert not kept.getexif().get_ifd(0x8825)
    pieces, chain = evidence.ledger(community)
    assert not chain.broken and [(p.file, p.fact, str(p.taken)) for p in pieces] == [
        (told.data["name"], "potholes", "2026-11-20 08:30:00")
    ]


def test_the_position_is_kept_when_asked() -> None:
    with Image.open(io.BytesIO(clean_picture(a_photo(), keep_position=True).data)) as kept:
        assert dict(kept.getexif().get_ifd(0x8825)) == GPS


def test_a_photo_without_metadata_is_taken_without_a_word(client: Client) -> None:
    out = io.BytesIO()
    Image.linear_gradient("L").save(out, "PNG")
    told = client.phone("POST", "api/photos?fact=potholes&by=x", out.getvalue())
    assert told.status == 200 and told.data["taken"] == ""


def test_a_photo_stands_upright_and_a_clear_one_gets_a_white_ground() -> None:
    exif = Image.Exif()
    exif[274] = 6
    out = io.BytesIO()
    Image.linear_gradient("L").resize((40, 20)).save(out, "JPEG", exif=exif)
    with Image.open(io.BytesIO(clean_picture(out.getvalue()).data)) as kept:
        assert kept.size == (20, 40) and 274 not in kept.getexif()
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, "PNG")
    with Image.open(io.BytesIO(clean_picture(out.getvalue()).data)) as kept:
        assert kept.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "不是能打开的照片"),
        (b"\xff\xd8\xff", "不是能打开的照片"),
        (a_photo()[:2000], "不是能打开的照片"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "不是能打开的照片"),
        (b"<html><script>alert(1)</script>", "不是能打开的照片"),
        (
            b"GIF89a\x01\x00\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;",
            "不是能打开的照片",
        ),
        (b"%PDF-1.7\n", "不是能打开的照片"),
        (b"MZ" + b"\0" * 500, "不是能打开的照片"),
        (png_header(92_682, 92_682), "像素"),  # 8.6 gigapixels
        (png_header(2**31 - 1, 2**31 - 1), "像素"),
        (png_header(6000, 6000), "像素"),
        (png_header(400, 400), "不是能打开的照片"),
    ],
    ids=["empty", "magic", "cut", "svg", "html", "gif", "pdf", "exe", "8-gigapixel", "huge", "36-megapixel", "short"],
)
def test_what_is_no_picture_is_refused_and_nothing_is_kept(
    client: Client, community: Path, data: bytes, says: str
) -> None:
    told = client.phone("POST", "api/photos?fact=potholes&by=x", data)
    assert told.status == 422 and says in told.data["says"]
    assert not list(community.glob("evidence/*"))


def test_a_file_hidden_behind_a_picture_does_not_come_through() -> None:
    data = clean_picture(a_photo() + b"PK\x03\x04<script>payload</script>").data
    assert b"payload" not in data and b"PK\x03\x04" not in data


def test_a_page_that_claims_a_gigapixel_takes_no_memory() -> None:
    import tracemalloc

    tracemalloc.start()
    with pytest.raises(NotAPicture):
        clean_picture(png_header(92_682, 92_682))
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_too_much_is_not_read_to_its_end(client: Client) -> None:
    lots = b"\xff\xd8\xff" + b"\0" * LARGEST_FILE
    assert client.phone("POST", "api/photos?fact=potholes&by=x", lots).status == 413
    assert client.phone("POST", "api/photos?fact=potholes&by=x", b"x", **{"content-length": "9" * 30}).status == 413
    assert client.phone("POST", "api/answers", b"[" * 1_000_001).status == 413
    many = [an_answer(str(i), "potholes", "1") for i in range(201)]
    assert client.phone("POST", "api/answers", {"now": 1, "answers": many}).status == 400


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 90_000, b'{"now": true, "answers": []}'),
        *(b'{"now": %s, "answers": []}' % now for now in (b"9" * 400, b"9" * 5000, b"-1", b"1e400", b"NaN", b"1.5")),
    ],
)
def test_nonsense_is_refused_in_words(client: Client, body: bytes) -> None:
    told = client.phone("POST", "api/answers", body)
    assert told.status == 400 and "看不懂" in told.data["says"]


def test_without_the_link_nothing_is_shown(client: Client) -> None:
    home = f"/{client.link.key}/"
    for cookie in ({}, {"cookie": "checklist=wrong"}, {"cookie": f"other={client.link.token}"}):
        page = client.ask("GET", home, headers=cookie)
        assert page.status == 403 and "北门".encode() not in page.body
        for path in ("api/board", "manifest.webmanifest"):
            assert client.ask("GET", home + path, headers=cookie).status == 401
        for path in ("api/answers", "api/photos"):
            told = client.ask("POST", home + path, b"{}", {**cookie, "x-checklist": "1"})
            assert told.status in (401, 403)
    assert client.ask("GET", home + "?t=wrong").status == 403
    assert client.ask("GET", home + "?t=%ff%00%E4%BD%A0").status == 403
    assert client.link.token.encode() not in client.ask("GET", "/").body


def test_the_token_becomes_a_cookie_and_leaves_the_address(client: Client) -> None:
    told = client.ask("GET", client.link.path)
    assert told.status == 303 and told.headers["location"] == f"/{client.link.key}/"
    cookie = told.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and f"path=/{client.link.key}/" in cookie


def test_odd_characters_in_an_answer_come_back_in_words(client: Client) -> None:
    told = client.phone("POST", "api/answers", b'{"now": 1, "answers": [{"id": "\\ud800", "fact": "\\udfff"}, 7]}')
    assert told.status == 200 and [r["kind"] for r in told.data["results"]] == ["refused", "refused"]


@pytest.mark.parametrize(
    "line",
    [
        b'{"id": "answer-1"}',
        b'{"id": ["answer-1"]}',
        b'{"id": "answer-1", "fact": "\\ud800", "kind": "new", "says": ""}',
        b'{"id": "answer-1", "fact": "potholes", "kind": "new", "says": "", "x": NaN}',
        b"[" * 90_000,
        b"\xff",
    ],
)
def test_a_forged_receipt_is_none(client: Client, community: Path, line: bytes) -> None:
    (community / ".phone" / "received.jsonl").write_bytes(line + b"\n")
    assert client.send(an_answer("1", "potholes", "3"))["results"][0]["kind"] != "refused"
    assert client.send(an_answer("1", "potholes", "3"))["results"]


def _as_a_folder(record: Path) -> None:
    record.unlink()
    record.mkdir()


BROKEN = {
    "no yaml": lambda record: record.write_bytes(b"facts: ["),
    "facts are a list": lambda record: record.write_text(
        "as_of: 2026-10-15\nfacts: [1]\nnot_applicable: 3\n", encoding="utf-8"
    ),
    "no text": lambda record: record.write_bytes(b"\xff\xfe\x00"),
    "nothing": lambda record: record.write_bytes(b""),
    "a day that cannot be": lambda record: record.write_text("as_of: 9999-12-31\nfacts: {}\n", encoding="utf-8"),
    "nested": lambda record: record.write_text("[" * 5000, encoding="utf-8"),
    "a folder": _as_a_folder,
}


@pytest.mark.parametrize("kind", BROKEN)
def test_one_broken_record_stops_nothing(client: Client, community: Path, kind: str) -> None:
    record = community / "2026-10-15.yaml"
    before = record.read_bytes()
    BROKEN[kind](record)
    for told in (client.phone("GET", ""), client.phone("GET", "manifest.webmanifest")):
        assert told.status == 200
    assert client.phone("GET", "api/board").status == 503
    told = client.phone("POST", "api/answers", {"now": 1, "answers": [an_answer("1", "potholes", "3")]})
    assert told.status == 200 and "还在手机里" in told.data["trouble"]
    photo = client.phone("POST", "api/photos?fact=potholes&by=x", a_photo())
    assert photo.status == 503 and "还在手机里" in photo.data["says"]
    record.rmdir() if record.is_dir() else record.unlink()
    record.write_bytes(before)
    assert client.phone("GET", "api/board").status == 200


def test_another_sites_page_cannot_write(client: Client, community: Path) -> None:
    body = {"now": 1, "answers": [an_answer("1", "potholes", "3")]}
    assert client.phone("POST", "api/answers", body, **{"x-checklist": "0"}).status == 403
    for origin in (
        "http://[",
        "http://[::1",
        "\x00",
        "http://a]b",
        "https://evil.example",
        "null",
        "http://127.0.0.1:9999",
        "http://127.0.0.1:8765.evil.example",
    ):
        assert client.phone("POST", "api/answers", body, origin=origin).status == 403
    assert client.phone("GET", "api/answers").status == 405
    assert not (community / "journal.jsonl").exists()
    assert client.phone("POST", "api/answers", body, origin="http://127.0.0.1:8765").status == 200


@pytest.mark.parametrize(
    "name", ["../app.py", "..%2fapp.py", "%2e%2e/app.py", "....//app.py", "page.html", "/etc/passwd", "sw.js\0", "."]
)
def test_only_the_pages_own_files_are_served(client: Client, name: str) -> None:
    told = client.ask("GET", f"/{client.link.key}/s/x/{name}")
    assert told.status == 404 and b"import" not in told.body and b"root:" not in told.body


def test_every_answer_carries_the_headers(client: Client) -> None:
    home = f"/{client.link.key}/"
    told = [client.ask("GET", "/"), client.ask("GET", home), client.phone("GET", ""), client.phone("GET", "api/board")]
    told += [client.ask("GET", "/no/such"), client.phone("POST", "api/answers", b"{")]
    for one in told:
        policy = one.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "script-src 'self'" in policy and "unsafe" not in policy
        assert one.headers["x-content-type-options"] == "nosniff" and one.headers["referrer-policy"] == "no-referrer"
    assert client.phone("GET", "api/board").headers["cache-control"] == "no-store"


def test_the_page_has_nothing_inline_and_asks_no_one_else(client: Client) -> None:
    import re

    version = re.search(r'data-version="(\w+)"', client.phone("GET", "").body.decode())
    assert version
    page = client.phone("GET", "").body.decode()
    assert not re.search(r"<script(?! type=\"module\" src=)|<style|\son\w+=|https?://", page)
    for name in ("page.js", "views.js", "state.js", "send.js", "store.js", "inputs.js", "dom.js", "page.css", "sw.js"):
        told = client.ask("GET", f"/{client.link.key}/s/{version[1]}/{name}")
        text = told.body.decode()
        assert told.status == 200 and not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(", text)
        assert not re.search(r"https?://|//cdn", text), f"{name} asks another server"


def test_a_communitys_name_is_text_in_the_page(community: Path, ruleset: Ruleset, desk: Desk) -> None:
    path = community / "2026-10-15.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("北门社区（示例数据）", '"</title><script>alert(1)</script>"'), encoding="utf-8")
    from checklist.web.app import build_app

    link = open_link(community)
    page = Client(build_app(desk, link), link).phone("GET", "").body
    assert b"<script>alert" not in page and b"&lt;script&gt;alert" in page


@pytest.mark.skipif(sys.platform == "win32", reason="file modes")
def test_the_link_is_its_owners_alone_and_lasts(community: Path) -> None:
    link = open_link(community)
    assert stat.S_IMODE((community / ".phone").stat().st_mode) == 0o700
    assert open_link(community) == link and len(link.token) >= 22
    fresh = open_link(community, fresh=True)
    assert fresh.key == link.key and fresh.token != link.token
    (community / ".phone" / "link.json").write_text('{"key": "../..", "token": "x"}', encoding="utf-8")
    assert open_link(community).key.isalnum()


def test_the_state_folder_is_still_a_community(client: Client, community: Path, ruleset: Ruleset) -> None:
    client.send(an_answer("1", "potholes", "3"))
    client.phone("POST", "api/photos?fact=potholes&by=x", a_photo())
    assert record(community, ruleset).latest is not None
