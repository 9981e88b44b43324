"""Hostile files: refused or made harmless, in words, quickly, without much memory."""

from __future__ import annotations

import io
import os
import struct
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import pytest

from checklist import FilesHaveProblems
from checklist.keeping.evidence import add_evidence
from checklist.keeping.folder import CommunityFolder
from checklist.model.problems import NotAValue
from checklist.model.refusals import Refusal
from checklist.model.rules.ruleset import Ruleset
from checklist.reading.tables.recognising import STAMP, open_table
from checklist.reading.tables.spreadsheet import read_sheets
from checklist.reports.formats.csv_text import table_csv
from checklist.values.answer import lenient_value
from checklist.values.fact_value import fact_value
from checklist.values.formula_starts import harmless, unguarded
from tests.conftest import Run
from tests.support.fixtures import NOW
from tests.support.tables import plain_table, plain_xlsx

calamine = pytest.importorskip("python_calamine")
pytest.importorskip("xlsxwriter")

HEAD = ["编号", "实测值", "备注"]


def book(sheet_xml: bytes, extra: dict[str, bytes] | None = None) -> bytes:
    """A small real workbook with its sheet's XML replaced."""
    source = zipfile.ZipFile(io.BytesIO(plain_xlsx("表", HEAD, [["potholes", 3, "x"]])))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, sheet_xml if name == "xl/worksheets/sheet1.xml" else source.read(name))
        for name, data in (extra or {}).items():
            target.writestr(name, data)
    return out.getvalue()


OPEN = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
SHUT = b"</sheetData></worksheet>"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LONG_STRING = b'<?xml version="1.0"?><sst><si><t>' + b"a" * 3_000_000 + b"</t></si></sst>"
MERGED = (
    OPEN
    + b'<row r="90000"><c r="A90000"><v>1</v></c></row></sheetData><mergeCells count="3">'
    + b"".join(b'<mergeCell ref="%c1:%c90000"/>' % (c, c) for c in b"ABC")
    + b"</mergeCells></worksheet>"
)
FAR_CORNER = OPEN + b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>' + SHUT
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>&b;</sheetData></worksheet>'
)
ODS = (
    b'<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    b'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><office:body><office:spreadsheet><table:table>'
    b'<table:table-row table:number-rows-repeated="1000000"><table:table-cell office:value-type="float" '
    b'office:value="1" table:number-columns-repeated="16000"/></table:table-row></table:table>'
    b"</office:spreadsheet></office:body></office:document-content>"
)


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in parts.items():
            target.writestr(name, data)
    return out.getvalue()


def million_rows() -> bytes:
    return OPEN + b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (i, i) for i in range(1, 1_000_001)) + SHUT


