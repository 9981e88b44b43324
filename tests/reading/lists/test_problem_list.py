"""An inspection's list as offices lay it out: headings by meaning, lines above the table, Word tables, nothing lost."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest

from checklist.model.problems import FilesHaveProblems, Problem
from checklist.reading.lists.problem_list import read_problem_list
from checklist.reading.lists.spotted import Spotted
from checklist.reading.tables.recognising import RecognisedTable, open_table
from checklist.reading.tables.spreadsheet import Sheet
from checklist.values.headings import JOIN, list_column
from tests.support.word import word_file

TODAY = date(2026, 11, 27)
FOUND = date(2026, 11, 25)

HEADINGS = {
    "text": "问题 问题描述 存在问题 存在的问题 存在的主要问题 发现问题 检查发现的问题 问题内容 主要问题 具体问题 问题详情 整改问题 隐患描述 扣分原因",
    "point": "点位 检查点位 点位名称 问题点位 小区 小区名称 检查点",
    "place": "位置 地点 具体位置 问题位置 地址 检查地点 所在部位",
    "photo": "照片 图片 问题照片 问题图片 整改前照片 附图 现场图片 问题照片编号",
    "owner": "责任单位 责任主体 责任部门 牵头单位 整改单位 整改责任单位 承办单位",
    "person": "责任人 整改责任人 负责人",
    "community": "社区 社区名称 所属社区 被检单位 被检查单位 受检社区",
    "on": "检查日期 检查时间 日期 发现时间 核实日期 督查时间 巡查日期",
    "by": "检查单位 检查人 检查组 督查人 督查人员 核实人 督导组 检查人员",
    "term": "整改时限 整改期限 完成时限 时限 期限 整改限期 整改时间 要求完成时间 截止日期 整改时限（天）",
    "measure": "整改措施 整改要求 整改建议",
    "note": "备注 说明",
    "adopted": "采用 采用标准",
    "ours": "序号 建议一 建议三",
    "whole": "原话",
}
UNKNOWN = (
    "扣分", "问题类别", "问题编号", "编号", "整改后照片", "整改情况", "完成情况", "配合单位", "联系电话", "街道", "销号时间", "复查结果", "交办时间",
    "相山区创建全国文明城市实地督查问题交办清单（第7期）", "问题清单", "责任",
)  # fmt: skip


@pytest.mark.parametrize("column", HEADINGS)
def test_headings_are_known_by_their_meaning(column: str) -> None:
    for name in HEADINGS[column].split():
        assert list_column(name) == column, name
        assert list_column(f" {name[0]} {name[1:]}：*") == list_column(f"{name}（必填）") == column, name


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_only_looks_like_a_heading_is_none(name: str) -> None:
    assert list_column(name) is None


def read(path: Path, on: date | None = None) -> tuple[tuple[Spotted, ...], tuple[Problem, ...]]:
    spotted, _, problems = read_problem_list(open_table(path), TODAY, on)
    return spotted, problems


def listed(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "清单.csv"
    path.write_text(text, encoding="utf-8-sig")
    return path


def test_a_list_as_offices_lay_it_out_loses_nothing(tmp_path: Path) -> None:
    text = """相山区实地督查问题交办清单（第7期）
