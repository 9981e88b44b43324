"""A ruleset to Excel and back: nothing lost, nothing that Excel could run, mistakes at their cells, nothing half done."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklist import load_ruleset
from checklist.files.ruleset_workbooks import rule_files
from checklist.model.rules.rule_sheets import GUIDE, SHEETS
from checklist.model.rules.sheet_columns import RuleFileContent
from checklist.reading.rules.cases import read_cases
from checklist.reading.rules.workbook.ruleset_workbook import read_ruleset_workbook
from checklist.reading.yaml.yaml_file import parse_yaml
from checklist.reports.rules.rule_file_text import file_lines
from checklist.reports.rules.ruleset_workbook import ruleset_xlsx
from checklist.reports.rules.workbook_rows import workbook_rows
from tests.conftest import Run
from tests.support.documents import DOCUMENTS
from tests.support.documents import RULES as DOCUMENT_RULES
from tests.support.laws import examples
from tests.support.shipped import RULES, SHIPPED, shipped, without_files

xlsxwriter = pytest.importorskip("xlsxwriter")
utility = pytest.importorskip("xlsxwriter.utility")
pytest.importorskip("python_calamine")

SMALL = "complete-community"
Grid = list[list[Any]]


def normal(value: Any) -> Any:
    """Written data without empty values, whose keys may simply be left out."""
    if isinstance(value, dict):
        return {k: normal(v) for k, v in value.items() if v not in ({}, [], "", None)}
    return [normal(v) for v in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", [pytest.param(n, marks=[] if n == SMALL else pytest.mark.slow) for n in SHIPPED])
def test_there_and_back_loses_nothing(name: str, cli: Run, tmp_path: Path) -> None:
    lost_nothing(RULES / name, cli, tmp_path)


@pytest.mark.many
@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_real_sheets_say_comes_back(name: str, cli: Run, tmp_path: Path) -> None:
    lost_nothing(DOCUMENT_RULES / name, cli, tmp_path)


def lost_nothing(folder: Path, cli: Run, tmp_path: Path) -> None:
    book, back = tmp_path / "rules.xlsx", tmp_path / "new" / folder.name
    assert cli("rules", "export", "--rules", folder, "-o", book).code == 0
    ran = cli("rules", "import", book, "-o", back)
    assert ran.code == 0, ran.err
    before, after = rule_files(folder), rule_files(back)
    assert before.keys() == after.keys()
    for path in before:
        assert normal(before[path].data) == normal(after[path].data), path
        assert sorted(before[path].notes.values()) == sorted(after[path].notes.values()) or path == "ruleset.yaml"
    again = load_ruleset(back)
    assert without_files(again) == without_files(load_ruleset(folder))
    cases, problems = read_cases(back, again)
    assert len(cases) + len(problems) == len(read_cases(folder, again)[0])
    assert ruleset_xlsx(after) == ruleset_xlsx(rule_files(back)) and rows(after) == rows(before)


def rows(files: dict[str, RuleFileContent]) -> list[tuple[str, tuple[Any, ...]]]:
    return [(filled.sheet.name, filled.rows) for filled in workbook_rows(files)]


def test_a_second_export_gives_the_same_bytes(cli: Run, tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        cli("rules", "export", "--rules", SMALL, "-o", tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_no_cell_is_or_becomes_a_formula(tmp_path: Path) -> None:
    files = rule_files(RULES / SMALL)
    evil = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1"]
    for criterion, text in zip(files["SRV.yaml"].data, evil, strict=False):
        criterion["title"] = text
    book = tmp_path / "x.xlsx"
    book.write_bytes(ruleset_xlsx(files))
    with zipfile.ZipFile(book) as packed:
        sheets = [packed.read(n).decode() for n in packed.namelist() if "worksheets/sheet" in n]
        strings, styles = packed.read("xl/sharedStrings.xml").decode(), packed.read("xl/styles.xml").decode()
    assert not any("<f>" in sheet or "<f " in sheet for sheet in sheets)
    texts = [re.sub("<[^>]*>", "", item) for item in re.findall(r"<si>(.*?)</si>", strings, re.DOTALL)]
    formats = re.findall(r"<xf [^>]*?/?>", styles.split("<cellXfs")[1].split("</cellXfs")[0])
    for sheet in sheets:
        for style, index in re.findall(r'<c r="[A-Z]+\d+" s="(\d+)" t="s"><v>(\d+)</v>', sheet):
            if texts[int(index)].startswith(("=", "+", "-", "@", "\t")):
                assert 'quotePrefix="1"' in formats[int(style)]


# What the YAML of an import is made of

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12) | st.sampled_from(
    [
        "true",
        "No",
        "null",
        "~",
        "0",
        "1.50",
        "95%",
        "2026-01-01",
        "- a",
        "a: b",
        "#x",
        "a #b",
        "{",
        "[",
        "'",
        '"',
        "：",
        "",
        " ",
    ]
)
scalars = st.one_of(
    st.booleans(),
    st.integers(-(10**6), 10**6),
    st.decimals("-999", "999", places=2).map(lambda d: d + 0),
    st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    texts,
)
trees = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts.filter(bool), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=examples(100), deadline=None)
@given(st.dictionaries(texts.filter(bool), trees, min_size=1, max_size=4), st.lists(trees, min_size=1, max_size=3))
def test_files_written_as_yaml_are_read_back(mapping: dict[str, Any], listed: list[Any]) -> None:
    for entries, value in (([*mapping.items()], mapping), ([("", item) for item in listed], listed)):
        text = "\n".join(line for line, _ in file_lines(entries, {0: "说明"}))
        document = parse_yaml(text, "x")
        assert not document.problems and document.data == value, text


# Hostile workbooks


def save(path: Path, grids: dict[str, Grid], merges: dict[str, list[str]] | None = None) -> Path:
    """A workbook with exactly these cells."""
    book = xlsxwriter.Workbook(str(path))
    for name, grid in grids.items():
        sheet = book.add_worksheet(name)
        for place in (merges or {}).get(name, ()):
            sheet.merge_range(place, "")
        for r, row in enumerate(grid):
            for c, value in enumerate(row):
                if value is None or value == "":
                    continue
                sheet.write_number(r, c, value) if isinstance(value, int | Decimal) else sheet.write_string(
                    r, c, str(value)
                )
    book.close()
    return path


@pytest.fixture
def grids() -> dict[str, Grid]:
    filled = workbook_rows(rule_files(RULES / SMALL))
    return {f.sheet.name: [[c.heading for c in f.sheet.columns], *map(list, f.rows)] for f in filled}


Edit = Callable[[dict[str, Grid]], None]


def edited(edit: Edit) -> Edit:
    return edit


def column(grid: Grid, heading: str) -> int:
    return grid[0].index(heading)


def put(sheet: str, heading: str, row: int, value: Any) -> Edit:
    def edit(grids: dict[str, Grid]) -> None:
        grids[sheet][row][column(grids[sheet], heading)] = value

    return edit


def shift_row(grids: dict[str, Grid]) -> None:
    grids["标准"][3].insert(0, "")


def shift_table(grids: dict[str, Grid]) -> None:
    """The headings stay, everything below moves one to the right."""
    for row in grids["标准"][1:]:
        row.insert(0, "")


def shift_all(grids: dict[str, Grid]) -> None:
    for row in grids["标准"]:
        row.insert(0, "")


def title_above(grids: dict[str, Grid]) -> None:
    grids["标准"].insert(0, ["2027 年标准一览"])


def swap_columns(grids: dict[str, Grid]) -> None:
    for row in grids["标准"]:
        row[1], row[4] = row[4], row[1]


def rename(sheet: str, heading: str, to: str) -> Edit:
    def edit(grids: dict[str, Grid]) -> None:
        grids[sheet][0][column(grids[sheet], heading)] = to

    return edit


def drop_sheet(name: str) -> Edit:
    return lambda grids: grids.pop(name) and None


def add_sheet(grids: dict[str, Grid]) -> None:
    grids["我的草稿"] = [["随便写"]]


def drop_head(name: str) -> Edit:
    def edit(grids: dict[str, Grid]) -> None:
        grids["体系"] = [row for row in grids["体系"] if row[0] != name]

    return edit


@pytest.mark.parametrize("edit", [shift_all, title_above, swap_columns, add_sheet], ids=lambda e: e.__name__)
def test_moved_columns_and_titles_are_understood(edit: Edit, grids: dict[str, Grid], cli: Run, tmp_path: Path) -> None:
    edit(grids)
    ran = cli("rules", "import", save(tmp_path / "x.xlsx", grids), "-o", tmp_path / SMALL)
    assert ran.code == 0, ran.err
    assert without_files(load_ruleset(tmp_path / SMALL)) == without_files(shipped(SMALL))


@pytest.mark.many
@pytest.mark.parametrize(
    ("edit", "cell", "says"),
    [
        (put("标准", "分值", 2, "四"), "标准!E3", "E201"),
        (put("标准", "分值", 2, Decimal("4.005")), "标准!E3", "E208"),
        (put("标准", "分值", 2, 5), "模块!", "E314"),
        (put("标准", "编号", 2, "SRV-01"), "标准!A3", "E310"),
        (put("标准", "编号", 2, "SRV-01"), "标准!A3", "标准!A2 已经有了"),
        (put("标准", "编号", 2, "SRV2"), "标准!A3", "E206"),
        (put("标准", "编号", 2, "XYZ-01"), "标准!A3", "没有 XYZ 这个模块"),
        (put("标准", "编号", 2, ""), "标准!B3", "没有填“编号”"),
        (put("标准", "测评方法", 2, "walk"), "标准!D3", "E205"),
        (put("标准", "测量值", 1, "{fact: ofice_area}"), ("标准", "测量值", 2), "E301"),
        (put("标准", "测量值", 2, "{fact: }}"), ("标准", "测量值", 3), "E111"),
        (put("标准", "达标 档", 2, "六成"), ("标准", "达标 档", 3), "E201"),
        (put("标准", "达标 档", 1, "{is: 60%} 自定"), ("标准", "达标 档", 2), "E201"),
        (put("标准", "评分方式", 2, "atleast"), ("标准", "评分方式", 3), "没有“atleast”这种评分方式"),
        (put("标准", "评分方式", 2, ""), "标准!A3", "没有填“评分方式”"),
        (put("标准", "整改措施", 2, "fly"), ("标准", "整改措施", 3), "E312"),
        (put("标准", "依据", 2, "- {id: S99, says: number, confidence: high}"), ("标准", "依据", 3), "E316"),
        (put("实测项", "类型", 1, "numbr"), "实测项!D2", "E205"),
        (put("实测项", "文件", 1, "../../evil"), "实测项!A2", "不能做文件名"),
        (put("实测项", "选项", 1, "a: 甲\na: 乙"), ("实测项", "选项", 2), "E105"),
        (put("措施", "改变什么", 1, "nowhere: 1"), "措施!D2", "E301"),
        (put("措施", "天数", 1, "三天"), "措施!I2", "E201"),
        (put("用例", "预期", 1, "SRV-01: {level: 优}"), ("用例", "预期", 2), "E305"),
        (put("用例", "已知", 1, "nowhere: 1"), "用例!D2", "E204"),
        (put("档次", "系数", 1, "满分"), "档次!B2", "E201"),
        (put("等次", "起点分", 1, 900), "等次!B2", "E207"),
        (put("来源", "类别", 1, "Z"), "来源!C2", "E205"),
        (drop_head("名称"), "体系!", "E202"),
        (drop_head("编号"), "体系", "E202"),
        (drop_sheet("标准"), "", "没有“标准”这张表"),
        (drop_sheet("体系"), "", "没有“体系”这张表"),
        (drop_sheet("实测项"), "标准!", "E301"),
        (rename("标准", "标题", "题目"), "标准!B1", "没有“题目”这一列"),
        (rename("标准", "标题", "要求"), "标准!C1", "“要求”这一列出现了两次"),
        (rename("标准", "标题", ""), "标准!B2", "这一格上面没有表头"),
        (rename("标准", "编号", "号"), "标准!A1", "找不到表头“编号”"),
        (rename("标准", "分值", "分"), "标准!A1", "缺少“分值”这一列"),
        (shift_row, "标准!", "没有填“编号”"),
        (shift_table, "标准!B2", "“编号”整列是空的，内容和表头错开了"),
    ],
)
def test_a_mistake_is_told_by_sheet_and_cell(
    edit: Edit, cell: str | tuple[str, str, int], says: str, grids: dict[str, Grid], cli: Run, tmp_path: Path
) -> None:
    if isinstance(cell, tuple):
        sheet, heading, row = cell
        cell = f"{sheet}!{utility.xl_col_to_name(column(grids[sheet], heading))}{row}"
    edit(grids)
    ran = cli("rules", "import", save(tmp_path / "x.xlsx", grids), "-o", tmp_path / "new" / SMALL)
    assert ran.code == 3 and "Traceback" not in ran.err and ran.out == ""
    told = [line for line in ran.err.splitlines() if "x.xlsx" in line or says in line]
    assert any(says in line for line in told), ran.err
    assert f"x.xlsx!{cell}" in ran.err if cell else "x.xlsx" in ran.err, ran.err
    assert not (tmp_path / "new" / SMALL).exists()
    assert not (tmp_path / "new").exists() or list((tmp_path / "new").iterdir()) == []


def test_all_mistakes_come_in_one_run(grids: dict[str, Grid], cli: Run, tmp_path: Path) -> None:
    for edit in (put("标准", "分值", 2, "四"), put("实测项", "分钟", 3, "半小时"), put("措施", "费用档", 2, "C9")):
        edit(grids)
    ran = cli("rules", "import", save(tmp_path / "x.xlsx", grids), "-o", tmp_path / SMALL)
    assert all(f"x.xlsx!{cell}" in ran.err for cell in ("标准!E3", "实测项!J4", "措施!F3"))


@pytest.mark.parametrize("place", ["A1:B1", "C4:C6"])
def test_merged_cells_are_refused_by_name(place: str, grids: dict[str, Grid], cli: Run, tmp_path: Path) -> None:
    book = save(tmp_path / "x.xlsx", grids, {"标准": [place]})
    ran = cli("rules", "import", book, "-o", tmp_path / SMALL)
    assert ran.code == 3 and f"{place} 是合并的单元格" in ran.err and "取消合并" in ran.err
    assert not (tmp_path / SMALL).exists()


def test_a_workbook_that_is_not_there(cli: Run, tmp_path: Path) -> None:
    ran = cli("rules", "import", tmp_path / "x.xlsx", "-o", tmp_path / SMALL)
    assert ran.code == 3 and "没有这个文件" in ran.err


def test_a_folder_that_is_taken_is_left_alone(grids: dict[str, Grid], cli: Run, tmp_path: Path) -> None:
    (tmp_path / SMALL).mkdir()
    (tmp_path / SMALL / "mine.txt").write_text("我的", encoding="utf-8")
    ran = cli("rules", "import", save(tmp_path / "x.xlsx", grids), "-o", tmp_path / SMALL)
    assert ran.code == 2 and "已经有了" in ran.err
    assert [p.name for p in (tmp_path / SMALL).iterdir()] == ["mine.txt"]


def test_the_folder_is_called_as_the_ruleset(grids: dict[str, Grid], cli: Run, tmp_path: Path) -> None:
    ran = cli("rules", "import", save(tmp_path / "x.xlsx", grids), "-o", tmp_path / "other")
    assert ran.code == 2 and SMALL in ran.err and not (tmp_path / "other").exists()


def test_what_excel_makes_of_typed_values_is_understood(grids: dict[str, Grid], cli: Run, tmp_path: Path) -> None:
    """A percentage typed into a cell is a number to Excel, a whole number a float, a list has Windows line ends."""
    row, place = next((r, n) for r in grids["标准"] for n, cell in enumerate(r) if re.fullmatch(r"\d+%", str(cell)))
    row[place] = Decimal(str(row[place]).rstrip("%")) / 100
    grids["标准"][1][column(grids["标准"], "责任单位")] = "民政\r\n 街道 \r\n"
    assert cli("rules", "import", save(tmp_path / "x.xlsx", grids), "-o", tmp_path / SMALL).code == 0
    assert without_files(load_ruleset(tmp_path / SMALL)) == without_files(shipped(SMALL))


CODED = ("测评方法", "层级", "状态", "合成", "评分方式", "类型", "好的方向", "用于点位", "痕迹", "可信度", "红线否决")


def test_who_does_not_program_reads_chinese_words(grids: dict[str, Grid], cli: Run, tmp_path: Path) -> None:
    """Types, kinds and methods stand there in Chinese; the words of the files are read as well, also mixed."""
    seen = set[str]()
    for name in ("标准", "实测项", "来源"):
        for heading in set(CODED) & {str(cell) for cell in grids[name][0]}:
            place = column(grids[name], heading)
            cells = {str(row[place]) for row in grids[name][1:] if row[place] != ""}
            assert not any(re.search("[a-zA-Z]", cell) for cell in cells if not cell.startswith("{")), (heading, cells)
            seen |= cells
    assert {"个数", "越多越好", "实地考察", "核心", "数值越高越好", "中"} <= seen
    types, scales = column(grids["实测项"], "类型"), column(grids["标准"], "评分方式")
    for row in grids["实测项"][1:]:
        row[types] = {"个数": "count", "是否": " 是否 "}.get(row[types], row[types])
    for row in grids["标准"][1::2]:
        row[scales] = {"数值越高越好": "at_least", "按达到的条数": "met"}.get(row[scales], row[scales])
    assert cli("rules", "import", save(tmp_path / "x.xlsx", grids), "-o", tmp_path / SMALL).code == 0
    assert without_files(load_ruleset(tmp_path / SMALL)) == without_files(shipped(SMALL))


def test_a_word_that_is_none_has_its_cell(grids: dict[str, Grid], cli: Run, tmp_path: Path) -> None:
    grids["标准"][1][column(grids["标准"], "评分方式")] = "看着办"
    grids["实测项"][1][column(grids["实测项"], "类型")] = "个"
    ran = cli("rules", "import", save(tmp_path / "x.xlsx", grids), "-o", tmp_path / SMALL)
    assert ran.code == 3 and "没有“看着办”这种评分方式" in ran.err and "数值越高越好、" in ran.err


def test_every_closed_word_has_one_chinese_word() -> None:
    for sheet in SHEETS:
        for each in sheet.columns:
            assert len(set(each.words.values())) == len(each.words)
            assert all(each.in_file(each.in_chinese(word)) == word == each.in_file(word) for word in each.words)


def test_a_tailoring_has_no_sheets_of_the_base(cli: Run, tmp_path: Path) -> None:
    filled = workbook_rows(rule_files(RULES / "strict-local"))
    grids = {f.sheet.name: [[c.heading for c in f.sheet.columns], *map(list, f.rows)] for f in filled}
    grids["费用档"] = [["编号", "名称", "最低", "最高"], ["C0", "不花钱", 0, 0]]
    grids["标准"][1][column(grids["标准"], "改动")] = "change"
    ran = cli("rules", "import", save(tmp_path / "x.xlsx", grids), "-o", tmp_path / "strict-local")
    assert ran.code == 3 and "本地细则里不写“费用档”" in ran.err and "x.xlsx!标准!A2" in ran.err


def test_without_the_extra_the_way_out_is_told(cli: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("checklist.cli.commands.rules_sheets.find_spec", lambda name: None)
    for arguments in (("export",), ("import", tmp_path / "x.xlsx", "-o", tmp_path / "y")):
        ran = cli("rules", *arguments)
        assert ran.code == 2 and 'pip install "civic-checklist[office]"' in ran.err


def test_the_guide_names_no_sheet_that_is_read() -> None:
    assert GUIDE not in [sheet.name for sheet in SHEETS]


def test_a_cell_too_long_for_excel_is_refused(tmp_path: Path, cli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checklist.reports.rules.ruleset_workbook.LONGEST", 20)
    ran = cli("rules", "export", "--rules", SMALL, "-o", tmp_path / "x.xlsx")
    assert ran.code == 3 and "Excel 一格最多" in ran.err and not (tmp_path / "x.xlsx").exists()


def test_phrases_are_a_clause_a_line_in_a_cell(tmp_path: Path) -> None:
    """Also what is said in the place of a clause, and in the place of that one."""
    deep = {
        "community_staff": "没有人",
        "else": [{"population": "没有户口数", "else": ["只有 {community_staff} 人"]}, "再说"],
    }
    files = rule_files(RULES / SMALL)
    files["MGT.yaml"].data[1]["phrases"] = {
        "met": ["有 {community_staff} 人", {"population": "有户口数"}],
        "unmet": deep,
    }
    book = tmp_path / "x.xlsx"
    book.write_bytes(ruleset_xlsx(files))
    cells = next(row for sheet, listed in rows(files) if sheet == "标准" for row in listed if row[0] == "MGT-02")
    assert (
        "community_staff: 没有人\n否则 population: 没有户口数\n否则 否则 只有 {community_staff} 人\n否则 再说" in cells
    )
    read = read_ruleset_workbook(book)
    back = next(value for _, value in read.files["MGT.yaml"].entries if value["id"].value == "MGT-02")
    assert {key: placed.value for key, placed in back["phrases"].items()} == files["MGT.yaml"].data[1]["phrases"]
