"""Cells that cannot be used are listed by row and column, count as unknown, and never stop the run."""

from __future__ import annotations

import csv
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from checklist.cli.console import Exit
from tests.conftest import Run

SET, CHOICE, DAY, RATIO = "public_hygiene_courses", "cleaning_mode", "scheme_issued_on", "survey_aware_ratio"


def listed(path: Path) -> list[tuple[int, str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [(int(cell["行"]), cell["列"], cell["代码"]) for cell in csv.DictReader(file)]


def first(ruleset: Any, type: str) -> Any:
    return next(fact for fact in ruleset.facts.values() if fact.type == type)


def scored(cli: Run, folder: Path, **columns: Any) -> list[tuple[int, str, str]]:
    count = len(next(iter(columns.values())))
    pq.write_table(pa.table({"community": [f"c{i}" for i in range(count)], **columns}), folder / "in.parquet")
    ran = cli("batch", folder / "in.parquet", "-o", folder / "out.parquet")
    assert ran.code == 0, ran.err
    assert pq.read_table(folder / "out.parquet").num_rows == count
    side = folder / "out.bad.csv"
    return listed(side) if side.exists() else []


@pytest.mark.parametrize(
    "cells",
    [
        pa.array([2**63 + 5, 10**12, 7], pa.uint64()),
        pa.array([-1, 10**12, 7], pa.int64()),
        pa.array([float("nan"), float("-inf"), 7.0]),
        pa.array([Decimal("7.000000000001"), Decimal("1e30"), Decimal("7.000")], pa.decimal256(60, 12)),
        pa.array(["７.5", "-7", "７"]),
        pa.array(["1e400", "∞", "约7户"]),
        pa.array([1.5, 1e300, 7.0]),
    ],
    ids=["uint64", "int64", "nan", "decimals", "words", "huge words", "floats"],
)
def test_numbers_that_are_none(cli: Run, tmp_path: Path, cells: Any) -> None:
    found = scored(cli, tmp_path, households=cells)
    assert [(row, column) for row, column, _ in found] == [(1, "households"), (2, "households")]
    assert {code for *_, code in found} <= {"E211", "E212", "E213"}


def test_elements_that_are_no_options(cli: Run, tmp_path: Path, ruleset: Any) -> None:
    fact = first(ruleset, "set")
    one, two = list(fact.options)[:2]
    cells = pa.array([[one, None], [one, one], [one, "没有这个"], [], None, [two, one]], pa.list_(pa.string()))
    assert scored(cli, tmp_path, **{fact.id: cells}) == [
        (1, fact.id, "E211"),
        (2, fact.id, "E215"),
        (3, fact.id, "E214"),
    ]


def test_days_that_are_none(cli: Run, tmp_path: Path, ruleset: Any) -> None:
    fact = first(ruleset, "date")
    days = pa.array(np.array([-(2**31), 2**31 - 1, 20_000], "i4"), pa.date32())
    found = scored(cli, tmp_path, **{fact.id: days})
    assert [(row, column) for row, column, _ in found] == [(1, fact.id), (2, fact.id)]
    late = pa.array([datetime(2026, 11, 25), datetime(2026, 11, 24, 23, 59), None], pa.timestamp("us"))
    assert scored(cli, tmp_path, **{fact.id: late}) == [(1, fact.id, "E217")]


AS_OF = ["2026年10月15号", None, "不记得", "2030-01-01", " ", "26.10.15", "2026-10-14"]


@pytest.mark.parametrize("more", [[], ["--rank"], ["--long"]], ids=["alone", "ranked", "long"])
def test_a_row_whose_day_cannot_be_known_is_left_out_as_the_import_does(
    cli: Run, tmp_path: Path, more: list[str]
) -> None:
    """Never scored as of today; the rows that stay keep their own results, numbers and ranks."""
    names, counts = [f"c{i}" for i in range(7)], [10, 20, 30, 40, 50, 60, -1]
    table = pa.table({"community": names, "households": counts, "as_of": AS_OF, "NBR-02__na": [True] * 7})
    pq.write_table(table, tmp_path / "in.parquet", row_group_size=4)
    ran = cli("batch", tmp_path / "in.parquet", "-o", tmp_path / "out.parquet", *more)
    assert ran.code == 0 and "4 个社区" in ran.err
    left = pq.read_table(tmp_path / "out.parquet")
    assert list(dict.fromkeys(left.column("community").to_pylist())) == ["c0", "c1", "c4", "c6"]
    assert listed(tmp_path / "out.bad.csv") == [
        (3, "as_of", "E211"), (4, "as_of", "E217"), (6, "as_of", "E211"), (7, "households", "E213"),
    ]  # fmt: skip
    kept = table.filter(pa.array([name in ("c0", "c1", "c4", "c6") for name in names]))
    pq.write_table(kept, tmp_path / "kept.parquet")
    cli("batch", tmp_path / "kept.parquet", "-o", tmp_path / "same.parquet", *more)
    assert pq.read_table(tmp_path / "same.parquet").to_pylist() == left.to_pylist()
    for row, code in ((1, Exit.DONE), (3, Exit.PROBLEMS), (4, Exit.PROBLEMS)):
        assert cli("batch", tmp_path / "in.parquet", "--explain", row).code == code


def test_rows_left_out_and_lines_that_do_not_fit_keep_the_numbers_of_the_next_file(cli: Run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "1.csv").write_text(
        "社区,现状日期,households\na,明天,5\nb,2026-10-01,6,7\nc,,-1\n", encoding="utf-8"
    )
    (tmp_path / "in" / "2.csv").write_text("社区,现状日期,households\nd,2026-10-01,-1\n", encoding="utf-8")
    ran = cli("batch", tmp_path / "in", "-o", tmp_path / "out.csv")
    assert ran.code == 0 and "2 个社区" in ran.err
    found = sorted(listed(tmp_path / "out.bad.csv"))
    assert [(row, code) for row, _, code in found] == [(1, "E211"), (2, "E232"), (3, "E213"), (4, "E213")]


def test_facts_checked_on_a_day_that_cannot_be_read_are_unknown(cli: Run, tmp_path: Path) -> None:
    found = scored(
        cli, tmp_path, households=[10, 10, 10, 10], as_of=["2026-11-24"] * 4,
        households__on=["2026-11-23", "2026-11-25", "哪天", None], 核实日期=["前天", None, None, "昨天"],
    )  # fmt: skip
    assert sorted(found) == [
        (1, "核实日期", "E211"), (2, "households__on", "E217"), (3, "households__on", "E211"), (4, "核实日期", "E211"),
    ]  # fmt: skip
    results = pq.read_table(tmp_path / "out.parquet").column("unknown").to_pylist()
    assert results[0] < results[1] == results[2] == results[3] or len(set(results)) == 1


def test_a_declaration_whose_last_day_cannot_be_read_is_not_used(cli: Run, tmp_path: Path) -> None:
    table = pa.table({"community": ["a", "b", "c"], "households": [1, 1, 1],
                      "NBR-02__na": ["没有市场（到 2026年12月31号）", "没有市场（到2026-02-30）", "没有市场"]})  # fmt: skip
    pq.write_table(table, tmp_path / "in.parquet")
    assert cli("batch", tmp_path / "in.parquet", "-o", tmp_path / "out.parquet").code == 0
    assert listed(tmp_path / "out.bad.csv") == [(2, "NBR-02__na", "E110")]
    assert pq.read_table(tmp_path / "out.parquet").column("not_applicable").to_pylist() == [1, 0, 1]


def test_two_columns_of_one_name(cli: Run, tmp_path: Path) -> None:
    table = pa.Table.from_arrays([pa.array(["a"]), pa.array([5]), pa.array([6]), pa.array([7])],
                                 names=["community", "households", "households", "户数"])  # fmt: skip
    for name in ("in.parquet", "in.arrow"):
        if name == "in.parquet":
            pq.write_table(table, tmp_path / name)
        else:
            with pa.OSFile(str(tmp_path / name), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
                writer.write_table(table)
        ran = cli("batch", tmp_path / name, "-o", tmp_path / "out.parquet", "--keep", "households")
        assert ran.code == 0 and "2 列和前面的列重复，只用前面的：households、户数" in ran.err
    (tmp_path / "in.csv").write_text("community,households,households\na,5,6\n", encoding="utf-8")
    ran = cli("batch", tmp_path / "in.csv", "-o", tmp_path / "out.parquet")
    assert ran.code == 0 and "重复" in ran.err


def test_a_csv_row_with_a_cell_too_many_does_not_stop_the_run(cli: Run, tmp_path: Path) -> None:
    text = "community,households\na,5\nb,6,7\nc\nd,8\n"
    (tmp_path / "in.csv").write_text(text, encoding="utf-8")
    ran = cli("batch", tmp_path / "in.csv", "-o", tmp_path / "out.parquet")
    assert ran.code == 0, ran.err
    assert pq.read_table(tmp_path / "out.parquet").column("community").to_pylist() == ["a", "d"]
    assert [(row, code) for row, _, code in listed(tmp_path / "out.bad.csv")] == [(2, "E232"), (3, "E102")]


def test_the_list_lies_beside_the_result(cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("adbc_driver_sqlite", reason="pip install civic-checklist[sql]")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "db").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    pq.write_table(pa.table({"community": ["a"], "households": [-1]}), tmp_path / "in.parquet")
    for out, side in (
        (tmp_path / "out.parquet", tmp_path / "out.bad.csv"),
        (tmp_path / "folder", tmp_path / "folder.bad.csv"),
        (f"sqlite:///{tmp_path}/db/a.db#results", tmp_path / "db" / "results.bad.csv"),
    ):
        assert cli("batch", tmp_path / "in.parquet", "-o", out).code == 0
        assert listed(side) == [(1, "households", "E213")]
    ran = cli("batch", tmp_path / "in.parquet", "-o", tmp_path / "o.csv", "--bad", tmp_path / "坏格子.csv")
    assert ran.code == 0 and listed(tmp_path / "坏格子.csv") and "坏格子.csv" in ran.err
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert cli("batch", tmp_path / "in.parquet", "-o", tmp_path / "o.csv", "--sampling").code == Exit.DONE