被检单位：相山区东街道翠湖社区居委会　　检查时间：2026年11月25日　检查组：区创建办第三组,,,,,,,,,
检查点位：荷池南里,,,,,,,,,
序号,位置,存在的主要问题,问题图片,责任主体,责任人,整改期限,督查人,扣分,配合单位,备注
1,东门,路面坑洼,1.jpg,物业,王五,三日内,张科长,0.5,街道,上次也有
2,荷池南里西门,垃圾满溢,,,,,,,,
"""
    (first, second), problems = read(listed(tmp_path, text))
    assert (first.community, first.point, first.text, first.photo) == ("翠湖社区", "荷池南里 东门", "路面坑洼", "1.jpg")
    assert (first.owner, first.person, first.by) == ("物业", "王五", "区创建办第三组 张科长")
    assert (first.on, first.term, first.due, first.note) == (FOUND, "三日内", date(2026, 11, 28), "上次也有")
    assert first.more == {"扣分": "0.5", "配合单位": "街道"}
    assert (second.point, second.on, second.by, second.more) == ("荷池南里西门", FOUND, "区创建办第三组", {})
    assert [(p.code, p.is_advice) for p in problems] == [("W252", True)] and "扣分、配合单位" in problems[0].says


@pytest.mark.parametrize(
    "above",
    [
        "检查时间：11月25日",
        "检查时间: 2026.11.25  检查组: 第三组",
        "填报说明,检查时间：,2026-11-25",
        ",检查时间,2026年11月25日",
        "一、检查情况；检查日期：2026年11月25日（周三）",
    ],
)
def test_the_day_above_the_table_is_the_day_of_every_row(above: str, tmp_path: Path) -> None:
    rows = "点位,问题,检查时间,时限\n东门,占道,,3日内\n西门,占道,11月20日,3日内\n"
    (first, second), problems = read(listed(tmp_path, f"{above}\n{rows}"), date(2026, 1, 1))
    assert (first.on, first.due) == (FOUND, date(2026, 11, 28)) and not problems
    assert (second.on, second.due) == (date(2026, 11, 20), date(2026, 11, 23))


def test_a_day_above_that_cannot_be_read_is_said_at_its_cell(tmp_path: Path) -> None:
    (one,), (problem, *more) = read(listed(tmp_path, "检查时间：2026年2月30日\n点位,问题,时限\n东门,占道,3日内\n"))
    assert (problem.code, problem.where.cell) == ("E110", "A1") and one.on is None and one.due is None
    assert [p.code for p in more] == ["W251"]


def test_columns_headed_alike_lose_nothing(tmp_path: Path) -> None:
    (one,), _ = read(listed(tmp_path, "问题,扣分,扣分,照片,照片,备注,备注\n占道,1,2,a.jpg,b.jpg,甲,乙\n"))
    assert (one.photo, one.note, one.more) == ("a.jpg", "甲；乙", {"扣分": "1；2", "照片": "b.jpg"})


def test_without_a_day_of_finding_it_is_said_how_to_give_one(tmp_path: Path) -> None:
    (one,), (problem,) = read(listed(tmp_path, "问题,时限\n占道,3日内\n"))
    assert one.due is None and problem.code == "W251" and "--on" in problem.hint


def test_an_office_above_is_no_community(tmp_path: Path) -> None:
    (one,), _ = read(listed(tmp_path, "被检单位：东街道办事处\n点位,问题\n东门,占道\n"))
    assert one.community == ""


@pytest.mark.parametrize(
    ("term", "said"),
    [("尽快", "看不出"), ("11月20日前", "早于发现"), ("2026-11-24", "早于发现"), ("3日", "看不出")],
)
def test_a_time_limit_that_is_no_day_is_said_with_its_cell(term: str, said: str, tmp_path: Path) -> None:
    (one,), (problem,) = read(listed(tmp_path, f"点位,问题,检查时间,整改期限\n东门,占道,2026-11-25,{term}\n"))
    assert (problem.code, problem.where.cell, problem.is_advice) == ("W251", "D2", True) and said in problem.says
    assert "没有用规则" in problem.says and problem.hint
    assert (one.due, one.term, one.lasting) == (None, term, False)


def test_two_columns_of_time_limits_agree_or_are_asked_about(tmp_path: Path) -> None:
    rows = "问题,检查时间,整改时限,完成时限\n甲,11月25日,3日内,11月28日\n乙,11月25日,3日内,11月30日\n丙,11月25日,,11月30日\n丁,11月25日,3日内,/\n"
    found, problems = read(listed(tmp_path, rows))
    assert [one.due and one.due.day for one in found] == [28, None, 30, 28]
    assert [p.code for p in problems] == ["W251"] and "几个日子" in problems[0].says


def test_a_number_takes_its_unit_from_the_heading() -> None:
    rows = (("问题", "检查时间", "整改时限（天）"), ("占道", FOUND, 3.0), ("堆物", FOUND, "5"), ("占道", FOUND, 46354))
    sheet = Sheet("清单.xlsx", "表", rows)
    found, _, problems = read_problem_list(RecognisedTable("清单.xlsx", (sheet,), None), TODAY)
    assert [one.due for one in found] == [date(2026, 11, 28), date(2026, 11, 30), date(2026, 11, 28)] and not problems


def test_a_title_that_says_problems_is_not_the_headings(tmp_path: Path) -> None:
    found, _ = read(listed(tmp_path, "主要问题\n序号,点位,主要问题\n1,东门,占道\n"))
    assert [(one.point, one.text) for one in found] == [("东门", "占道")]


def test_every_table_of_a_file_is_read_but_a_hidden_one() -> None:
    rows = (("点位", "问题"), ("东门", "占道"))
    sheets = tuple(Sheet("a.xlsx", name, rows, hidden=name == "旧") for name in ("甲", "说明书", "旧"))
    sheets = (sheets[0], Sheet("a.xlsx", "说明书", (("怎么填",),)), *sheets)
    found, _, problems = read_problem_list(RecognisedTable("a.xlsx", sheets, None), TODAY)
    assert len(found) == 3 and [p.code for p in problems] == ["W237"] and "旧" in problems[0].says


def test_tables_of_a_word_file_with_the_lines_above_each(tmp_path: Path) -> None:
    head = ["序号", "检查点位", "存在问题", "整改期限"]
    path = word_file(
        tmp_path / "清单.docx",
        [
            [head, ["1", "东门", "路面坑洼\n积水", "3日内"]],
            [["会签", "意见"]],
            [head, ["1", "西门", "占道", "11月30日前"]],
        ],
        ["督查通报", "检查时间：2026年11月25日　检查组：第三组"],
    )
    (first, second), problems = read(path, date(2026, 11, 26))
    assert (first.point, first.text, first.by, first.due) == ("东门", "路面坑洼\n积水", "第三组", date(2026, 11, 28))
    assert (second.point, second.due, second.on) == ("西门", date(2026, 11, 30), date(2026, 11, 26)) and not problems
    assert str(second.at("term")).endswith("清单.docx!表3!D2")


def test_cells_merged_downwards_in_word_give_their_place_to_the_rows_below(tmp_path: Path) -> None:
    docx = pytest.importorskip("docx")
    document = docx.Document()
    table = document.add_table(rows=4, cols=3)
    for row, texts in enumerate(
        (("点位", "问题", "照片"), ("东门", "占道", "1.jpg"), ("", "堆物", ""), ("西门", "堆物", ""))
    ):
        for cell, text in zip(table.rows[row].cells, texts, strict=True):
            cell.text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    document.save(str(tmp_path / "a.docx"))
    found, problems = read(tmp_path / "a.docx")
    assert [one.point for one in found] == ["东门", "东门", "西门"] and not problems


def test_struck_words_are_gone_and_a_picture_is_told(tmp_path: Path) -> None:
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    cells = (
        ("<w:r><w:t>问题</w:t></w:r>", "<w:r><w:t>照片</w:t></w:r>"),
        (
            "<w:del><w:r><w:delText>旧话</w:delText><w:t>旧话</w:t></w:r></w:del><w:ins><w:r><w:t>占道</w:t></w:r></w:ins>",
            "<w:r><w:drawing/></w:r>",
        ),
    )
    rows = "".join(f"<w:tr>{''.join(f'<w:tc><w:p>{c}</w:p></w:tc>' for c in row)}</w:tr>" for row in cells)
    text = f'<w:document xmlns:w="{word}"><w:body><w:sdt><w:sdtContent><w:tbl>{rows}</w:tbl></w:sdtContent></w:sdt></w:body></w:document>'
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("word/document.xml", text)
    (one,), _ = read(tmp_path / "a.docx")
    assert (one.text, one.photo) == ("占道", "（图在原件里）")


def refused(path: Path) -> str:
    with pytest.raises(FilesHaveProblems) as stop:
        read(path)
    (problem,) = stop.value.problems
    assert problem.hint
    return problem.code


def test_word_files_that_cannot_be_read_are_refused_with_a_way_out(tmp_path: Path) -> None:
    assert refused(word_file(tmp_path / "没有表.docx", [], ["只有话"])) == "E113"
    assert refused(word_file(tmp_path / "别的表.docx", [[["姓名", "电话"], ["张三", "1"]]])) == "E113"
    for name, data in (("坏.docx", b"PK\x03\x04"), ("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), ("空.docx", b"")):
        (tmp_path / name).write_bytes(data)
        assert refused(tmp_path / name) == ("E104" if not data else "E102"), name
    for name, xml in (
        ("炸弹.docx", b'<!DOCTYPE d [<!ENTITY a "aaaa">]><d>&a;</d>'),
        ("大.docx", b"<d>" + b" " * 21_000_000 + b"</d>"),
        ("宽.docx", b'<d xmlns:w="w"><w:body><w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="99999999"/></w:tcPr></w:tc></w:tr></w:tbl></w:body></d>'),
    ):  # fmt: skip
        with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("word/document.xml", xml)
        assert refused(tmp_path / name) == "E103", name


CONFIRMED = "问题,原话,采用\n占道,占道、堆物；积水,ORD-10\n{rows}别的,,ENV-11\n"


@pytest.mark.parametrize(
    ("rows", "text", "parts"),
    [
        (f"堆物,占道、堆物；积水,{JOIN}\n积水,占道、堆物；积水,{JOIN}\n", "占道、堆物；积水", ("占道", "堆物", "积水")),
        (f"堆物,占道、堆物；积水,{JOIN}\n积水,占道、堆物；积水,ENV-24\n", "占道；堆物", ("占道", "堆物")),
        (f"堆物,,{JOIN}\n", "占道；堆物", ("占道", "堆物")),
    ],
)
def test_rows_that_were_split_are_put_together_again(
    rows: str, text: str, parts: tuple[str, ...], tmp_path: Path
) -> None:
    found, confirmed, _ = read_problem_list(open_table(listed(tmp_path, CONFIRMED.format(rows=rows))), TODAY)
    assert confirmed and (found[0].text, found[0].parts, found[0].adopted) == (text, parts, "ORD-10")
    assert found[-1].text == "别的" and JOIN not in {one.adopted for one in found}


def test_a_row_whose_day_cannot_be_read_is_not_entered_under_another(tmp_path: Path) -> None:
    rows = "问题,检查日期,时限,采用\n占道,昨天,3日内,ORD-10\n堆物,2026-11-25,3日内,ORD-04\n"
    found, problems = read(listed(tmp_path, rows), FOUND)
    assert [one.text for one in found] == ["堆物"] and [p.code for p in problems] == ["E211"]
