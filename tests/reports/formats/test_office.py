"""Word and Excel files: structure, fonts, repeated heads, the same bytes for the same input, nothing hostile alive."""

from __future__ import annotations

import zipfile
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest

from checklist.model.refusals import Refusal

docx = pytest.importorskip("docx", reason="没有装 python-docx")
pytest.importorskip("xlsxwriter", reason="没有装 xlsxwriter")

from dataclasses import replace  # noqa: E402

from checklist.reports.assessment.dossier import Dossier  # noqa: E402
from checklist.reports.assessment.report_forms import report  # noqa: E402
from tests.support.dossiers import FORMULA  # noqa: E402

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def word(taoli: Dossier) -> bytes:
    return report(taoli, "docx")


@pytest.fixture(scope="module")
def book(taoli: Dossier) -> dict[str, bytes]:
    return parts(report(taoli, "xlsx"))


@pytest.mark.slow
@pytest.mark.parametrize("format", ["docx", "xlsx"])
def test_the_same_input_gives_the_same_bytes(format: str, taoli: Dossier) -> None:
    first, second = report(taoli, format), report(taoli, format)
    assert first == second
    with zipfile.ZipFile(BytesIO(first)) as archive:
        assert {item.date_time[0] for item in archive.infolist()} == {1980}
    core = parts(first)["docProps/core.xml"].decode("utf-8")
    assert "2023-04-15" in core and "2026" not in core and "2025" not in core


def test_the_page_is_that_of_an_official_paper(word: bytes) -> None:
    document = docx.Document(BytesIO(word))
    first, lists = document.sections
    assert [round(x.mm) for x in (first.page_width, first.page_height)] == [210, 297]
    assert [round(x.mm) for x in (first.top_margin, first.bottom_margin, first.left_margin, first.right_margin)] == [
        37,
        35,
        28,
        26,
    ]
    assert lists.page_width > lists.page_height
    body = document.styles["公文正文"]
    assert body.paragraph_format.line_spacing.pt == 28
    assert body.font.size.pt == 16
    assert document.styles["公文标题"].font.size.pt == 22


def test_chinese_fonts_stand_where_word_looks_for_them(word: bytes) -> None:
    styles = ET.fromstring(parts(word)["word/styles.xml"])
    fonts = {}
    for style in styles.iter(f"{W}style"):
        name, run = style.find(f"{W}name"), style.find(f"{W}rPr/{W}rFonts")
        if name is not None and run is not None:
            assert not any("Theme" in key for key in run.attrib) or name.get(f"{W}val") not in ("公文正文", "Normal")
            fonts[name.get(f"{W}val")] = run.get(f"{W}eastAsia")
    wanted = {"公文正文": "仿宋_GB2312", "公文标题": "方正小标宋简体", "公文一级": "黑体", "公文二级": "楷体_GB2312"}
    assert wanted.items() <= fonts.items()
    assert 'w:altName w:val="仿宋"' in parts(word)["word/fontTable.xml"].decode("utf-8")


def test_every_table_repeats_its_head_and_keeps_rows_whole(word: bytes) -> None:
    body = ET.fromstring(parts(word)["word/document.xml"])
    tables = list(body.iter(f"{W}tbl"))
    assert len(tables) >= 7
    for table in tables:
        rows = table.findall(f"{W}tr")
        assert rows[0].find(f"{W}trPr/{W}tblHeader") is not None
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
        assert {p.get(f"{W}val") for row in rows[1:] for p in row.iter(f"{W}pStyle")} == {"表文"}


def test_pages_are_numbered_on_the_outer_side(word: bytes) -> None:
    found = parts(word)
    footers = [found[name].decode("utf-8") for name in found if name.startswith("word/footer")]
    assert len(footers) == 2
    assert all(" PAGE " in footer and "— " in footer for footer in footers)
    assert b"evenAndOddHeaders" in found["word/settings.xml"]


