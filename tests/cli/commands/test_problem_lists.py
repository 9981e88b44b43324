"""From a list as an office hands it down to the ledger: nothing lost, nothing invented, what is not clear left open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from checklist.model.rules.ruleset import Ruleset
from checklist.reading.tables.spreadsheet import read_sheets
from checklist.values.cells import words
from checklist.values.headings import JOIN
from tests.cli.commands.test_problems import community, entries
from tests.conftest import Run
from tests.support.tables import plain_xlsx
from tests.support.word import word_file

pytest.importorskip("xlsxwriter")
pytest.importorskip("python_calamine")
FOUND = "2026-11-20"
HEAD = "点位,存在问题,问题图片,责任主体,责任人,整改期限,督查人,扣分,备注"


def rows_of(book: Path) -> tuple[list[str], list[list[object]]]:
    head, *rows = [[c if isinstance(c, date) else words(c) for c in row] for row in read_sheets(book)[0].rows]
    return [str(name) for name in head], rows


def proposed(cli: Run, tmp_path: Path, rows: str, head: str = HEAD) -> Path:
    listed, book = tmp_path / "清单.csv", tmp_path / "待确认.xlsx"
    listed.write_text(f"检查日期：{FOUND}　检查组：第三组\n{head}\n{rows}\n", encoding="utf-8-sig")
    ran = cli("problems", listed, "-o", book, "--force")
    assert ran.code == 0, ran.err
    return book


def filled(book: Path, answers: Mapping[int, Mapping[str, str]]) -> Path:
    """With what a person writes into some rows (from 1)."""
    head, rows = rows_of(book)
    for row, cells in answers.items():
        for column, text in cells.items():
            rows[row - 1][head.index(column)] = text
    book.write_bytes(plain_xlsx("待确认", head, rows))  # type: ignore[arg-type]
    return book


def ledger(cli: Run, tmp_path: Path, rows: str, answers: Mapping[int, Mapping[str, str]]) -> list[dict[str, str]]:
    folder = community(cli, tmp_path)
    ran = cli("problems", filled(proposed(cli, tmp_path, rows), answers), "--into", folder, "--write")
    assert ran.code == 0, ran.err
    return entries(folder)


def test_all_that_the_list_says_reaches_the_ledger(cli: Run, tmp_path: Path) -> None:
    rows = "东门,路面坑洼,1.jpg,物业,王五,三日内,张科长,0.5,上次也有"
    (entry,) = ledger(cli, tmp_path, rows, {1: {"采用": "INF-01"}})
    assert (entry["点位"], entry["整改前后照片"], entry["责任单位"], entry["责任人"]) == (
        "东门",
        "1.jpg",
        "物业",
        "王五",
    )
    assert (entry["来源"], entry["发现时间"], entry["时限"]) == ("第三组 张科长", FOUND, "2026-11-23")
    assert all(text in entry["备注"] for text in ("上次也有", "扣分：0.5", "清单写的时限：三日内"))


@pytest.mark.many
@pytest.mark.parametrize(
    ("term", "due", "remark"),
    [
        ("", "2026-11-27", "清单没写时限，按规则里的天数定"),
        ("/", "2026-11-27", "清单没写时限，按规则里的天数定"),
        ("尽快", "", "清单写的时限：尽快"),
        ("11月18日前", "", "清单写的时限：11月18日前"),
        ("长期坚持", "长期坚持", ""),
        ("2026-12-01", "2026-12-01", ""),
        ("3个工作日内", "2026-11-25", "清单写的时限：3个工作日内"),
    ],
)
def test_the_rules_own_days_stand_only_where_the_list_says_nothing(
    term: str, due: str, remark: str, cli: Run, tmp_path: Path
) -> None:
    (entry,) = ledger(cli, tmp_path, f"东门,路面坑洼,,,,{term},,,", {1: {"采用": "INF-01"}})
    assert (entry["时限"], entry["备注"]) == (due, remark)


@pytest.mark.slow
def test_what_is_asked_for_is_shown_with_its_row_and_can_be_filled_in(cli: Run, tmp_path: Path) -> None:
    book = proposed(cli, tmp_path, "东门,路面坑洼,,,,尽快,,,\n西门,垃圾桶满溢,,,,3日内,,,")
    ran = cli("problems", tmp_path / "清单.csv")
    shown = "".join(ran.out.split())
    assert "时限“尽快”：定不下来" in shown and "1个的时限定不下来，要人填日期：第1行" in shown and "F3" in ran.err
    folder = community(cli, tmp_path)
    ran = cli("problems", filled(book, {1: {"采用": "INF-01", "整改时限": "12月1日前"}}), "--into", folder, "--write")
    assert ran.code == 0 and [e["时限"] for e in entries(folder)] == ["2026-12-01"]


LINE = "楼道堆放杂物、墙面有小广告；灭火器过期"
PARTS = ("楼道堆放杂物", "墙面有小广告", "灭火器过期")
SPLIT = f"3号楼,{LINE},2.jpg,物业,,3日内,李四,,"


@pytest.mark.slow
def test_a_line_of_several_defects_is_split_for_confirmation(cli: Run, tmp_path: Path) -> None:
    adopted = {1: {"采用": "ORD-05"}, 2: {"采用": "ENV-11"}, 3: {"采用": "FIR-05"}}
    found = ledger(cli, tmp_path, SPLIT, adopted)
    assert [e["问题描述"] for e in found] == list(PARTS)
    assert {(e["点位"], e["整改前后照片"], e["时限"], e["责任单位"]) for e in found} == {
        ("3号楼", "2.jpg", "2026-11-23", "物业")
    }


@pytest.mark.slow
def test_parts_are_joined_again_where_a_person_says_so(cli: Run, tmp_path: Path) -> None:
    (one,) = ledger(cli, tmp_path, SPLIT, {1: {"采用": "ORD-05"}, 2: {"采用": JOIN}, 3: {"采用": JOIN}})
    assert (one["问题描述"], one["对应标准"]) == (LINE, "ORD-05")


@pytest.mark.slow
def test_split_joined_or_whole_it_is_entered_once(cli: Run, tmp_path: Path) -> None:
    folder = community(cli, tmp_path)
    book = proposed(cli, tmp_path, SPLIT)
    whole = {1: {"采用": "ORD-05"}, 2: {"采用": JOIN}, 3: {"采用": JOIN}}
    parts = {1: {"采用": "ORD-05"}, 2: {"采用": "ENV-11"}, 3: {"采用": "FIR-05"}}
    assert cli("problems", filled(book, whole), "--into", folder, "--write").code == 0
    assert cli("problems", filled(proposed(cli, tmp_path, SPLIT), parts), "--into", folder, "--write").code == 0
    assert [e["问题描述"] for e in entries(folder)] == [LINE]
    assert cli("undo", folder).code == 0 and not (folder / "整改台账.csv").exists()
    assert cli("problems", filled(proposed(cli, tmp_path, SPLIT), parts), "--into", folder, "--write").code == 0
    assert cli("problems", filled(proposed(cli, tmp_path, SPLIT), whole), "--into", folder, "--write").code == 0
    assert [e["问题描述"] for e in entries(folder)] == list(PARTS)


def test_the_sheet_offers_joining_only_where_something_was_split(cli: Run, tmp_path: Path) -> None:
    head, rows = rows_of(proposed(cli, tmp_path, f"{SPLIT}\n东门,路面坑洼,,,,,,,"))
    assert [row[head.index("问题")] for row in rows] == [*PARTS, "路面坑洼"]
    assert [row[head.index("原话")] for row in rows] == [LINE, LINE, LINE, ""]
    plain, _ = rows_of(proposed(cli, tmp_path, "东门,路面坑洼,,,,,,,"))
    assert "原话" not in plain


@pytest.mark.slow
def test_a_confirmed_list_is_not_split_again(cli: Run, tmp_path: Path) -> None:
    book = filled(proposed(cli, tmp_path, SPLIT), {1: {"采用": "ORD-05"}, 2: {"采用": JOIN}})
    again = tmp_path / "再看.xlsx"
    assert cli("problems", book, "-o", again).code == 0
    head, rows = rows_of(again)
    assert [row[head.index("问题")] for row in rows] == ["楼道堆放杂物；墙面有小广告", "灭火器过期"]


def test_a_measure_that_is_not_clear_is_left_open_with_its_choices(cli: Run, tmp_path: Path, ruleset: Ruleset) -> None:
    (entry,) = ledger(cli, tmp_path, "东门,消防车道未划线,,,,,,,", {1: {"采用": "FIR-01"}})
    assert entry["整改措施"] == "" and entry["时限"] == "" and entry["责任单位"]
    assert "整改措施请选：" in entry["备注"] and "划线" in entry["备注"]
    labels = [ruleset.actions[name].label for name in ruleset.criterion("FIR-01").actions]
    assert all(label in entry["备注"] for label in labels)


@pytest.mark.slow
def test_a_measure_that_the_list_or_a_person_names_stands(cli: Run, tmp_path: Path) -> None:
    answers = {1: {"采用": "FIR-01", "整改措施": "请交警来划线"}}
    (entry,) = ledger(cli, tmp_path, "东门,消防车道未划线,,,,3日内,,,", answers)
    assert entry["整改措施"] == "请交警来划线" and "请选" not in entry["备注"] and entry["时限"] == "2026-11-23"


def test_what_the_ledger_lacks_is_counted_before_it_is_written(cli: Run, tmp_path: Path) -> None:
    rows = "东门,消防车道未划线,,,,3日内,,,\n西门,路面坑洼,,,,尽快,,,\n南门,路面坑洼,,,,3日内,,,"
    answers = {1: {"采用": "FIR-01"}, 2: {"采用": "INF-01"}, 3: {"采用": "INF-01"}}
    ran = cli("problems", filled(proposed(cli, tmp_path, rows), answers), "--into", community(cli, tmp_path))
    assert ran.code == 0 and "1 条没有时限，1 条没有整改措施：请在台账里填上" in ran.out


def test_a_word_table_goes_the_whole_way(cli: Run, tmp_path: Path) -> None:
    path = word_file(
        tmp_path / "交办单.docx",
        [[["序号", "检查点位", "问题描述", "整改期限"], ["1", "东门", "路面坑洼", "一周内"]]],
        ["检查时间：2026年11月20日　督查人：张科长"],
    )
    book, folder = tmp_path / "待确认.xlsx", community(cli, tmp_path)
    assert cli("problems", path, "-o", book).code == 0
    assert cli("problems", filled(book, {1: {"采用": "INF-01"}}), "--into", folder, "--write").code == 0
    (entry,) = entries(folder)
    assert (entry["点位"], entry["来源"], entry["时限"]) == ("东门", "张科长", "2026-11-27")


@pytest.mark.parametrize(
    ("text", "code"), [("", 3), ("点位,问题\n", 5), ("检查组：甲\n序号,点位,存在问题\n,,\n", 5), ("甲,乙\n1,2\n", 3)]
)
def test_a_list_without_problems_is_told_so(text: str, code: int, cli: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    ran = cli("problems", tmp_path / "a.csv", "-o", tmp_path / "b.xlsx")
    assert ran.code == code and ran.err.strip() and not ran.out.strip() and not (tmp_path / "b.xlsx").exists()
