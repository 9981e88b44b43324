"""Tables as communities and districts have them: exported by ``checklist table``, filled in, saved again by anybody."""

from __future__ import annotations

import csv
import zipfile
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import feather

from checklist import assess, load_states
from checklist.batch.columns.bad_cells import BadCell
from checklist.cli.console import Exit
from checklist.files.flat_spreadsheets import flat_file, is_sheet
from checklist.model.numbers import rounded
from checklist.model.rules.ruleset import Ruleset
from checklist.reading.tables.spreadsheet import read_sheets
from tests.conftest import Run

xlsxwriter = pytest.importorskip("xlsxwriter")
TITLE = "office:document-content"


def assessed(*, sampling: bool = False) -> dict[str, tuple[Any, ...]]:
    """What ``checklist assess`` makes of every folder of the shipped data."""
    found = {}
    for item in load_states(["data"]).states:
        one = assess(item.ruleset, item.state, sampling=sampling)
        total = one.total
        found[item.state.community.id] = (total.low, total.high, total.possible, total.decided, one.verdict.kind)
    return found


def batched(cli: Run, source: Path, out: Path, *more: str) -> dict[str, tuple[Any, ...]]:
    ran = cli("batch", source, "-o", out, *more)
    assert ran.code == 0, ran.err
    assert not out.with_name(f"{out.stem}.bad.csv").exists(), ran.err
    names = ("low", "high", "possible", "decided", "verdict")
    return {row["community"]: tuple(row[n] for n in names) for row in pq.read_table(out).to_pylist()}


@pytest.mark.parametrize(
    "file, more",
    [
        ("总表.xlsx", []),
        pytest.param("总表.csv", [], marks=pytest.mark.slow),
        pytest.param("总表.csv", ["--encoding", "gbk"], marks=pytest.mark.slow),
        pytest.param("长表.xlsx", ["--shape", "long"], marks=pytest.mark.slow),
        ("长表.csv", ["--shape", "long", "--encoding", "gbk"]),
    ],
)
def test_an_exported_table_scores_as_the_folders_do(cli: Run, tmp_path: Path, file: str, more: list[str]) -> None:
    assert cli("table", "data", "-o", tmp_path / file, *more).code == 0
    assert batched(cli, tmp_path / file, tmp_path / "out.parquet") == assessed()
    sampled = batched(cli, tmp_path / file, tmp_path / "out.parquet", "--sampling")
    assert sampled == assessed(sampling=True) != assessed()


@pytest.mark.slow
def test_places_and_names_come_along(cli: Run, tmp_path: Path) -> None:
    cli("table", "data", "-o", tmp_path / "总表.xlsx")
    ran = cli("batch", tmp_path / "总表.xlsx", "-o", tmp_path / "o.parquet", "--top-gaps", "1", "--by", "区县")
    assert ran.code == 0 and "湖东区丢分最多的标准" in ran.out
    row = pq.read_table(tmp_path / "o.parquet").to_pylist()[1]
    assert (row["community"], row["name"], row["district"]) == ("cuihu", "翠湖社区（示例数据）", "湖东区")


@pytest.mark.slow
def test_one_row_of_a_spreadsheet_is_explained(cli: Run, tmp_path: Path) -> None:
    cli("table", "data", "-o", tmp_path / "总表.xlsx")
    ran = cli("batch", tmp_path / "总表.xlsx", "--explain", "2", "--sampling")
    alone = cli("assess", "data/cuihu", "--sampling")
    score = next(line for line in alone.out.splitlines() if "得分" in line)
    assert ran.code == 0 and "翠湖社区" in ran.out and score in ran.out


def ods(path: Path, rows: list[list[Any]]) -> None:
    """The least that is an OpenDocument spreadsheet."""
    cells = lambda row: "".join(
        f'<table:table-cell office:value-type="string"><text:p>{escape(str(c))}</text:p></table:table-cell>'
        if c not in (None, "")
        else "<table:table-cell/>"
        for c in row
    )
    names = "".join(f' xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text"))
    body = "".join(f"<table:table-row>{cells(row)}</table:table-row>" for row in rows)
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><{TITLE}{names}><office:body><office:spreadsheet>'
        f'<table:table table:name="总表">{body}</table:table></office:spreadsheet></office:body></{TITLE}>'
    )
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr("content.xml", content)
        file.writestr("META-INF/manifest.xml", "<x/>")