def ods() -> bytes:
    return zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": ODS})


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        pytest.param(
            "bomb.xlsx",
            lambda: book(OPEN + SHUT, {"xl/media/a.bin": b"\0" * 250_000_000}),
            "压缩炸弹",
            marks=pytest.mark.slow,
        ),
        pytest.param("rows.xlsx", lambda: book(million_rows()), "太大", marks=pytest.mark.slow),
        ("corner.xlsx", lambda: book(FAR_CORNER), "太大"),
        ("laughs.xlsx", lambda: book(LAUGHS), "自定义实体"),
        ("repeated.ods", ods, "太大"),
        ("parts.xlsx", lambda: book(OPEN + SHUT, {f"x/{i}": b"" for i in range(3000)}), "个部分"),
        ("string.xlsx", lambda: book(OPEN + SHUT, {"xl/sharedStrings.xml": LONG_STRING}), "字太多"),
        ("merged.xlsx", lambda: book(MERGED), "合并的单元格太多"),
        ("wide.xls", lambda: b"<html><table><tr>" + b"<td colspan=1900>1" * 2, "网页里的表格太大"),
        pytest.param(
            "rows.xls", lambda: b"<html><table>" + b"<tr><td>1" * 100_002, "网页里的表格太大", marks=pytest.mark.slow
        ),
        ("old.xls", lambda: b'<?xml version="1.0"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "XML 表格"),
        ("password.xlsx", lambda: OLE + bytes(500) + "EncryptedPackage".encode("utf-16-le") + bytes(500), "密码"),
        ("paper.xlsx", lambda: b"%PDF-1.7\n", "PDF"),
        ("picture.xls", lambda: b"\xff\xd8\xff\xe0" + bytes(50), "照片"),
        ("word.xlsx", lambda: zipped({"word/document.xml": b"<w/>", "[Content_Types].xml": b"<Types/>"}), "损坏"),
        ("torn.csv", lambda: "编号,实测值\npotholes,3\n".encode() + bytes(3), "第 3 行里有空字节"),
        ("unmarked.csv", lambda: "编号,实测值\npotholes,3\n".encode("utf-16-le"), "编码"),
        ("torn.xlsx", lambda: book(OPEN + SHUT)[:700], "损坏"),
        ("noise.xls", lambda: OLE + b"\x07" * 5000, "损坏"),
        ("empty.xlsx", lambda: b"", "空的"),
        ("empty.xls", lambda: b"", "空的"),
        ("empty.csv", lambda: b"", "空的"),
        ("image.csv", lambda: b"\x89PNG\r\n\x1a\n\x00\x00", "不是文本"),
        ("quotes.csv", lambda: b'a,"' + b"x" * 200_000, "引号"),
        ("rows.csv", lambda: b"a,b\n" * 100_002, "太大"),
        ("wide.csv", lambda: b"," * 3000, "太大"),
        ("huge.csv", lambda: b"a" * 20_000_001, "太大"),
    ],
)  # fmt: skip
def test_a_hostile_table_is_refused_in_words(name: str, data: object, says: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(data())  # type: ignore[operator]
    tracemalloc.start()
    with pytest.raises(FilesHaveProblems) as caught:
        read_sheets(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    (problem,) = caught.value.problems
    assert says in f"{problem.says}{problem.hint}" and peak < 120_000_000


def test_a_hostile_table_ends_a_command_with_exit_3_and_no_traceback(cli: Run, tmp_path: Path) -> None:
    path = tmp_path / "corner.xlsx"
    path.write_bytes(book(FAR_CORNER))
    ran = cli("assess", path)
    assert ran.code == 3 and "太大" in ran.err and "Traceback" not in ran.err


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1", "-1", "@x", "\t=1", "'=1", "＝1", "＋1", "－1", "＠x"])
def test_no_text_that_we_write_starts_a_formula(text: str, tmp_path: Path) -> None:
    assert harmless(text)[0] == "'" and unguarded(harmless(text)) == text
    cells = table_csv(plain_table("表", ["备注"], [[text]])).decode("utf-8-sig").splitlines()[1].strip('"')
    assert cells[0] == "'"
    archive = zipfile.ZipFile(io.BytesIO(plain_xlsx("表", ["备注"], [[text]])))
    assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_only_the_summary_counts_with_formulas(cli: Run, tmp_path: Path) -> None:
    state = tmp_path / "a.yaml"
    note = '=HYPERLINK("http://x")'
    head = "community: {id: x, name: '=1+1'}\nruleset: civilized-city-community\nas_of: 2026-03-01\nfacts:\n"
    state.write_text(f"{head}  potholes: {{value: 3, by: '+x', note: '{note}'}}\n", encoding="utf-8")
    assert cli("form", state, "--filled", "-o", tmp_path / "a.xlsx").code == 0
    archive = zipfile.ZipFile(tmp_path / "a.xlsx")
    formulas = {n: archive.read(n).count(b"<f>") for n in archive.namelist() if n.startswith("xl/worksheets/sheet")}
    assert formulas.pop("xl/worksheets/sheet3.xml") > 0 and not any(formulas.values())
    assert b"http://x" not in b"".join(archive.read(n) for n in archive.namelist() if n.endswith(".rels"))


def test_a_forged_stamp_cannot_unpack_without_end(tmp_path: Path) -> None:
    import base64

    sealed = base64.b64encode(zlib.compress(b"a" * 50_000_000, 9)).decode()
    rows = [["base", sealed[i : i + 8000]] for i in range(0, len(sealed), 8000)]
    path = tmp_path / "a.xlsx"
    path.write_bytes(plain_xlsx(STAMP, ["civic-checklist", "填报表", "1"], rows))
    with pytest.raises(FilesHaveProblems, match="标识"):
        open_table(path)


def test_markup_and_control_characters_in_remarks_are_shown_as_they_are(cli: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = "编号,实测值,核实人,备注\npotholes,3,[bold red]张三[/],<script>alert(1)</script>\x1b[31m\u202e坏\nlamps_lit,[red]x[/red],,\n"
    path.write_text(rows, encoding="utf-8")
    assert (
        cli(
            "init",
            "甲社区",
            "--street",
            "",
            "--rules",
            "civilized-city-community",
            "--tier",
            "core",
            "--folder",
            tmp_path / "甲",
        ).code
        == 0
    )
    ran = cli("import", path, "--into", tmp_path / "甲", "--write")
    assert "[bold red]张三[/]" in ran.out and "“[red]x[/red]”" in ran.err and "\x1b" not in ran.out
    text = (tmp_path / "甲" / "2026-11-24.yaml").read_text(encoding="utf-8")
    assert "\x1b" not in text and "\u202e" not in text and "<script>" in text


@pytest.mark.parametrize("name", ["../../etc", "..", "C:\\x\x00"])
def test_a_community_name_leads_nowhere_else(
    name: str, cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = tmp_path / "work"
    inside.mkdir()
    monkeypatch.chdir(inside)
    ran = cli("init", name, "--street", "", "--rules", "civilized-city-community", "--tier", "core")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["work"]
    assert len(list(inside.iterdir())) == (1 if ran.code == 0 else 0) and "Traceback" not in ran.err


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.jpg", b"MZ\x90\x00 not a picture", "不是图片"),
        ("a.png", png(100_000, 80_000), "图片太大"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "损坏"),
        ("a.pdf", png(100_000, 80_000), "图片太大"),
        ("a.exe", b"MZ", "不收 .exe"),
        ("a.html", b"<script>", "不收 .html"),
        ("a.jpg", b"", "空的"),
    ],
)
def test_a_picture_that_is_not_one_is_refused(
    name: str, data: bytes, says: str, beimen: CommunityFolder, tmp_path: Path
) -> None:
    pytest.importorskip("PIL")
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(FilesHaveProblems, match=says):
        add_evidence(beimen, [path], ("", "potholes"), by="张三", at=NOW)
    assert not (beimen.path / "evidence").exists()


@pytest.mark.parametrize("number", ["1" + "0" * 20, "9" * 100_000, "-" + "9" * 40])
def test_a_number_without_end_is_no_number(number: str, cli: Run, beimen: CommunityFolder, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"编号,实测值\npotholes,{number}\nlamps_lit,3\n", encoding="utf-8")
    ran = cli("import", path, "--into", beimen.path)
    assert ran.code == 3 and "B2" in ran.err and "亮着的路灯" in ran.out and len(ran.err) < 2_000
    path.write_text(f"编号,实测值\npotholes,{number}\n", encoding="utf-8")
    assert cli("assess", path).code == 3


@pytest.mark.slow
def test_another_table_with_thousands_of_unknown_names_is_told_in_short(
    cli: Run, beimen: CommunityFolder, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("编号,实测值\npotholes,3\n" + "".join(f"x{i},1\n" for i in range(20_000)), encoding="utf-8")
    ran = cli("import", path, "--into", beimen.path)
    assert ran.code == 3 and "还有 19950 行" in ran.err and len(ran.err.splitlines()) < 250 and "改动：1 项" in ran.out


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_a_table_that_is_no_file_is_not_waited_for(cli: Run, beimen: CommunityFolder, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "zero.xlsx").symlink_to("/dev/zero")
    (tmp_path / "zero.json").symlink_to("/dev/zero")
    for name in ("pipe.csv", "zero.xlsx", "zero.json"):
        ran = cli("import", tmp_path / name, "--into", beimen.path)
        assert ran.code == 3 and "不是普通文件" in ran.err


@pytest.mark.parametrize(
    "page", ["<", "<a " * 400_000, "<!--" * 400_000, "<td " * 400_000, "<table><tr><td rowspan=99999>" * 20_000]
)
def test_a_broken_page_ends_soon(page: str) -> None:
    from checklist.reading.tables.html_tables import page_rows

    try:
        rows, merged, _ = page_rows("<html>" + page, 100_000, 2_000)
    except Refusal:
        return
    assert len(rows) <= 100_000 and len(merged) <= 100_000


@pytest.mark.parametrize(
    "words", ["1E999999999", "1E999999999%", "NAN", "sNaN", "Infinity", "-Infinity%", "1_0%", "１E９%"]
)
@pytest.mark.parametrize("type", ["ratio", "number", "count"])
def test_what_only_a_computer_calls_a_number_is_none(words: str, type: str, ruleset: Ruleset) -> None:
    fact = next(fact for fact in ruleset.facts.values() if fact.type == type)
    with pytest.raises(NotAValue):
        lenient_value(fact, words)
    with pytest.raises(NotAValue):
        fact_value(fact, words)
