"""Every command that opens a spreadsheet refuses the same hostile files in words, and the process lives on.

One line is a case or a door. The native reader aborts the process on most of these cases: a door without the guard would
end the whole test run.
"""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from checklist import FilesHaveProblems
from checklist.keeping.folder import CommunityFolder
from checklist.keeping.media import Media
from checklist.model.problems import Where
from checklist.reading.records.table_answers import Attached
from checklist.reading.tables.spreadsheet import read_document, read_sheets
from tests.conftest import Run
from tests.reading.tables.test_hostile_tables import ODS, OLE, OPEN, SHUT, book, zipped

pytest.importorskip("python_calamine")
pytest.importorskip("xlsxwriter")

RULES = "civilized-city-community"
FIRST = b'<row r="1"><c r="A1"><v>1</v></c></row>'


def reference(place: str) -> bytes:
    return book(OPEN + FIRST + f'<row r="2"><c r="{place}"><v>1</v></c></row>'.encode() + SHUT)


def row(number: str) -> bytes:
    return book(OPEN + FIRST + f'<row r="{number}"><c><v>1</v></c></row>'.encode() + SHUT)


FAR = OPEN + FIRST + b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>' + SHUT


def moved(part: str, target: str) -> bytes:
    """The far corner in a part with another name."""
    source = zipfile.ZipFile(io.BytesIO(book(FAR)))
    parts = {name: source.read(name) for name in source.namelist()}
    parts[part] = parts.pop("xl/worksheets/sheet1.xml")
    links = "xl/_rels/workbook.xml.rels"
    parts[links] = parts[links].replace(b"worksheets/sheet1.xml", target.encode())
    return zipped(parts)


def open_document(cell: bytes) -> bytes:
    start = ODS.index(b"<table:table-row")
    sheet = b"<table:table-row>" + cell + b"</table:table-row></table:table></office:spreadsheet></office:body>"
    return zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": ODS[:start] + sheet})


def record(number: int, data: bytes) -> bytes:
    return struct.pack("<HH", number, len(data)) + data


def old_cell(row: int, column: int) -> bytes:
    return record(0x203, struct.pack("<HHHd", row, column, 0, 1.0))


def old_size(*ends: int) -> bytes:
    return record(0x200, struct.pack("<IIHHH", *ends, 0))


def old_book(cells: bytes) -> bytes:
    """The smallest ``.xls``: a sheet of these records in a container of one table, one folder and one stream."""
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    start = [record(0x809, struct.pack("<HHQQ", 0x600, kind, 0, 0)[:20]) for kind in (5, 16)]
    place = len(start[0]) + 13 + 4
    stream = start[0] + record(0x85, struct.pack("<IHBB", place, 0, 1, 0) + b"A") + record(0x0A, b"")
    stream = (stream + start[1] + cells + record(0x0A, b"")).ljust(4096, b"\0")
    stream += bytes(-len(stream) % 512)
    last = len(stream) // 512 + 1
    table = [0xFFFFFFFD, end, *range(3, last + 1), end]

    def entry(name: str, kind: int, child: int, at: int, size: int) -> bytes:
        raw = (name + "\0").encode("utf-16-le")
        return raw.ljust(64, b"\0") + struct.pack("<HBB3I36xIQ", len(raw), kind, 1, free, free, child, at, size)

    head = OLE + bytes(16) + struct.pack("<5H6x9I", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0, end, 0)
    folder = entry("Root Entry", 5, 1, end, 0) + entry("Workbook", 2, free, 2, len(stream))
    sectors = struct.pack("<128I", *table, *[free] * (128 - len(table))) + folder.ljust(512, b"\0") + stream
    return (head + bytes(4)).ljust(512, b"\xff") + sectors


