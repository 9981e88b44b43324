"""A form with one heading renamed is answered with what is missing and the heading that was probably meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Run


@pytest.mark.parametrize(
    ("head", "row", "missing", "near"),
    [
        ("编号,实测项,怎么核,上次核实,实际情况,备注", "potholes,路面坑洼破损,走一遍,2026-01-01,6,", "实测值", "!E1"),
        ("实测项,现场数,单位", "路面坑洼破损,6,处", "实测值", "!B1"),
        ("指标,实测值", "路面坑洼破损,6", "实测项", "!A1"),
        ("实测项,单位", "路面坑洼破损,处", "实测值", "!A1"),
    ],
)
@pytest.mark.parametrize("command", ["assess", "import"])
def test_the_missing_column_and_the_nearest_are_named(
    command: str, head: str, row: str, missing: str, near: str, cli: Run, tmp_path: Path
) -> None:
    pytest.importorskip("python_calamine")
    (tmp_path / "t.csv").write_text(f"某街道\n{head.replace('!', '')}\n{row}\n", encoding="utf-8")
    more: tuple[object, ...] = ()
    if command == "import":
        cli("init", "甲社区", "--street", "某街道", "--rules", "civilized-city-community", "--folder", tmp_path / "甲")
        more = ("--into", tmp_path / "甲")
    ran = cli(command, tmp_path / "t.csv", *more)
    assert ran.code == 3 and "E113" in ran.err and f"缺“{missing}”这一列" in ran.err
    assert near.replace("1", "2") in ran.err and "没有可收的填报内容" not in ran.err


def test_the_sheets_that_can_be_read_are_read(cli: Run, tmp_path: Path) -> None:
    """A renamed column in one sheet does not hide itself behind the other sheets, nor stop them."""
    xlsxwriter = pytest.importorskip("xlsxwriter")
    pytest.importorskip("python_calamine")
    with xlsxwriter.Workbook(tmp_path / "t.xlsx") as book:
        for name, rows in {
            "填报表": [["实测项", "结论"], ["路面坑洼破损", 6]],
            "现场": [["实测项", "实测值"], ["已装的路灯", 9]],
            "不适用": [["标准编号", "原因"], ["NBR-02", "没有市场"]],
            "说明": [["项目", "备注"], ["填表须知", "看清楚再填"]],
        }.items():
            sheet = book.add_worksheet(name)
            for i, row in enumerate(rows):
                sheet.write_row(i, 0, row)
    ran = cli("assess", tmp_path / "t.xlsx", "--format", "json")
    assert ran.code == 3 and ran.err.count("E113") == 2
    assert "“填报表”缺“实测值”" in ran.err and "“不适用”缺“不适用的理由”" in ran.err and "像的是“原因”" in ran.err
