"""Spreadsheets as offices really have them: each gives the right answers, or says at which cell it does not."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import Reading
from checklist.reading.records.readings import read_filled
from checklist.reading.tables.recognising import open_table
from tests.conftest import Run
from tests.reading.tables.test_hostile_tables import OPEN, SHUT, book
from tests.support.fixtures import DAY
from tests.support.tables import plain_xlsx

pytest.importorskip("python_calamine")
xlsxwriter = pytest.importorskip("xlsxwriter")

HEAD = ["编号", "实测项", "实测值", "核实人", "核实日期", "备注"]
ROWS = [
    ["potholes", "路面坑洼破损", "3", "张三", "2026-11-20", "南门"],
    ["lamps_lit", "亮着的路灯", "12", "李四", "2026-11-20", "𠮷祥里"],
]
EXPECTED = {"potholes": (3, "张三", "南门"), "lamps_lit": (12, "李四", "𠮷祥里")}


def text(separator: str, before: str = "") -> str:
    return before + "".join(separator.join(row) + "\r\n" for row in [HEAD, *ROWS])


def page(extra: str = "") -> str:
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>\n" for row in [HEAD, *ROWS])
    return f'<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>{extra}</head><body><table border=1>{rows}</table>'


def workbook(make: Callable[[object, object], None] | None = None) -> bytes:
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = made.add_worksheet("填报")
    for number, row in enumerate([HEAD, *ROWS]):
        sheet.write_row(number, 0, row)
    if make is not None:
        make(made, sheet)
    made.close()
    return out.getvalue()


def answers(path: Path, ruleset: Ruleset) -> tuple[dict[str, Reading], list[str]]:
    filled, problems = read_filled(open_table(path), ruleset, DAY)
    readings = {r.fact: r for one in filled for r in one.readings}
    return readings, [f"{p.where.cell} {p.code} {p.says}" for p in problems]


GOOD: dict[str, bytes] = {
    "utf8.csv": text(",").encode(),
    "bom.csv": text(",").encode("utf-8-sig"),
    "gb18030.csv": text(",").encode("gb18030"),
    "utf16.csv": text("\t").encode("utf-16"),
    "utf16be.csv": b"\xfe\xff" + text(",").encode("utf-16-be"),
    "semicolon.csv": text(";").encode(),
    "tab.tsv": text("\t").encode(),
    "titled.csv": text("\t", "桃李社区填报表\r\n\r\n").encode(),
    "sep.csv": text(";", "sep=;\r\n").encode(),
    "cr.csv": text(",").replace("\r\n", "\r").encode(),
    "page.xls": page().encode(),
    "page-gbk.xls": page('<meta charset="gb2312"><style>td{x:1}</style>').encode("gb18030"),
    "page-bom.xls": b"\xef\xbb\xbf\r\n " + page("<!-- <tr><td>x</td></tr> --><script>'<td>'</script>").encode(),
    "page.xlsx": b'<?xml version="1.0"?><!DOCTYPE html>\n' + page().encode(),
    "book.xlsx": workbook(),
    "book.xlsm": workbook(),
    "book.xls": workbook(),
    "table.xlsx": plain_xlsx("填报", HEAD, ROWS),
}


@pytest.mark.parametrize("name", GOOD)
def test_the_same_answers_whatever_the_file_is(name: str, tmp_path: Path, ruleset: Ruleset) -> None:
    path = tmp_path / name
    path.write_bytes(GOOD[name])
    readings, problems = answers(path, ruleset)
    assert {f: (r.value, r.by, r.note) for f, r in readings.items()} == EXPECTED and problems == []


def test_the_strict_form_of_a_workbook_is_read(tmp_path: Path, ruleset: Ruleset) -> None:
    import zipfile

    source = zipfile.ZipFile(io.BytesIO(workbook()))
    path = tmp_path / "a.xlsx"
    main, strict = b"http://schemas.openxmlformats.org", b"http://purl.oclc.org/ooxml"
    with zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            data = source.read(name).replace(main + b"/spreadsheetml/2006/main", strict + b"/spreadsheetml/main")
            target.writestr(name, data.replace(main + b"/officeDocument/2006/rel", strict + b"/officeDocument/rel"))
    readings, problems = answers(path, ruleset)
    assert {f: r.value for f, r in readings.items()} == {"potholes": 3, "lamps_lit": 12} and problems == []


def test_cells_merged_downwards_hold_for_every_row_but_a_value_does_not(tmp_path: Path, ruleset: Ruleset) -> None:
    def merge(made: object, sheet: object) -> None:
        plain = made.add_format()  # type: ignore[attr-defined]
        for column, words in ((3, "张三"), (4, "2026-11-20"), (2, "3")):
            sheet.merge_range(1, column, 2, column, words, plain)  # type: ignore[attr-defined]

    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook(merge))
    readings, problems = answers(path, ruleset)
    assert list(readings) == ["potholes"]
    assert problems == ["填报!C3 E211 “亮着的路灯”这一格和上面一行合并成了一格"]
    page_path = tmp_path / "b.xls"
    rows = (
        "<table><tr><td colspan=3>某社区填报表</td></tr><tr><td>编号<td>实测值<td>核实人<td>核实日期</tr>"
        "<tr><td>potholes<td>3<td rowspan=2>张三<td rowspan='2'>2026-11-20</tr><tr><td>lamps_lit<td>12</tr></table>"
    )
    page_path.write_text(rows, encoding="utf-8")
    readings, problems = answers(page_path, ruleset)
    assert {f: (r.value, r.by, r.on) for f, r in readings.items()} == {
        "potholes": (3, "张三", date(2026, 11, 20)),
        "lamps_lit": (12, "张三", date(2026, 11, 20)),
    }
    assert problems == []


def test_headings_merged_downwards_do_not_become_a_row(tmp_path: Path, ruleset: Ruleset) -> None:
    path = tmp_path / "a.xls"
    rows = "<table><tr><td rowspan=2>编号<td rowspan=2>实测值<td>甲</tr><tr><td>乙</tr><tr><td>potholes<td>3<td></tr>"
    path.write_text(rows, encoding="utf-8")
    readings, problems = answers(path, ruleset)
    assert readings["potholes"].value == 3 and [p.split()[1] for p in problems] == ["W232"]


def test_what_nobody_can_see_is_not_read_and_that_is_said(tmp_path: Path, ruleset: Ruleset) -> None:
    def hide(made: object, _: object) -> None:
        old = made.add_worksheet("去年")  # type: ignore[attr-defined]
        old.write_row(0, 0, HEAD)
        old.write_row(1, 0, ["potholes", "", "99", "王五", "2026-11-21", ""])
        old.hide()
        other = made.add_worksheet("选项")  # type: ignore[attr-defined]
        other.write(0, 0, "不是填报")
        other.hide()

    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook(hide))
    readings, problems = answers(path, ruleset)
    assert readings["potholes"].value == 3 and problems == ["去年!A1 W237 工作表“去年”是隐藏的，没有读"]


def inline(words: str) -> bytes:
    return f"<is><t>{words}</t></is>".encode()


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        (b'<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "没有算出结果"),
        (b'<c r="B2"><f>1+2</f></c>', "没有算出结果"),
        (b'<c r="B2"><f>1+2</f><v></v></c>', "没有算出结果"),
        (b"<c r=\"B2\"><f>cmd|' /C calc'!A0</f><v/></c>", "没有算出结果"),
        (b'<c r="B2" t="str"><f>IF(1,"","")</f><v></v></c>', ""),
        (b'<c r="B2"><f>1+2</f><v>3</v></c>', "3"),
        (b'<c r="B2"/>', ""),
    ],
)
def test_a_formula_counts_by_its_result_and_is_told_where_it_has_none(
    cell: bytes, says: str, tmp_path: Path, ruleset: Ruleset
) -> None:
    rows = b'<row r="1"><c r="A1" t="inlineStr">' + inline("编号") + b'</c><c r="B1" t="inlineStr">' + inline("实测值")
    rows += b'</c></row><row r="2"><c r="A2" t="inlineStr">' + inline("potholes") + b"</c>" + cell + b"</row>"
    path = tmp_path / "a.xlsx"
    path.write_bytes(book(OPEN + rows + SHUT))
    readings, problems = answers(path, ruleset)
    if says == "3":
        assert readings["potholes"].value == 3
    else:
        assert not readings
        assert [p.split(maxsplit=1)[0] for p in problems] == (["表!B2"] if says else []) and says in "".join(problems)


def test_mistakes_are_told_row_by_row(cli: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("编号,实测值\n" + "".join(f"x{i},1\n" for i in range(12)), encoding="utf-8")
    said = cli("assess", path).err
    places = [int(line.split("!A")[1].split()[0]) for line in said.splitlines() if "!A" in line]
    assert places == sorted(places) and len(places) == 12


def test_a_remark_with_a_tag_makes_no_page_of_a_table(tmp_path: Path, ruleset: Ruleset) -> None:
    path = tmp_path / "a.csv"
    path.write_text("编号,实测值,备注\npotholes,3,<html><table><tr><td>\n", encoding="utf-8")
    assert answers(path, ruleset)[0]["potholes"].note == "<html><table><tr><td>"