VALUE = b'<table:table-cell office:value-type="float" office:value="1"/>'
CASES = {
    "far": (book(FAR), "E103"),
    "lower case": (reference("xfd1048576"), "E102"),
    "eight digits": (reference("A99999999"), "E102"),
    "twenty digits": (reference("A99999999999999999999"), "E102"),
    "four letters": (reference("AAAA1"), "E102"),
    "seven letters": (reference("ZZZZZZZ1"), "E102"),
    "row nought": (reference("A0"), "E102"),
    "zeros": (reference("A0001048576"), "E102"),
    "dollars": (reference("$XFD$1048576"), "E102"),
    "no place": (reference(""), "E102"),
    "far row": (row("1048576"), "E103"),
    "odd row": (row("x1048576"), "E102"),
    "row with zeros": (row("0001048576"), "E102"),
    "elsewhere": (moved("xl/a.dat", "a.dat"), "E103"),
    "as a picture": (moved("xl/media/a.png", "/xl/media/a.png"), "E103"),
    "other case": (moved("XL/Worksheets/Sheet1.XML", "worksheets/sheet1.xml"), "E103"),
    "back slashes": (moved("xl\\a.xml", "a.xml"), "E103"),
    "something before": (b"XXXX" + book(FAR), "E102"),
    "blank before": (book(b" " + FAR), "E102"),
    "attribute twice": (book(FAR.replace(b"<sheetData>", b'<sheetData a="1" a="2">')), "E102"),
    "no such encoding": (book(FAR.replace(b'"1.0"', b'"1.0" encoding="x-no"')), "E102"),
    "part twice": (book(OPEN + FIRST + SHUT, {"xl/WORKSHEETS/sheet1.xml": OPEN + SHUT}), "E102"),
    "binary workbook": (zipped({"xl/workbook.bin": b"\x83\x01\x00", "xl/worksheets/sheet1.bin": b"\x00"}), "E102"),
    "no archive": (b"PK\x03\x04 not a zip", "E102"),
    "text": (b"a,b\n", "E102"),
    "empty": (b"", "E104"),
    "repeated blanks": (
        open_document(b'<table:table-cell table:number-columns-repeated="99999999999"/>' + VALUE),
        "E102",
    ),
    "old, far": (old_book(old_cell(0, 0) + old_cell(65535, 65535)), "E103"),
    "old, wide": (old_book(old_cell(0, 0) + record(0xBD, struct.pack("<HH6x6xH", 0, 65000, 65001))), "E103"),
    "old, size": (old_book(old_size(0, 2**32 - 1, 0, 2**16 - 1) + old_cell(0, 0)), "E102"),
    "old, size reversed": (old_book(old_size(9, 1, 9, 1) + old_cell(0, 0)), "E102"),
    "old, half a cell": (old_book(record(0x203, b"\0")), "E102"),
    "covered": (
        open_document(VALUE.replace(b"table-cell", b'covered-table-cell table:number-columns-repeated="99999999"')),
        "E103",
    ),
}
DOORS = {
    "assess": ("assess", "FILE"),
    "import": ("import", "FILE", "--into", "FOLDER"),
    "rules import": ("rules", "import", "FILE", "-o", "NEW"),
    "batch": ("batch", "FILE", "--rules", RULES, "-o", "NEW"),
    "problems": ("problems", "FILE"),
    "calibrate": ("calibrate", "FILE", "--against", "FILE", "--rules", RULES),
    "ledger": ("ledger", "NEW", "FILE"),
    "compare": ("compare", "FILE"),
}


@pytest.mark.parametrize("case", CASES)
def test_the_one_door_refuses(case: str, tmp_path: Path) -> None:
    data, code = CASES[case]
    path = tmp_path / "a.xlsx"
    path.write_bytes(data)
    with pytest.raises(FilesHaveProblems) as caught:
        read_sheets(path)
    (problem,) = caught.value.problems
    assert problem.code == code and problem.hint


def test_an_old_workbook_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_bytes(old_book(old_size(0, 65536, 0, 256) + old_cell(0, 0) + old_cell(1, 1)))
    assert [sheet.rows for sheet in read_sheets(tmp_path / "a.xls")] == [((1.0, ""), ("", 1.0))]


QUICK = ("far", "lower case", "elsewhere", "old, far")


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("cases", [QUICK, pytest.param([*CASES], marks=pytest.mark.slow)], ids=["quick", "every"])
def test_every_command_uses_it(door: str, cases: list[str], cli: Run, tmp_path: Path, beimen: CommunityFolder) -> None:
    for n, (case, (data, code)) in enumerate((case, CASES[case]) for case in cases):
        path, new = tmp_path / f"{n}.xlsx", tmp_path / f"new{n}.csv"
        path.write_bytes(data)
        words = {"FILE": path, "FOLDER": beimen.path, "NEW": new}
        before = sorted(tmp_path.rglob("*"))
        ran = cli(*(words.get(word, word) for word in DOORS[door]))
        assert ran.code in (3, 5) and code in ran.out + ran.err and path.name in ran.out + ran.err, (case, ran)
        assert sorted(tmp_path.rglob("*")) == before, case


def test_the_rest_of_a_run_goes_on(cli: Run, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(CASES["lower case"][0])
    ran = cli("assess", "data/taoli/2023-04-15.yaml", tmp_path / "a.xlsx")
    assert ran.code == 3 and "桃李社区" in ran.out and "xfd1048576" in ran.err


@pytest.mark.parametrize("data", [b"hello", zipped({})[:9], zipped({f"x/{n}": b"" for n in range(3000)})])
def test_a_word_template_goes_through_the_same_guard(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(data)
    with pytest.raises(FilesHaveProblems) as caught:
        read_document(tmp_path / "a.docx")
    assert caught.value.problems[0].code in ("E102", "E103")


@pytest.mark.slow
def test_a_template_that_unpacks_without_end_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(zipped({"word/document.xml": b"\0" * 250_000_000}))
    with pytest.raises(FilesHaveProblems, match="压缩炸弹"):
        read_document(tmp_path / "a.docx")


def test_broken_photos_in_a_zip_cost_those_photos(tmp_path: Path) -> None:
    whole = zipped({"a.jpg": bytes(range(256)) * 40})
    start = whole.index(b"a.jpg") + 5
    (tmp_path / "a.zip").write_bytes(whole[:start] + b"\xff" * 20 + whole[start + 20 :])
    with pytest.raises(FilesHaveProblems, match="照片读不出来"):
        Media(tmp_path / "a.zip").read(Attached("potholes", "a.jpg", "", "", Where("a.csv")))