@pytest.mark.slow
def test_an_offices_own_template_keeps_its_looks(taoli: Dossier) -> None:
    own = docx.Document()
    own.sections[0].header.paragraphs[0].text = "某某街道文件 {{日期}}"
    own.add_paragraph("标题：{{标题}}")
    split = own.add_paragraph("社区：{{社")
    split.add_run("区}}")
    own.add_paragraph("{{正文}}")
    own.add_paragraph("抄送：区创建办")
    out = BytesIO()
    own.save(out)
    made = docx.Document(BytesIO(report(replace(taoli, template=out.getvalue()), "docx")))
    said = [p.text for p in made.paragraphs]
    assert said[0] == "标题：桃李社区创城工作汇报"
    assert said[1] == "社区：桃李社区"
    assert said[-1] == "抄送：区创建办"
    assert "一、基本情况" in said and not any("{{正文}}" in text for text in said)
    assert made.sections[0].header.paragraphs[0].text == "某某街道文件 2023年4月15日"


def test_a_broken_template_is_told(taoli: Dossier) -> None:
    with pytest.raises(Refusal, match="打不开"):
        report(replace(taoli, template=b"not a zip"), "docx")


def test_the_workbook_has_every_sheet_ready_to_print(book: dict[str, bytes]) -> None:
    names = [s.get("name") for s in ET.fromstring(book["xl/workbook.xml"]).iter(f"{S}sheet")]
    assert names == [
        "概况",
        "各模块得分",
        "测评标准逐项结果",
        "问题清单",
        "责任清单",
        "时限清单",
        "任务分解表",
        "未核实清单",
        "一周内过期清单",
        "图表数据",
    ]
    for number in range(2, 9):
        sheet = ET.fromstring(book[f"xl/worksheets/sheet{number}.xml"])
        assert sheet.find(f".//{S}pane[@state='frozen']") is not None
        assert sheet.find(f"{S}autoFilter") is not None
        assert sheet.find(f"{S}pageSetup") is not None
    assert b"Print_Titles" in book["xl/workbook.xml"]


def test_charts_are_native(book: dict[str, bytes]) -> None:
    charts = [book[name].decode("utf-8") for name in book if name.startswith("xl/charts/chart")]
    assert len(charts) == 3, "modules, outcomes, before and after"
    assert any("整改前后得分" in chart for chart in charts)


def test_numbers_are_numbers_and_days_are_days(taoli: Dossier) -> None:
    calamine = pytest.importorskip("python_calamine", reason="没有装 python-calamine")
    book = calamine.CalamineWorkbook.from_filelike(BytesIO(report(taoli, "xlsx")))
    rows = book.get_sheet_by_name("责任清单").to_python()
    due = rows[0].index("完成时间")
    assert [row[due] for row in rows[1:]] == [
        t.due for t in sorted(taoli.tasks.steps, key=lambda t: _lead_order(taoli, t.lead))
    ]
    modules = book.get_sheet_by_name("各模块得分").to_python()
    total = modules[-1]
    assert total[2] == pytest.approx(taoli.assessment.total.low / 10000)


def _lead_order(dossier: Dossier, lead: str) -> int:
    return list(dict.fromkeys(t.lead for t in dossier.tasks.steps)).index(lead)


@pytest.mark.slow
def test_hostile_text_stays_text_in_word(hostile: Dossier) -> None:
    found = parts(report(hostile, "docx"))
    document = docx.Document(BytesIO(report(hostile, "docx")))
    assert "<script>" in "".join(p.text for p in document.paragraphs), "it is there, as text"
    for name, data in found.items():
        if name.endswith((".xml", ".rels")):
            ET.fromstring(data)
    assert b"evil.example" not in found["word/_rels/document.xml.rels"]
    assert b"<w:fldSimple" not in found["word/document.xml"] and b"w:hyperlink" not in found["word/document.xml"]


@pytest.mark.slow
def test_hostile_text_stays_text_in_excel(hostile: Dossier) -> None:
    found = parts(report(hostile, "xlsx"))
    for name, data in found.items():
        if name.startswith("xl/worksheets/"):
            assert b"<f>" not in data and b"<hyperlink" not in data
    strings = found["xl/sharedStrings.xml"].decode("utf-8")
    assert FORMULA.split("(")[0] in strings
    assert max(len(t.text or "") for t in ET.fromstring(found["xl/sharedStrings.xml"]).iter(f"{S}t")) < 32767