@pytest.mark.slow
def test_an_ods_with_a_title_above_scores_the_same(cli: Run, tmp_path: Path) -> None:
    cli("table", "data", "-o", tmp_path / "总表.csv")
    rows = [list(row) for row in read_sheets(tmp_path / "总表.csv")[0].rows]
    ods(tmp_path / "总表.ods", [["某区创建办：社区总表"], [], *rows, [], []])
    assert batched(cli, tmp_path / "总表.ods", tmp_path / "out.parquet") == assessed()


@pytest.mark.slow
def test_the_words_that_people_write(cli: Run, tmp_path: Path) -> None:
    text = (
        "社区,户数（户）,已成立创建领导小组,知道创建的居民比例,office_area_m2\n"
        "甲社区,约1200户,√,41/50,1.2百\n乙社区,九百户,没有,82%,３２０㎡\n丙社区,不清楚,说不清,0.82,\n"
    )
    (tmp_path / "a.csv").write_text(text, encoding="gbk")
    assert cli("batch", tmp_path / "a.csv", "-o", tmp_path / "o.parquet").code == 0
    bad = (tmp_path / "o.bad.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(bad) == 2 and bad[1].startswith("1,甲社区,office_area_m2,E211,")
    found = pq.read_table(tmp_path / "o.parquet")
    assert found.column("community").to_pylist() == ["甲社区", "乙社区", "丙社区"]
    explained = cli("batch", tmp_path / "a.csv", "--explain", "1").out
    assert "甲社区" in explained


@pytest.mark.slow
def test_the_day_above_a_table_and_the_day_of_a_row(cli: Run, tmp_path: Path) -> None:
    """An old day makes readings stale when looked at from today; a row's own day counts before the one above."""
    head = "社区编号,社区,现状日期,核实日期,户数\n"
    (tmp_path / "a.csv").write_text(
        "填报日期,2020-01-01\n\n" + head + "a,甲,2020-01-01,,100\nb,乙,2020-01-01,2026-11-20,100\n", encoding="utf-8"
    )
    cli("batch", tmp_path / "a.csv", "-o", tmp_path / "o.parquet", "--as-of", "2026-11-24")
    explained = [cli("batch", tmp_path / "a.csv", "--as-of", "2026-11-24", "--explain", n).out for n in ("1", "2")]
    assert "2026-11-24" in explained[0] and explained[0] != explained[1]


@pytest.mark.slow
def test_a_folder_of_every_kind_of_table(cli: Run, tmp_path: Path) -> None:
    """Columns that a file lacks are unknown there; folders named like street=… are columns."""
    cli("table", "data/cuihu", "-o", tmp_path / "a.xlsx")
    whole = batched(cli, tmp_path / "a.xlsx", tmp_path / "one.parquet")
    folder = tmp_path / "表"
    for street in ("湖滨", "%E5%8C%97%E9%97%A8"):
        (folder / f"街道={street}").mkdir(parents=True)
    (folder / "街道=湖滨" / "a.xlsx").write_bytes((tmp_path / "a.xlsx").read_bytes())
    pq.write_table(
        pa.table({"community": [7], "households": [500.0]}), folder / "街道=%E5%8C%97%E9%97%A8" / "b.parquet"
    )
    (folder / "街道=湖滨" / "c.csv").write_text("编号,lamps_lit,lamps_installed\nc,3,4\n", encoding="utf-8")
    (folder / "街道=湖滨" / "~$a.xlsx").write_bytes(b"lock")
    ran = cli("batch", folder, "-o", tmp_path / "o.parquet", "--top-gaps", "1", "--by", "街道")
    assert ran.code == 0, ran.err
    rows = {row["community"]: row for row in pq.read_table(tmp_path / "o.parquet").to_pylist()}
    assert rows.keys() == {"cuihu", "7", "c"}
    assert (rows["cuihu"]["low"], rows["cuihu"]["high"]) == whole["cuihu"][:2]
    assert (rows["7"]["street"], rows["c"]["street"]) == ("北门", "湖滨")
    assert "北门丢分最多的标准" in ran.out or "湖滨丢分最多的标准" in ran.out


def test_spreadsheets_that_hold_no_answers(cli: Run, tmp_path: Path) -> None:
    ods(tmp_path / "a.ods", [["随便", "写的"], ["1", "2"]])
    (tmp_path / "b.xlsx").write_bytes(b"PK\x03\x04 cut off")
    for name in ("a.ods", "b.xlsx"):
        ran = cli("batch", tmp_path / name, "-o", tmp_path / "o.parquet")
        assert ran.code == Exit.PROBLEMS and name in ran.err and not (tmp_path / "o.parquet").exists()


@pytest.mark.slow
def test_the_same_from_python(cli: Run, tmp_path: Path) -> None:
    from datetime import date

    import checklist

    cli("table", "data", "-o", tmp_path / "总表.xlsx")
    ruleset = checklist.load_ruleset()
    summary = checklist.score_table(
        tmp_path / "总表.xlsx",
        tmp_path / "o.parquet",
        ruleset,
        today=date(2026, 11, 24),
        columns=("totals",),
        rank=True,
    )
    assert (summary.rows, summary.bad) == (6, [])
    found = {row["community"]: row for row in pq.read_table(tmp_path / "o.parquet").to_pylist()}
    assert found["cuihu"]["rank"] == 1
    for item in load_states(["data"]).states:
        score = assess(item.ruleset, item.state).score
        assert found[item.state.community.id]["score_low"] == float(rounded(score.low, 4))


SITES = [["社区", "小区", "小区总数", "路面坑洼破损", "户数"], ["甲社区", "", "3", "", "2130"], ["", "A区", "", "3", ""],
         ["", "B区", "", "0", ""]]  # fmt: skip


def flat(path: Path, ruleset: Ruleset, folder: Path) -> tuple[list[dict[str, Any]], list[str]]:
    bad: list[BadCell] = []
    assert is_sheet(path, ruleset)
    table = feather.read_table(flat_file(path, ruleset, date(2026, 11, 24), folder / "a.arrow", bad))
    return [{k: v for k, v in row.items() if v is not None} for row in table.to_pylist()], [c.code for c in bad]


def test_a_column_of_estates_is_one_of_sites_and_merged_cells_are_each_rows(tmp_path: Path, ruleset: Ruleset) -> None:
    path = tmp_path / "总表.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("总表")
        for row, cells in enumerate(SITES):
            sheet.write_row(row, 0, cells)
        sheet.merge_range(1, 0, 3, 0, "甲社区")
    rows, bad = flat(path, ruleset, tmp_path)
    a = {"社区": "甲社区", "点位": "A区", "点位类别": "estate", "路面坑洼破损": "3"}
    b = {"社区": "甲社区", "点位": "B区", "点位类别": "estate", "路面坑洼破损": "0"}
    assert (rows, bad) == ([{"社区": "甲社区", "小区总数": "3", "户数": "2130"}, a, b], [])
    with (tmp_path / "总表.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([SITES[0], *([row[0] or "甲社区", *row[1:]] for row in SITES[1:])])
    assert flat(tmp_path / "总表.csv", ruleset, tmp_path) == (rows, bad)


def test_a_long_table_is_a_row_a_site(tmp_path: Path, ruleset: Ruleset) -> None:
    text = """社区编号,社区,点位编号,点位,小区总数,编号,实测值,核实日期
jia,甲社区,,,2,households,2130,2026-11-01
jia,甲社区,estate-1,A区,,potholes,3,2026-11-02
jia,甲社区,estate-2,B区,,potholes,0,2026-11-03
"""
    (tmp_path / "长.csv").write_text(text, encoding="utf-8")
    rows, bad = flat(tmp_path / "长.csv", ruleset, tmp_path)
    who = {"社区编号": "jia", "社区": "甲社区", "现状日期": "2026-11-03"}
    assert (rows, bad) == ([
        {**who, "小区总数": "2", "households": "2130", "households__on": "2026-11-01"},
        {**who, "点位编号": "estate-1", "点位": "A区", "点位类别": "estate", "potholes": "3", "potholes__on": "2026-11-02"},
        {**who, "点位编号": "estate-2", "点位": "B区", "点位类别": "estate", "potholes": "0", "potholes__on": "2026-11-03"},
    ], [])  # fmt: skip
