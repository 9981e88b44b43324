"""Tables as offices have them: totals, footers, headings again, blank rows and rows that are too long, at every door."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checklist import load_ruleset, load_state
from checklist.files.whole_tables import score_table
from checklist.model.field_form import ON, RULESET
from checklist.model.problems import Problem
from checklist.model.rules.ruleset import Ruleset
from checklist.reading.fieldforms.submissions import read_submissions
from checklist.reading.lists.inspections import read_inspections
from checklist.reading.lists.ledger_file import read_ledger
from checklist.reading.lists.problem_list import read_problem_list
from checklist.reading.records.readings import read_filled
from checklist.reading.tables.recognising import open_table
from checklist.reading.tables.spreadsheet import read_sheets
from checklist.reports.formats.csv_text import table_csv
from checklist.reports.forms.community_tables import long_table, wide_table
from checklist.values.row_kinds import MAY_STAND_ASIDE, RowKind, kind_of_row
from tests.conftest import ROOT, Run
from tests.support.laws import examples
from tests.support.tables import FILES, Rows, as_parquet, as_sqlite, csv_of

DAY: Final = date(2026, 3, 1)
HEAD: Final = ("社区", "户数", "已装的路灯", "核实日期")

WHAT_ROWS_ARE: Final[list[tuple[RowKind, list[str], set[int]]]] = [
    ("total", ["合计", "3930", "90", ""], {0}),
    ("total", ["合 计", "3930"], {0}),
    ("total", ["", "总计：", "5"], set()),
    ("total", ["湖滨街道小计", "300", "—"], {0}),
    ("total", ["平均值", "30.5"], {0}),
    ("total", ["共3个社区"], {0}),
    ("total", ["总计（3个社区）", "1"], {0}),
    ("total", ["合计", "1 项"], set()),
    ("total", ["12", "合计", "3"], {1}),
    ("total", ["合\u3000计", "3930"], {0}),
    ("total", ["合\u200b计", "3930"], {0}),
    ("total", ["汇 总", "9", "含东湖"], {0}),
    ("total", ["平均得分", "80.5"], {0}),
    ("total", ["总分", "", "80.5"], {0}),
    ("total", ["Total", "3930"], {0}),
    ("total", ["Grand Total：", "3930"], {0}),
    ("total", ["SUM", "3930"], {0}),
    ("footer", ["填表人：张三"], {0}),
    ("footer", ["填 表 人：张三", "", "审　核：李四"], {0}),
    ("footer", ["备\u3000注：数据来自统计站"], {0}),
    ("footer", ["社区主任（签字）：", "", "书记：王五"], {0}),
    ("footer", ["检查组长：张三", "记录人：李四"], {0}),
    ("footer", ["2. 户数含空置房"], {0}),
    ("footer", ["※户数含空置房"], {0}),
    ("footer", ["此表一式两份，街道、社区各执一份"], {0}),
    ("footer", ["单位：户、盏"], {0}),
    ("footer", ["（续表）"], {0}),
    ("footer", ["数据截至2026年3月1日"], {0}),
    ("footer", ["2026年  月  日"], set()),
    ("footer", ["年   月   日"], {0}),
    ("footer", ["湖滨街道办事处", "", "2026年3月1日"], {0}),
    ("footer", ["（盖章）"], {0}),
    ("footer", ["Page 1 of 3"], {0}),
    ("footer", ["— 1 —"], {0}),
    ("footer", ["填表人：张三", "", "审核：李四", "2026年3月1日"], {0}),
    ("footer", ["填表人", "张三", "审核人", "李四"], set()),
    ("footer", ["填表人：张三  审核：李四  日期：2026年3月1日"], set()),
    ("footer", ["负责人（签字）：", "", "填报日期："], set()),
    ("footer", ["注：本表数据截至2025年底"], {0}),
    ("footer", ["注：表中数字", "为2025年底"], {0}),
    ("footer", ["说明：1. 灯数含庭院灯"], set()),
    ("footer", ["制表日期：2026-03-01"], set()),
    ("footer", ["湖滨街道办事处（盖章）"], {0}),
    ("footer", ["2026年3月1日"], {0}),
    ("footer", ["湖滨街道办事处（盖章）", "", "二〇二六年三月一日"], {0}),
    ("footer", ["第1页 共2页"], set()),
    ("footer", ["（以下空白）"], set()),
    ("heading", [*HEAD], {0}),
    ("heading", ["社区", "户数"], {0}),
    ("heading", ["社区"], {0}),
    ("heading", ["社区名称", "户数（户）", "已装路灯数"], {0}),
    ("blank", ["", " \u3000"], {0}),
    ("blank", ["\u200b", "\ufeff\u3000"], {0}),
    ("entry", ["注意：门口积水"], set()),
    ("entry", ["注意用电标识缺失", "物业"], set()),
    ("entry", ["公示栏缺少合计", "物业"], set()),
    ("entry", ["说明：牌子掉了", "物业", "3日内"], set()),
    ("entry", ["负责人 说不出应急职责"], set()),
    ("entry", ["联系电话未公示", "物业"], set()),
    ("entry", ["审核不严", "物业"], set()),
    ("entry", ["2026年3月1日", "桃李社区", "FAC-01"], {1}),
    ("entry", ["平均巷社区", "5"], {0}),
    ("entry", ["合计巷社区", "5"], {0}),
    ("entry", ["1. 东湖社区", "5"], {0}),
    ("entry", ["1. 东湖社区"], {0}),
    ("entry", ["1. 楼道堆物，统计三处"], set()),
    ("entry", ["市民中心", "2026年3月1日", "门口积水"], {0}),
    ("entry", ["办事处", "5"], {0}),
    ("entry", ["户数", "项目"], {1}),
]


@pytest.mark.parametrize(
    ("kind", "row", "names"), WHAT_ROWS_ARE, ids=lambda x: "|".join(x) if isinstance(x, list) else ""
)
def test_what_a_row_is(kind: RowKind, row: list[str], names: set[int]) -> None:
    assert kind_of_row(HEAD, row, names) == kind
    if kind in ("total", "footer"):
        assert re.search(MAY_STAND_ASIDE, next(filter(None, row))) or any(re.search(MAY_STAND_ASIDE, c) for c in row)


@pytest.mark.parametrize("called", ["id", "label"])
def test_a_fact_that_is_called_a_total_is_none(called: str, ruleset: Ruleset, tmp_path: Path) -> None:
    """Every fact of the shipped rules, alone with its value, as somebody types a short list."""
    facts = [f for f in ruleset.facts.values() if f.type == "count"]
    assert any("总数" in f.label for f in facts) and any("total" in f.id for f in facts)
    rows = [["编号" if called == "id" else "实测项", "实测值"], *([getattr(f, called), "12"] for f in facts)]
    (tmp_path / "a.csv").write_bytes(csv_of([*rows, ["合计", "12"]]))
    (filled,), problems = read_filled(open_table(tmp_path / "a.csv"), ruleset, DAY)
    assert {p.code for p in problems} <= {"W240", "E213", "W232"}  # the last row; 12 out of range; no day
    assert ["有 1 行是合计" in p.says for p in problems if p.code == "W240"] == [True]
    assert {r.fact for r in filled.readings} >= {f.id for f in facts if f.low <= 12 <= f.high}


@given(st.text(alphabet="填表人审核：: 张三2026-年月日（）()签字合计平均、，,;_", max_size=400), st.integers(1, 3))
def test_any_text_is_judged_at_once(text: str, cells: int) -> None:
    """No pattern runs away, whatever somebody repeats."""
    assert kind_of_row(HEAD, [text] * cells, {0}) in ("entry", "blank", "total", "footer", "heading")


Heard = tuple[Any, Sequence[Problem]]


@dataclass(frozen=True)
class Door:
    """A kind of table: its headings, two entries, and what a reader makes of a file."""

    head: tuple[str, ...]
    entries: tuple[tuple[str, ...], ...]
    read: Callable[[Path, Ruleset], Heard]


def answers(path: Path, ruleset: Ruleset) -> Heard:
    filled, problems = read_filled(open_table(path), ruleset, DAY)
    told = [(a.community and a.community.name, [(r.fact, r.value, r.on) for r in a.readings]) for a in filled]
    return told, problems


def problem_texts(path: Path, ruleset: Ruleset) -> Heard:
    spotted, _, problems = read_problem_list(open_table(path), DAY)
    return [(s.point, s.text, s.owner) for s in spotted], problems


def records(path: Path, ruleset: Ruleset) -> Heard:
    ledger, problems = read_ledger(path)
    return [dict(r.cells) for r in ledger.sound] if ledger else None, problems


def scores(path: Path, ruleset: Ruleset) -> Heard:
    found, problems = read_inspections(path, read_sheets(path), ruleset)
    return [(i.community, i.criterion, i.points) for i in found], problems


def submitted(path: Path, ruleset: Ruleset) -> Heard:
    filled, problems = read_submissions(path, ruleset, DAY)
    return [[(r.fact, r.value) for r in a.readings] for a in filled], problems


DOORS: Final = {
    "wide": Door(HEAD, (("东湖社区", "2130", "40", "2026-02-20"), ("西湖社区", "1800", "50", "2026-02-20")), answers),
    "numbered": Door(
        ("序号", *HEAD), (("1", "东湖社区", "2130", "40", "2026-02-20"), ("2", "西湖社区", "1800", "50", "")), answers
    ),
    "long": Door(
        ("社区", "编号", "实测值", "核实日期"),
        (("东湖社区", "households", "2130", "2026-02-20"), ("西湖社区", "lamps_lit", "9", "2026-02-20")),
        answers,
    ),
    "form": Door(
        ("编号", "实测项", "实测值"), (("households", "户数", "2130"), ("lamps_installed", "已装的路灯", "40")), answers
    ),
    "problems": Door(
        ("点位", "问题描述", "责任单位", "时限"),
        (("3号楼门口", "垃圾桶满溢", "物业", "3日内"), ("南门", "注意：门口积水", "物业", "")),
        problem_texts,
    ),
    "ledger": Door(
        ("编号", "社区", "问题描述", "状态"),
        (("taoli/FAC-01", "桃李社区", "用房不足", "整改中"), ("taoli/FAC-02", "桃李社区", "没有标识", "")),
        records,
    ),
    "scores": Door(
        ("社区", "日期", "标准", "得分"),
        (("东湖社区", "2026-02-20", "FAC-01", "0.5"), ("西湖社区", "2026-02-20", "FAC-01", "0")),
        scores,
    ),
    "submissions": Door(
        ("_id", RULESET, ON, "potholes"),
        (("1", "civilized-city-community", "2026-02-20", "3"), ("2", "civilized-city-community", "2026-02-20", "4")),
        submitted,
    ),
}

ASIDE: Final[dict[str, tuple[str, ...]]] = {
    "total": ("合计", "3930", "90"),
    "spaced total": ("合 计", "", "90"),
    "total in wide blanks": ("合\u3000计", "", "90"),
    "total of a program": ("Total", "3930", "90"),
    "mean": ("平均值", "", "30.5"),
    "subtotal": ("湖滨街道小计", "300", "12"),
    "signed": ("填表人：张三", "", "审核：李四"),
    "note": ("注：数字截至2025年底",),
    "note in wide blanks": ("备\u3000注：数字截至2025年底",),
    "made on": ("制表日期：2026-03-01",),
    "blank": ("", " \u3000\u200b"),
    "heading": ("again",),
}


def padded(row: Sequence[str], width: int) -> list[str]:
    return [*row, *[""] * (width - len(row))]


def dirty(head: tuple[str, ...], entries: Rows, kind: str) -> Rows:
    """The entries with such a row between them and at the end."""
    row = head if kind == "heading" else padded(ASIDE[kind], len(head))
    return [head, entries[0], row, *entries[1:], row]


def doors_and_files() -> list[Any]:
    pairs = [(door, file) for door in DOORS for file in FILES]
    only_csv = {"ledger", "submissions"}
    kept = [(d, f) for d, f in pairs if d not in only_csv or (f in ("csv", "utf-16", "semicolons", "gbk"))]
    return [p for p in kept if p[0] != "submissions" or p[1] in ("csv", "gbk")]


@pytest.mark.many
@pytest.mark.parametrize(("door", "file"), doors_and_files())
def test_what_stands_around_entries_is_left_out_and_said(
    door: str, file: str, ruleset: Ruleset, tmp_path: Path
) -> None:
    table, (name, write) = DOORS[door], FILES[file]
    path = tmp_path / name
    path.write_bytes(write([table.head, *table.entries]))
    wanted, before = table.read(path, ruleset)
    assert wanted and len(wanted) in (1, 2) and not any(p.code == "W240" for p in before)
    for kind in ASIDE:
        path.write_bytes(write(dirty(table.head, table.entries, kind)))
        found, problems = table.read(path, ruleset)
        assert found == wanted, kind
        said = [p.says for p in problems if p.code == "W240"]
        assert len(said) == (kind != "blank"), kind
        assert all("有 2 行是" in text and "第 3、5 行" in text for text in said), kind
        assert not [p for p in problems if not p.is_advice], kind


@pytest.mark.parametrize(("door", "file"), doors_and_files())
def test_a_row_longer_than_its_headings_is_refused(door: str, file: str, ruleset: Ruleset, tmp_path: Path) -> None:
    table, (name, write) = DOORS[door], FILES[file]
    path, width = tmp_path / name, len(table.head)
    path.write_bytes(write([table.head, table.entries[0]]))
    wanted, _ = table.read(path, ruleset)
    long = [*table.entries[1], "多出来"]
    path.write_bytes(write([[*table.head, ""], table.entries[0], long]))
    found, problems = table.read(path, ruleset)
    assert [p.says for p in problems if p.code == "E232"] == [
        f"这一行有 {width + 1} 格，表头只有 {width} 格，这一行没有读"
    ]
    assert found == wanted
    path.write_bytes(write([[*table.head, ""], *table.entries, [""] * (width + 2)]))
    assert not [p for p in table.read(path, ruleset)[1] if p.code == "E232"], "blank cells beyond are nothing"


@pytest.mark.parametrize("door", DOORS)
def test_a_comma_too_many_is_one_also_before_empty_cells(door: str, ruleset: Ruleset, tmp_path: Path) -> None:
    """2,130 without quotes pushes the last cell out, and that may be empty."""
    table, path = DOORS[door], tmp_path / "表.csv"
    first, second = table.entries[0], [*table.entries[1][:-1], "", ""]
    path.write_bytes(csv_of([table.head, first]))
    wanted, _ = table.read(path, ruleset)
    path.write_bytes(csv_of([table.head, first, second]))
    found, problems = table.read(path, ruleset)
    assert [p.code for p in problems if not p.is_advice] == ["E232"] and found == wanted
    assert f"有 {len(second)} 格，表头只有 {len(table.head)} 格" in "".join(p.says for p in problems)


def scored(path: Path | str, tmp_path: Path, ruleset: Ruleset) -> tuple[Any, int, float, list[tuple[int, str]]]:
    out = tmp_path / "out.parquet"
    summary = score_table(path, out, ruleset, today=DAY)
    rows = pq.read_table(out).to_pylist()
    return rows, summary.rows, summary.score_low, [(c.row, c.code) for c in summary.bad]


def tables_for_batch(rows: Rows, folder: Path) -> dict[str, Path | str]:
    """Text as a stream, in its other encoding, laid flat from a spreadsheet, typed columns, cells of a database."""
    files: dict[str, Path | str] = {}
    for name in ("csv", "utf-16", "xlsx"):
        file, write = FILES[name]
        files[name] = folder / name / file
        (folder / name).mkdir(exist_ok=True)
        (folder / name / file).write_bytes(write(rows))
    as_parquet(rows, folder / "t.parquet")
    as_sqlite(rows, folder / "t.db")
    return files | {"parquet": folder / "t.parquet", "sqlite": f"sqlite:///{folder / 't.db'}#t"}


@pytest.mark.slow
def test_a_batch_counts_communities_only(ruleset: Ruleset, tmp_path: Path) -> None:
    pytest.importorskip("adbc_driver_sqlite")
    table = DOORS["numbered"]
    head, (first, second) = table.head, table.entries
    around = [head if kind == "heading" else padded(row, len(head)) for kind, row in ASIDE.items()]
    (tmp_path / "clean.csv").write_bytes(csv_of([head, first, second]))
    wanted = scored(tmp_path / "clean.csv", tmp_path, ruleset)
    assert wanted[1] == 2 and wanted[3] == []
    said = [row for row, kind in enumerate(ASIDE, 2) if kind != "blank"]
    for name, path in tables_for_batch([head, first, *around, second], tmp_path).items():
        *found, bad = scored(path, tmp_path, ruleset)
        assert found == [*wanted[:3]], name
        assert bad == [(row, "W240") for row in said], name


@pytest.mark.slow
def test_a_cell_below_a_total_is_named_by_its_row_in_every_kind_of_table(ruleset: Ruleset, tmp_path: Path) -> None:
    """Rows are counted from 1 below the headings, whatever stands above them or between."""
    body = [["东湖社区", "2130"], ["小计", "2130"], ["", ""], ["西湖社区", "很多"], ["合计", "2130"]]
    for title in ([], [["全区情况表", ""]]):
        for name, path in tables_for_batch([["社区", "households"], *body], tmp_path).items():
            if title and name != "xlsx":
                continue
            if title:
                path.write_bytes(FILES["xlsx"][1]([*title, ["社区", "households"], *body]))
            *_, bad = scored(path, tmp_path, ruleset)
            assert sorted(bad) == [(2, "W240"), (4, "E211"), (5, "W240")], name


@pytest.mark.slow
def test_a_batch_refuses_a_row_longer_than_its_headings(ruleset: Ruleset, tmp_path: Path) -> None:
    """Also where the headings end in an empty cell, so that the row would fit."""
    rows = [["东湖社区", "2", "130", "40", "2026-02-20"], ["西湖社区", "1800", "50", "2026-02-20", ""]]
    for head, file in (([*HEAD, ""], "csv"), (list(HEAD), "csv"), (list(HEAD), "xlsx")):
        name, write = FILES[file]
        (tmp_path / name).write_bytes(write([head, rows[0], rows[1][: len(head)]]))
        found, _, _, bad = scored(tmp_path / name, tmp_path, ruleset)
        assert [row["community"] for row in found] == ["西湖社区"]
        assert [code for _, code in bad] == ["E232"]


def test_a_table_of_nothing_but_blank_rows_has_no_community(cli: Run, tmp_path: Path) -> None:
    as_parquet([HEAD, *[[""] * 4] * 3], tmp_path / "a.parquet")
    ran = cli("batch", tmp_path / "a.parquet", "-o", tmp_path / "b.parquet")
    assert ran.code == 5 and "一个社区也没有" in ran.err


def test_a_ragged_footer_of_a_csv_is_a_footer(cli: Run, tmp_path: Path) -> None:
    """Typed under the table in a text editor: it has fewer cells than the headings."""
    text = "社区,户数,已装的路灯,核实日期\n东湖社区,2130,40,2026-02-20\n合计,2130\n填表人：张三\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    ran = cli("batch", tmp_path / "a.csv", "-o", tmp_path / "b.csv")
    assert ran.code == 0 and "2 行是合计、表尾或重复的表头，没有算：第 2、3 行" in ran.err and "1 个社区" in ran.err
    assert "按未核实处理" not in ran.err


LINES: Final = "NBR-02：辖区里没有农贸市场\nNBR-03：门前没有商铺（到 2026-01-01）\nFAC-01：不想测\nXYZ-99：没有"


@pytest.mark.slow
def test_declarations_travel_through_every_table(ruleset: Ruleset, tmp_path: Path) -> None:
    """``table`` writes them in one column; a database and Parquet keep it as it is."""
    pytest.importorskip("adbc_driver_sqlite")
    head = ("社区", "不适用", "户数")
    (tmp_path / "plain.csv").write_bytes(csv_of([head, ("东湖社区", "", "2130"), ("西湖社区", "", "1800")]))
    (without, other), *_ = scored(tmp_path / "plain.csv", tmp_path, ruleset)
    told = [head, ("东湖社区", LINES, "2130"), ("西湖社区", "", "1800")]
    for name, path in tables_for_batch(told, tmp_path).items():
        (first, second), _, _, bad = scored(path, tmp_path, ruleset)
        assert first["not_applicable"] == without["not_applicable"] + 1 and second == other, name
        assert first["possible"] < without["possible"], name
        assert sorted(code for _, code in bad) == ["E321", "E322"], name


@pytest.mark.slow
def test_a_database_scores_as_the_records_do(cli: Run, tmp_path: Path) -> None:
    """``table`` → SQLite → ``batch`` comes to what ``batch`` makes of the table itself."""
    pytest.importorskip("adbc_driver_sqlite")
    assert cli("table", "data", "-o", tmp_path / "t.csv").code == 0
    rows = list(csv.reader(io.StringIO((tmp_path / "t.csv").read_text(encoding="utf-8-sig"))))
    assert any(rows[1:][i][rows[0].index("不适用")] for i in range(len(rows) - 1))
    as_sqlite(rows, tmp_path / "t.db")
    for source, out in ((tmp_path / "t.csv", "a.parquet"), (f"sqlite:///{tmp_path / 't.db'}#t", "b.parquet")):
        assert cli("batch", source, "-o", tmp_path / out).code == 0
    texts, cells = (pq.read_table(tmp_path / name).to_pylist() for name in ("a.parquet", "b.parquet"))
    assert texts == [{name: None if cell == "" else cell for name, cell in row.items()} for row in cells]
    explained = cli("batch", f"sqlite:///{tmp_path / 't.db'}#t", "--explain", "1")
    assert explained.code == 0, explained.err


@pytest.mark.parametrize("wide", [True, False])
def test_a_row_whose_day_is_none_is_left_out(wide: bool, ruleset: Ruleset, tmp_path: Path) -> None:
    """现状日期 2月29日 of a common year never becomes the day on which something was seen."""
    head, row = (("户数",), ("2130",)) if wide else (("编号", "实测值"), ("households", "2130"))
    for file, (name, write) in FILES.items():
        path = tmp_path / name
        path.write_bytes(write([("社区", "现状日期", *head), ("东湖社区", "2月29日", *row)]))
        found, problems = answers(path, ruleset)
        assert found == [] and [p.code for p in problems if not p.is_advice] == ["E110"], file


def test_a_ledger_row_without_a_criterion_stays_one_row(cli: Run, tmp_path: Path) -> None:
    book = tmp_path / "台账.csv"
    text = "桃李社区整改台账;;;\n编号;社区;问题描述;状态\ntaoli/FAC-01;桃李社区;用房不足;整改中\n合计;1 项;;\n审核：李四;;;\n"
    for data in (text.encode("utf-16"), text.encode("gbk")):
        book.write_bytes(data)
        for _ in range(2):
            ran = cli("ledger", book, "data/taoli")
            assert ran.code == 0, ran.err
        rows = list(csv.reader(io.StringIO(book.read_text(encoding="utf-8-sig"))))
        assert rows[0][0] == "桃李社区整改台账" and [row[0] for row in rows[-2:]] == ["合计", "审核：李四"]
        mine = [dict(zip(rows[1], row, strict=False)) for row in rows if row[0] == "taoli/FAC-01"]
        assert [row["对应标准"] for row in mine] == ["FAC-01"] and mine[0]["问题描述"] == "用房不足"


RESAVED: Final = st.tuples(st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]), st.sampled_from(",;\t"))
BETWEEN: Final = st.lists(st.tuples(st.floats(0, 1), st.sampled_from(sorted(ASIDE))), max_size=6)


@pytest.mark.slow
@settings(max_examples=examples(30), deadline=None, suppress_health_check=list(HealthCheck))
@given(RESAVED, BETWEEN, st.booleans(), st.integers(0, 2))
def test_a_table_of_ours_reads_back_however_it_was_saved(
    tmp_path_factory: pytest.TempPathFactory,
    how: tuple[str, str],
    between: list[tuple[float, str]],
    wide: bool,
    titles: int,
) -> None:
    head, entries = ours(wide)
    path = tmp_path_factory.getbasetemp() / "resaved.csv"
    path.write_bytes(csv_of([head, *entries]))
    ruleset = load_ruleset("civilized-city-community")
    wanted, before = answers(path, ruleset)
    rows: list[Sequence[str]] = list(entries)
    for place, kind in between:
        rows.insert(round(place * len(rows)), head if kind == "heading" else padded(ASIDE[kind], len(head)))
    path.write_bytes(csv_of([*[["湖滨街道总表"]] * titles, head, *rows], *how))
    found, after = answers(path, ruleset)
    assert found == wanted
    assert len([p for p in after if p.code != "W240"]) == len(before)


def ours(wide: bool) -> tuple[Sequence[str], list[Sequence[str]]]:
    if wide not in _OURS:
        ruleset = load_ruleset("civilized-city-community")
        states = [load_state(next((ROOT / "data" / name).glob("2*.yaml"))) for name in ("taoli", "beimen")]
        table = (wide_table if wide else long_table)(ruleset, states)
        head, *rows = csv.reader(io.StringIO(table_csv(table).decode("utf-8-sig")))
        _OURS[wide] = head, list(rows)
    return _OURS[wide]


_OURS: dict[bool, tuple[Sequence[str], list[Sequence[str]]]] = {}
